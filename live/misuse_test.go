package live

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/pubsub"
	"bennu/render"
)

// Mistakes of programmers are told as early as they can be seen, in words that
// say what was expected, what came, and what to do. Those that have to do with
// moves, components and nested views are beside what they are about; those that
// name a place in a template are in package e2e.

// panics fails unless f panics with a text that has all parts.
func panics(t *testing.T, name string, f func(), parts ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		said := fmt.Sprint(recover())
		for _, part := range parts {
			if !strings.Contains(said, part) {
				t.Errorf("%s: panic %q, want in it %q", name, said, part)
			}
		}
	}()
	f()
}

// These panic where the call stands, in the dead render already.
func TestMisuseOfFunctions(t *testing.T) {
	t.Parallel()
	s := new(Socket)
	topic := pubsub.NewTopic[int](pubsub.New(), "misuse")
	panics(t, "After", func() { After(s, time.Second, nil) }, "want a function", "got nil")
	panics(t, "Every", func() { Every(s, time.Second, nil) }, "want a function", "got nil")
	panics(t, "Every", func() { Every(s, 0, func(*Socket) error { return nil }) }, "a duration above 0, got 0s")
	panics(t, "Subscribe", func() { Subscribe(s, topic, nil) }, "a func(*live.Socket, int) error, got nil")
	panics(t, "OnMessage", func() { OnMessage[tick](s, nil) }, "a func(*live.Socket, live.tick) error, got nil")
	panics(t, "OnMessage", func() { OnMessage(s, func(*Socket, error) error { return nil }) }, "OnMessage for error", "can not be an interface")
	panics(t, "On", func() { On[tick](nil) }, "a func(*live.Socket, live.tick) error, got nil")
	panics(t, "On", func() { On(func(*Socket, struct{ C chan int }) error { return nil }) }, "chan int")
	panics(t, "On", func() { On(func(*Socket, struct{ number int }) error { return nil }) }, "nothing of a payload could get into struct { number int }, which has fields and none of them exported")
	panics(t, "On", func() { On(func(*Socket, *struct{ a, b int }) error { return nil }) }, "*struct { a int; b int }, which has fields and none of them exported; begin their names with a capital")
	panics(t, "Do", func() { Do(nil) }, "a func(*live.Socket) error, got nil")
	panics(t, "HookEvent", func() { s.HookEvent(nil) }, "a hook is a func(*live.Socket, live.Event)", "got nil")
	panics(t, "SendUpdate", func() { SendUpdate[card](Ref{}, "a", nil) }, "a func(*live.card), got nil")
	panics(t, "Call", func() { _, _ = Call[*counter, int](t.Context(), Ref{}, nil) }, "a func(*live.counter) int, got nil")
	panics(t, "NewPool", func() { NewPool(0) }, "room for one task or more, got 0")
}

// These fail the callback that asks for them.
func TestMisuseOfAsking(t *testing.T) {
	t.Parallel()
	work := func(context.Context) (int, error) { return 0, nil }
	done := func(*Socket, int, error) error { return nil }
	for _, tt := range []struct {
		name string
		ask  func(*Socket)
		want string
	}{
		{"Go without a name", func(s *Socket) { Go(s, "", work, done) }, `name each for what it does, as in live.Go(s, "orders", …)`},
		{"Go without work", func(s *Socket) { Go[int](s, "n", nil, done) }, `task "n": Go wants two functions, the work and what takes its result, got nil`},
		{"Go without an end", func(s *Socket) { Go(s, "n", work, nil) }, "got nil"},
		{"Load without work", func(s *Socket) { Load(s, new(Async[int]), nil) }, "Load into *live.Async[int] wants a function that loads it, got nil"},
		{"Load into nothing", func(s *Socket) { Load[int](s, nil, work) }, "live: Load wants the address of a field of the view, as in &v.Orders, got nil"},
		{"PutFlash without a kind", func(s *Socket) { s.PutFlash("", "saved") }, "live: PutFlash without a kind, by which the layout asks for it; live.Info and live.Error are two"},
		{"PushEvent without a name", func(s *Socket) { s.PushEvent("", nil) }, "live: PushEvent without a name, by which the page's script listens"},
		{"Reply twice", func(s *Socket) { s.Reply(map[string]int{"a": 1}); s.Reply(map[string]int{"b": 2}) },
			`Reply with {"b":2} after one with {"a":1}: an event has one answer; put all of it into one value`},
		{"Navigate to another host", func(s *Socket) { s.Navigate("//evil.test") }, `Navigate to "//evil.test": it has nothing between its first two slashes, which makes it the address of another host; want an address on this host such as "/orders?page=2"`},
		{"Patch without a path", func(s *Socket) { s.Patch("tab=2") }, `Patch to "tab=2": it does not begin with /; want an address on this host`},
		{"RedirectExternal to a path", func(s *Socket) { s.RedirectExternal("/x") }, "it has no scheme; use Redirect for a path of this host"},
	} {
		s := new(Socket)
		tt.ask(s)
		if err := s.Asked().Err; err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want in it %q", tt.name, err, tt.want)
		}
		v := &lifecycle{mount: func(s *Socket) error { tt.ask(s); return nil }}
		if _, err := new(Runtime).Static(t.Context(), Spec{View: v, Name: "v"}, nil, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s in the Mount of a dead render: %v, want in it %q", tt.name, err, tt.want)
		}
	}
}

