package oracle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Page is the state of the page.
type Page struct {
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

// fuse makes a render fail at the n-th place where it can.
type fuse struct {
	n      int
	panics bool
}

var errFuse = errors.New("this render fails")

// may returns s, or fails.
func (p *Page) may(s string) (string, error) {
	if p.fuse.n == 0 {
		return s, nil
	}
	if p.fuse.n--; p.fuse.n > 0 {
		return s, nil
	}
	if p.fuse.panics {
		panic(errFuse)
	}
	return "", errFuse
}

var once = templ.NewOnceHandle()

// foreign is a component that knows only HTML, as third-party packages have.
func foreign(s string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := fmt.Fprintf(w, "<em title=\"q\">%s\n\\</em>", templ.EscapeString(s)); err != nil {
			return err
		}
		return templ.GetChildren(ctx).Render(templ.ClearChildren(ctx), w)
	})
}

// View returns the page in the layout that its state names.
func (p *Page) View() templ.Component {
	if p.Layout == 1 {
		return inLayout(p)
	}
	return page(p)
}

func either(p *Page) templ.Component {
	switch p.N % 6 {
	case 0:
		return foreign(p.Word)
	case 1:
		return generic(p.Word)
	case 2:
		return generic(p.N / 6)
	case 3:
		return generic(p.Swap)
	case 4:
		return generic(p.Ratio)
	}
	return templ.NopComponent
}

// slug makes an id of a title.
func slug(s string) string { return strings.Map(letter, s) }

func letter(r rune) rune {
	if r < 'a' || r > 'z' {
		return '-'
	}
	return r
}
