package live

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// Faults, row 102: what a view was handed before its server ends is handled,
// and answered.
func TestFault102DrainedViewFinishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ends []Reason
		c := &counter{block: make(chan struct{}), terminated: &ends}
		r := start(t, c, Spec{})
		r.out.take()
		r.send("1", "wait", `{}`)
		synctest.Wait()
		r.send("2", "increase", `{"number":1}`)
		r.p.Stop(Drained)
		r.p.Stop(Drained)
		r.send("3", "increase", `{"number":5}`) // too late
		synctest.Wait()
		if err := r.p.ctx.Err(); err != nil {
			t.Errorf("the context ended with work to do: %v", err)
		}
		r.want(r.out.take())
		close(c.block)
		synctest.Wait()
		r.want(r.out.take(), `1 true {} | 2 true {"diff":{"0":"1"}}`)
		if fmt.Sprint(ends) != "[drained]" {
			t.Errorf("Terminate got %v", ends)
		}
		r.stopped()
	})
}

func TestFault102IdleViewEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ends []Reason
		r := start(t, &counter{terminated: &ends}, Spec{})
		r.out.take()
		r.p.Stop(Drained)
		synctest.Wait()
		r.want(r.out.take())
		if fmt.Sprint(ends) != "[drained]" {
			t.Errorf("Terminate got %v", ends)
		}
		r.stopped()
	})
}

// A handler that takes too long loses its context.
func TestFault102DrainIsCutShort(t *testing.T) {
	for _, tt := range []struct {
		second Reason
		want   string
	}{{SocketClosed, "[drained]"}, {Left, "[left]"}} {
		synctest.Test(t, func(t *testing.T) {
			var ends []Reason
			c := &counter{block: make(chan struct{}), terminated: &ends}
			r := start(t, c, Spec{})
			r.out.take()
			r.send("1", "wait", `{}`)
			r.send("2", "increase", `{"number":1}`)
			synctest.Wait()
			r.p.Stop(Drained)
			r.p.Stop(tt.second)
			if r.p.ctx.Err() == nil {
				t.Error("the context is alive")
			}
			close(c.block)
			synctest.Wait()
			r.want(r.out.take())
			if fmt.Sprint(ends) != tt.want {
				t.Errorf("Terminate got %v, want %v", ends, tt.want)
			}
			r.stopped()
		})
	}
}
