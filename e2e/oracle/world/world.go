// Package world has the state of a page that uses every construct of templ, and
// changes it at random. The page itself is drawn twice: by package page, whose
// templates bennu wrote, and by package plain, whose templates are templ's own
// output for the same file.
package world

import "github.com/a-h/templ"

// World is the state of the page.
type World struct {
	Step        int // shown, so that a browser can tell which state it has
	Title, Word string
	Open, Swap  bool
	Mode, N     int
	Ratio       float64
	Deep        int
	Layout      int
	Groups      []Group
	Names       []string
	Attrs       templ.OrderedAttributes
	Table       []Line
	fuse        fuse
}

// Group, Row and Cell are three lists in each other, each with keys.
type Group struct {
	ID   int
	Name Label
	On   bool
	Rows []Row
}

// Row is an entry of a group.
type Row struct {
	ID, Text string
	Kind     int
	Cells    []Cell
}

// Cell is an entry of a row.
type Cell struct {
	ID   int
	Text string
}

// Line is a row of a table that is long enough to be indexed.
type Line struct {
	ID    int
	Cells [3]string
}

// Label is a string with a method that prints it.
type Label string

func (l Label) String() string { return "[" + string(l) + "]" }

// Once is the handle of what stands on the page once.
var Once = templ.NewOnceHandle()

// Slug makes an id of a title.
func Slug(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c < 'a' || c > 'z' {
			b[i] = '-'
		}
	}
	return string(b)
}
