package supervisor

import (
	"slices"
	"time"
)

// plan decides what a supervisor does next. It is pure: it is told what has
// happened and at what time, and answers with what is to be done, in order.
// Goroutines, contexts and timers are the runner's affair.
//
// Say, db, cache and web run under rest-for-one, and cache fails:
//
//	plan.exited(cache, true, now)  cache is down, web is to stop
//	plan.next(now)                 stop web
//	plan.exited(web, false, now)   web is down
//	plan.next(now)                 start cache
//	plan.started(cache, now)
//	plan.next(now)                 start web
//
// Members of which an order is kept wait for each other: one is stopped when
// all behind it are, and started when all before it run. Members of one-for-one
// have no order once all have started. Loose ones, which are started later,
// never have, and are not looked through for what is next.
type plan struct {
	strategy Strategy
	limit    Intensity // both set
	backoff  Backoff   // all set
	jitter   func() float64

	ordered []*member
	loose   map[*member]struct{}

	booted   bool // all that were there at first have started
	ending   bool
	finished bool
	why      error       // of the end; nil: it was asked for
	farewell error       // what members are told at the end
	restarts []time.Time // within the period
}

// member is one child as the plan sees it.
type member struct {
	name    string
	restart Restart
	loose   bool
	data    any // the runner's

	phase   phase
	begin   bool      // its first start is still to succeed
	stop    bool      // it is to be stopped
	again   bool      // and then to be started again
	cause   error     // why it is to be stopped
	row     int       // failures in a row
	due     time.Time // when it is to be started at the earliest
	armed   bool      // a timer runs until then
	began   time.Time // since when it runs
	leaving bool      // it is forgotten once it has ended
}

// phase is where a member is in its life.
type phase uint8

const (
	down     phase = iota // it is started when its turn comes
	starting              // Start is being called
	up
	stopping // its context has ended
	stuck    // and it is still there, longer than it may
	ended    // for good
)

func (m *member) live() bool { return m.phase == starting || m.phase == up }

// action is what the runner is to do.
type action struct {
	do     deed
	member *member
	cause  error         // of stop, of end
	after  time.Duration // of wait
}

type deed uint8

const (
	doStart  deed = iota + 1
	doStop        // ask it to end
	doWait        // call wake after that time
	doBooted      // all have started
	doEnd         // nothing runs any more; cause is why
)

func newPlan(o *Options, jitter func() float64) *plan {
	return &plan{strategy: o.Strategy, limit: o.Intensity, backoff: o.Backoff, jitter: jitter, loose: make(map[*member]struct{})}
}

// add takes a member in. Under one-for-one those that come later are loose, so
// that any number of them costs nothing.
func (p *plan) add(m *member) {
	m.begin = true
	if p.booted && p.strategy == OneForOne {
		m.loose = true
		p.loose[m] = struct{}{}
		return
	}
	p.ordered = append(p.ordered, m)
}

// started says that a member runs.
func (p *plan) started(m *member, now time.Time) {
	if m.phase == starting {
		m.phase, m.began, m.begin = up, now, false
	}
}

// exited says that a member has ended, by itself or because it was stopped, and
// reports whether that is a fault: it was neither asked for nor the end of its
// work.
func (p *plan) exited(m *member, err error, now time.Time) (fault bool) {
	switch {
	case m.phase == stopping || m.phase == stuck || m.stop:
		// Also when it has failed just before it was asked.
		m.phase = ended
		if m.again && !p.ending {
			m.phase = down
		}
		m.stop, m.again, m.cause = false, false, nil
		p.forget(m)
		return false
	case p.ending: // its turn had not come
		m.phase = ended
		p.forget(m)
		return err != nil
	case m.phase == starting && m.begin:
		m.phase = ended
		if !p.booted {
			p.fail(&StartError{Child: m.name, Err: err})
		} else {
			m.leaving = true
			p.forget(m)
		}
		return true
	case m.restart == Never, m.restart == OnFailure && err == nil && m.phase == up:
		m.phase = ended
		p.forget(m)
		return err != nil
	}
	p.again(m, err, now)
	return true
}

// again restarts a member that has ended, and with it those that its strategy
// says.
func (p *plan) again(m *member, err error, now time.Time) {
	if m.phase == up && now.Sub(m.began) >= p.backoff.Reset {
		m.row = 0
	}
	m.phase = down
	if !p.spend(now) {
		m.phase = ended
		p.fail(&IntensityError{Child: m.name, Restarts: p.limit.Restarts, Period: p.limit.Period, Err: err})
		return
	}
	m.due = now.Add(p.backoff.delay(m.row, p.jitter))
	m.row++
	if p.strategy == OneForOne || m.loose {
		return
	}
	first := 0
	if p.strategy == RestForOne {
		first = slices.Index(p.ordered, m)
	}
	for _, other := range p.ordered[first:] {
		if other != m && other.live() && !other.stop {
			other.stop, other.again = true, other.restart != Never
			other.cause = &SiblingError{Child: m.name, Err: err}
		}
	}
}

