package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/render"
)

// lifecycle is a view that does what a test gives it and writes down what ran.
type lifecycle struct {
	calls  []string
	mount  func(*Socket) error
	params func(*Socket, Params) error
	events Events
}

func (v *lifecycle) Mount(s *Socket, p Params) error {
	v.calls = append(v.calls, fmt.Sprintf("mount(%v)", s.Connected()))
	if v.mount == nil {
		return nil
	}
	return v.mount(s)
}

func (v *lifecycle) HandleParams(s *Socket, p Params) error {
	v.calls = append(v.calls, fmt.Sprintf("params(%s %s)", s.Info().URL, p.Get("tab")))
	if v.params == nil {
		return nil
	}
	return v.params(s, p)
}

func (v *lifecycle) Events() Events { return v.events }

var linesTemplate = render.New(1<<63|78, render.Root, "<p>", "</p>")

func (v *lifecycle) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, linesTemplate)
		w.Str(0, strings.Join(v.calls, " "))
		w.End()
		return nil
	})
}

// flashLayout shows the message of the kind info.
func flashLayout(s *Socket) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, flashTemplate)
		w.Str(0, s.Flash(Info))
		if err := w.Children(1, children); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

var flashTemplate = render.New(1<<63|79, 0, "<i>", "</i>", "")

// table is a Router of two views in one live session and one in another.
type table struct{}

func (table) Resolve(host, address string) (Place, bool) {
	address, _, _ = strings.Cut(address, "#")
	path, query, _ := strings.Cut(strings.TrimPrefix(address, "http://"+host), "?")
	at := Place{View: "live.lifecycle", Session: "default", Route: path, URL: path, Params: NewParams(nil, query)}
	if query != "" {
		at.URL += "?" + query
	}
	switch path {
	case "/tabs":
	case "/tabs/new":
		at.Action = "new"
	case "/other":
		at.View = "other.View"
	case "/admin":
		at.Session = "admin"
	default:
		return Place{}, false
	}
	return at, true
}

// startLifecycle joins a view on /tabs and returns what it answered.
func startLifecycle(t *testing.T, v *lifecycle, spec Spec) (*run, string) {
	t.Helper()
	spec.LiveSession, spec.URL, spec.Info = "default", "/tabs", &ConnectInfo{Host: "shop.test"}
	r := startIn(t, v, spec, &Runtime{Router: table{}, SignFlash: func(_ *Session, m map[string]string) string { return fmt.Sprint(m) }})
	return r, fmt.Sprint(r.out.take())
}

func (r *run) has(got string, want ...string) {
	r.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			r.Errorf("said %s\nwant in it %s\nlog:\n%s", got, w, r.log)
		}
	}
}

func (r *run) message(ref, event, payload string) string {
	r.Helper()
	r.p.Deliver(Message{Ref: []byte(ref), Event: event, Payload: []byte(payload)})
	synctest.Wait()
	return fmt.Sprint(r.out.take())
}

func TestParamsFollowMount(t *testing.T) {
	v := new(lifecycle)
	page, err := new(Runtime).Static(t.Context(), Spec{View: v, Name: "live.lifecycle", URL: "/tabs", Info: &ConnectInfo{URL: "/tabs?tab=a"},
		Params: NewParams(nil, "tab=a")}, nil, nil)
	if got, want := string(page.HTML), "<p>mount(false) params(/tabs a)</p>"; err != nil || got != want {
		t.Errorf("Static = %q, %v, want %q", got, err, want)
	}
	synctest.Test(t, func(t *testing.T) {
		r, join := startLifecycle(t, new(lifecycle), Spec{Params: NewParams(nil, "tab=a")})
		r.has(join, `"0":"mount(true) params(/tabs a)"`)
		r.stopped()
	})
}

