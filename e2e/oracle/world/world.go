// Package world has the state of a page that uses every construct of templ, and
// changes it at random. The page itself is drawn twice: by package page, whose
// templates bennu wrote, and by package plain, whose templates are templ's own
// output for the same file.
package world

import (
	"github.com/a-h/templ"

	"bennu/live"
)

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
	Notes       []Line           // shown by memos, whose keys they are
	Long        []Line           // shown in chunks
	Tracked     *live.Rows[Line] // shown by several loops
	spare       *live.Rows[Line] // shown in its place at times
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

// Mark is a component that knows only HTML.
func (l Line) Mark() templ.Component {
	return templ.Raw("<em>" + templ.EscapeString(l.Cells[2]) + "</em>")
}

// Tint is a css class, whose style stands where it comes first.
func (l Line) Tint() templ.CSSClass {
	id := "tint-" + Slug(l.Cells[0])
	return templ.ComponentCSSClass{ID: id, Class: templ.SafeCSS("." + id + "{color:red;}")}
}

// Once and Last are the handles of what stands on the page once.
var Once, Last = templ.NewOnceHandle(), templ.NewOnceHandle()

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
