package render

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func TestNilComponents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]templ.Component{
		"nil":               nil,
		"nil Func":          Func(nil),
		"nil ComponentFunc": templ.ComponentFunc(nil),
	} {
		inner := Func(func(w *Writer, slot int) error {
			w.Nest(slot, oneSlot)
			err := w.Comp(0, c)
			w.End()
			return err
		})
		var s State
		if _, err := s.AppendDiff(t.Context(), nil, inner); !errors.Is(err, errNilComponent) {
			t.Errorf("%s in a slot: diff error %v, want %v", name, err, errNilComponent)
		}
		for _, c := range []templ.Component{c, inner} {
			if _, err := AppendHTML(t.Context(), nil, c); !errors.Is(err, errNilComponent) {
				t.Errorf("%s: HTML error %v, want %v", name, err, errNilComponent)
			}
		}
	}
	var s State
	if _, err := s.AppendDiff(t.Context(), nil, nil); !errors.Is(err, errNilComponent) {
		t.Errorf("nil root: error %v, want %v", err, errNilComponent)
	}
}

func TestForeignRoot(t *testing.T) {
	t.Parallel()
	for _, c := range []templ.Component{foreign("x"), Wrap(foreign("x"), node(bold, str("y")))} {
		var s State
		_, err := s.AppendDiff(t.Context(), nil, c)
		var fe *ForeignRootError
		if !errors.As(err, &fe) || fe.Type != "templ.ComponentFunc" || !strings.Contains(err.Error(), `run "bennu generate"`) {
			t.Errorf("error %v, want a ForeignRootError that says what to run", err)
		}
		if _, err := AppendHTML(t.Context(), nil, c); err != nil {
			t.Errorf("AppendHTML: %v", err)
		}
	}
	if got := htmlOf(t, Wrap(foreign("x"), node(bold, str("y")))); got != "<em title=\"q\">x\n\\</em><b>y</b>" {
		t.Errorf("HTML is %s", got)
	}
}