// A user's patch runs HandleParams on the living view (protocol items 118-120).
func TestItem118PatchOfTheUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		v.events = Events{"put": Do(func(s *Socket) error { s.PutFlash(Info, "saved"); return nil })}
		r, _ := startLifecycle(t, v, Spec{Layout: flashLayout})
		r.has(fmt.Sprint(r.event("4", "put", `{}`)), `4 true {"diff":{"0":"saved"}}`)
		v.calls = nil
		r.has(r.message("5", "live_patch", `{"url":"http://shop.test/tabs/new?tab=b"}`), `5 true {"diff":{"0":"","1":{"0":"params(/tabs/new?tab=b b)"}}}`)
		for _, url := range []string{"http://shop.test/other", "http://shop.test/admin", "http://shop.test/nowhere", "::"} {
			r.has(r.message("6", "live_patch", fmt.Sprintf(`{"url":%q}`, url)), `6 true {"link_redirect":true}`)
		}
		r.has(r.message("7", "live_patch", `[]`), `7 true {}`)
		r.stopped()
	})
}

func TestMovesFromEvents(t *testing.T) {
	for _, tt := range []struct {
		name string
		ask  func(*Socket)
		want string
		ends bool
	}{
		{"patch", func(s *Socket) { s.Patch("/tabs?tab=z") },
			`push live_patch {"to":"/tabs?tab=z","kind":"push"} | 4 true {"diff":{"1":{"0":"mount(true) params(/tabs ) params(/tabs?tab=z z)"}}}`, false},
		{"replace", func(s *Socket) { s.Patch("/tabs/new", Replace) }, `push live_patch {"to":"/tabs/new","kind":"replace"} | 4 true`, false},
		{"patch to where it is", func(s *Socket) { s.Patch("/tabs") }, `push live_patch {"to":"/tabs","kind":"replace"} | 4 true`, false},
		{"patch to a place in it", func(s *Socket) { s.Patch("/tabs#end") }, `push live_patch {"to":"/tabs#end","kind":"push"} | 4 true`, false},
		{"navigate", func(s *Socket) { s.PutFlash(Info, "bye"); s.Navigate("/other") },
			`4 true {"live_redirect":{"to":"/other","kind":"push","flash":"map[info:bye]"}} | close`, true},
		{"navigate, replace", func(s *Socket) { s.Navigate("/other", Replace) }, `4 true {"live_redirect":{"to":"/other","kind":"replace"}} | close`, true},
		{"redirect", func(s *Socket) { s.Redirect("/login") }, `4 true {"redirect":{"to":"/login"}} | close`, true},
		{"external", func(s *Socket) { s.RedirectExternal("https://pay.test/x") }, `4 true {"redirect":{"to":"https://pay.test/x"}} | close`, true},
		{"events first", func(s *Socket) { s.PushEvent("bye", 1); s.Redirect("/login") },
			`push diff {"e":[["bye",1]]} | 4 true {"redirect":{"to":"/login"}} | close`, true},
		{"the later move counts", func(s *Socket) { s.Redirect("/login"); s.Navigate("/other") }, `4 true {"live_redirect":{"to":"/other","kind":"push"}} | close`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := &lifecycle{events: Events{"go": Do(func(s *Socket) error { tt.ask(s); return nil })}}
				r, _ := startLifecycle(t, v, Spec{Layout: flashLayout})
				r.has(fmt.Sprint(r.event("4", "go", `{}`)), tt.want)
				if over := r.rt.Views() == 0; over != tt.ends {
					t.Errorf("the view has ended: %v, want %v", over, tt.ends)
				}
				r.stopped()
			})
		})
	}
}

