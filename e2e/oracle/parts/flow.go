package parts

import (
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"bennu/live"
)

// Flow is a stream and a model of what the page has of it.
type Flow struct {
	ID     string
	Stream live.Stream[Item]
	Page   []Item // what the page shows, after the last render

	world   *World
	cards   bool // items may have a live component
	last    int
	reset   bool
	deletes []string
	inserts []insert
}

// Item is an item of a stream; N tells items apart.
type Item struct {
	N    int
	Text string
	Card string // the id of a card in it
}

type insert struct {
	Item
	at, limit int
	only      bool
}

func newFlow(w *World, id string, cards bool) *Flow {
	f := &Flow{ID: id, world: w, cards: cards}
	f.Stream.Init(id, func(i Item) string { return fmt.Sprint(i.N) })
	for range w.IntN(4) {
		f.insert(-1, 0, f.item())
	}
	return f
}

// item is a new one, or one that the page has or had.
func (f *Flow) item() Item {
	w := f.world
	if f.last > 0 && w.one(3) {
		return f.some()
	}
	f.last++
	return f.of(f.last)
}

func (f *Flow) some() Item { return f.of(1 + f.world.IntN(f.last)) }

func (f *Flow) of(n int) Item {
	i := Item{N: n, Text: f.world.word()}
	if f.cards && n%3 == 0 {
		i.Card = fmt.Sprintf("%s-card-%d", f.ID, n)
	}
	return i
}

// change does something to the stream.
func (f *Flow) change() {
	w := f.world
	switch w.IntN(10) {
	case 0:
		f.insert(0, 0, f.item())
	case 1:
		f.insert(-1, 0, f.item())
	case 2:
		f.insert(w.IntN(6), 0, f.item())
	case 3:
		f.insert(0, 1+w.IntN(6), f.item())
	case 4:
		f.insert(-1, -1-w.IntN(6), f.item())
	case 5:
		f.insert(-1, 0, f.item())
		f.insert(0, 0, f.item())
	case 6:
		if f.last > 0 {
			f.Stream.Update(f.update(f.some()))
		}
	case 7:
		if f.last > 0 {
			f.delete(f.some())
		}
	case 8:
		if f.last > 0 { // a move
			i := f.some()
			f.delete(i)
			f.insert(w.IntN(4)-1, 0, i)
		}
	default:
		if w.one(3) {
			f.clear()
			for range w.IntN(5) {
				f.insert(-1, 0, f.item())
			}
		}
	}
}

func (f *Flow) insert(at, limit int, i Item) {
	f.Stream.Insert(at, limit, i)
	f.drop(i)
	f.inserts = append(f.inserts, insert{i, at, limit, false})
}

// update notes what Update is about to do.
func (f *Flow) update(i Item) Item {
	was := f.drop(i)
	if was == nil {
		was = &insert{at: -1, only: true}
	}
	was.Item = i
	f.inserts = append(f.inserts, *was)
	return i
}

func (f *Flow) delete(i Item) {
	f.Stream.Delete(i)
	f.drop(i)
	f.deletes = append(f.deletes, f.Stream.ID(i))
}

func (f *Flow) clear() {
	f.Stream.Reset()
	f.reset, f.inserts, f.deletes = true, nil, nil
}

// drop forgets what is to be done with an item, and returns it.
func (f *Flow) drop(i Item) (was *insert) {
	f.inserts = slices.DeleteFunc(f.inserts, func(in insert) bool {
		if in.N == i.N {
			was = &in
		}
		return in.N == i.N
	})
	return was
}

// Draw is the stream for the page.
func (f *Flow) Draw() templ.Component {
	if f.world.fresh {
		f.world.drawn[f] = true
		return flowDrawn(f)
	}
	f.take()
	return flow(f)
}

// take does to the page what the message that is being made tells it to do:
// first what goes, then what comes, in order.
func (f *Flow) take() {
	if f.reset {
		f.Page = nil
	}
	for _, id := range f.deletes {
		f.Page = slices.DeleteFunc(f.Page, func(i Item) bool { return f.Stream.ID(i) == id })
	}
	evicted := map[int]bool{}
	for _, in := range f.inserts {
		// One that the limit of another takes away in this message can not come
		// again in it: the client then shows its old element, which is gone.
		if !evicted[in.N] {
			f.place(in, evicted)
		}
	}
	f.reset, f.deletes, f.inserts = false, nil, nil
}

func (f *Flow) place(in insert, evicted map[int]bool) {
	if i := slices.IndexFunc(f.Page, func(i Item) bool { return i.N == in.N }); i >= 0 {
		f.Page[i] = in.Item
		return
	}
	if in.only {
		return
	}
	at := in.at
	if at < 0 || at > len(f.Page) {
		at = len(f.Page)
	}
	f.Page = slices.Insert(f.Page, at, in.Item)
	var out []Item
	switch n := len(f.Page); {
	case in.limit > 0 && n > in.limit:
		f.Page, out = f.Page[:in.limit], f.Page[in.limit:]
	case in.limit < 0 && n > -in.limit:
		f.Page, out = f.Page[n+in.limit:], f.Page[:n+in.limit]
	default:
		return
	}
	for _, i := range out {
		evicted[i.N] = true
	}
}
