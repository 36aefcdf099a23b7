package live

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/pubsub"
	"bennu/render"
)

// card is a component with a number of its own.
type card struct {
	Title string
	N     int
	OnAdd func()
	calls *[]string
	inner string // the id of a card inside
	fail  bool
}

func (c *card) log(what string) {
	if c.calls != nil {
		*c.calls = append(*c.calls, what)
	}
}

func (c *card) Mount(s *Socket) error {
	Subscribe(s, cardTopic, func(_ *Socket, n int) error { c.N = n; return nil })
	return nil
}

func (c *card) Update(s *Socket) error { c.log("update " + c.Title); return nil }

func (c *card) Terminate(_ *Socket, why Reason) { c.log("end " + c.Title + " " + why.String()) }

func (c *card) Events() Events {
	return Events{
		"add": Do(func(s *Socket) error {
			c.N++
			if c.OnAdd != nil {
				c.OnAdd()
			}
			return nil
		}),
		"leave": Do(func(s *Socket) error { s.Navigate("/other"); return nil }),
		"later": Do(func(s *Socket) error {
			After(s, time.Second, func(*Socket) error { c.N += 100; return nil })
			return nil
		}),
	}
}

var (
	cardTopic    = pubsub.NewTopic[int](pubsub.New(), "cards")
	cardTemplate = render.New(1<<63|90, render.Root, `<li data-t="`, `">`, "", `</li>`)
	bareTemplate = render.New(1<<63|91, 0, "text ", "")
	deskTemplate = render.New(1<<63|92, render.Root, "<ul>", "", "", "</ul>")
	loopTemplate = render.New(1<<63|93, 0, "", "")
)

func (c *card) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		if c.fail {
			w.Nest(slot, bareTemplate)
			w.Str(0, c.Title)
			w.End()
			return nil
		}
		w.Nest(slot, cardTemplate)
		w.Str(0, Target(w.Ctx()))
		w.Int(1, int64(c.N))
		if c.inner != "" {
			if err := w.Comp(2, Component(c.inner, func(in *card) { in.Title, in.calls = c.inner, c.calls })); err != nil {
				return err
			}
		} else {
			w.Empty(2)
		}
		w.End()
		return nil
	})
}

// desk is a view with cards.
type desk struct {
	Cards []string
	Total int
	calls []string
	inner map[string]string
	fail  bool
}

func (d *desk) Events() Events {
	return Events{
		"cards": On(func(_ *Socket, in struct{ To string }) error { d.Cards = strings.Fields(in.To); return nil }),
	}
}

func (d *desk) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, deskTemplate)
		w.Int(0, int64(d.Total))
		w.For(1, loopTemplate)
		for _, title := range d.Cards {
			w.Entry(render.Key(title))
			c := Component(title, func(c *card) {
				c.Title, c.calls, c.inner, c.fail = title, &d.calls, d.inner[title], d.fail
				c.OnAdd = func() { d.Total++ }
			})
			if err := w.Comp(0, c); err != nil {
				return err
			}
			w.EndEntry()
		}
		w.EndFor()
		w.Empty(2)
		w.End()
		return nil
	})
}

func (r *run) cid(ref, name string, cid int) string {
	r.Helper()
	return r.message(ref, "event", fmt.Sprintf(`{"type":"click","event":%q,"value":{},"cid":%d}`, name, cid))
}

