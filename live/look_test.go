package live

import (
	"strings"
	"testing"
	"testing/synctest"
)

// OTP-09: a view is seen as it is, at rest and at work, and is not disturbed.
func TestLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &counter{block: make(chan struct{})}
		r := start(t, v, Spec{Route: "/counter", Info: &ConnectInfo{Transport: "websocket", RequestID: "r1"}})
		r.out.take()
		ref := RefOf(r.p)
		want := Look{Ref: ref, ID: "phx-1", Name: "live.counter", Route: "/counter", Process: r.p.process,
			Transport: "websocket", RequestID: "r1", Remembered: r.p.tape.Size()}
		if got, ok := ref.Look(); !ok || got != want || got.Remembered == 0 {
			t.Errorf("at rest: %+v, %v, want %+v", got, ok, want)
		}
		r.send("7", "wait", `{}`)
		synctest.Wait()
		r.send("8", "increase", `{"number":"1"}`)
		r.send("9", "increase", `{"number":"1"}`)
		got, ok := ref.Look()
		if !ok || !got.Busy || got.Waiting != 2 || got.WaitingBytes < 2*len(`{"number":"1"}`) || got.Remembered != 0 {
			t.Errorf("at work: %+v, %v, want two that wait", got, ok)
		}
		close(v.block)
		synctest.Wait()
		if got, ok := ref.Look(); !ok || got != want {
			t.Errorf("at rest again: %+v, %v, want %+v", got, ok, want)
		}
		r.stopped()
		if got, ok := ref.Look(); ok || got != (Look{}) {
			t.Errorf("after its end: %+v, %v", got, ok)
		}
		if got, ok := (Ref{}).Look(); ok || got != (Look{}) || (Ref{}).End() {
			t.Errorf("the zero Ref reaches %+v", got)
		}
	})
}

// OTP-09: a view is ended from outside, also one that is at work, and its page
// joins again.
func TestRefEnd(t *testing.T) {
	for _, busy := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var why []Reason
			v := &counter{block: make(chan struct{}), terminated: &why}
			r := start(t, v, Spec{})
			r.out.take()
			ref := RefOf(r.p)
			if busy {
				r.send("7", "wait", `{}`)
				synctest.Wait()
				r.send("8", "panic", `{}`)
			}
			if !ref.End() || ref.End() {
				t.Error("want true of the first End alone")
			}
			if ref.Send("late") {
				t.Error("what comes after End is taken")
			}
			close(v.block)
			synctest.Wait()
			said := strings.Join(r.out.take(), " | ")
			if !strings.HasSuffix(said, "fail") || strings.Count(said, "fail") != 1 {
				t.Errorf("busy %v: said %q, want that it failed, so that the page joins again", busy, said)
			}
			if len(why) != 1 || why[0] != Ended || !why[0].Rejoins() || why[0].String() != "ended" {
				t.Errorf("busy %v: Terminate heard %v, want ended", busy, why)
			}
			if strings.Contains(r.log.String(), "level=ERROR") {
				t.Errorf("an end that somebody wants is logged as an error:\n%s", r.log)
			}
			r.stopped()
		})
	}
}
