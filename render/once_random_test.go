package render_test

import (
	"context"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// corner is a page of parts. Some ask for what templ writes once in a page,
// where it comes first, so what they show depends on the parts before them.
type corner struct {
	plain string
	memos [2]string
	rows  *live.Rows[string]
}

var (
	cornerT = render.NewTemplate(render.Root, "<div>", "", "", "", "</div>")
	partT   = render.NewTemplate(0, "", "")
	onceT   = render.NewTemplate(0, "<i>once</i>")
	styledT = render.NewTemplate(0, "", `<b class="`, `"></b>`)
	wrapT   = render.NewTemplate(render.Root, "<p>", "</p>")
	textT   = render.NewTemplate(render.Root, "<p>", "</p>")

	onceHandle = templ.NewOnceHandle()
	tint       = templ.ComponentCSSClass{ID: "tint", Class: templ.SafeCSS(".tint{color:red;}")}
	kinds      = []string{"", "once", "style", "text", "foreign", "inner once", "inner text"}
)

func part(w *render.Writer, slot int, kind string) error {
	switch kind {
	case "once":
		w.WithChildren(func(w *render.Writer, slot int) error { w.Nest(slot, onceT); w.End(); return nil })
		return w.Comp(slot, onceHandle.Once())
	case "style":
		w.Nest(slot, styledT)
		if err := w.CSSItems(0, tint); err != nil {
			return err
		}
		render.Classes(w, 1, tint)
		w.End()
	case "foreign": // looks at what templ remembers, as all of templ's own do
		return w.Comp(slot, templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
			templ.InitializeContext(ctx)
			_, err := io.WriteString(out, "<em></em>")
			return err
		}))
	case "inner once", "inner text":
		w.Nest(slot, wrapT)
		if w.Memo(0, render.Key(kind)) {
			if err := part(w, 0, kind[len("inner "):]); err != nil {
				return err
			}
			w.EndMemo()
		}
		w.End()
	case "text":
		w.Nest(slot, textT)
		w.Raw(0, "text")
		w.End()
	default:
		w.Empty(slot)
	}
	return nil
}

func (p *corner) page() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, cornerT)
		if err := part(w, 0, p.plain); err != nil {
			return err
		}
		for i, kind := range p.memos {
			if w.Memo(1+i, render.Key(kind)) {
				if err := part(w, 1+i, kind); err != nil {
					return err
				}
				w.EndMemo()
			}
		}
		l := render.Each(w, 3, partT, p.rows, render.NoReads, false)
		for l.Next() {
			kind := l.Row()
			if l.EntryRow() {
				if err := part(w, 0, kind); err != nil {
					return err
				}
				w.EndEntry()
			}
		}
		l.End()
		w.End()
		return nil
	})
}

// TestWhatStandsOnceInThePageIsWhereItComesFirst changes a page at random in
// which memos and tracked rows ask for such things.
func TestWhatStandsOnceInThePageIsWhereItComesFirst(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	kind := func() string { return kinds[r.IntN(len(kinds))] }
	for range 200 {
		p := &corner{rows: new(live.Rows[string])}
		c := render.NewClient()
		var state render.State
		for step := range 20 {
			switch n := p.rows.Len(); r.IntN(5) {
			case 0:
				p.plain = kind()
			case 1, 2:
				p.memos[r.IntN(2)] = kind()
			case 3:
				p.rows.Insert(r.IntN(n+1), kind())
			case 4:
				if n > 0 {
					p.rows.Delete(r.IntN(n))
				}
			}
			diff, err := state.AppendDiff(context.Background(), nil, p.page())
			if err != nil {
				t.Fatal(err)
			}
			want, err := render.AppendHTML(context.Background(), nil, p.page())
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Apply(diff)
			if err != nil || got != string(want) {
				t.Fatalf("step %d: the client shows\n%s\nwant\n%s\ndiff %s, error %v", step, got, want, diff, err)
			}
		}
	}
}