func TestComponents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Cards: []string{"a", "b"}}
		r := startIn(t, d, Spec{}, &Runtime{Router: table{}})
		r.has(fmt.Sprint(r.out.take()), `{"rendered":{"0":"0","1":{"k":{"0":{"0":1},"1":{"0":2},"kc":2},"s":0},"2":"","s":1,`,
			`"c":{"1":{"0":"1","1":"0","2":"","s":["<li data-t=\"","\">","","</li>"],"r":1},"2":{"0":"2","1":"0","2":"","s":[`)

		// A component's event: it changes alone, its parent in a message of its own.
		d.calls = nil
		if got, want := r.cid("4", "add", 2), `[4 true {"diff":{"c":{"2":{"1":"1"}}}} | push diff {"0":"1"}]`; got != want {
			t.Errorf("said %s, want %s", got, want)
		}
		// A component that is told nothing new sends nothing.
		r.want(r.event("5", "cards", `{"to":"a b"}`), `5 true {}`)
		// A new one is sent whole, one that moves keeps its number.
		r.has(fmt.Sprint(r.event("6", "cards", `{"to":"c b a"}`)),
			`"1":{"k":{"0":{"0":3},"2":0,"kc":3,"km":true}},"c":{"3":{"0":"3","1":"0","2":"","s":["<li data-t=\"","\">","","</li>"],"r":1`)

		// The client says that one is gone; until it is sure it may come back, whole.
		r.event("7", "cards", `{"to":"b"}`)
		r.has(r.message("8", "cids_will_destroy", `{"cids":[1,3,99]}`), `8 true {}`)
		r.has(fmt.Sprint(r.event("9", "cards", `{"to":"b a"}`)), `"1":{"k":{"1":{"0":1},"kc":2}},"c":{"1":{"0":"1","1":"0","2":"","s":["<li data-t=\"","\">","","</li>"],"r":1`)
		d.calls = nil
		r.has(r.message("10", "cids_destroyed", `{"cids":[1,3,99]}`), `10 true {"cids":[3]}`)
		if got := fmt.Sprint(d.calls); got != "[end c left]" {
			t.Errorf("calls %s, want the end of c", got)
		}
		r.has(r.cid("11", "add", 3), `11 true {}`)
		r.has(r.message("12", "cids_destroyed", `[]`), `12 true {"cids":[]}`)

		// From outside, and by what the component has subscribed to or set.
		if !SendUpdate(Ref{r.p}, "a", func(c *card) { c.N = 50 }) {
			t.Error("SendUpdate = false, want true")
		}
		SendUpdate(Ref{r.p}, "gone", func(c *card) { c.N = 50 })
		synctest.Wait()
		r.want(r.out.take(), `push diff {"c":{"1":{"1":"50"}}}`)
		r.cid("13", "later", 1)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		r.want(r.out.take(), `push diff {"c":{"1":{"1":"150"}}}`)
		cardTopic.Broadcast(7)
		synctest.Wait()
		r.has(fmt.Sprint(r.out.take()), `"1":{"1":"7"}`, `"2":{"1":"7"}`) // in one message or two
		r.has(r.cid("14", "leave", 1), `14 true {"live_redirect":{"to":"/other","kind":"push"}} | close`)
		r.stopped()
	})
}

func TestNestedComponents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{Cards: []string{"a"}, inner: map[string]string{"a": "in"}}
		r := startIn(t, d, Spec{}, new(Runtime))
		r.has(fmt.Sprint(r.out.take()), `"c":{"2":{"0":"2","1":"0","2":"","s":["<li data-t=\"","\">","","</li>"],"r":1`, `,"1":{"0":"1","1":"0","2":2,"s":["<li data-t=\"","\">","","</li>"],"r":1`)
		r.has(r.cid("4", "add", 2), `[4 true {"diff":{"c":{"2":{"1":"1"}}}}]`)
		// Both at once: the way to the inner one is in the message.
		SendUpdate(Ref{r.p}, "in", func(c *card) { c.N = 5 })
		SendUpdate(Ref{r.p}, "a", func(c *card) { c.N = 6 })
		synctest.Wait()
		got := fmt.Sprint(r.out.take())
		if !strings.Contains(got, `{"c":{"2":{"1":"5"},"1":{"1":"6","2":2}}}`) && !strings.Contains(got, `{"c":{"2":{"1":"5"}}} push diff {"c":{"1":{"1":"6"}}}`) {
			t.Errorf("said %s", got)
		}
		r.stopped()
	})
}

func TestMistakesWithComponents(t *testing.T) {
	for _, tt := range []struct {
		name string
		desk *desk
		want string
	}{
		{"one id twice", &desk{Cards: []string{"a", "a"}}, `component live.card \"a\" stands twice on the page`},
		{"no single element", &desk{Cards: []string{"a"}, fail: true}, "one element"},
		{"in itself", &desk{Cards: []string{"a"}, inner: map[string]string{"a": "a"}}, "stands twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := startIn(t, tt.desk, Spec{}, new(Runtime))
				r.has(fmt.Sprint(r.out.take()), `join false {"reason":"join crashed"}`)
				r.has(r.log.String(), tt.want)
				r.stopped()
			})
		})
	}
}

