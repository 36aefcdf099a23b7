package live

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"
)

// stuckView has a handler that returns when it is let, and a mount likewise.
type stuckView struct {
	gate, mount chan struct{}
	ctx         *context.Context
}

func (v stuckView) Mount(s *Socket, _ Params) error {
	if v.ctx != nil {
		*v.ctx = s.Context()
	}
	if v.mount != nil {
		<-v.mount
	}
	return nil
}

func (v stuckView) Events() Events {
	return Events{"wait": Do(v.waitForEver), "nothing": Do(func(*Socket) error { return nil })}
}

func (v stuckView) waitForEver(*Socket) error { <-v.gate; return nil }
func (stuckView) Render() templ.Component     { return new(counter).Render() }

func (v stuckView) start(rt *Runtime, out Outlet) *Process {
	return rt.Start(out, func() (Spec, error) {
		return Spec{View: v, Name: "Stuck", Route: "/stuck", ID: "phx-1"}, nil
	})
}

func message(event string) Message {
	return Message{Ref: []byte("1"), Event: "event", Payload: fmt.Appendf(nil, `{"type":"click","event":%q,"value":{}}`, event)}
}

// Faults, row 87: a handler that never returns holds up its own view. When that
// has too much to do it ends, and the log has the stack of its handler, not that
// of another view which waits as well.
func TestFault87StuckHandlerIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		rt.Mailbox = 100
		v := stuckView{gate: make(chan struct{})}
		other := counter{block: make(chan struct{})}
		blocked := rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: &other, Name: "Other"}, nil })
		blocked.Deliver(message("wait"))
		out := new(tapeOut)
		stuck := v.start(rt, out)
		free := stuckView{}.start(rt, new(tapeOut))
		synctest.Wait()

		var waiting Backlog
		wait := message("wait")
		wait.Waiting = &waiting
		stuck.Deliver(wait)
		synctest.Wait()
		nothing := message("nothing")
		nothing.Waiting = &waiting
		for i := range 100 {
			if !stuck.Deliver(nothing) {
				t.Fatalf("message %d is refused, want room for 100", i)
			}
		}
		if stuck.Deliver(nothing) {
			t.Fatal("the 101st message is taken")
		}
		stuck.Stop(Overloaded)
		if n := waiting.Bytes(); n != 0 {
			t.Errorf("%d bytes wait for a view that is to end, want none: its handler may never return", n)
		}
		var text string
		for line := range strings.Lines(log.String()) {
			if !strings.Contains(line, "level=INFO") {
				text += line
			}
		}
		for _, want := range []string{`level=WARN msg="view overloaded"`, "view=Stuck", "route=/stuck", "event=wait", "waiting=100", "stack=", "waitForEver", "chan receive"} {
			if strings.Count(text, want) != 1 {
				t.Errorf("%q is in the log %d times, want once:\n%s", want, strings.Count(text, want), text)
			}
		}
		if !Overloaded.Rejoins() {
			t.Error("the client of an overloaded view does not come back")
		}

		// Nobody else is held up.
		before := free.mailbox.len()
		free.Deliver(message("nothing"))
		synctest.Wait()
		if free.mailbox.len() != before {
			t.Error("another view does not take its messages")
		}
		close(v.gate)
		close(other.block)
		for _, p := range []*Process{blocked, free} {
			p.Stop(Left)
		}
		end(t, rt)
	})
}

// The stacks of all goroutines are taken once a minute at most.
func TestFault87StacksAreTakenSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		gate := make(chan struct{})
		overload := func() {
			v := stuckView{gate: gate, mount: gate} // a mount can be stuck as well
			p := v.start(rt, new(tapeOut))
			synctest.Wait()
			p.Stop(Overloaded)
		}
		for range 3 {
			overload()
		}
		if n := strings.Count(log.String(), "stack="); n != 1 {
			t.Errorf("%d stacks in a moment, want 1:\n%s", n, log)
		}
		time.Sleep(stackEvery + watchEvery)
		close(gate)
		end(t, rt)
	})
}

