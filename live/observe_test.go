package live

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu/telemetry"
)

// lateFailure is a view that mounts and then can not be drawn.
type lateFailure struct{ counter }

func (*lateFailure) Render() templ.Component { panic("nothing to see") }

// lateParams is one that mounts and then does not like its address.
type lateParams struct{ counter }

func (*lateParams) HandleParams(*Socket, Params) error {
	return errors.New("no such page")
}

// A view whose join fails after Mount has not joined, and so does not leave:
// whoever counts joins and leaves knows how many there are.
func TestViewsThatDidNotJoinDoNotLeave(t *testing.T) {
	for _, c := range []struct {
		view View
		want []string
	}{
		{new(counter), []string{"join true", "leave left"}},
		{new(lateFailure), []string{"join false"}},
		{new(lateParams), []string{"join false"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var told []string
			rt := &Runtime{Observe: telemetry.Observer{
				Join:  func(j telemetry.Join) { told = append(told, fmt.Sprint("join ", j.Err == nil)) },
				Leave: func(l telemetry.Leave) { told = append(told, "leave "+l.Reason) },
			}}
			startIn(t, c.view, Spec{}, rt).end()
			if !slices.Equal(told, c.want) {
				t.Errorf("%T: told %q, want %q", c.view, told, c.want)
			}
		})
	}
}

// A view whose crash is told to an observer that ends the goroutine, as t.FailNow
// does, ends nevertheless, and its client is told.
func TestObserverThatEndsTheGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := &Runtime{Observe: telemetry.Observer{
			Crash: func(telemetry.Crash) { runtime.Goexit() },
			Leave: func(telemetry.Leave) { runtime.Goexit() },
		}}
		r := startIn(t, new(counter), Spec{}, rt)
		r.out.take()
		if got := r.event("1", "nobody takes this", `{}`); len(got) != 1 || rt.Views() != 0 || rt.runners.active != 0 {
			t.Errorf("the client is told %q; %d views, %d runners", got, rt.Views(), rt.runners.active)
		}
	})
}
