package live

// asks is what a callback wants done. The runtime does it once the callback has
// returned nil, and drops it when it has failed. Most callbacks ask for nothing
// and have none.
type asks struct {
	of     *component // whose callback it was; nil: the view's
	move   *move
	flash  []flashChange
	events []pushedEvent
	reply  []byte
	title  *string
	tasks  []func(*Process) // starts and ends of tasks, in order
	// started are the names of those that start.
	started []string
	err     error // the first mistake in asking; it becomes the callback's error
}

// ask is where a callback's wishes are collected. Those of a Socket that is not
// valid any more go nowhere.
func (s *Socket) ask() *asks {
	s.open()
	if s.closed.Load() && s.view != nil {
		return new(asks)
	}
	if s.asks == nil {
		s.asks = &asks{of: s.component}
	}
	return s.asks
}

// fail remembers a mistake in asking, unless there was one before.
func (a *asks) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// wanted is what the callback asked for, nil for nothing.
func (s *Socket) wanted() (*asks, error) {
	if s.asks == nil {
		return nil, nil
	}
	return s.asks, s.asks.err
}

// take does what concerns the view alone: the flash, the title, and what goes
// out with the next diff.
func (v *instance) take(a *asks) {
	if len(a.flash) > 0 {
		v.takeFlash(a)
	}
	if len(a.events) > 0 {
		r := v.more()
		r.events = append(r.events, a.events...)
	}
	if a.reply != nil {
		v.more().reply = a.reply
	}
	if v.proc != nil {
		for _, f := range a.tasks {
			f(v.proc)
		}
	}
	if a.title != nil {
		if r := v.more(); r.title != *a.title {
			r.title, r.titled = *a.title, true
		}
	}
}
