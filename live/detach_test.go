package live

import (
	"slices"
	"testing"
	"testing/synctest"
)

// A hook that was detached hears of nothing any more, at whichever stage.
func TestNAV13DetachedHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		var self Ref
		var heard []string
		var detach []func()
		note := func(what string) (Next, error) { heard = append(heard, what); return Continue, nil }
		v.events = Events{
			"go": Do(func(*Socket) error { return nil }),
			"off": Do(func(*Socket) error {
				heard = nil
				for _, f := range detach {
					f()
				}
				return nil
			}),
		}
		v.mount = func(s *Socket) error {
			self = s.Self()
			OnMessage(s, func(*Socket, tick) error { return nil })
			detach = []func(){
				s.HookEvent(func(*Socket, Event) (Next, error) { return note("event") }),
				s.HookParams(func(*Socket, Params) (Next, error) { return note("params") }),
				s.HookMessage(func(*Socket, any) (Next, error) { return note("message") }),
				s.HookAfterRender(func(*Socket) { note("render") }),
			}
			return nil
		}
		all := func(r *run) {
			r.event("1", "go", `{}`)
			self.Send(tick{1})
			synctest.Wait()
			r.message("3", "live_patch", `{"url":"http://shop.test/tabs/new?tab=b"}`)
			synctest.Wait()
			r.out.take()
		}
		r, _ := startLifecycle(t, v, Spec{})
		heard = nil
		all(r)
		for _, stage := range []string{"event", "params", "message", "render"} {
			if !slices.Contains(heard, stage) {
				t.Errorf("attached hooks hear %v, want %s among it", heard, stage)
			}
		}
		r.event("4", "off", `{}`)
		all(r)
		if len(heard) > 0 {
			t.Errorf("detached hooks hear %v", heard)
		}
		r.stopped()
	})
}

// A hook may answer an event in the place of the view, and turn it away.
func TestNAV13HookThatReplies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(lifecycle)
		v.events = Events{"ask": Do(func(s *Socket) error { s.Reply(map[string]string{"by": "view"}); return nil })}
		var detach func()
		v.mount = func(s *Socket) error {
			detach = s.HookEvent(func(s *Socket, e Event) (Next, error) {
				s.Reply(map[string]string{"by": "hook"})
				return Halt, nil
			})
			return nil
		}
		r, _ := startLifecycle(t, v, Spec{})
		r.want(r.event("1", "ask", `{}`), `1 true {"diff":{"r":{"by":"hook"}}}`)
		if _, err := Call(t.Context(), Ref{r.p}, func(*lifecycle) int { detach(); return 0 }); err != nil {
			t.Error(err)
		}
		r.want(r.event("2", "ask", `{}`), `2 true {"diff":{"r":{"by":"view"}}}`)
		r.stopped()
	})
}
