package channel

import (
	"sync"
	"time"
)

// Timer runs a callback of a channel later, once or again and again. It ends with
// the channel.
type Timer struct {
	p     *process
	f     func(*Socket) error
	every time.Duration // 0: once

	mu     sync.Mutex
	timer  *time.Timer
	forget func() // of the channel's goroutine
}

// After calls f when d has passed, as a callback of the channel.
func After(s *Socket, d time.Duration, f func(*Socket) error) *Timer { return newTimer(s, d, 0, f) }

// Every calls f again and again, each time d after the last call has been
// handled. D must be positive.
func Every(s *Socket, d time.Duration, f func(*Socket) error) *Timer {
	if d <= 0 {
		panic("channel: Every wants a duration above 0, got " + d.String())
	}
	return newTimer(s, d, d, f)
}

func newTimer(s *Socket, d, every time.Duration, f func(*Socket) error) *Timer {
	if f == nil {
		panic("channel: After and Every want a function that is to be called, got nil")
	}
	t := &Timer{f: f, every: every}
	p := s.open()
	if p == nil || s.closed.Load() {
		return t
	}
	t.p = p
	t.forget = p.onEnd(t.halt)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(d, func() { p.post(item{local: t}) })
	return t
}

// Stop makes f not be called any more. It is for the channel's callbacks.
func (t *Timer) Stop() {
	if t.p != nil {
		t.forget()
		t.halt()
	}
}

func (t *Timer) halt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
}

func (t *Timer) name() string { return "timer" }

func (t *Timer) run(*process) func(*Socket) error {
	t.mu.Lock()
	stopped := t.timer == nil
	t.mu.Unlock()
	if stopped { // while its message waited
		return nil
	}
	if t.every == 0 {
		t.Stop()
		return t.f
	}
	return func(s *Socket) error {
		err := t.f(s)
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.timer != nil {
			t.timer.Reset(t.every)
		}
		return err
	}
}
