package pace_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/component"
	"bennu/examples/showcase/web/pace"
	"bennu/live"
	"bennu/livetest"
)

// view counts how often its pace has let it.
type view struct {
	ran  *atomic.Int64
	pace *pace.Pace
}

func (v *view) Mount(*live.Socket, live.Params) error {
	v.pace = pace.New(time.Second, func(*live.Socket) error { v.ran.Add(1); return nil })
	return nil
}

func (v *view) Events() live.Events {
	return live.Events{"ask": live.Do(func(s *live.Socket) error { return v.pace.Ask(s) })}
}

func (v *view) Render() templ.Component { return component.FocusWrap("view") }

func TestAtOnceAndOnceMoreAtTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ran atomic.Int64
		page := livetest.Isolated(t, func() live.View { return &view{ran: &ran} })
		ask := func(times int) {
			for range times {
				page.Event("ask", nil)
			}
		}
		for _, step := range []struct {
			after time.Duration
			asks  int
			ran   int64
		}{
			{0, 1, 1},
			{0, 20, 1},                      // it rests
			{1500 * time.Millisecond, 0, 2}, // and does it once for all of them
			{400 * time.Millisecond, 3, 2},  // still resting from that
			{200 * time.Millisecond, 0, 3},
			{2 * time.Second, 1, 4}, // rested
			{2 * time.Second, 0, 4},
		} {
			time.Sleep(step.after) // of the test's own clock
			synctest.Wait()
			ask(step.asks)
			page.Settle()
			if ran := ran.Load(); ran != step.ran {
				t.Fatalf("%v later and asked %d times, it has run %d times, want %d", step.after, step.asks, ran, step.ran)
			}
		}
	})
}
