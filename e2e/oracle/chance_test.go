package oracle

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/a-h/templ"
)

// chance changes a page at random.
type chance struct {
	*rand.Rand
	id int
}

var words = []string{"a", "<b>", `"q"`, "it's", `x\y`, "new\nline", "tab\t", "é😀", "\u2028", "long-word", "",
	"javascript:alert(1)", "\xff\xfe", "&amp;", "\x00\x1f", "red"}

func (r *chance) word() string    { return words[r.IntN(len(words))] }
func (r *chance) one(of int) bool { return r.IntN(of) == 0 }

func (r *chance) next() int {
	r.id++
	return r.id
}

func (r *chance) page() *Page {
	p := &Page{Title: "t", Word: "w"}
	for range 4 {
		p.Groups = append(p.Groups, r.group())
	}
	return p
}

func (r *chance) group() Group {
	g := Group{ID: r.next(), Name: Label(r.word()), On: r.one(2)}
	for range r.IntN(4) {
		g.Rows = append(g.Rows, r.row())
	}
	return g
}

func (r *chance) row() Row {
	x := Row{ID: fmt.Sprint("row-", r.next()), Text: r.word(), Kind: r.IntN(5)}
	for range r.IntN(4) {
		x.Cells = append(x.Cells, r.cell())
	}
	return x
}

func (r *chance) cell() Cell { return Cell{r.next(), r.word()} }

func (r *chance) line() Line { return Line{r.next(), [3]string{r.word(), r.word(), r.word()}} }

func (r *chance) attr() templ.KeyValue[string, any] {
	return templ.KV[string, any](fmt.Sprint("data-", r.next()%3), r.word())
}

// change makes a few changes.
func (r *chance) change(p *Page) {
	for range 1 + r.IntN(3) {
		switch r.IntN(16) {
		case 0:
			p.Title = r.word()
		case 1:
			p.Word = r.word()
		case 2:
			p.Open = !p.Open
		case 3:
			p.Swap = !p.Swap
		case 4:
			p.Mode = r.IntN(5)
		case 5:
			p.N = r.IntN(12)
		case 6:
			p.Ratio = float64(r.IntN(4)) / 3
		case 7:
			p.Names = edit(r, p.Names, r.word, func(s *string) { *s = r.word() })
		case 8:
			p.Deep = r.IntN(4)
		case 9:
			p.Attrs = edit(r, p.Attrs, r.attr, func(a *templ.KeyValue[string, any]) { a.Value = r.one(2) })
		case 10:
			if r.one(20) {
				p.Layout = r.IntN(2)
			}
		case 11:
			p.Table = r.table(p.Table)
		default:
			p.Groups = edit(r, p.Groups, r.group, r.changeGroup)
		}
	}
}

func (r *chance) changeGroup(g *Group) {
	switch r.IntN(5) {
	case 0:
		g.Name = Label(r.word())
	case 1:
		g.On = !g.On
	default:
		g.Rows = edit(r, g.Rows, r.row, r.changeRow)
	}
}

func (r *chance) changeRow(x *Row) {
	switch r.IntN(4) {
	case 0:
		x.Text = r.word()
	case 1:
		x.Kind = r.IntN(5)
	default:
		x.Cells = edit(r, x.Cells, r.cell, func(c *Cell) { c.Text = r.word() })
	}
}

// table is empty most of the time, as it makes the page long.
func (r *chance) table(t []Line) []Line {
	switch {
	case len(t) == 0 && r.one(4):
		for range 60 {
			t = append(t, r.line())
		}
		return t
	case r.one(6):
		return nil
	}
	return edit(r, t, r.line, func(l *Line) { l.Cells[r.IntN(3)] = r.word() })
}

// edit does to a list what users do to lists, and returns another one.
func edit[T any](r *chance, list []T, make func() T, change func(*T)) []T {
	s := slices.Clone(list)
	if len(s) == 0 {
		return append(s, make())
	}
	i, j := r.IntN(len(s)), r.IntN(len(s))
	switch r.IntN(11) {
	case 0:
		return slices.Insert(s, i, make())
	case 1:
		return append(s, make())
	case 2:
		return slices.Delete(s, i, i+1)
	case 3: // move
		x := s[i]
		return slices.Insert(slices.Delete(s, i, i+1), j, x)
	case 4: // move and change
		s[i], s[j] = s[j], s[i]
		change(&s[j])
	case 5:
		r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	case 6: // a second row with the same key
		if len(s) < 100 {
			return slices.Insert(s, j, s[i])
		}
	case 7:
		if r.one(8) {
			return nil
		}
		return s[:i]
	case 8: // insert on top
		if len(s) > 10 && r.one(2) {
			return s[:3]
		}
		return slices.Insert(s, 0, make(), make())
	default:
		change(&s[i])
	}
	return s
}
