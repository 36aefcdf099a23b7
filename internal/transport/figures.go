package transport

// Figures are what a [Server] tells of itself to whoever watches it. The counts
// are since it was made.
type Figures struct {
	// Open is the number of connections, Held the bytes of messages that wait in
	// them, and Full whether the memory is nearly used up.
	Open int
	Held int64
	Full bool
	// Refused counts connections that were answered with status 503, and
	// RefusedJoins joins that had no memory.
	Refused, RefusedJoins uint64
	// CutOff counts connections that have ended as Backlogged.
	CutOff uint64
	// Stale counts messages for an instance of a topic that was over.
	Stale uint64
}

// Figures are those of now.
func (s *Server) Figures() Figures {
	s.mu.Lock()
	open, refused := s.open, s.refusals
	s.mu.Unlock()
	return Figures{
		Open: open, Held: s.held.Load(), Full: s.full.Load(), Refused: refused,
		RefusedJoins: s.refusedJoins.Load(), CutOff: s.cutOff.Load(), Stale: s.stale.Load(),
	}
}