func TestMisuseOfStreams(t *testing.T) {
	t.Parallel()
	var s Stream[post]
	panics(t, "no Init", func() { s.Append(post{"a", ""}) }, "a Stream of live.post was used before its Init", "call it in Mount")
	panics(t, "Init without a name", func() { s.Init("", func(post) string { return "" }) }, "wants a name and a function that returns the id")
	panics(t, "Init without a function", func() { s.Init("posts", nil) }, "wants a name and a function that returns the id")
	s.Init("posts", func(p post) string { return p.ID })
	panics(t, "an item without id", func() { s.Append(post{"", "text"}) }, `an item of the stream "posts", a live.post, has no id`, "the function that Init got")
	panics(t, "Init with another name", func() { s.Init("notes", func(p post) string { return p.ID }) }, `Init gives the stream "posts" another name, "notes"`, "call it once, in Mount")
	s.Init("posts", func(p post) string { return p.ID })
	panics(t, "Delete without id", func() { s.Delete(post{}) }, "has no id")
}

// shelf has two loops over streams, in itself or in live components.
type shelf struct {
	one, two *Stream[post]
}

var (
	shelfTemplate = render.New(0x5e1f_0001, render.Root, `<div><ul id="a" phx-update="stream">`, `</ul><ul id="b" phx-update="stream">`, `</ul></div>`)
	shelfRow      = render.New(0x5e1f_0002, render.Root, `<li id="`, `"></li>`)
)

func (v *shelf) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, shelfTemplate)
		for i, s := range []*Stream[post]{v.one, v.two} {
			l := render.StreamItems(w, i, shelfRow, s)
			for id := range l.All() {
				l.Entry()
				w.Str(0, id)
				l.EndEntry()
			}
			l.End()
		}
		w.End()
		return nil
	})
}

// A stream is on the page once, and so is its name.
func TestStreamsThatAreTwiceOnThePage(t *testing.T) {
	t.Parallel()
	stream := func(name string) *Stream[post] {
		s := new(Stream[post])
		s.Init(name, func(p post) string { return p.ID })
		return s
	}
	posts := stream("posts")
	for _, tt := range []struct {
		view *shelf
		want string // "" for none
	}{
		{&shelf{posts, stream("notes")}, ""},
		{&shelf{posts, posts}, `live: the stream "posts" stands in a second loop, and its items are on the page once; keep a list of its own for the other place`},
		{&shelf{posts, stream("posts")}, `live: two streams on the page have the name "posts"; give each a name of its own`},
	} {
		said := func(err error) bool {
			if tt.want == "" {
				return err == nil
			}
			return err != nil && strings.HasSuffix(err.Error(), tt.want)
		}
		if _, err := new(Runtime).Static(t.Context(), Spec{View: tt.view, Name: "shelf"}, nil, nil); !said(err) {
			t.Errorf("the dead render: %v, want %q", err, tt.want)
		}
		var s render.State
		if _, err := s.AppendDiff(t.Context(), nil, tt.view.Render()); !said(err) {
			t.Errorf("the join: %v, want %q", err, tt.want)
		}
	}
}