func TestComponentsInADeadRender(t *testing.T) {
	t.Parallel()
	page, err := new(Runtime).Static(t.Context(), Spec{View: &desk{Cards: []string{"a", "b"}}}, nil, nil)
	if got, want := string(page.HTML), `<ul>0<li data-t="1">0</li><li data-t="2">0</li></ul>`; err != nil || got != want {
		t.Errorf("Static = %q, %v, want %q", got, err, want)
	}
	var out strings.Builder
	if err := Component("a", func(c *card) { c.N = 3 }).Render(t.Context(), &out); err != nil || !strings.Contains(out.String(), ">3</li>") {
		t.Errorf("Render alone = %q, %v", out.String(), err)
	}
}

func TestFault61EventOfAComponentThatWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startIn(t, &desk{Cards: []string{"a", "b"}}, Spec{}, new(Runtime))
		r.out.take()
		r.event("3", "cards", `{"to":"b"}`)
		r.has(r.message("4", "cids_will_destroy", `{"cids":[1]}`), `4 true {}`)
		r.has(r.message("5", "cids_destroyed", `{"cids":[1]}`), `5 true {"cids":[1]}`)
		r.has(r.cid("6", "add", 1), `6 true {}`)
		r.has(r.message("7", "cids_will_destroy", `{"cids":[1,7]}`), `7 true {}`)
		r.has(r.message("8", "cids_destroyed", `{"cids":[1,7]}`), `8 true {"cids":[]}`)
		r.has(r.cid("9", "add", 2), `9 true {"diff":{"c":{"2":{"1":"1"}}}}`)
		r.stopped()
	})
}

// One that never was is no race.
func TestFault61EventOfAComponentThatNeverWas(t *testing.T) {
	for _, tt := range []struct {
		view View
		cid  int
	}{{new(counter), 1}, {new(counter), 0}, {&desk{Cards: []string{"a"}}, 2}, {&desk{Cards: []string{"a"}}, -1}} {
		synctest.Test(t, func(t *testing.T) {
			r := startIn(t, tt.view, Spec{}, new(Runtime))
			r.out.take()
			r.has(r.cid("4", "add", tt.cid), `[fail]`)
			r.has(r.log.String(), fmt.Sprintf("it came for component %d, which this view never had", tt.cid))
			r.stopped()
		})
	}
}

// turncoat is a view whose whole template changes, around the same component.
type turncoat struct{ Other bool }

var turncoatTemplates = [2]*render.Template{render.New(1<<63|98, render.Root, "<div>", "</div>"), render.New(1<<63|99, render.Root, "<p>", "</p>")}

func (v *turncoat) Events() Events {
	return Events{"turn": Do(func(*Socket) error { v.Other = !v.Other; return nil })}
}

func (v *turncoat) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		t := turncoatTemplates[0]
		if v.Other {
			t = turncoatTemplates[1]
		}
		w.Nest(slot, t)
		defer w.End()
		return w.Comp(0, Component("a", func(c *card) { c.inner = "in" }))
	})
}

func TestItem74ComponentsOfANewRoot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startIn(t, new(turncoat), Spec{}, new(Runtime))
		r.out.take()
		r.cid("4", "add", 1)
		r.cid("5", "add", 2)
		r.cid("6", "add", 2)
		for ref, root := range map[string]string{"7": "<p>", "8": "<div>"} {
			got := fmt.Sprint(r.event(ref, "turn", `{}`))
			want := `"1":{"0":"1","1":"1","2":2,"s":["<li data-t=\"","\">","","</li>"],"r":1}`
			if !strings.Contains(got, `"0":1,"s":0,`) || !strings.Contains(got, want) ||
				!strings.Contains(got, `"2":{"0":"2","1":"2","2":"","s":["<li data-t=\"","\">","","</li>"],"r":1}`) {
				t.Errorf("a root that begins with %s: said %s, want all of it and both components whole", root, got)
			}
		}
		r.stopped()
	})
}
