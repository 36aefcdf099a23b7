package system

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"bennu"
)

// Fisher is a worker that anybody can crash: a bird that fishes. What it has
// caught it has in memory, so that it begins at nothing when it comes back.
type Fisher struct {
	every  time.Duration
	caught atomic.Int64

	mu    sync.Mutex
	crash context.CancelCauseFunc // nil while it does not run
}

// NewFisher makes one that catches a fish each time that this has passed.
func NewFisher(every time.Duration) *Fisher { return &Fisher{every: every} }

// Worker is the fisher for [bennu.App.Supervise].
func (f *Fisher) Worker() bennu.Worker {
	return bennu.Worker{Name: "fisher", Run: f.run, Detail: func() string { return fmt.Sprintf("%d caught", f.caught.Load()) }}
}

var errCrash = errors.New("somebody has pressed the button")

func (f *Fisher) run(ctx context.Context) error {
	f.caught.Store(0)
	day, end := context.WithCancelCause(ctx)
	defer end(nil)
	f.set(end)
	defer f.set(nil)
	tick := time.NewTicker(f.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			f.caught.Add(1)
		case <-day.Done():
			if context.Cause(day) == errCrash {
				panic("the button of /system was pressed")
			}
			return nil
		}
	}
}

func (f *Fisher) set(crash context.CancelCauseFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.crash = crash
}

// Crash makes the worker panic. It reports whether there was one to crash: one
// that has crashed is away for a moment.
func (f *Fisher) Crash() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crash == nil {
		return false
	}
	f.crash(errCrash)
	f.crash = nil
	return true
}