type (
	wrongConnect   struct{ plain }
	wrongParams    struct{ plain }
	wrongTerminate struct{ plain }
	byPointer      struct{ plain }

	mountLikeView  struct{ plain }
	wrongUpdate    struct{ plain }
	wrongMany      struct{ plain }
	eventsOfOthers struct{ plain }
	lastOfOthers   struct{ plain }
)

func (*wrongConnect) Connect(*Socket, Params) error              { return nil }
func (*wrongParams) HandleParams(*Socket, Params)                {}
func (*wrongTerminate) Terminate(Reason) error                   { return nil }
func (*byPointer) HandleParams(*Socket, Params) error            { return nil }
func (*mountLikeView) Mount(*Socket, Params) error               { return nil }
func (*wrongUpdate) Update() error                               { return nil }
func (*wrongMany) UpdateMany(*Socket, []wrongMany) error         { return nil }
func (*eventsOfOthers) Events() []string                         { return nil }
func (*lastOfOthers) Terminate(context.Context, *Socket, Reason) {}

func TestMisuseOfCallbacks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		view View
		want string
	}{
		{new(wrongMount), "live: live.wrongMount has a method Mount with the wrong signature: want Mount(*live.Socket, live.Params) error, found Mount(live.Params) error"},
		{new(wrongEvents), "want Events() live.Events, found Events() map[string]func()"},
		{new(wrongConnect), "want Connect(*live.Socket) error, found Connect(*live.Socket, live.Params) error"},
		{new(wrongParams), "want HandleParams(*live.Socket, live.Params) error, found HandleParams(*live.Socket, live.Params)"},
		{new(wrongTerminate), "want Terminate(*live.Socket, live.Reason), found Terminate(live.Reason) error"},
		{byPointer{}, "the view is a live.byPointer, whose method HandleParams has a pointer receiver and would never be called; " +
			"the factory must return a pointer, as in func() live.View { return new(live.byPointer) }"},
		{nil, "the factory must return a new view"},
	} {
		if err := Check(tt.view); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Check(%T) = %v, want in it %q", tt.view, err, tt.want)
		}
	}
	for _, tt := range []struct {
		component templ.Component
		want      string
	}{
		{Component[mountLikeView]("a", nil), "live.mountLikeView has a method Mount with the wrong signature: want Mount(*live.Socket) error, found Mount(*live.Socket, live.Params) error"},
		{Component[wrongUpdate]("a", nil), "want Update(*live.Socket) error, found Update() error"},
		{Component[wrongMany]("a", nil), "want UpdateMany(*live.Socket, []*live.wrongMany) error, found UpdateMany(*live.Socket, []live.wrongMany) error"},
		{Component[eventsOfOthers]("a", nil), "want Events() live.Events, found Events() []string"},
		{Component[lastOfOthers]("a", nil), "want Terminate(*live.Socket, live.Reason), found Terminate(context.Context, *live.Socket, live.Reason)"},
	} {
		for range 2 { // what is remembered of the type says it again
			_, err := new(Runtime).Static(t.Context(), Spec{View: &house{parts: []templ.Component{tt.component}}}, nil, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("a page with the component: %v, want in it %q", err, tt.want)
			}
		}
	}
}

// What stands in a template of no view.
func TestMisuseOutsideOfAView(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		part templ.Component
		want string
	}{
		{Component[card]("a", nil), `live: component live.card "a" stands in no view; it is drawn by the Render of one`},
		{Nested("clock", "c", nil), `live: nested view "clock" with the id "c" stands in no view; it is drawn by the Render of one, or in a page that App.Page answers with`},
	} {
		var s render.State
		if _, err := s.AppendDiff(t.Context(), nil, tt.part); err == nil || err.Error() != tt.want {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
}

func TestHandlerOfZero(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := startLifecycle(t, &lifecycle{events: Events{"go": {}}}, Spec{})
		r.want(r.event("4", "go", `{}`), "fail")
		r.has(r.log.String(), `event \"go\" has the zero Handler; make one by live.On or live.Do`)
		r.stopped()
	})
}

