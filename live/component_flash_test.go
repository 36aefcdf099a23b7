package live

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/render"
)

// noteBox is a view of two live components that have messages, in a layout that
// shows the view's.
type noteBox struct {
	seen  []string // what Flash said in callbacks
	given string   // what note "a" puts when it mounts
	paths []string
}

func (v *noteBox) HandleParams(s *Socket, p Params) error {
	v.paths = append(v.paths, s.Info().URL+" "+s.Flash(Info))
	return nil
}

func (v *noteBox) Events() Events {
	return Events{"say": Do(func(s *Socket) error { s.PutFlash(Info, "of the view"); return nil })}
}

var (
	noteBoxTemplate = render.New(1<<63|84, render.Root, "<div>", "", "", "</div>")
	noteTemplate    = render.New(1<<63|85, render.Root, "<p>", "", "</p>")
)

func (v *noteBox) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, noteBoxTemplate)
		w.Str(0, Flash(w.Ctx(), Info))
		for i, id := range []string{"a", "b"} {
			if err := w.Comp(i+1, Component(id, func(n *note) { n.box, n.id = v, id })); err != nil {
				return err
			}
		}
		w.End()
		return nil
	})
}

type note struct {
	box *noteBox
	id  string
	n   int
}

func (n *note) Update(s *Socket) error {
	if n.id == "a" && n.box.given != "" {
		s.PutFlash(Info, n.box.given)
		n.box.given = ""
	}
	return nil
}

func (n *note) Events() Events {
	return Events{
		"put": Do(func(s *Socket) error {
			n.n++
			s.PutFlash(Error, "no")
			s.PutFlash(Info, fmt.Sprint("saved ", n.n))
			n.box.seen = append(n.box.seen, s.Flash(Info))
			return nil
		}),
		"ask":   Do(func(s *Socket) error { n.box.seen = append(n.box.seen, s.Flash(Info)); return nil }),
		"clear": Do(func(s *Socket) error { s.ClearFlash(Info); n.box.seen = append(n.box.seen, s.Flash(Info)); return nil }),
		"later": Do(func(s *Socket) error {
			After(s, time.Second, func(s *Socket) error { s.PutFlash(Info, "late"); return nil })
			return nil
		}),
		"patch": Do(func(s *Socket) error { s.PutFlash(Info, "moved"); s.Patch("/tabs?tab=2"); return nil }),
		"leave": Do(func(s *Socket) error {
			s.PutFlash(Error, "not said")
			s.ClearFlash()
			s.PutFlash(Info, "first")
			s.PutFlash(Info, "gone")
			s.Navigate("/other")
			return nil
		}),
		"out": Do(func(s *Socket) error { s.Redirect("/other"); return nil }),
	}
}

func (n *note) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, noteTemplate)
		w.Str(0, Flash(w.Ctx(), Info))
		w.End()
		return nil
	})
}

// noteTable is a Router whose tabs are those of a noteBox.
type noteTable struct{ table }

func (r noteTable) Resolve(host, address string) (Place, bool) {
	at, ok := r.table.Resolve(host, address)
	if at.View == "live.lifecycle" {
		at.View = "live.noteBox"
	}
	return at, ok
}

// startNotes joins the view; the first of its components has number 1.
func startNotes(t *testing.T, v *noteBox) (*run, string) {
	t.Helper()
	r := startIn(t, v, Spec{Layout: flashLayout, LiveSession: "default", URL: "/tabs", Info: &ConnectInfo{Host: "shop.test"}},
		&Runtime{Router: noteTable{}, SignFlash: func(_ *Session, m map[string]string) string { return fmt.Sprint(m) }})
	return r, fmt.Sprint(r.out.take())
}

func (r *run) is(got, want string) {
	r.Helper()
	if got != want {
		r.Errorf("said %s\nwant %s\nlog:\n%s", got, want, r.log)
	}
}

