package transport

import (
	"context"
	"runtime/pprof"
	"time"
)

// Timeouts are not timers. Connections note the server's clock, which counts
// sweeps, when something begins; a sweep closes those for which it began too
// long ago. A timeout therefore takes its time and up to one sweep more, and an
// idle connection costs nothing but its turn in the loop.

// maxSweep is the longest time between two sweeps.
const maxSweep = 5 * time.Second

// interval is the time between two sweeps: a quarter of the shortest timeout.
func (o *Options) interval() time.Duration {
	shortest := min(o.IdleTimeout, o.JoinTimeout, o.MessageTimeout, o.WriteTimeout, o.pollTimeout())
	return max(time.Millisecond, min(maxSweep, shortest/4))
}

// ticks is a duration in sweeps, rounded up.
func (o *Options) ticks(d time.Duration) uint32 {
	every := o.interval()
	return uint32((d + every - 1) / every)
}

// sweep runs until stop is closed, which is when no connection is left.
func (s *Server) sweep(stop <-chan struct{}) {
	pprof.SetGoroutineLabels(context.Background()) // it belongs to no one connection
	t := time.NewTicker(s.opt.interval())
	defer t.Stop()
	for {
		select {
		case <-stop:
			return
		case <-t.C:
			s.sweepOnce(s.clock.Add(1))
			s.lookAtMemory()
		}
	}
}

// sweepOnce ends what is overdue, and makes the readers small of connections
// that have gone quiet. Nothing in it blocks.
func (s *Server) sweepOnce(now uint32) {
	idle, join := s.opt.ticks(s.opt.IdleTimeout), s.opt.ticks(s.opt.JoinTimeout)
	message, write := s.opt.ticks(s.opt.MessageTimeout), s.opt.ticks(s.opt.WriteTimeout)
	// What began at clock n began up to one tick after n was reached.
	overdue := func(since, limit uint32) bool { return since != 0 && now-since > limit }

	s.mu.Lock()
	for _, w := range s.sockets {
		switch {
		case overdue(w.out.since.Load(), write):
			w.fall(TooSlow)
		case overdue(w.partial.Load(), message):
			w.end(Unfinished)
		case overdue(w.seen.Load(), idle):
			w.end(Idle)
		case overdue(w.opened.Load(), join):
			w.end(NeverJoined)
		default:
			if seen := w.seen.Load(); seen != w.rested && now-seen > 1 {
				w.rested = seen
				w.renew()
			}
		}
	}
	poll := s.opt.ticks(s.opt.pollTimeout())
	type overduePoll struct {
		*longpoll
		cause Cause
	}
	var ends []overduePoll
	for _, p := range s.polls {
		switch {
		case overdue(p.polled.Load(), poll):
			ends = append(ends, overduePoll{p, Idle})
		case overdue(p.opened.Load(), join):
			ends = append(ends, overduePoll{p, NeverJoined})
		}
	}
	s.mu.Unlock()
	for _, p := range ends { // which takes the lock
		p.end(p.cause)
	}
}
