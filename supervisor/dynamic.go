package supervisor

import (
	"context"
	"fmt"
	"slices"
)

// StartChild starts one more child and returns when it has started. Its error is
// that of the child's Start, a [*DuplicateError] when one of that name is there,
// or [ErrNotRunning]. When the context ends before it has started, it is
// stopped.
//
// Under [OneForOne] such children have no order, and there may be any number of
// them: they are forgotten once they have ended for good, and all are stopped at
// once, before the others. Under the other strategies the child stands behind
// all that are there.
func (s *Supervisor) StartChild(ctx context.Context, c Child) error {
	_, err := s.startChild(ctx, c, false)
	return err
}

// EnsureChild is StartChild for a child that may be there already: however many
// ask for it at the same time, one is started, and all return when it has
// started. It is stopped when the contexts of all who wait for its start end
// before.
func (s *Supervisor) EnsureChild(ctx context.Context, c Child) error {
	_, err := s.startChild(ctx, c, true)
	return err
}

// startChild returns the child's settled as well.
func (s *Supervisor) startChild(ctx context.Context, c Child, share bool) (<-chan struct{}, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("supervisor: %w", err)
	}
	s.mu.Lock()
	l := s.life
	if l == nil || !l.plan.booted || l.plan.ending {
		s.mu.Unlock()
		return nil, fmt.Errorf("supervisor: start child %q: %w", c.Name, ErrNotRunning)
	}
	p := l.byName[c.Name]
	switch {
	case p == nil || p.member.phase == ended:
		if err := s.adopt(&c); err != nil {
			s.mu.Unlock()
			return nil, fmt.Errorf("supervisor: %w", err)
		}
		if p == nil {
			p = l.add(c)
		} else { // in its former place
			p.member = member{data: p}
			p.become(c)
			p.member.begin = true
		}
		l.act(&p.member)
	case !share:
		s.mu.Unlock()
		return nil, &DuplicateError{Name: c.Name}
	}
	ready, settled := p.ready, p.settled
	p.waiting++
	s.mu.Unlock()
	s.notify()
	select {
	case <-ready:
	case <-ctx.Done():
		s.mu.Lock()
		if p.ready == ready {
			if p.waiting--; p.waiting == 0 && p.member.begin {
				l.halt(p)
			}
		}
		s.mu.Unlock()
		s.notify()
		return nil, fmt.Errorf("supervisor: start child %q: %w", c.Name, context.Cause(ctx))
	}
	s.mu.Lock()
	err := p.readyErr
	s.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("supervisor: start child %q: %w", c.Name, err)
	}
	return settled, nil
}

// StopChild stops the child of this name for good and returns when it has ended.
// No other is stopped with it, whatever the strategy. The error is a
// [*StuckError] when it does not end in its time, [ErrNotRunning] when there is
// none of that name, or the context's.
func (s *Supervisor) StopChild(ctx context.Context, name string) error {
	s.mu.Lock()
	var p *proc
	if s.life != nil {
		p = s.life.byName[name]
	}
	if p == nil || p.member.phase == ended {
		s.mu.Unlock()
		return fmt.Errorf("supervisor: stop child %q: %w", name, ErrNotRunning)
	}
	settled := p.settled
	p.life.halt(p)
	s.mu.Unlock()
	s.notify()
	select {
	case <-settled:
	case <-ctx.Done():
		return fmt.Errorf("supervisor: stop child %q: %w", name, context.Cause(ctx))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.settled == settled && p.member.phase == stuck {
		return &StuckError{Child: s.path() + "/" + name, After: p.run.limit}
	}
	return nil
}

// halt stops a child for good. The caller holds mu.
func (l *life) halt(p *proc) {
	l.plan.halt(&p.member)
	if p.member.phase == ended { // it waited for a restart
		l.leave(p)
	}
	l.act(&p.member)
}

// leave lets go of a child that has ended for good. The caller holds mu.
func (l *life) leave(p *proc) {
	p.settle()
	if !p.member.loose && !p.member.leaving {
		return
	}
	delete(l.byName, p.child.Name)
	if p.child.nested != nil {
		p.child.nested.parent.CompareAndSwap(l.s, nil)
	}
}

// Children are the names of the children that have not ended for good, in the
// order in which they came.
func (s *Supervisor) Children() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, p := range s.inOrder() {
		if p.member.phase != ended {
			names = append(names, p.child.Name)
		}
	}
	return names
}

// inOrder are the children of the present life. The caller holds mu.
func (s *Supervisor) inOrder() []*proc {
	if s.life == nil {
		return nil
	}
	procs := make([]*proc, 0, len(s.life.byName))
	for _, p := range s.life.byName {
		procs = append(procs, p)
	}
	slices.SortFunc(procs, func(a, b *proc) int { return int(a.number) - int(b.number) })
	return procs
}
