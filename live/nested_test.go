package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu/render"
)

// plainTokens are tokens that anybody can read.
type plainTokens struct{}

func (plainTokens) SignChild(c Child, _ *Session) string {
	text, _ := json.Marshal(c)
	return strings.ReplaceAll(string(text), `"`, "'")
}
func (plainTokens) SignStatic(id string) string { return "static-" + id }

// clock is a nested view.
type clock struct {
	lifecycle
	Zone string
}

func (c *clock) Mount(s *Socket, p Params) error {
	if err := s.Given(&c.Zone); err != nil {
		return err
	}
	return c.lifecycle.Mount(s, p)
}

// house is a view with nested ones.
type house struct {
	lifecycle
	parts []templ.Component
	Floor int
}

var houseTemplate = render.New(1<<63|95, render.Root, "<div>", "", "</div>")

func (h *house) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, houseTemplate)
		w.Int(0, int64(h.Floor))
		w.For(1, loopTemplate)
		for _, p := range h.parts {
			w.EntryIndex()
			if err := w.Comp(0, p); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
		w.End()
		return nil
	})
}

func nestedAs(make func() View) NestedView {
	as := NestedView{New: make, Container: Container{Tag: "div"}}
	if make == nil { // for a view that is not made
		return as
	}
	var err error
	if as.Container, err = ContainerOf(make()); err != nil {
		panic(err)
	}
	return as
}

func nestedRuntime(make func() View) *Runtime {
	return &Runtime{Router: table{}, Nested: map[string]NestedView{"clock": nestedAs(make)}, Children: plainTokens{}}
}

// joinChild joins the nested view whose token stands in what the parent said.
func (r *run) joinChild(said, id string) *run {
	r.Helper()
	m := regexp.MustCompile(`data-phx-session=\\"(\{'i':'` + id + `'[^\\]*)\\"`).FindStringSubmatch(said)
	if m == nil {
		r.Fatalf("no token of %q in %s", id, said)
	}
	var c Child
	if err := json.Unmarshal([]byte(strings.ReplaceAll(m[1], "'", `"`)), &c); err != nil {
		r.Fatal(err)
	}
	child := &run{T: r.T, rt: r.rt, out: new(tapeOut), log: r.log}
	child.p = r.rt.Start(child.out, func() (Spec, error) {
		v := r.rt.Nested[c.Name].New()
		spec := Spec{ID: c.ID, View: v, Name: TypeName(v), Nested: true, Sticky: c.Parent == 0, Given: c.Given}
		if spec.Sticky {
			return spec, nil
		}
		var err error
		spec.Parent, err = r.rt.Parent(c)
		return spec, err
	})
	synctest.Wait()
	return child
}

func TestItem38And39NestedInADeadRender(t *testing.T) {
	t.Parallel()
	rt := nestedRuntime(func() View { return new(clock) })
	h := &house{parts: []templ.Component{Nested("clock", "c1", "UTC"), Sticky("clock", "c2", nil)}}
	page, err := rt.Static(t.Context(), Spec{View: h, ID: "phx-1"}, nil, nil)
	want := `<div>0<div id="c1" data-phx-session="" data-phx-static="static-c1" data-phx-parent-id="phx-1"><p>mount(false)</p></div>` +
		`<div id="c2" data-phx-session="{'i':'c2','o':'','n':'clock','g':null}" data-phx-static="static-c2" data-phx-sticky><p>mount(false)</p></div></div>`
	if err != nil || string(page.HTML) != want {
		t.Errorf("Static = %v\n  %s\nwant\n  %s", err, page.HTML, want)
	}
}

func TestNestedViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last *clock
		ups := 0
		rt := nestedRuntime(func() View {
			c := new(clock)
			last = c
			c.mount = func(s *Socket) error { ups++; return nil }
			c.events = Events{
				"crash": Do(func(*Socket) error { return errors.New("broken") }),
				"tell":  Do(func(s *Socket) error { s.Parent().Send(tick{3}); return nil }),
				"patch": Do(func(s *Socket) error { s.Patch("/tabs?tab=child"); return nil }),
				"go":    Do(func(s *Socket) error { s.Navigate("/other"); return nil }),
			}
			return c
		})
		h := &house{parts: []templ.Component{Nested("clock", "c1", "UTC")}}
		h.mount = func(s *Socket) error {
			OnMessage(s, func(_ *Socket, m tick) error { h.Floor += m.n; return nil })
			return nil
		}
		h.events = Events{"up": Do(func(*Socket) error { h.Floor++; return nil })}
		r := startIn(t, h, Spec{LiveSession: "default", Info: &ConnectInfo{Host: "shop.test"}}, rt)
		r.p.spec.Name = "live.lifecycle" // that the table knows
		said := fmt.Sprint(r.out.take())
		r.has(said, `<div id=\"c1\" data-phx-session=\"{'i':'c1'`, `data-phx-static=\"\" data-phx-parent-id=\"phx-1\"></div>`)
		c := r.joinChild(said, "c1")
		r.has(fmt.Sprint(c.out.take()), `join true {"rendered":{"0":"mount(true)"`) // and no HandleParams (item 62)
		if last.Zone != "UTC" {
			t.Errorf("given %q, want UTC", last.Zone)
		}
		r.want(r.event("4", "up", `{}`), `4 true {"diff":{"0":"1"}}`) // nothing of the child
		// To the parent and back.
		c.event("5", "tell", `{}`)
		r.want(r.out.take(), `push diff {"0":"4"}`)
		// A patch is the page's matter.
		r.want(c.event("6", "patch", `{}`), `6 true {}`)
		r.has(fmt.Sprint(r.out.take()), `push live_patch {"to":"/tabs?tab=child","kind":"push"}`)
		// The child crashes alone and comes back.
		r.want(c.event("7", "crash", `{}`), `fail`)
		r.want(r.event("8", "up", `{}`), `8 true {"diff":{"0":"5"}}`)
		c = r.joinChild(said, "c1")
		r.has(fmt.Sprint(c.out.take()), `join true`)
		// It ends with its parent.
		r.p.Stop(Left)
		synctest.Wait()
		r.want(c.out.take(), "close")
		if n := rt.Views(); n != 0 {
			t.Errorf("%d views run, want none", n)
		}
		gone := r.joinChild(said, "c1")
		r.has(fmt.Sprint(gone.out.take()), `join false {"reason":"stale"}`) // item 60
		other := nestedRuntime(nil)
		if _, err := other.Parent(Child{Boot: "another", Parent: 1}); err == nil {
			t.Error("Parent of another run of the server: no error")
		}
	})
}

// Where a nested view stands, something else may stand another time.
func TestNestedViewComesAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := nestedRuntime(func() View { return new(clock) })
		shown, other := Nested("clock", "c1", nil), render.Func(func(w *render.Writer, slot int) error {
			w.Nest(slot, bareTemplate)
			w.Str(0, "x")
			w.End()
			return nil
		})
		v := &changing{part: shown}
		r := startIn(t, v, Spec{}, rt)
		r.has(fmt.Sprint(r.out.take()), `c1`)
		for _, part := range []templ.Component{nil, shown, other, shown, nil} {
			v.part = part
			said := r.event("4", "show", `{}`)
			switch {
			case part == shown:
				r.has(fmt.Sprint(said), `<div id=\"c1\"`)
			case part == nil:
				r.want(said, `4 true {"diff":{"0":""}}`)
			default:
				r.has(fmt.Sprint(said), `"0":"x"`)
			}
		}
		r.stopped()
	})
}

// A page whose nested views come and go does not grow.
func TestNestedViewsThatLeftAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := nestedRuntime(func() View { return new(clock) })
		v := new(changing)
		r := startIn(t, v, Spec{}, rt)
		r.out.take()
		for i := range 50 {
			id := fmt.Sprint("c", i)
			v.part = Nested("clock", id, nil)
			c := r.joinChild(fmt.Sprint(r.event("4", "show", `{}`)), id)
			v.part = nil
			r.want(r.event("5", "show", `{}`), `5 true {"diff":{"0":""}}`)
			c.p.Stop(Left)
			synctest.Wait()
		}
		if n := len(r.p.extras.nested); n > 1 {
			t.Errorf("%d elements are remembered after all have left, want the last at most", n)
		}
		r.stopped()
	})
}

// Nor does one whose client joins a nested view and leaves it again and again.
func TestNestedViewThatIsJoinedAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := nestedRuntime(func() View { return new(clock) })
		r := startIn(t, &changing{part: Nested("clock", "c1", nil)}, Spec{}, rt)
		said := fmt.Sprint(r.out.take())
		for range 50 {
			c := r.joinChild(said, "c1")
			c.p.Stop(Left)
			synctest.Wait()
		}
		if n := len(r.p.family.left); n != 1 {
			t.Errorf("the one that left is remembered %d times, want once", n)
		}
		r.stopped()
	})
}

// changing is a view with a part that changes.
type changing struct{ part templ.Component }

func (c *changing) Events() Events { return Events{"show": Do(func(*Socket) error { return nil })} }

func (c *changing) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, changingTemplate)
		defer w.End()
		if c.part == nil {
			w.Empty(0)
			return nil
		}
		return w.Comp(0, c.part)
	})
}