// An event that went to the wrong one says who takes it.
func TestEventForSomebodyElse(t *testing.T) {
	for _, tt := range []struct {
		name string
		cid  int
		want string
	}{
		{"add", 0, `the view takes only cards; component live.card takes it: its elements send to it by phx-target={ live.Target(ctx) }`},
		{"cards", 1, `component live.card takes only add, later, leave; the view takes it, to which elements without phx-target send`},
		{"card", 0, `did you mean \"cards\"?`},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := startIn(t, &desk{Cards: []string{"a"}}, Spec{}, new(Runtime))
			r.out.take()
			if tt.cid == 0 {
				r.want(r.event("4", tt.name, `{}`), "fail")
			} else {
				r.has(r.cid("4", tt.name, tt.cid), "[fail]")
			}
			r.has(r.log.String(), tt.want)
			r.stopped()
		})
	}
}

// Payloads that may have no exported field of their own.
func TestPayloadsWithoutExportedFields(t *testing.T) {
	t.Parallel()
	On(func(*Socket, struct{}) error { return nil })
	On(func(*Socket, struct{ holder }) error { return nil })
	On(func(*Socket, time.Time) error { return nil })
	On(func(*Socket, map[string]string) error { return nil })
}

// An element sends values by their names.
func TestPayloadWithoutNames(t *testing.T) {
	for _, tt := range []struct {
		handler Handler
		payload string
		want    string // "" for none
	}{
		{On(func(*Socket, int) error { return nil }), `{"id":"7"}`, `event \"go\": payload: the element sends values by their names, and the handler takes one int; take a struct with a field for each`},
		{On(func(*Socket, []string) error { return nil }), `{}`, "the handler takes one []string;"},
		{On(func(*Socket, int) error { return nil }), `7`, ""},
		{On(func(*Socket, int) error { return nil }), `"x"`, "payload: form: expected a whole number"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, _ := startLifecycle(t, &lifecycle{events: Events{"go": tt.handler}}, Spec{})
			if got := r.event("4", "go", tt.payload); tt.want == "" {
				r.want(got, "4 true {}")
			} else {
				r.want(got, "fail")
				r.has(r.log.String(), tt.want)
			}
			r.stopped()
		})
	}
}

// What a nested view is given goes into a pointer, in every phase.
func TestGivenIntoNothing(t *testing.T) {
	t.Parallel()
	for _, into := range []any{nil, 7, (*int)(nil)} {
		if err := new(Socket).Given(into); err == nil || !strings.Contains(err.Error(), "live: Given wants a pointer to fill, as in s.Given(&v.ID), got ") {
			t.Errorf("Given(%T) = %v", into, err)
		}
	}
	if err := new(Socket).Given(new(int)); err != nil {
		t.Error(err)
	}
}

type rawView struct{ c templ.Component }

func (v *rawView) Render() templ.Component { return v.c }

// A root that renders only HTML is told in the dead render: it would not join.
func TestRootThatRendersOnlyHTML(t *testing.T) {
	t.Parallel()
	for want, view := range map[string]View{
		`live: Render of live.rawView: render: expected a component written by bennu as the root of the view, got templ.ComponentFunc, which renders only HTML; run "bennu generate"`: &rawView{templ.Raw("<p></p>")},
		`live: Render of component live.rawPart "a": render: expected a component written by bennu`:                                                                                   &house{parts: []templ.Component{Component[rawPart]("a", nil)}},
	} {
		if _, err := new(Runtime).Static(t.Context(), Spec{View: view, Name: TypeName(view)}, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want in it %s", err, want)
		}
	}
}

type rawPart struct{}

func (*rawPart) Render() templ.Component { return templ.Raw("<p></p>") }

// An update that reaches nobody is told in the log of development.
func TestUpdateOfNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &desk{Cards: []string{"a"}}
		r := startIn(t, h, Spec{}, new(Runtime))
		r.out.take()
		SendUpdate(Ref{r.p}, "z", func(*card) {})
		synctest.Wait()
		r.has(r.log.String(), "level=DEBUG", `msg="update of a component that is not on the page"`, `component="live.card \"z\""`)
		r.stopped()
	})
}