// The watchdog counts the views whose callbacks do not return, also when their
// clients have left, and says so once.
func TestFault87WatchdogCountsStuckViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		gate := make(chan struct{})
		v := stuckView{gate: gate}
		want := func(n int) {
			t.Helper()
			if got := rt.Stuck(); got != n {
				t.Errorf("%d views are stuck, want %d", got, n)
			}
		}
		first, second := v.start(rt, new(tapeOut)), v.start(rt, new(tapeOut))
		busy := stuckView{}.start(rt, new(tapeOut))
		first.Deliver(message("wait"))
		synctest.Wait()
		want(0)
		for range 3 * watchSlots { // and for long: the slots are used again
			time.Sleep(watchEvery)
			for range 5 {
				busy.Deliver(message("nothing"))
			}
		}
		want(1)
		first.Stop(SocketClosed)
		second.Deliver(message("wait"))
		time.Sleep(watchEvery)
		want(1)
		for range 3 * watchSlots {
			time.Sleep(watchEvery)
			if n := rt.Stuck(); n < 1 || n > 2 {
				t.Fatalf("%d views are stuck", n)
			}
		}
		want(2)
		text := log.String()
		if n := strings.Count(text, `level=ERROR msg="views are stuck`); n != 2 || strings.Count(text, "stack=") != 2 || strings.Count(text, "live.(*Process).") < 2 {
			// Whose stack it is cannot be asked: that of the oldest goroutine at work
			// for any view is shown, and other tests have views too.
			t.Errorf("%d lines of the watchdog, want one for each view, with a stack:\n%s", n, text)
		}
		close(gate)
		time.Sleep(watchSlots * watchEvery)
		want(0)
		second.Stop(Left)
		busy.Stop(Left)
		end(t, rt)
		time.Sleep(2 * watchEvery)
		if rt.watch.on.Load() {
			t.Error("the watchdog goes on without a view")
		}
		for i := range rt.watch.begun {
			if n := rt.watch.begun[i].Load(); n != 0 {
				t.Errorf("%d goroutines of no view are counted", n)
			}
		}
	})
}

// A view that takes long, but returns, is not stuck; nor is one that is always
// at work.
func TestFault88SlowIsNotStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		c := &counter{block: make(chan struct{})}
		p := rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: c, Name: "Slow"}, nil })
		for range 20 {
			p.Deliver(message("wait"))
		}
		for range 20 { // 10 s each, and never at rest
			time.Sleep(10 * time.Second)
			c.block <- struct{}{}
			if n := rt.Stuck(); n != 0 {
				t.Fatalf("%d views are stuck", n)
			}
		}
		synctest.Wait()
		if strings.Contains(log.String(), "stuck") {
			t.Errorf("log:\n%s", log)
		}
		p.Stop(Left)
		end(t, rt)
	})
}

// Faults, row 25: a client that gives a slow join up cancels its mount.
func TestFault25MountOfAJoinThatIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, _ := newRuntime()
		gate := make(chan struct{})
		var ctx context.Context
		p := stuckView{mount: gate, ctx: &ctx}.start(rt, new(tapeOut))
		synctest.Wait()
		if err := ctx.Err(); err != nil {
			t.Fatalf("the context of a mount: %v", err)
		}
		p.Stop(Left)
		if err := ctx.Err(); err == nil {
			t.Error("the context of a mount that nobody waits for is not cancelled")
		}
		close(gate)
		end(t, rt)
	})
}

// gated is an outlet with a gate that is never opened.
type gated struct {
	tapeOut
	entered, left atomic.Int32
	err           error
}

func (g *gated) EnterMount(ctx context.Context) error {
	g.entered.Add(1)
	if g.err != nil {
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}
func (g *gated) LeaveMount() { g.left.Add(1) }

// The gate of an outlet is passed before anybody else's turn is taken, and left
// again whatever the mount does.
func TestFault25MountsPassTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, _ := newRuntime()
		rt.Mounts = 1
		for _, view := range []View{new(counter), panicMount{}, panicRender{}, &counter{mountErr: context.Canceled}} {
			g := new(gated)
			p := rt.Start(g, func() (Spec, error) { return Spec{View: view}, nil })
			synctest.Wait()
			if e, l := g.entered.Load(), g.left.Load(); e != 1 || l != 1 {
				t.Errorf("%T: entered %d times and left %d times, want once", view, e, l)
			}
			p.Stop(Left)
		}
		shut := &gated{err: context.Canceled}
		p := rt.Start(shut, func() (Spec, error) { return Spec{View: new(counter)}, nil })
		synctest.Wait()
		if n := len(rt.joins.turns); n != 0 {
			t.Errorf("%d turns are taken by a view that waits at its own gate", n)
		}
		p.Stop(Left)
		end(t, rt)
		if n := shut.left.Load(); n != 0 {
			t.Error("the gate was left without having been passed")
		}
	})
}
