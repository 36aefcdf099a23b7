package transport

import (
	"context"
	"slices"
	"sync"

	"bennu/live"
)

// A client mounts a few of its views at a time: a browser joins the views of a
// page together, and one that joins a hundred slow ones must not take the turns
// to mount of everybody else. The others wait in a line of their connection.

var _ live.Gate = (*channel)(nil)

// mountLines are those who wait, by connection. There are next to none, so that the
// connections themselves, of which there are many, hold no memory for it.
type mountLines struct {
	mu      sync.Mutex
	waiting map[*socket][]chan struct{}
}

// join is a place at the end of a connection's line. It is closed when the turn
// has come.
func (l *mountLines) join(s *socket) chan struct{} {
	turn := make(chan struct{})
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = make(map[*socket][]chan struct{})
	}
	l.waiting[s] = append(l.waiting[s], turn)
	return turn
}

// next lets the first in a line have a turn; false when nobody waits.
func (l *mountLines) next(s *socket) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := l.waiting[s]
	if len(line) == 0 {
		return false
	}
	close(line[0])
	l.set(s, line[1:])
	return true
}

// leave gives up a place; false when its turn has come meanwhile.
func (l *mountLines) leave(s *socket, turn chan struct{}) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := l.waiting[s]
	i := slices.Index(line, turn)
	if i < 0 {
		return false
	}
	l.set(s, slices.Delete(line, i, i+1))
	return true
}

func (l *mountLines) set(s *socket, line []chan struct{}) {
	if len(line) == 0 {
		delete(l.waiting, s)
		return
	}
	l.waiting[s] = line
}

// EnterMount waits until the connection may mount one more of its views.
func (c *channel) EnterMount(ctx context.Context) error {
	s := c.s
	s.mu.Lock()
	if int(s.mounting) < s.srv.opt.MaxMounting {
		s.mounting++
		s.mu.Unlock()
		return nil
	}
	turn := s.srv.lines.join(s)
	s.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		if !s.srv.lines.leave(s, turn) {
			c.LeaveMount()
		}
		return ctx.Err()
	}
}

// LeaveMount hands the turn on.
func (c *channel) LeaveMount() {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if int(s.mounting) < s.srv.opt.MaxMounting || !s.srv.lines.next(s) {
		s.mounting--
	}
}
