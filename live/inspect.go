package live

import (
	"context"
	"sync/atomic"
)

// Inspect calls f with a connected view, between two of its callbacks and on its
// goroutine, and waits until that is done. It returns [ErrEnded] for a view that
// has ended, the context's error when its turn does not come in time, and a
// panic of f as a [PanicError]. After an error other than that one f has not run
// and will not.
//
// It is for test kits and tools, which compare what a browser shows with the
// data behind it. F must neither change nor keep what it sees: copy it. Inspect
// must not be called from a callback of the same view.
func Inspect(ctx context.Context, r Ref, f func(View)) error {
	if r.p == nil {
		return ErrEnded
	}
	m := &inspection{f: f, done: make(chan struct{})}
	if !r.p.post(m) {
		return ErrEnded
	}
	var why error
	select {
	case <-m.done:
		return m.err
	case <-r.p.ctx.Done():
		why = ErrEnded
	case <-ctx.Done():
		why = ctx.Err()
	}
	if m.taken.CompareAndSwap(false, true) {
		return why
	}
	<-m.done
	return m.err
}

type inspection struct {
	f     func(View)
	err   error
	taken atomic.Bool // by the view, or by whoever has stopped waiting
	done  chan struct{}
}

func (m *inspection) name() string { return "inspection" }

func (m *inspection) run(p *Process) (*asks, error) {
	if m.taken.CompareAndSwap(false, true) {
		defer close(m.done)
		m.err = m.call(p.spec.View)
	}
	return nil, nil
}

func (m *inspection) call(v View) (err error) {
	defer catch(&err)
	m.f(v)
	return nil
}