func TestRootThatWritesNothing(t *testing.T) {
	t.Parallel()
	var s State
	if _, err := s.AppendDiff(t.Context(), nil, Func(func(*Writer, int) error { return nil })); !errors.Is(err, errNoRoot) {
		t.Errorf("error %v, want %v", err, errNoRoot)
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	layout := func(title string) Func {
		return func(w *Writer, slot int) error {
			children := w.TakeChildren()
			w.Nest(slot, loose)
			w.Str(0, title)
			if err := w.Children(1, children); err != nil {
				return err
			}
			w.End()
			return nil
		}
	}
	page := func(title, text string) Func {
		return Wrap(layout("root"), Wrap(layout(title), node(bold, str(text)))).(Func)
	}
	script(t,
		step{page("a", "x"), `"0":"root","1":{"0":"a","1":{"0":"x","s":0,"r":1},"s":1},"s":1,"p":{"0":["<b>","</b>"],"1":[""," ",""]}`},
		step{page("a", "y"), `"1":{"1":{"0":"y"}}`},
		step{page("b", "y"), `"1":{"0":"b"}`},
		step{Wrap(layout("root"), foreign("f")).(Func), `"1":"<em title=\"q\">f\n\\</em>"`},
	)
	inner := node(bold, str("x"))
	if c := Wrap(nil, inner); htmlOf(t, c) != htmlOf(t, inner) {
		t.Errorf("Wrap(nil, c) is not c")
	}
	if c := Wrap(nil, nil); c != nil {
		t.Errorf("Wrap(nil, nil) = %v, want nil", c)
	}
}

func TestRenderWritesOnceOrNotAtAll(t *testing.T) {
	t.Parallel()
	out := &calls{}
	if err := node(twoSlots, str("<a>"), comp(node(bold, num(1)))).Render(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	if len(out.writes) != 1 || out.writes[0] != "<div>&lt;a&gt;|<b>1</b></div>" {
		t.Errorf("writes are %q, want one", out.writes)
	}
	boom := errors.New("boom")
	out = &calls{}
	if err := Func(func(w *Writer, slot int) error { w.Nest(slot, bold); return boom }).Render(t.Context(), out); !errors.Is(err, boom) {
		t.Errorf("Render = %v, want %v", err, boom)
	}
	if len(out.writes) != 0 {
		t.Errorf("a failed render wrote %q", out.writes)
	}
	if err := node(bold, str("x")).Render(t.Context(), &calls{err: boom}); !errors.Is(err, boom) {
		t.Errorf("Render into a broken writer = %v, want %v", err, boom)
	}
}

// The memory of the output is not that of a slot's scratch.
func TestRenderAgainAndAgain(t *testing.T) {
	t.Parallel()
	page := node(twoSlots, str("x"), func(w *Writer, slot int) {
		w.BeginClass(slot)
		w.ClassName("a-class-of-a-name-that-is-longer-than-what-stands-before-it")
		w.EndClass()
	})
	want := htmlOf(t, page)
	for range 10 {
		out := &calls{}
		if err := page.Render(t.Context(), out); err != nil || len(out.writes) != 1 || out.writes[0] != want {
			t.Fatalf("Render writes %q, %v, want %s", out.writes, err, want)
		}
	}
}

type calls struct {
	writes []string
	err    error
}

func (c *calls) Write(p []byte) (int, error) {
	c.writes = append(c.writes, string(p))
	return len(p), c.err
}

// Children that come by templ's context, as a foreign component passes them.
func TestChildrenFromTemplContext(t *testing.T) {
	t.Parallel()
	card := Func(func(w *Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, oneSlot)
		err := w.Children(0, children)
		w.End()
		return err
	})
	for name, children := range map[string]templ.Component{
		"foreign": templ.Raw("<b>x</b>"),
		"ours":    node(bold, str("x")),
	} {
		got, err := AppendHTML(templ.WithChildren(t.Context(), children), nil, card)
		if err != nil || string(got) != "<p><b>x</b></p>" {
			t.Errorf("%s: HTML is %s, %v", name, got, err)
		}
	}
	if got := htmlOf(t, card); got != "<p></p>" {
		t.Errorf("without children HTML is %s", got)
	}
}

// A foreign component may leave its children in the context it renders them
// with; they must not become their own children.
func TestChildrenAreNotTheirOwn(t *testing.T) {
	t.Parallel()
	careless := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return templ.GetChildren(ctx).Render(ctx, w)
	})
	card := Func(func(w *Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, oneSlot)
		err := w.Children(0, children)
		w.End()
		return err
	})
	page := node(twoSlots, func(w *Writer, slot int) {
		w.WithChildren(func(w *Writer, slot int) error { return w.Comp(slot, card) })
		comp(careless)(w, slot)
	}, none)
	if got, want := htmlOf(t, page), "<div><p></p>|</div>"; got != want {
		t.Errorf("HTML is %s, want %s", got, want)
	}
}

func TestForeignSlot(t *testing.T) {
	t.Parallel()
	page := func(c templ.Component) Func { return node(oneSlot, comp(c)) }
	script(t,
		step{page(templ.Raw(`<i class="x">1</i>`)), `"0":"<i class=\"x\">1</i>","s":0,"p":{"0":["<p>","</p>"]}`},
		step{page(templ.Raw(`<i class="x">1</i>`)), ``},
		step{page(templ.Raw("")), `"0":""`},
		step{page(templ.NopComponent), ``},
		step{page(node(bold, str("x"))), `"0":{"0":"x","s":0,"r":1},"p":{"0":["<b>","</b>"]}`},
		step{page(templ.Raw("x")), `"0":"x"`},
	)
}

func TestForeignErrors(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	page := Func(func(w *Writer, slot int) error {
		w.Nest(slot, oneSlot)
		if err := w.Comp(0, templ.Raw("x", boom)); err != nil {
			return err
		}
		w.End()
		return nil
	})
	var s State
	if _, err := s.AppendDiff(t.Context(), nil, page); !errors.Is(err, boom) {
		t.Errorf("AppendDiff = %v, want %v", err, boom)
	}
	if got, err := AppendHTML(t.Context(), []byte("a"), page); !errors.Is(err, boom) || string(got) != "a" {
		t.Errorf("AppendHTML = %s, %v, want a, %v", got, err, boom)
	}
}
