package transport

import (
	"cmp"
	"log/slog"
	"math"
	"slices"
)

// What waits in the server is counted: messages of clients that wait for their
// receivers, and what clients have not taken yet. Each connection has bounds of
// its own for both. All together could be far more than the memory, so that
// there is one bound for the sum, and those pay for it who have caused it.

// relievedTo is the part of the bound that may be left after connections have
// ended for it, in percent: so much is freed at once that it is not done again
// soon, for it looks at all connections.
const relievedTo = 75

// relieveIfNeeded ends connections when too much waits. No lock is held.
func (s *Server) relieveIfNeeded() {
	if s.held.Load() > int64(s.opt.MaxHeld) {
		s.relieve()
	}
}

// A debtor is a connection for which something waits.
type debtor struct {
	held int64
	ws   *websocket
	poll *longpoll
}

// debtors are those that are not about to end. The caller holds mu.
func (s *Server) debtors() (all []debtor, total int64) {
	add := func(d debtor) {
		if d.held > 0 {
			all = append(all, d)
			total += d.held
		}
	}
	for _, w := range s.sockets {
		if w.ending.Load() == 0 {
			w.out.mu.Lock()
			held := w.out.held
			w.out.mu.Unlock()
			add(debtor{held: int64(held) + w.waiting.Bytes(), ws: w})
		}
	}
	for _, p := range s.polls {
		p.mu.Lock()
		held := len(p.queue)
		p.mu.Unlock()
		add(debtor{held: int64(held) + p.waiting.Bytes(), poll: p})
	}
	return all, total
}

// relieve ends the connections for which most waits until there is room.
func (s *Server) relieve() {
	if !s.relieving.TryLock() {
		return // somebody is at it
	}
	defer s.relieving.Unlock()
	limit := int64(s.opt.MaxHeld)
	s.mu.Lock()
	debtors, total := s.debtors()
	s.mu.Unlock()
	if total <= limit {
		return // with what those held that are about to end
	}
	slices.SortFunc(debtors, func(a, b debtor) int { return cmp.Compare(b.held, a.held) })
	left, n := total, 0
	for ; n < len(debtors) && left > limit/100*relievedTo; n++ {
		left -= debtors[n].held
		if w := debtors[n].ws; w != nil {
			w.giveUp()
		} else {
			debtors[n].poll.end(Backlogged)
		}
	}
	s.cutOff.Add(uint64(n))
	s.opt.Logger.Warn("connections cut off: too much waits for clients", slog.Int("connections", n),
		slog.Int64("bytes", total), slog.Int64("left", left), slog.Int64("limit", limit))
}

// giveUp ends a connection with all that waits for its client.
func (w *websocket) giveUp() {
	w.out.mu.Lock()
	w.out.closed, w.out.broken = true, true
	w.lose()
	w.out.mu.Unlock()
	w.fall(Backlogged)
}

// bound is a limit as connections keep it, of which there may be many.
func bound(n int) int32 { return int32(min(n, math.MaxInt32)) }
