package render_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// shop is a page with tracked loops over a list that other pages show too.
type shop struct {
	orders   *live.Rows[order]
	title    string
	currency string
	closed   bool // another structure in front of the lists
	loud     bool // another one in the rows
	fuse     int  // the render fails at the fuse-th row, if > 0
}

type order struct {
	key   int
	text  string
	lines []string // never changed in place
}

var (
	shopT      = render.NewTemplate(render.Root, "<main>", "", "", "", "", "</main>")
	closedT    = render.NewTemplate(render.Root, "<p>closed ", "</p>")
	keyedT     = render.NewTemplate(0, "", "")
	orderT     = render.NewTemplate(render.Root, "<li>", " ", " ", "", "", "</li>")
	loudT      = render.NewTemplate(render.Root, "<b>", "</b>")
	orderLineT = render.NewTemplate(0, "<i>", "</i>")
	ownT       = render.NewTemplate(0, "<u>", " of ", "</u>")
	indexT     = render.NewTemplate(0, "<s>", ":", "</s>")
)

var errFuse = errors.New("this render fails")

func (p *shop) page() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, shopT)
		w.Str(0, p.title)
		if p.closed {
			w.Nest(1, closedT)
			w.Str(0, p.currency)
			w.End()
		} else {
			w.Empty(1)
		}
		if err := p.keyed(w, 2); err != nil {
			return err
		}
		p.own(w, 3)
		p.indexed(w, 4)
		w.End()
		return nil
	})
}

// keyed follows the rows by a key that may occur twice. Its body reads more
// than the row.
func (p *shop) keyed(w *render.Writer, slot int) error {
	reads := render.Reads(
		func(r uint64) uint64 { return render.Read(r, p.currency) },
		func(r uint64) uint64 { return render.Read(r, p.loud) },
	)
	l := render.Each(w, slot, keyedT, p.orders, reads, false)
	for l.Next() {
		o := l.Row()
		if l.Entry(render.Key(o.key)) {
			if p.fuse > 0 {
				if p.fuse--; p.fuse == 0 {
					return errFuse
				}
			}
			w.Nest(0, orderT)
			w.Int(0, int64(o.key))
			w.Str(1, o.text)
			w.Str(2, p.currency)
			switch {
			case p.loud && o.key%2 == 0:
				w.Nest(3, loudT)
				w.Str(0, o.text)
				w.End()
			case o.key%3 == 0:
				if err := w.Comp(3, foreign(o.text)); err != nil {
					return err
				}
			default:
				w.Empty(3)
			}
			w.For(4, orderLineT)
			for _, line := range o.lines {
				w.Entry(render.Key(line))
				w.Str(0, line)
				w.EndEntry()
			}
			w.EndFor()
			w.End()
			w.EndEntry()
		}
	}
	l.End()
	return nil
}

func foreign(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<em>"+templ.EscapeString(s)+"</em>")
		return err
	})
}

// own follows the rows by what they are. It reads a slice, so that all rows
// are written each time.
func (p *shop) own(w *render.Writer, slot int) {
	all := []string{p.title}
	l := render.Each(w, slot, ownT, p.orders, render.Read(render.NoReads, all), false)
	for l.Next() {
		o := l.Row()
		if l.EntryRow() {
			w.Str(0, o.text)
			w.Str(1, all[0])
			w.EndEntry()
		}
	}
	l.End()
}

// indexed shows the place of each row.
func (p *shop) indexed(w *render.Writer, slot int) {
	l := render.Each(w, slot, indexT, p.orders, render.NoReads, true)
	for l.Next() {
		i, o := l.Index(), l.Row()
		if l.EntryRow() {
			w.Int(0, int64(i))
			w.Str(1, o.text)
			w.EndEntry()
		}
	}
	l.End()
}

// TestTrackedLoopsShowWhatThereIs lets pages that share a list follow it at
// different paces.
func TestTrackedLoopsShowWhatThereIs(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			walkShops(t, rand.Uint64(), *render.Steps)
		})
	}
}

// A visitor sees one page.
type visitor struct {
	shop
	state  render.State
	client *render.Client
}

