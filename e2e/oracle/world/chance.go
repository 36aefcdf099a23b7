package world

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/a-h/templ"

	"bennu/live"
)

// Chance changes a world at random. The same seed makes the same changes.
type Chance struct {
	*rand.Rand
	// Unique keeps two elements from having one id, over which a browser would
	// stumble as it would with any server.
	Unique bool
	id     int
}

// NewChance returns the walk of a seed.
func NewChance(seed uint64) *Chance { return &Chance{Rand: rand.New(rand.NewPCG(seed, 0))} }

var words = []string{"a", "<b>", `"q"`, "it's", `x\y`, "new\nline", "tab\t", "é😀", "\u2028", "long-word", "",
	"javascript:alert(1)", "\xff\xfe", "&amp;", "\x00\x1f", "red", "</script>", "seventeen letters"}

func (r *Chance) word() string { return words[r.IntN(len(words))] }

// One is true once in so many times.
func (r *Chance) One(of int) bool { return r.IntN(of) == 0 }

func (r *Chance) next() int {
	r.id++
	return r.id
}

// World returns a world to start with.
func (r *Chance) World() *World {
	w := &World{Title: "t", Word: "w", Tracked: new(live.Rows[Line]), spare: new(live.Rows[Line])}
	w.Tracked.Replace(r.line(), r.line(), r.line())
	for range 4 {
		w.Groups = append(w.Groups, r.group())
	}
	return w
}

func (r *Chance) group() Group {
	g := Group{ID: r.next(), Name: Label(r.word()), On: r.One(2)}
	for range r.IntN(4) {
		g.Rows = append(g.Rows, r.row())
	}
	return g
}

func (r *Chance) row() Row {
	x := Row{ID: fmt.Sprint("row-", r.next()), Text: r.word(), Kind: r.IntN(6)}
	for range r.IntN(4) {
		x.Cells = append(x.Cells, r.cell())
	}
	return x
}

func (r *Chance) cell() Cell { return Cell{r.next(), r.word()} }

func (r *Chance) line() Line { return Line{r.next(), [3]string{r.word(), r.word(), r.word()}} }

func (r *Chance) attr() templ.KeyValue[string, any] {
	return templ.KV[string, any](fmt.Sprint("data-", r.next()), r.word())
}

// Change makes a few changes.
func (r *Chance) Change(w *World) {
	for range 1 + r.IntN(3) {
		switch r.IntN(24) {
		case 0:
			w.Title = r.word()
		case 1:
			w.Word = r.word()
		case 2:
			w.Open = !w.Open
		case 3:
			w.Swap = !w.Swap
		case 4:
			w.Mode = r.IntN(6)
		case 5:
			w.N = r.IntN(16)
		case 6:
			w.Ratio = float64(r.IntN(4)) / 3
		case 7:
			w.Names = edit(r, w.Names, maxList, true, r.word, func(s *string) { *s = r.word() })
		case 8:
			w.Deep = r.IntN(4)
		case 9:
			w.Attrs = edit(r, w.Attrs, maxList, false, r.attr, func(a *templ.KeyValue[string, any]) { a.Value = r.One(2) })
		case 10:
			if r.One(20) {
				w.Layout = r.IntN(3)
			}
			if r.One(8) {
				w.Tracked, w.spare = w.spare, w.Tracked
			}
		case 11:
			w.Table = r.table(w.Table, 60)
		case 12:
			w.Long = r.table(w.Long, 100)
		case 13, 14:
			w.Notes = edit(r, w.Notes, maxList, true, r.line, r.changeLine)
		case 15, 16, 17, 18:
			r.changeTracked(w.Tracked)
		default:
			w.Groups = edit(r, w.Groups, maxList, !r.Unique, r.group, r.changeGroup)
		}
	}
}

func (r *Chance) changeGroup(g *Group) {
	switch r.IntN(5) {
	case 0:
		g.Name = Label(r.word())
	case 1:
		g.On = !g.On
	default:
		g.Rows = edit(r, g.Rows, maxList, !r.Unique, r.row, r.changeRow)
	}
}

func (r *Chance) changeRow(x *Row) {
	switch r.IntN(4) {
	case 0:
		x.Text = r.word()
	case 1:
		x.Kind = r.IntN(6)
	default:
		x.Cells = edit(r, x.Cells, maxList, true, r.cell, func(c *Cell) { c.Text = r.word() })
	}
}

func (r *Chance) changeLine(l *Line) { l.Cells[r.IntN(3)] = r.word() }

// table is empty most of the time, as it makes the page long.
func (r *Chance) table(t []Line, long int) []Line {
	switch {
	case len(t) == 0:
		if r.One(12) {
			for range long {
				t = append(t, r.line())
			}
		}
		return t
	case r.One(3):
		return nil
	case r.One(4): // sorted anew, with keys that occur twice: searching pays no more
		t = append(slices.Clone(t), t[0], t[len(t)/2])
		r.Shuffle(len(t), func(i, j int) { t[i], t[j] = t[j], t[i] })
		return t
	}
	return edit(r, t, long+20, true, r.line, r.changeLine)
}