type holder struct{ Price any }

// Faults, row 91: what is no JSON is said in the log with the way to it, and the
// view lives.
func TestFault91ValuesThatAreNoJSON(t *testing.T) {
	for name, tt := range map[string]struct {
		value any
		want  string
	}{
		"a function":  {func() {}, "live: payload can not be JSON: json: unsupported type: func()"},
		"a field":     {map[string]any{"items": []*holder{{1}, {math.Inf(1)}}}, `payload["items"][1].Price can not be JSON: json: unsupported value: +Inf`},
		"a channel":   {holder{[]chan int{nil}}, "payload.Price[0] can not be JSON"},
		"its own way": {holder{unwilling{}}, "payload.Price can not be JSON: json: error calling MarshalJSON for type live.unwilling: not me"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := &lifecycle{events: Events{"go": Do(func(s *Socket) error { s.PushEvent("list", tt.value); s.SetTitle("on"); return nil })}}
				r, _ := startLifecycle(t, v, Spec{})
				r.want(r.event("4", "go", `{}`), `4 true {"diff":{"t":"on"}}`)
				r.has(strings.ReplaceAll(r.log.String(), `\"`, `"`), "level=ERROR", `msg="event not pushed"`, "event=list", tt.want, "misuse_test.go")
				r.stopped()
			})
		})
	}
}

type unwilling struct{}

func (unwilling) MarshalJSON() ([]byte, error) { return nil, errors.New("not me") }

// A reply is for the event that is being handled and for no later one.
func TestReplyThatNobodyWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &lifecycle{events: Events{"go": Do(func(*Socket) error { return nil })}}
		v.mount = func(s *Socket) error {
			s.Reply(map[string]int{"mount": 1})
			After(s, time.Second, func(s *Socket) error { s.Reply(map[string]int{"timer": 1}); return nil })
			return nil
		}
		r, join := startLifecycle(t, v, Spec{})
		if strings.Contains(join, `"r":{`) {
			t.Errorf("the join's render has a reply: %s", join)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		r.want(r.out.take())
		r.want(r.event("4", "go", `{}`), `4 true {}`)
		r.stopped()
	})
}

// Two nested views with one id: in the first render, and in a later one.
func TestNestedIDTwiceWhileConnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := nestedRuntime(func() View { return new(clock) })
		h := &house{parts: []templ.Component{Nested("clock", "c1", nil)}}
		h.events = Events{"twice": Do(func(*Socket) error { h.parts = append(h.parts, Nested("clock", "c1", nil)); return nil }),
			"move": Do(func(*Socket) error {
				h.parts = append([]templ.Component{Nested("clock", "c2", nil)}, h.parts...)
				return nil
			})}
		r := startIn(t, h, Spec{}, rt)
		r.out.take()
		r.has(fmt.Sprint(r.event("4", "move", `{}`)), `4 true {"diff"`)
		r.want(r.event("5", "twice", `{}`), "fail")
		r.has(r.log.String(), `nested view \"clock\" with the id \"c1\": it stands twice on the page; give each nested view an id of its own`)
		r.stopped()
	})
}

// A page whose components wait for each other is drawn twice, its nested views
// once.
func TestNestedViewBesideUpdateMany(t *testing.T) {
	t.Parallel()
	mounts := 0
	rt := nestedRuntime(func() View {
		c := new(clock)
		c.mount = func(*Socket) error { mounts++; return nil }
		return c
	})
	h := &house{parts: []templ.Component{Nested("clock", "c1", nil), Component("m", func(*manyOfNested) {})}}
	page, err := rt.Static(t.Context(), Spec{View: h, ID: "phx-1"}, nil, nil)
	if err != nil || mounts != 1 || strings.Count(string(page.HTML), `id="c1"`) != 1 {
		t.Errorf("Static = %s, %v after %d mounts, want the nested view once", page.HTML, err, mounts)
	}
}

type manyOfNested struct{}

func (*manyOfNested) UpdateMany(*Socket, []*manyOfNested) error { return nil }

func (*manyOfNested) Render() templ.Component { return new(card).Render() }