// spend takes one restart out of what the period allows.
func (p *plan) spend(now time.Time) bool {
	if p.limit.Restarts == Unlimited {
		return true
	}
	p.restarts = slices.DeleteFunc(p.restarts, func(t time.Time) bool { return now.Sub(t) >= p.limit.Period })
	if len(p.restarts) >= max(p.limit.Restarts, 0) { // NoRestarts is negative
		return false
	}
	p.restarts = append(p.restarts, now)
	return true
}

// halt stops one member for good.
func (p *plan) halt(m *member) {
	m.again = false
	switch m.phase {
	case down:
		m.phase = ended
		p.forget(m)
	case starting, up:
		m.stop, m.cause = true, ErrStopped
	}
}

// end stops all, and tells the members why; the first reason counts.
func (p *plan) end(farewell error) {
	if !p.ending {
		p.ending, p.farewell = true, farewell
	}
}

// fail stops all because of an error.
func (p *plan) fail(why error) {
	if !p.ending {
		p.ending, p.why, p.farewell = true, why, why
	}
}

// late says that a member has not ended in the time that it had.
func (p *plan) late(m *member) {
	if m.phase == stopping {
		m.phase = stuck
	}
}

// wake says that the time of a doWait is over.
func (p *plan) wake(m *member) { m.armed = false }

// forget drops a member that has ended and is not kept.
func (p *plan) forget(m *member) {
	if m.phase != ended || !m.leaving && !m.loose {
		return
	}
	if m.loose {
		delete(p.loose, m)
		return
	}
	p.ordered = slices.DeleteFunc(p.ordered, func(o *member) bool { return o == m })
}

// next are the actions that are due. The loose member is the one to which
// something has happened, nil if there is none.
func (p *plan) next(now time.Time, loose *member) []action {
	var acts []action
	if p.finished {
		return nil
	}
	if p.ending {
		return p.windUp(acts)
	}
	if loose != nil && loose.loose {
		acts = p.one(acts, loose, now)
	}
	if p.booted && p.strategy == OneForOne {
		for _, m := range p.ordered {
			acts = p.one(acts, m, now)
		}
		return acts
	}
	return p.inOrder(acts, now)
}

// one is what is due for a member on its own.
func (p *plan) one(acts []action, m *member, now time.Time) []action {
	switch {
	case m.stop && m.live():
		return p.halting(acts, m, m.cause)
	case m.phase == down:
		return p.begin(acts, m, now)
	}
	return acts
}

// inOrder is what is due for members of which each needs those before it.
func (p *plan) inOrder(acts []action, now time.Time) []action {
	for _, m := range slices.Backward(p.ordered) {
		if m.phase == stopping {
			return acts
		}
		if m.stop && m.live() {
			return p.halting(acts, m, m.cause)
		}
	}
	for _, m := range p.ordered {
		switch m.phase {
		case down:
			return p.begin(acts, m, now)
		case starting:
			return acts
		case stuck:
			if m.again { // nobody knows what a second one beside it would do
				return acts
			}
		}
	}
	if !p.booted {
		p.booted = true
		acts = append(acts, action{do: doBooted})
	}
	return acts
}

// windUp ends everything: the loose ones at once, then the others, the last one
// first.
func (p *plan) windUp(acts []action) []action {
	waiting := false
	for m := range p.loose {
		switch m.phase {
		case starting, up:
			acts = p.halting(acts, m, p.farewell)
			waiting = true
		case stopping:
			waiting = true
		case down:
			m.phase = ended
			delete(p.loose, m)
		}
	}
	if waiting {
		return acts
	}
	for _, m := range slices.Backward(p.ordered) {
		switch m.phase {
		case starting, up:
			return p.halting(acts, m, p.farewell)
		case stopping:
			return acts
		case down:
			m.phase = ended
		}
	}
	p.finished = true
	return append(acts, action{do: doEnd, cause: p.why})
}

func (p *plan) halting(acts []action, m *member, cause error) []action {
	m.phase = stopping
	return append(acts, action{do: doStop, member: m, cause: cause})
}

func (p *plan) begin(acts []action, m *member, now time.Time) []action {
	if wait := m.due.Sub(now); wait > 0 {
		if m.armed {
			return acts
		}
		m.armed = true
		return append(acts, action{do: doWait, member: m, after: wait})
	}
	m.phase = starting
	return append(acts, action{do: doStart, member: m})
}

// delay is how long the restart after so many failures in a row waits: not at
// all after the first, then twice as long each time, give or take a quarter, so
// that programs that fail together do not come back together.
func (b *Backoff) delay(failures int, jitter func() float64) time.Duration {
	if failures == 0 || b.First <= 0 {
		return 0
	}
	d := b.Most
	if shift := failures - 1; shift < 32 && b.First<<shift > 0 {
		d = min(b.First<<shift, b.Most)
	}
	return time.Duration(float64(d) * (0.75 + jitter()/2))
}
