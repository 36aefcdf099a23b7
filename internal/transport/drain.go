package transport

import (
	"context"
	"math/rand/v2"
	"time"

	"bennu/live"
)

const (
	// drainStep is about how often a batch of connections is ended.
	drainStep = 100 * time.Millisecond
	// drainPatience is how long receivers may take to finish when whoever shuts
	// down has set no deadline.
	drainPatience = 30 * time.Second
)

// Shutdown refuses new connections and closes the others with [Restarting], so
// that their clients connect to another server. It does so in batches, about
// [Options.DrainRate] connections a second and faster if the context's time is
// too short for that, so that these clients do not all come at once there. On
// each, the receivers first handle what they were handed, and the client gets
// their answers (see [live.Drained]).
//
// Shutdown returns when all connections are gone. When three quarters of the
// time until the context's deadline are over, those that are still at work are
// stopped at once; when the context ends, the rest is cut off and the context's
// error returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	if !s.closing {
		s.closing = true
		if s.open == 0 {
			close(s.empty)
		}
	}
	s.mu.Unlock()
	defer s.sampler.Flush()

	left := drainPatience
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline)
	}
	hurry := time.AfterFunc(left*3/4, s.rush)
	defer hurry.Stop()
	s.drain(ctx, left/2)
	select {
	case <-s.empty:
		return nil
	case <-ctx.Done():
	}
	s.rush()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.sockets {
		w.cut()
	}
	return ctx.Err()
}

// rush stops what has not come to its end.
func (s *Server) rush() { s.hurried.Do(func() { close(s.hurry) }) }

// drain ends the connections in batches, within the time.
func (s *Server) drain(ctx context.Context, within time.Duration) {
	ends := s.everybody()
	rand.Shuffle(len(ends), func(i, j int) { ends[i], ends[j] = ends[j], ends[i] })
	size := batchSize(len(ends), s.opt.DrainRate, within)
	pause := time.NewTimer(0)
	defer pause.Stop()
	for len(ends) > 0 {
		n := min(size, len(ends))
		for _, end := range ends[:n] {
			end()
		}
		if ends = ends[n:]; len(ends) == 0 {
			return
		}
		pause.Reset(drainStep/2 + rand.N(drainStep))
		select {
		case <-pause.C:
		case <-s.empty:
			return
		case <-s.hurry:
			size = len(ends)
		case <-ctx.Done():
			size = len(ends)
		}
	}
}

// batchSize is how many of n connections are ended in one step, at a rate for
// each second and within a time.
func batchSize(n, rate int, within time.Duration) int {
	if rate < 0 {
		return max(n, 1)
	}
	size := max(1, rate*int(drainStep/time.Millisecond)/1000)
	steps := max(1, int(within/drainStep))
	return max(size, (n+steps-1)/steps)
}

// everybody is how each connection is asked to end.
func (s *Server) everybody() []func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	ends := make([]func(), 0, len(s.sockets)+len(s.polls))
	for _, w := range s.sockets {
		ends = append(ends, func() { w.end(Restarting) })
	}
	for _, p := range s.polls {
		ends = append(ends, func() {
			go func() {
				p.settle(func() {})
				p.end(Restarting)
			}()
		})
	}
	return ends
}

// settle lets the receivers finish what they were handed, the last that was
// joined first: a view that stands in another ends with that. While it takes
// long, look is called now and then.
func (s *socket) settle(look func()) {
	s.mu.Lock()
	s.over = live.Drained // nothing is joined any more
	procs := make([]live.Channel, 0, len(s.topics))
	for _, ch := range s.topics {
		if ch.proc != nil {
			procs = append(procs, ch.proc)
		}
	}
	idle := make(chan struct{})
	if s.running == 0 {
		close(idle)
	} else {
		s.idle = idle
	}
	s.mu.Unlock()
	for i := len(procs) - 1; i >= 0; i-- {
		s.askToEnd(procs[i])
	}
	tick := time.NewTicker(lingerTime)
	defer tick.Stop()
	for {
		select {
		case <-idle:
			return
		case <-s.srv.hurry:
			return
		case <-tick.C:
			look()
		}
	}
}

// freeWriter gives up a write that goes on, of a client that does not read.
func (w *websocket) freeWriter() {
	if w.out.since.Load() != 0 {
		_ = w.nc.SetWriteDeadline(time.Now()) // fails if the connection has ended
	}
}

// askToEnd contains what a receiver does.
func (s *socket) askToEnd(p live.Channel) {
	defer func() {
		if v := recover(); v != nil {
			s.logPanic("socket crashed while closing", v)
		}
	}()
	p.Stop(live.Drained)
}