func TestMovesThatAreMistakes(t *testing.T) {
	for _, tt := range []struct {
		name string
		ask  func(*Socket)
		want string
	}{
		{"patch to another view", func(s *Socket) { s.Patch("/other") }, "use Navigate"},
		{"patch to another session", func(s *Socket) { s.Patch("/admin") }, "use Navigate"},
		{"patch to nowhere", func(s *Socket) { s.Patch("/nowhere") }, "no live route is there"},
		{"patch to another host", func(s *Socket) { s.Patch("//evil.test") }, "address of another host"},
		{"navigate to another host", func(s *Socket) { s.Navigate("https://evil.test") }, "does not begin with /"},
		{"redirect", func(s *Socket) { s.Redirect(`/\evil.test`) }, `it has a \\`},
		{"external script", func(s *Socket) { s.RedirectExternal("javascript:alert(1)") }, "scheme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := &lifecycle{events: Events{"go": Do(func(s *Socket) error { tt.ask(s); return nil })}}
				r, _ := startLifecycle(t, v, Spec{})
				r.has(fmt.Sprint(r.event("4", "go", `{}`)), "[fail]")
				r.has(r.log.String(), tt.want)
				r.stopped()
			})
		})
	}
}

func TestFault66PatchLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		again := false
		v.params = func(s *Socket, _ Params) error {
			if again {
				s.Patch("/tabs?tab=x")
			}
			return nil
		}
		v.events = Events{"loop": Do(func(s *Socket) error { again = true; s.Patch("/tabs"); return nil })}
		r, _ := startLifecycle(t, v, Spec{})
		r.has(fmt.Sprint(r.event("4", "loop", `{}`)), "fail")
		r.has(r.log.String(), "patched its address 20 times")
		r.stopped()
	})
}

func TestPatchDuringTheJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		v.params = func(s *Socket, p Params) error {
			if !p.Has("tab") {
				s.Patch("/tabs?tab=first", Replace)
			}
			return nil
		}
		r, join := startLifecycle(t, v, Spec{})
		r.has(join, `params(/tabs?tab=first first)`, `"live_patch":{"to":"/tabs?tab=first","kind":"replace"}`)
		r.stopped()
	})
}

func TestMovesFromMount(t *testing.T) {
	hook := func(f func(*Socket)) []MountHook {
		return []MountHook{func(s *Socket, _ Params) error { f(s); return nil }}
	}
	for _, tt := range []struct {
		name       string
		ask        func(*Socket)
		join, dead string
	}{
		{"redirect", func(s *Socket) { s.PutFlash(Error, "log in first"); s.Redirect("/login") },
			`join false {"redirect":{"to":"/login","flash":"map[error:log in first]"},"events":[]}`, "/login map[error:log in first]"},
		{"navigate", func(s *Socket) { s.PushEvent("x", nil); s.Navigate("/other") },
			`join false {"live_redirect":{"to":"/other","kind":"push"},"events":[["x",null]]}`, "/other map[]"},
	} {
		for where, spec := range map[string]Spec{"Mount": {}, "a hook": {OnMount: hook(tt.ask)}} {
			t.Run(tt.name+" in "+where, func(t *testing.T) {
				make := func() *lifecycle {
					if where == "Mount" {
						return &lifecycle{mount: func(s *Socket) error { tt.ask(s); return nil }}
					}
					return &lifecycle{mount: func(*Socket) error { return errors.New("Mount ran though a hook has sent the browser away") }}
				}
				spec := spec
				spec.View, spec.Name = make(), "live.lifecycle"
				_, err := new(Runtime).Static(t.Context(), spec, nil, nil)
				moved, ok := errors.AsType[*MoveError](err)
				if !ok || fmt.Sprint(moved.To, " ", moved.Flash) != tt.dead {
					t.Errorf("Static: %v, want a move to %s", err, tt.dead)
				}
				synctest.Test(t, func(t *testing.T) {
					r, join := startLifecycle(t, make(), spec)
					r.has(join, tt.join)
					r.stopped()
				})
			})
		}
	}
	_, err := new(Runtime).Static(t.Context(), Spec{View: &lifecycle{mount: func(s *Socket) error { s.Patch("/tabs"); return nil }}, Name: "v"}, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "patch in HandleParams") {
		t.Errorf("Patch in Mount: %v, want an error that says where to patch", err)
	}
}

func TestMountHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		note := func(name string) MountHook {
			return func(s *Socket, _ Params) error { order = append(order, name); s.PutFlash(Info, name); return nil }
		}
		v := &lifecycle{mount: func(s *Socket) error { order = append(order, "mount "+s.Flash(Info)); return nil }}
		r, join := startLifecycle(t, v, Spec{OnMount: []MountHook{note("a"), note("b")}, Layout: flashLayout, Flash: map[string]string{"info": "before"}})
		if got := fmt.Sprint(order); got != "[a b mount b]" {
			t.Errorf("order %s, want [a b mount b]", got)
		}
		r.has(join, `"0":"b"`)
		r.stopped()

		refused := func(*Socket, Params) error { return statusError(http.StatusForbidden) }
		r, join = startLifecycle(t, new(lifecycle), Spec{OnMount: []MountHook{refused}, ReloadToken: func(int) string { return "T" }})
		r.has(join, `join false {"reason":"reload","status":403,"token":"T"}`)
		r.stopped()
	})
}

type statusError int

func (e statusError) Error() string   { return "status" }
func (e statusError) HTTPStatus() int { return int(e) }

func TestRepliesTitlesAndPushedEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &lifecycle{}
		v.events = Events{
			"reply":  Do(func(s *Socket) error { s.Reply(map[string]int{"n": 1}); return nil }),
			"title":  Do(func(s *Socket) error { s.SetTitle(`a "b"`); return nil }),
			"push":   Do(func(s *Socket) error { s.PushEvent("one", "x"); s.PushEvent("two", nil, BeforePatch); return nil }),
			"bad":    Do(func(s *Socket) error { s.PushEvent("one", func() {}); s.Reply(3); return nil }),
			"failed": Do(func(s *Socket) error { s.PushEvent("one", 1); return errors.New("no") }),
			"all": Do(func(s *Socket) error {
				v.calls = []string{"changed"}
				s.SetTitle("t")
				s.PushEvent("e", 1)
				s.Reply(struct{}{})
				return nil
			}),
		}
		v.mount = func(s *Socket) error { s.SetTitle("first"); s.PushEvent("mounted", 1); return nil }
		r, join := startLifecycle(t, v, Spec{})
		r.has(join, `"e":[["mounted",1]],"t":"first"}`)
		r.want(r.event("1", "reply", `{}`), `1 true {"diff":{"r":{"n":1}}}`)
		r.want(r.event("2", "title", `{}`), `2 true {"diff":{"t":"a \"b\""}}`)
		r.want(r.event("3", "title", `{}`), `3 true {}`)
		r.want(r.event("4", "push", `{}`), `4 true {"diff":{"e":[["one","x"],["two",null,true]]}}`)
		r.want(r.event("5", "bad", `{}`), `5 true {}`)
		r.has(r.log.String(), "event not pushed", "unsupported type", "reply not sent", "lifecycle_test.go")
		r.want(r.event("6", "all", `{}`), `6 true {"diff":{"0":"changed","e":[["e",1]],"t":"t","r":{}}}`)
		r.want(r.event("7", "failed", `{}`), `fail`)
		r.stopped()
	})
}

func TestItem111ClearFlash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &lifecycle{events: Events{"put": Do(func(s *Socket) error { s.PutFlash(Info, "i"); s.PutFlash(Error, "e"); return nil })}}
		r, _ := startLifecycle(t, v, Spec{Layout: flashLayout})
		r.event("1", "put", `{}`)
		r.want(r.event("2", "lv:clear-flash", `{"key":"error"}`), `2 true {}`)
		r.want(r.event("3", "lv:clear-flash", `{"key":"info"}`), `3 true {"diff":{"0":""}}`)
		r.event("4", "put", `{}`)
		r.want(r.event("5", "lv:clear-flash", `{}`), `5 true {"diff":{"0":""}}`)
		if e := r.p.extras; len(e.flash) != 0 {
			t.Errorf("flash %v, want none", e.flash)
		}
		r.want(r.event("6", "lv:other", `{}`), `6 true {}`)
		r.stopped()
	})
}

type tick struct{ n int }

func TestMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		var self Ref
		v.mount = func(s *Socket) error {
			self = s.Self()
			OnMessage(s, func(s *Socket, m tick) error {
				v.calls = append(v.calls, fmt.Sprint("tick ", m.n))
				if m.n == 99 {
					s.Navigate("/other")
				}
				return nil
			})
			return nil
		}
		r, _ := startLifecycle(t, v, Spec{})
		v.calls = nil
		// A crowd of messages costs one render.
		r.p.mu.Lock()
		for i := range 3 {
			r.p.mailbox.put(Message{local: sent{tick{i}}}, 10, 10)
		}
		r.p.wake()
		r.p.mu.Unlock()
		synctest.Wait()
		r.want(r.out.take(), `push diff {"0":"tick 0 tick 1 tick 2"}`)
		for range 2 {
			if !self.Send("a string") {
				t.Error("Send = false, want true")
			}
			synctest.Wait()
		}
		r.want(r.out.take())
		if n := strings.Count(r.log.String(), "message without a handler"); n != 1 {
			t.Errorf("%d lines of a message without a handler, want 1", n)
		}
		n, err := Call(t.Context(), self, func(v *lifecycle) int { v.calls = nil; return 7 })
		if n != 7 || err != nil {
			t.Errorf("Call = %d, %v, want 7", n, err)
		}
		if _, err := Call(t.Context(), self, func(v *counter) int { return 1 }); err == nil || !strings.Contains(err.Error(), "*live.counter") {
			t.Errorf("Call with another type: %v, want an error that names it", err)
		}
		synctest.Wait()
		r.want(r.out.take(), `push diff {"0":""}`)
		self.Send(tick{99})
		synctest.Wait()
		r.want(r.out.take(), `push live_redirect {"to":"/other","kind":"push"} | close`)
		if self.Send(tick{1}) {
			t.Error("Send to a view that has ended = true, want false")
		}
		if _, err := Call(t.Context(), self, func(v *lifecycle) int { return 1 }); !errors.Is(err, ErrEnded) {
			t.Errorf("Call of a view that has ended: %v, want ErrEnded", err)
		}
		r.stopped()
	})
}

func TestCallThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var self Ref
		r, _ := startLifecycle(t, &lifecycle{mount: func(s *Socket) error { self = s.Self(); return nil }}, Spec{})
		if _, err := Call(t.Context(), self, func(*lifecycle) int { panic("boom") }); err == nil {
			t.Error("Call of a function that panics: no error")
		}
		synctest.Wait()
		r.want(r.out.take(), "fail")
		r.stopped()
	})
}

func TestViewThatFallsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &lifecycle{}
		block := make(chan struct{})
		var self Ref
		v.mount = func(s *Socket) error {
			self = s.Self()
			OnMessage(s, func(s *Socket, m tick) error { <-block; return nil })
			return nil
		}
		r, _ := startLifecycle(t, v, Spec{})
		sent := 0
		for self.Send(tick{sent}) {
			sent++
		}
		if sent < 1024 || sent > 1026 {
			t.Errorf("%d messages were taken, want about 1,024", sent)
		}
		close(block)
		synctest.Wait()
		r.want(r.out.take(), "fail")
		r.has(r.log.String(), "view overloaded")
		r.stopped()
	})
}

func TestTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		note := func(name string) func(*Socket) error {
			return func(*Socket) error { v.calls = append(v.calls, name); return nil }
		}
		var after, every, never *Timer
		v.mount = func(s *Socket) error {
			after = After(s, time.Second, note("after"))
			every = Every(s, time.Minute, note("every"))
			never = After(s, time.Hour, note("never"))
			return nil
		}
		v.events = Events{
			"clear": Do(func(*Socket) error { v.calls = nil; return nil }),
			"stop": Do(func(*Socket) error { // also what has come already, and what was stopped
				for _, timer := range []*Timer{after, every, never, never} {
					timer.Stop()
				}
				return nil
			}),
		}
		r, _ := startLifecycle(t, v, Spec{})
		r.event("0", "clear", `{}`)
		time.Sleep(150 * time.Second)
		synctest.Wait()
		r.want(r.out.take(), `push diff {"0":"after"}`, `push diff {"0":"after every"}`, `push diff {"0":"after every every"}`)
		r.want(r.event("1", "stop", `{}`), `1 true {}`)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		r.want(r.out.take())
		if n := len(r.p.extras.ends); n != 0 {
			t.Errorf("%d endings wait after all timers have stopped, want none", n)
		}
		r.stopped()
	})
	synctest.Test(t, func(t *testing.T) { // the view's end is the timers' end
		r, _ := startLifecycle(t, &lifecycle{mount: func(s *Socket) error {
			Every(s, time.Second, func(*Socket) error { return nil })
			return nil
		}}, Spec{})
		r.stopped()
	})
	After(new(Socket), 0, func(*Socket) error { return nil }).Stop() // a dead render's timer does nothing
}

func TestAttachedHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		var self Ref
		var detach func()
		v.events = Events{"e": Do(func(*Socket) error { v.calls = append(v.calls, "handler"); return nil }),
			"off": Do(func(*Socket) error { detach(); return nil })}
		v.mount = func(s *Socket) error {
			self = s.Self()
			OnMessage(s, func(*Socket, tick) error { v.calls = append(v.calls, "tick"); return nil })
			detach = s.HookEvent(func(s *Socket, e Event) (Next, error) {
				var in struct{ Stop bool }
				if err := e.Decode(&in); err != nil {
					return Halt, err
				}
				v.calls = append(v.calls, "hook "+e.Name)
				return Next(in.Stop), nil
			})
			s.HookMessage(func(_ *Socket, m any) (Next, error) { return m == tick{0}, nil })
			s.HookParams(func(s *Socket, p Params) (Next, error) {
				if p.Get("tab") == "secret" {
					s.Redirect("/login")
				}
				return Continue, nil
			})
			s.HookAfterRender(func(s *Socket) { s.PushEvent("rendered", nil) })
			return nil
		}
		r, join := startLifecycle(t, v, Spec{})
		r.has(join, `"e":[["rendered",null]]`)
		v.calls = nil
		r.has(fmt.Sprint(r.event("1", "e", `{}`)), `"0":"hook e handler"`)
		r.has(fmt.Sprint(r.event("2", "e", `{"stop":"true"}`)), `"0":"hook e handler hook e"`)
		r.event("3", "off", `{}`)
		v.calls = nil
		r.has(fmt.Sprint(r.event("4", "e", `{}`)), `"0":"handler"`)
		self.Send(tick{0})
		self.Send(tick{1})
		synctest.Wait()
		r.has(fmt.Sprint(r.out.take()), `"0":"handler tick"`)
		r.has(r.message("5", "live_patch", `{"url":"/tabs?tab=secret"}`), `5 true {"redirect":{"to":"/login"}} | close`)
		r.stopped()
	})
}

func TestZeroSocketTakesEverything(t *testing.T) {
	t.Parallel()
	s := new(Socket)
	s.PutFlash(Info, "x")
	if got := s.Flash(Info); got != "x" {
		t.Errorf("Flash = %q, want what was put", got)
	}
	s.ClearFlash()
	if got := s.Flash(Info); got != "" {
		t.Errorf("Flash = %q after ClearFlash, want none", got)
	}
	s.PushEvent("e", 1)
	s.Reply(struct{}{})
	s.SetTitle("t")
	s.Patch("/x")
	s.Navigate("/x")
	s.Redirect("/x")
	s.RedirectExternal("https://x.test")
	OnMessage(s, func(*Socket, tick) error { return nil })
	s.HookEvent(func(*Socket, Event) (Next, error) { return Halt, nil })()
	if s.Self().Send(1) {
		t.Error("Send to nobody = true, want false")
	}
	if _, err := Call(context.Background(), s.Self(), func(*counter) int { return 0 }); !errors.Is(err, ErrEnded) {
		t.Errorf("Call of nobody: %v, want ErrEnded", err)
	}
}
