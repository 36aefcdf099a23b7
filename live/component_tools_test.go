package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu/pubsub"
	"bennu/render"
)

// tool is a component that uses what a view can, and writes down what it did.
type tool struct {
	Name  string
	Text  Async[string]
	Items Stream[post]
	Slot  templ.Component
	N     int

	log  *[]string
	init bool
}

var toolTopic = pubsub.NewTopic[int](pubsub.New(), "tools")

func (c *tool) Mount(s *Socket) error {
	c.Items.Init("items", func(p post) string { return p.ID })
	c.Items.Append(post{"a", "one"})
	s.HookEvent(func(_ *Socket, e Event) (Next, error) {
		c.note("hook " + e.Name)
		return Next(e.Name == "halted"), nil
	})
	OnMessage(s, func(_ *Socket, m tick) error { c.N += m.n; return nil })
	return nil
}

func (c *tool) Update(*Socket) error {
	if !c.init {
		c.init = true
		c.note("first update")
		return nil
	}
	c.note("update " + c.Name)
	return nil
}

func (c *tool) note(what string) {
	if c.log != nil {
		*c.log = append(*c.log, what)
	}
}

func (c *tool) Events() Events {
	return Events{
		"halted": Do(func(*Socket) error { return errors.New("the hook has let it through") }),
		"ask":    Do(func(s *Socket) error { s.Reply(map[string]uint64{"process": s.Process()}); return nil }),
		"push":   Do(func(s *Socket) error { s.PushEvent("tool", c.Name); return nil }),
		"load": Do(func(s *Socket) error {
			Load(s, &c.Text, func(context.Context) (string, error) { return "loaded", nil })
			Go(s, "job", func(context.Context) (int, error) { return 0, errors.New("away") }, func(_ *Socket, _ int, err error) error {
				c.note("job " + err.Error())
				return nil
			})
			return nil
		}),
		"insert": Do(func(*Socket) error { c.Items.Append(post{"b", "two"}); return nil }),
		"watch": Do(func(s *Socket) error {
			Subscribe(s, toolTopic, func(_ *Socket, n int) error { c.N = n; return nil })
			return nil
		}),
	}
}

var (
	toolTemplate = render.New(1<<63|131, render.Root, "<li>", "<i>", "</i><u>", "</u>", `<ul id="items" phx-update="stream">`, "</ul></li>")
	slotTemplate = render.New(1<<63|132, render.Root, "<em>", "</em>")
)

func (c *tool) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, toolTemplate)
		defer w.End()
		w.Str(0, c.Name)
		w.Int(1, int64(c.N))
		w.Str(2, c.Text.Value)
		if c.Slot == nil {
			w.Empty(3)
		} else if err := w.Comp(3, c.Slot); err != nil {
			return err
		}
		items := render.StreamItems(w, 4, postTemplate, &c.Items)
		for id, p := range items.All() {
			items.Entry()
			w.Str(0, id)
			w.Str(1, p.Text)
			items.EndEntry()
		}
		items.End()
		return nil
	})
}

// emphasis is what a page puts into the slot of a component.
func emphasis(text string) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, slotTemplate)
		w.Str(0, text)
		w.End()
		return nil
	})
}

// box is a page with some tools.
type box struct {
	IDs     []string
	Label   string
	Process uint64
	log     []string
	heard   []string
}

func (v *box) Mount(s *Socket, _ Params) error { v.Process = s.Process(); return nil }

func (v *box) Events() Events {
	on := func(name string) Handler {
		return Do(func(*Socket) error { v.heard = append(v.heard, name); return nil })
	}
	return Events{
		"ids":   On(func(_ *Socket, in struct{ To string }) error { v.IDs = strings.Fields(in.To); return nil }),
		"label": On(func(_ *Socket, in struct{ To string }) error { v.Label = in.To; return nil }),
		"ask":   on("ask"), "push": on("push"), "insert": on("insert"),
	}
}

func (v *box) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, deskTemplate)
		defer w.End()
		w.Int(0, 0)
		w.For(1, loopTemplate)
		for _, id := range v.IDs {
			w.Entry(render.Key(id))
			if err := w.Comp(0, Component(id, func(c *tool) { c.Name, c.log, c.Slot = id+v.Label, &v.log, emphasis("of "+id+v.Label) })); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
		w.Empty(2)
		return nil
	})
}

// openBox joins a page with one tool and forgets what was said.
func openBox(t *testing.T, v *box) *run {
	t.Helper()
	r := startIn(t, v, Spec{}, &Runtime{Router: table{}})
	r.has(fmt.Sprint(r.out.take()), "join true")
	return r
}

// A component runs where its view runs.
func TestCOMP01OneProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &box{IDs: []string{"a", "b"}}
		r := openBox(t, v)
		for cid := 1; cid <= 2; cid++ {
			r.has(r.cid("4", "ask", cid), fmt.Sprintf(`{"r":{"process":%d}}`, v.Process))
		}
		if v.Process == 0 {
			t.Error("the view has no process")
		}
		r.stopped()
	})
}