// A live component's messages are its own: neither the layout nor another
// component shows them.
func TestComponentsHaveMessagesOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &noteBox{given: "welcome"}
		r, join := startNotes(t, v)
		r.has(join, `"1":{"0":"welcome"`, `"0":"","1":{"0":"","1":1,"2":2`)
		r.is(r.cid("1", "put", 1), `[1 true {"diff":{"c":{"1":{"0":"saved 1"}}}}]`)
		r.is(r.cid("2", "put", 2), `[2 true {"diff":{"c":{"2":{"0":"saved 1"}}}}]`)
		r.is(r.cid("3", "ask", 1), `[3 true {}]`)
		r.is(fmt.Sprint(r.event("4", "say", `{}`)), `[4 true {"diff":{"0":"of the view","1":{"0":"of the view"}}}]`)
		r.is(r.cid("5", "ask", 2), `[5 true {}]`)
		r.has(r.message("6", "live_patch", `{"url":"http://shop.test/tabs?tab=2"}`), `6 true {"diff":{"0":"","1":{"0":""}}}`) // the page's alone
		r.is(r.cid("7", "clear", 1), `[7 true {"diff":{"c":{"1":{"0":""}}}}]`)
		if got, want := fmt.Sprintf("%q", v.seen), `["saved 1" "saved 1" "saved 1" "saved 1" ""]`; got != want {
			t.Errorf("callbacks saw %s, want %s", got, want)
		}
		r.is(r.cid("8", "later", 2), `[8 true {}]`)
		time.Sleep(time.Second)
		synctest.Wait()
		r.is(fmt.Sprint(r.out.take()), `[push diff {"c":{"2":{"0":"late"}}}]`)
		r.cid("9", "put", 1)
		if page, err := Snapshot(t.Context(), Ref{r.p}); err != nil || !strings.Contains(string(page), `"1":{"0":"saved 2"`) || !strings.Contains(string(page), `"2":{"0":"late"`) {
			t.Errorf("the snapshot is %s, %v", page, err)
		}
		r.stopped()
	})
}

// The client's own event reaches the messages of the component that it names.
func TestItem111ClearFlashOfAComponent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(noteBox)
		r, _ := startNotes(t, v)
		clear := func(ref, cid, value string) string {
			return r.message(ref, "event", `{"type":"click","event":"lv:clear-flash","value":`+value+cid+`}`)
		}
		r.cid("1", "put", 1)
		r.cid("2", "put", 2)
		r.event("3", "say", `{}`)
		r.is(clear("4", `,"cid":1`, `{"key":"error"}`), `[4 true {}]`)
		r.is(clear("5", `,"cid":1`, `{"key":"info"}`), `[5 true {"diff":{"c":{"1":{"0":""}}}}]`)
		r.is(clear("6", `,"cid":2`, `{}`), `[6 true {"diff":{"c":{"2":{"0":""}}}}]`)
		r.is(clear("7", `,"cid":2`, `{"key":["info"]}`), `[7 true {}]`)
		for cid, c := range r.p.extras.components.byCID {
			if len(c.flash) != 0 {
				t.Errorf("component %d keeps %v", cid, c.flash)
			}
		}
		r.is(clear("8", ``, `{}`), `[8 true {"diff":{"0":"","1":{"0":""}}}]`)
		r.stopped()
	})
}

// Where a component sends the browser elsewhere the page has its messages.
func TestComponentsTakeTheirMessagesAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(noteBox)
		r, _ := startNotes(t, v)
		r.cid("1", "put", 1)
		r.has(r.cid("2", "patch", 1), `push live_patch {"to":"/tabs?tab=2","kind":"push"}`,
			`2 true {"diff":{"c":{"1":{"0":"moved"}}}}`, `push diff {"0":"moved","1":{"0":"moved"}}`)
		if got := v.paths[len(v.paths)-1]; got != "/tabs?tab=2 moved" {
			t.Errorf("HandleParams saw %q", got)
		}
		r.has(r.cid("3", "leave", 2), `3 true {"live_redirect":{"to":"/other","kind":"push","flash":"map[info:gone]"}}`)
		r.stopped()
	})
	synctest.Test(t, func(t *testing.T) {
		r, _ := startNotes(t, new(noteBox))
		r.cid("1", "put", 1) // stays where it was put
		r.has(r.cid("2", "out", 1), `2 true {"redirect":{"to":"/other"}}`)
		r.stopped()
	})
}

// In a dead render a component shows what its callbacks have put.
func TestMessagesOfComponentsInADeadRender(t *testing.T) {
	t.Parallel()
	v := &noteBox{given: "welcome"}
	page, err := new(Runtime).Static(t.Context(), Spec{View: v, Name: "live.noteBox", Layout: flashLayout, Flash: map[string]string{Info: "here"}}, nil, nil)
	if got, want := string(page.HTML), `<i>here</i><div>here<p>welcome</p><p></p></div>`; err != nil || got != want {
		t.Errorf("the page is %s, %v, want %s", got, err, want)
	}
	if got := Flash(t.Context(), Info); got != "" {
		t.Errorf("outside of a view Flash = %q", got)
	}
}
