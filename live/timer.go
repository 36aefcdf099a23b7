package live

import (
	"sync"
	"time"
)

// Timer runs a callback of a view later, once or again and again. It ends with
// the view.
type Timer struct {
	p         *Process
	f         func(*Socket) error
	every     time.Duration // 0: once
	component *component

	mu     sync.Mutex
	timer  *time.Timer
	forget func() // of the view's goroutine
}

// After calls f when d has passed, as a callback of the view: in its order,
// followed by a render. In a dead render it does nothing.
func After(s *Socket, d time.Duration, f func(*Socket) error) *Timer { return newTimer(s, d, 0, f) }

// Every calls f again and again, each time d after the last call has been
// handled, so that a slow view is not run over. In a dead render it does nothing.
// D must be positive.
func Every(s *Socket, d time.Duration, f func(*Socket) error) *Timer {
	if d <= 0 {
		panic("live: Every wants a duration above 0, got " + d.String())
	}
	return newTimer(s, d, d, f)
}

func newTimer(s *Socket, d, every time.Duration, f func(*Socket) error) *Timer {
	if f == nil {
		panic("live: After and Every want a function that is to be called, got nil")
	}
	t := &Timer{f: f, every: every, component: s.component}
	v := s.open()
	if v == nil || v.proc == nil || s.closed.Load() {
		return t
	}
	t.p = v.proc
	t.forget = s.onEnd(t.halt)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(d, func() { t.p.post(t) })
	return t
}

// Stop makes f not be called any more; it does nothing when that is so already,
// because f has been called or Stop was. It is for the view's callbacks.
func (t *Timer) Stop() {
	if t.p == nil {
		return
	}
	t.forget()
	t.halt()
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

func (t *Timer) run(p *Process) (*asks, error) {
	t.mu.Lock()
	stopped := t.timer == nil
	t.mu.Unlock()
	if stopped { // while its message waited
		return nil, nil
	}
	if t.every == 0 {
		t.Stop()
		return p.callbackOf(t.component, t.f)
	}
	a, err := p.callbackOf(t.component, t.f)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil {
		t.timer.Reset(t.every)
	}
	return a, err
}
