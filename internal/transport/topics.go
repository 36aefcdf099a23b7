package transport

import "bennu/live"

// The topics of a socket: who is joined, and how many are at work.

// find is the instance of a topic, or nil.
func (s *socket) find(topic []byte) *channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ch := range s.topics {
		if string(ch.topic()) == string(topic) {
			return ch
		}
	}
	return nil
}

// receiver is who is joined to a topic, nil for nobody.
func (s *socket) receiver(topic string) live.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ch := range s.topics {
		if string(ch.topic()) == topic {
			return ch.proc
		}
	}
	return nil
}

// receivers are all who are joined.
func (s *socket) receivers() []live.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]live.Channel, 0, len(s.topics))
	for _, ch := range s.topics {
		if ch.proc != nil {
			all = append(all, ch.proc)
		}
	}
	return all
}

// put adds an instance; false at the limit. As many again as may be joined may
// be about to end, so that a page with many views can be left for another one.
func (s *socket) put(ch *channel) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	most := s.srv.opt.MaxChannels
	if len(s.topics) >= most || int(s.running) >= 2*most || s.over != 0 {
		return false
	}
	s.topics = append(s.topics, ch)
	s.running++
	return true
}

// crowds reports whether a join would make the client's views more. One that
// leaves a page for another, or joins it anew, always may.
func (s *socket) crowds() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.topics) > 0
}

// vacate gives a place of put back when the receiver has ended.
func (s *socket) vacate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if s.running == 0 && s.idle != nil {
		close(s.idle)
		s.idle = nil
	}
}

// remove forgets an instance; it may be gone already.
func (s *socket) remove(ch *channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, c := range s.topics {
		if c != ch {
			continue
		}
		last := len(s.topics) - 1
		s.topics[i], s.topics[last] = s.topics[last], nil
		s.topics = s.topics[:last]
		return
	}
}

// drop ends an instance from this side: what it says from now on is lost.
func (s *socket) drop(ch *channel) {
	ch.gone.Store(true)
	s.remove(ch)
}

// stop ends all instances, because the connection has ended. It may be called
// from any goroutine.
func (s *socket) stop(why live.Reason) {
	s.mu.Lock()
	s.over = why
	procs := make([]live.Channel, 0, len(s.topics))
	for _, ch := range s.topics {
		ch.gone.Store(true)
		if ch.proc != nil { // else run sees that it is over
			procs = append(procs, ch.proc)
		}
	}
	s.topics = nil
	s.mu.Unlock()
	for _, p := range procs {
		p.Stop(why)
	}
}

// run notes the receiver of an instance; not 0 is why it is to end at once,
// because the connection has ended while it was started.
func (s *socket) run(ch *channel, proc live.Channel) live.Reason {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch.proc = proc
	return s.over
}
