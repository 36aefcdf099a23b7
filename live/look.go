package live

// Look is what a connected view was at when it was asked: values, which may be
// kept.
type Look struct {
	// Ref is its address: to Send to it, or to End it.
	Ref Ref
	// ID is that of its element in the page, Name its type, Route its pattern;
	// all are "" before its join was read.
	ID, Name, Route string
	// Process is its number, as logs have it: no two views of this process have
	// one.
	Process uint64
	// Parent is the number of the view that it stands in, 0 for a page.
	Parent uint64
	// Transport is what its messages come by, RequestID the request that opened
	// the connection.
	Transport, RequestID string
	// Busy says that it is at work, or waits for its turn to mount.
	Busy bool
	// Waiting is how many messages wait in its mailbox, WaitingBytes how long
	// their payloads are.
	Waiting, WaitingBytes int
	// Remembered is how many bytes it keeps of what its browser shows; what its
	// own fields hold nobody can tell. 0 while it is busy.
	Remembered int
}

// Look is what the view is at; false when it has ended. It neither waits for the
// view nor disturbs it.
func (r Ref) Look() (Look, bool) {
	if r.p == nil {
		return Look{}, false
	}
	return r.p.look()
}

func (p *Process) look() (Look, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return Look{}, false
	}
	l := Look{Ref: Ref{p}, Process: p.process, Busy: p.running, Waiting: p.mailbox.len(), WaitingBytes: p.mailbox.bytes}
	if p.known {
		l.ID, l.Name, l.Route = p.spec.ID, p.spec.Name, p.spec.Route
		if p.spec.Parent != nil {
			l.Parent = p.spec.Parent.process
		}
		if i := p.spec.Info; i != nil {
			l.Transport, l.RequestID = i.Transport, i.RequestID
		}
	}
	if !p.running { // else the goroutine at work has it
		l.Remembered = p.tape.Size()
	}
	return l, true
}

// End ends the view, whatever it does, as [Ended]: its context is cancelled, what
// waits is dropped, and its page joins again with a fresh view. It does not wait
// for that; a callback that does not mind its context holds it up. False says that
// this or another end had come before.
func (r Ref) End() bool {
	if r.p == nil {
		return false
	}
	return r.p.endBy(Ended)
}

// endBy ends a view from inside the server; its page joins again.
func (p *Process) endBy(why Reason) bool {
	p.mu.Lock()
	first := p.stop == 0 && !p.ended
	if first {
		p.parting = partFail
	}
	p.mu.Unlock()
	p.Stop(why)
	return first
}