func walkShops(t *testing.T, seed uint64, steps int) {
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	lists := []*live.Rows[order]{new(live.Rows[order]), new(live.Rows[order])}
	visitors := make([]*visitor, 3)
	for i := range visitors {
		visitors[i] = &visitor{shop: shop{orders: lists[0], currency: "EUR"}, client: render.NewClient()}
	}
	for step := range steps {
		changeOrders(r, lists[r.IntN(2)])
		v := visitors[r.IntN(len(visitors))]
		switch r.IntN(12) {
		case 0:
			v.title = words[r.IntN(len(words))]
		case 1:
			v.currency = words[r.IntN(len(words))]
		case 2:
			v.closed = !v.closed
		case 3:
			v.loud = !v.loud
		case 4:
			v.orders = lists[r.IntN(2)]
		case 5:
			if r.IntN(4) == 0 {
				v.state.Reset()
				v.client = render.NewClient()
			}
		case 6:
			v.fail(t, 1+r.IntN(20))
		}
		if err := v.follow(); err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
	}
}

var words = []string{"a", "b", "<c>", `"d"`, "e & f", "", "gg"}

func newOrder(r *rand.Rand) order {
	return order{key: r.IntN(60), text: words[r.IntN(len(words))]}
}

// changeOrders does to a list what programs do to lists.
func changeOrders(r *rand.Rand, rows *live.Rows[order]) {
	n := rows.Len()
	if n == 0 || r.IntN(150) == 0 {
		many := make([]order, r.IntN(100))
		for i := range many {
			many[i] = newOrder(r)
		}
		rows.Replace(many...)
		return
	}
	i := r.IntN(n)
	switch r.IntN(14) {
	case 0:
		rows.Append(newOrder(r))
	case 1:
		rows.Insert(i, newOrder(r))
	case 2:
		rows.Insert(0, newOrder(r), newOrder(r))
	case 3:
		rows.Delete(i)
	case 4:
		rows.Move(i, r.IntN(n))
	case 5:
		rows.Move(i, min(i+1, n-1))
	case 6: // a row takes the key of another
		key := rows.At(r.IntN(n)).key
		rows.Edit(i, func(o *order) { o.key = key })
	case 7: // the same rows as new ones
		all := []order{}
		for _, o := range rows.All() {
			all = append(all, o)
		}
		all[i].text += "!"
		rows.Replace(slices.Delete(all, i/2, i/2+1)...)
	case 8:
		key := r.IntN(60)
		rows.DeleteFunc(func(o order) bool { return o.key == key })
	case 9:
		rest := r.IntN(9)
		rows.EditFunc(func(o order) bool { return o.key%9 == rest }, func(o *order) { o.text += "x" })
	case 10:
		if n > 80 {
			rows.DeleteFunc(func(o order) bool { return o.key%3 > 0 })
		}
	case 11:
		rows.Set(i, newOrder(r))
	case 12:
		rows.Edit(i, func(o *order) { o.lines = append(slices.Clone(o.lines), words[r.IntN(len(words))]) })
	default:
		rows.Edit(i, func(o *order) { o.text = words[r.IntN(len(words))] })
	}
}

// fail renders with the fuse lit and checks that a failure leaves no trace.
func (v *visitor) fail(t *testing.T, fuse int) {
	t.Helper()
	before := v.state.Words()
	v.fuse = fuse
	defer func() { v.fuse = 0 }()
	diff, err := v.state.AppendDiff(context.Background(), nil, v.page())
	if err == nil { // it was too long
		if _, err := v.client.Apply(diff); err != nil {
			t.Error(err)
		}
		return
	}
	if !errors.Is(err, errFuse) || len(diff) > 0 || !slices.Equal(before, v.state.Words()) {
		t.Errorf("after %v the diff is %s, and the tape is what it was: %t", err, diff, slices.Equal(before, v.state.Words()))
	}
}

// follow brings the client to the state of the page.
func (v *visitor) follow() error {
	ctx := context.Background()
	diff, err := v.state.AppendDiff(ctx, nil, v.page())
	if err != nil {
		return err
	}
	want, err := render.AppendHTML(ctx, nil, v.page())
	if err != nil {
		return err
	}
	got, err := v.client.Apply(diff)
	if err != nil {
		return fmt.Errorf("%w\ndiff %s", err, diff)
	}
	if got != string(want) {
		return fmt.Errorf("the client shows\n%s\nwant\n%s\ndiff %s", got, want, diff)
	}
	if again, err := v.state.AppendDiff(ctx, nil, v.page()); err != nil || len(again) > 0 {
		return fmt.Errorf("a second render of the same state sends %s, %v", again, err)
	}
	return nil
}