var changingTemplate = render.New(1<<63|120, 0, "", "")

// leaver is a house that takes its time to leave.
type leaver struct {
	house
	leaving, left chan struct{}
}

func (l *leaver) Terminate(*Socket, Reason) { close(l.leaving); <-l.left }

func TestItem61ChildWhileThePageLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := nestedRuntime(func() View { return new(clock) })
		l := &leaver{leaving: make(chan struct{}), left: make(chan struct{})}
		l.parts = []templ.Component{Nested("clock", "c1", nil)}
		l.events = Events{"go": Do(func(s *Socket) error { s.Redirect("/login"); return nil })}
		r := startIn(t, l, Spec{}, rt)
		said := fmt.Sprint(r.out.take())
		r.event("4", "go", `{}`)
		<-l.leaving
		c := r.joinChild(said, "c1")
		r.has(fmt.Sprint(c.out.take()), `join false {"reason":"parent_redirect"}`)
		close(l.left)
		r.stopped()
	})
}

func TestStickyViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := nestedRuntime(func() View {
			c := new(clock)
			c.events = Events{
				"go":    Do(func(s *Socket) error { s.Navigate("/other"); return nil }),
				"out":   Do(func(s *Socket) error { s.Redirect("/login"); return nil }),
				"patch": Do(func(s *Socket) error { s.Patch("/tabs"); return nil }),
			}
			return c
		})
		r := startIn(t, &house{parts: []templ.Component{Sticky("clock", "p", nil)}}, Spec{}, rt)
		said := fmt.Sprint(r.out.take())
		r.has(said, `data-phx-sticky></div>`)
		c := r.joinChild(said, "p")
		r.has(fmt.Sprint(c.out.take()), "join true")
		r.stoppedBut(1) // the page goes, the player stays
		r.has(fmt.Sprint(c.event("4", "go", `{}`)), `4 true {"live_redirect":{"to":"/other","kind":"push"}}]`)
		r.has(fmt.Sprint(c.event("5", "out", `{}`)), `5 true {"redirect":{"to":"/login"}} | close`)
		c.stopped()
	})
}

// stoppedBut ends the view and checks that some others run on.
func (r *run) stoppedBut(others int) {
	r.Helper()
	r.p.Stop(Left)
	synctest.Wait()
	if n := r.rt.Views(); n != others {
		r.Errorf("%d views run, want %d", n, others)
	}
}

// A nested view that sends the browser elsewhere in the dead render takes the
// whole page along, with the messages of both.
func TestItem40MoveInADeadMountOfANestedView(t *testing.T) {
	t.Parallel()
	rt := nestedRuntime(func() View {
		c := new(clock)
		c.mount = func(s *Socket) error { s.PutFlash(Error, "log in first"); s.Redirect("/login"); return nil }
		return c
	})
	h := &house{parts: []templ.Component{Nested("clock", "c1", nil)}}
	h.mount = func(s *Socket) error { s.PutFlash(Info, "of the page"); return nil }
	_, err := rt.Static(t.Context(), Spec{View: h, ID: "phx-1"}, nil, nil)
	moved, ok := errors.AsType[*MoveError](err)
	if !ok || moved.To != "/login" || fmt.Sprint(moved.Flash) != "map[error:log in first info:of the page]" {
		t.Errorf("Static: %v, want a move to /login with both messages", err)
	}
}

func TestMistakesWithNestedViews(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		parts []templ.Component
		want  string
	}{
		{"unknown", []templ.Component{Nested("clok", "c", nil)}, `did you mean "clock"?`},
		{"no id", []templ.Component{Nested("clock", "", nil)}, "has no id"},
		{"twice", []templ.Component{Nested("clock", "c", nil), Nested("clock", "c", nil)}, "stands twice"},
		{"given", []templ.Component{Nested("clock", "c", func() {})}, "unsupported type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rt := nestedRuntime(func() View { return new(clock) })
			_, err := rt.Static(t.Context(), Spec{View: &house{parts: tt.parts}, ID: "phx-1"}, nil, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Static: %v, want in it %q", err, tt.want)
			}
		})
	}
	inItself := func() View { return &house{parts: []templ.Component{Nested("clock", "c", nil)}} }
	_, err := nestedRuntime(inItself).Static(t.Context(), Spec{View: inItself(), ID: "phx-1"}, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "views deep") {
		t.Errorf("a view in itself: %v, want an error", err)
	}
	var out strings.Builder
	if err := Nested("clock", "c", nil).Render(context.Background(), &out); err == nil || !strings.Contains(err.Error(), "stands in no view") {
		t.Errorf("Render alone: %v, want an error", err)
	}
}
