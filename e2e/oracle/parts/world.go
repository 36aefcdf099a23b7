package parts

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/a-h/templ"

	"bennu/live"
)

// World is what one page shows. It is changed by the callbacks of the page, and
// may be looked at while none runs.
type World struct {
	*rand.Rand
	Step   int
	Text   string
	Labels map[string]string // of cards, by id
	Lists  [lists][]string   // the ids of the cards in each; no id stands twice
	Frame  bool              // the third list stands in the block of a component
	Shown  bool              // the page has a stream
	Rows   live.Rows[Row]    // the second list
	Feed   *Flow
	Cards  map[string]*Card // those that are mounted
	Tags   map[string]*Tag
	Frames map[string]*Frame

	// Post is called by a callback that wants the page to get more messages,
	// which wait until it has returned.
	Post func()

	self  atomic.Pointer[live.Ref]
	drawn map[*Flow]bool // by the draw that is under way
	fresh bool           // draw what the page has to look like
	fuse  bool           // the next render fails
	burnt bool           // a render has failed
}

// Row is a row of the list that remembers which of its rows changed.
type Row struct{ ID, Label string }

// The lists of cards: in a plain loop, in a loop over tracked rows, in a memo,
// and in the block of another component.
const (
	inLoop = iota
	inRows
	inMemo
	inFrame
	lists
)

// NewWorld returns the world of a seed.
func NewWorld(seed uint64) *World {
	w := &World{Rand: rand.New(rand.NewPCG(seed, 7)), Labels: map[string]string{}, Text: "text", Post: func() {}}
	for i := range 16 {
		id := fmt.Sprint(i)
		w.Labels[id] = w.word()
		w.put(id, w.IntN(lists+2))
	}
	return w
}

func (w *World) one(of int) bool { return w.IntN(of) == 0 }

func (w *World) word() string {
	return [...]string{"a", "", "<b>", `"q"`, "it's", "new\nline", "é😀", "</script>", "two words", "&amp;"}[w.IntN(10)]
}

// put moves a card into a list, or off the page if there is no such list.
func (w *World) put(id string, list int) {
	for i := range w.Lists {
		w.Lists[i] = slices.DeleteFunc(w.Lists[i], func(have string) bool { return have == id })
	}
	w.Rows.DeleteFunc(func(r Row) bool { return r.ID == id })
	if list >= lists {
		return
	}
	at := w.IntN(len(w.Lists[list]) + 1)
	w.Lists[list] = slices.Insert(w.Lists[list], at, id)
	if list == inRows {
		w.Rows.Insert(at, Row{id, w.Labels[id]})
	}
}

// Change makes a few changes, such as an event makes.
func (w *World) Change() {
	w.Step++
	for range 1 + w.IntN(3) {
		w.change()
	}
}

func (w *World) change() {
	id := fmt.Sprint(w.IntN(16))
	switch w.IntN(16) {
	case 0:
		w.Text = w.word()
	case 1, 2:
		w.Labels[id] = w.word()
		w.Rows.EditFunc(func(r Row) bool { return r.ID == id }, func(r *Row) { r.Label = w.Labels[id] })
	case 3, 4, 5:
		w.put(id, w.IntN(lists+2))
	case 6:
		l := w.Lists[inLoop]
		w.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
	case 7:
		slices.Reverse(w.Lists[inLoop])
	case 8:
		if l := w.Lists[inLoop]; len(l) > 0 { // truncated, to come again soon
			w.Lists[inLoop] = l[:w.IntN(len(l))]
		}
	case 9:
		if n := w.Rows.Len(); n > 1 {
			i, j := w.IntN(n), w.IntN(n)
			w.Rows.Move(i, j)
			moved := w.Lists[inRows][i]
			w.Lists[inRows] = slices.Insert(slices.Delete(w.Lists[inRows], i, i+1), j, moved)
		}
	case 10:
		w.Frame = !w.Frame
	case 11:
		w.Shown = !w.one(3)
	default:
		w.Feed.change()
	}
}

// Light makes the next render fail.
func (w *World) Light() { w.fuse = true }

// Burnt reports whether a render was made to fail since it was last asked.
func (w *World) Burnt() bool {
	was := w.burnt
	w.burnt = false
	return was
}

// may fails a render.
func (w *World) may(s string) (string, error) {
	if w.fuse && !w.fresh {
		w.fuse, w.burnt = false, true
		if w.one(2) {
			panic("this render fails")
		}
		return "", fmt.Errorf("this render fails")
	}
	return s, nil
}

// memoKey is all that the memo shows.
func (w *World) memoKey() string {
	var b strings.Builder
	for _, id := range w.Lists[inMemo] {
		fmt.Fprintf(&b, "%s %q ", id, w.Labels[id])
	}
	return b.String()
}

// Flows are the streams that the page may have.
func (w *World) Flows() []*Flow {
	flows := []*Flow{w.Feed}
	for _, c := range w.Cards {
		flows = append(flows, c.Flow)
	}
	return flows
}

// Self is the view that shows the world. Any goroutine may ask.
func (w *World) Self() live.Ref {
	if r := w.self.Load(); r != nil {
		return *r
	}
	return live.Ref{}
}

// Drawn is what the page has to look like. What was drawn by it once, and is not
// the next time, has gone from the page in between.
func (w *World) Drawn() templ.Component {
	return templ.ComponentFunc(drawn(w))
}