// A component mounts once, is updated by each render of its page, and one that
// comes back after its end mounts again.
func TestCOMP02Lifecycle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &box{IDs: []string{"a"}}
		r := openBox(t, v)
		steps := []struct {
			do   func()
			want string
		}{
			{func() {}, "[first update]"},
			{func() { r.event("1", "label", `{"to":"!"}`) }, "[update a!]"},
			{func() { r.event("2", "label", `{"to":"?"}`) }, "[update a?]"},
			{func() { r.cid("3", "insert", 1) }, "[update a?]"}, // its page draws, too, as it may have been told something
			{func() { r.event("4", "ids", `{"to":""}`) }, "[]"},
			{func() {
				r.message("5", "cids_will_destroy", `{"cids":[1]}`)
				r.message("6", "cids_destroyed", `{"cids":[1]}`)
			}, "[]"},
			{func() { r.event("7", "ids", `{"to":"a"}`) }, "[first update]"}, // another one
		}
		for i, step := range steps {
			step.do()
			v.log = slices.DeleteFunc(v.log, func(what string) bool { return strings.HasPrefix(what, "hook ") })
			if got := fmt.Sprint(v.log); got != step.want {
				t.Errorf("step %d: %s, want %s", i, got, step.want)
			}
			v.log = nil
		}
		r.stopped()
	})
}

// An event of a component is that component's, though the page has a handler of
// the same name.
func TestCOMP03EventsAreTheComponentsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &box{IDs: []string{"a", "b"}}
		r := openBox(t, v)
		r.has(r.cid("4", "push", 2), `"e":[["tool","b"]]`)
		r.cid("5", "insert", 1)
		if len(v.heard) > 0 {
			t.Errorf("the page heard %v", v.heard)
		}
		r.event("6", "push", `{}`)
		if !slices.Equal(v.heard, []string{"push"}) {
			t.Errorf("the page heard %v, want its own event", v.heard)
		}
		r.stopped()
	})
}

// Of fifty components the one that changes is sent, and nothing of the page.
func TestCOMP04OneOfFifty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(box)
		for i := range 50 {
			v.IDs = append(v.IDs, fmt.Sprint("c", i))
		}
		r := openBox(t, v)
		r.cid("4", "watch", 17)
		toolTopic.Broadcast(5)
		synctest.Wait()
		r.want(r.out.take(), `push diff {"c":{"17":{"1":"5"}}}`)
		r.stopped()
	})
}

// A component has the tools of a view: what its page puts into its slot, hooks,
// background work, streams, replies and pushed events, topics and messages.
func TestCOMP08ToolsInAComponent(t *testing.T) {
	tests := map[string]func(t *testing.T, v *box, r *run){
		"slot": func(t *testing.T, v *box, r *run) {
			r.has(fmt.Sprint(r.event("4", "label", `{"to":"!"}`)), `"3":{"0":"of a!"}`)
		},
		"hook": func(t *testing.T, v *box, r *run) {
			r.has(r.cid("4", "halted", 1), `4 true {}`)
			if !slices.Contains(v.log, "hook halted") {
				t.Errorf("the hook heard %v", v.log)
			}
		},
		"async": func(t *testing.T, v *box, r *run) {
			r.has(r.cid("4", "load", 1), `"2":"loaded"`)
			if !slices.Contains(v.log, "job away") {
				t.Errorf("the task's end is not among %v", v.log)
			}
		},
		"message": func(t *testing.T, v *box, r *run) {
			Ref{r.p}.Send(tick{3})
			synctest.Wait()
			r.want(r.out.take(), `push diff {"c":{"1":{"1":"3"}}}`)
		},
		"stream": func(t *testing.T, v *box, r *run) {
			r.has(r.cid("4", "insert", 1), `"c":{"1":{"4":{"k":{"0":{"0":"items-b","1":"two"},"kc":1},"stream":["items",[["items-b",-1,null,null]],[]]}}}`)
		},
		"pushed event": func(t *testing.T, v *box, r *run) { r.has(r.cid("4", "push", 1), `{"e":[["tool","a"]]}`) },
		"reply":        func(t *testing.T, v *box, r *run) { r.has(r.cid("4", "ask", 1), `{"r":{"process":`) },
		"topic": func(t *testing.T, v *box, r *run) {
			r.cid("4", "watch", 1)
			toolTopic.Broadcast(7)
			synctest.Wait()
			r.want(r.out.take(), `push diff {"c":{"1":{"1":"7"}}}`)
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := &box{IDs: []string{"a"}}
				r := openBox(t, v)
				test(t, v, r)
				r.stopped()
			})
		})
	}
}
