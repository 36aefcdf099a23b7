package supervisor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bennu/internal/logs"
)

// Supervisor starts children in order, starts again those that end, and stops
// them in reverse. It has no goroutine of its own: it does what is due when
// something happens. All methods may be called from any goroutine. Make it with
// [New].
type Supervisor struct {
	opts     Options
	children []Child
	sampler  logs.Sampler // of children that fail over and over
	parent   atomic.Pointer[Supervisor]

	mu   sync.Mutex
	life *life // the present or the last one; nil before the first start

	watching sync.Mutex
	watchers map[*watcher]struct{}
}

// life is a supervisor from one start to its end. Guarded by the supervisor's mu.
type life struct {
	s      *Supervisor
	plan   *plan
	base   context.Context // of the children: values, but no end
	byName map[string]*proc
	procs  uint64        // how many there have been
	booted chan struct{} // closed when all have started
	done   chan struct{} // closed when all have ended
	stuck  []error
	// deadline is when Stop will be given up, zero if never.
	deadline time.Time
}

// New makes a supervisor of children in the order in which they start. It panics
// when the options or a child are wrong, or two children have one name.
func New(opts Options, children ...Child) *Supervisor {
	opts, err := opts.complete()
	s := &Supervisor{opts: opts}
	for _, c := range children {
		err = errors.Join(err, s.Add(c))
	}
	if err != nil {
		panic(fmt.Sprintf("supervisor: New(%q): %v", opts.Name, err))
	}
	return s
}

// Add puts a child behind those of [New], as if it had been among them. It is
// for before the start; a supervisor that has been started takes children by
// [Supervisor.StartChild].
func (s *Supervisor) Add(c Child) error {
	if err := c.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life != nil {
		return fmt.Errorf("child %q comes after the start", c.Name)
	}
	for _, other := range s.children {
		if other.Name == c.Name {
			return fmt.Errorf("two children are called %q", c.Name)
		}
	}
	if err := s.adopt(&c); err != nil {
		return err
	}
	s.children = append(s.children, c)
	return nil
}

// adopt makes s the parent of a child that is a supervisor.
func (s *Supervisor) adopt(c *Child) error {
	if c.nested != nil && !c.nested.parent.CompareAndSwap(nil, s) {
		return fmt.Errorf("supervisor %q is the child of another one already", c.Name)
	}
	return nil
}

// Child is the supervisor as a child of another one: a tree. It may take all the
// time that its own children may.
func (s *Supervisor) Child() Child {
	return Child{Name: s.opts.Name, Start: s.Start, Run: s.attend, Shutdown: Unlimited, nested: s}
}

// Start starts the children, each when the one before it has started, and
// returns when all have. When one does not start, or the context ends before,
// those that have started are stopped, and the error says which it was; the
// context has no further meaning but for its values, which children see.
//
// A supervisor that has ended can be started again. It then has the children of
// New, and none of those that were started later.
func (s *Supervisor) Start(ctx context.Context) error {
	s.mu.Lock()
	if s.life != nil && !s.life.plan.finished {
		s.mu.Unlock()
		return fmt.Errorf("supervisor: %s runs already", s.path())
	}
	l := &life{
		s: s, plan: newPlan(&s.opts, jitter), base: context.WithoutCancel(ctx), byName: make(map[string]*proc),
		booted: make(chan struct{}), done: make(chan struct{}),
	}
	s.life = l
	for _, c := range s.children {
		l.add(c)
	}
	l.act(nil)
	s.mu.Unlock()
	s.notify()

	select {
	case <-l.booted:
		return nil
	case <-l.done:
	case <-ctx.Done():
		s.end(l, context.Cause(ctx))
		<-l.done
	}
	select {
	case <-l.booted: // and then something else happened
		return nil
	default:
	}
	err := l.failure()
	if l.plan.why == nil {
		err = errors.Join(fmt.Errorf("stopped before all had started: %w", l.plan.farewell), err)
	}
	return fmt.Errorf("supervisor: %s: %w", s.path(), err)
}

// attend is the Run of a supervisor that is a child.
func (s *Supervisor) attend(ctx context.Context) error {
	l := s.current()
	select {
	case <-l.done:
	case <-ctx.Done():
		s.end(l, context.Cause(ctx))
		<-l.done
	}
	return l.failure()
}

// failure is why it has ended, and what is stuck; nil for an end in good order.
func (l *life) failure() error {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	return errors.Join(append([]error{l.plan.why}, l.stuck...)...)
}

// Run starts the children and returns when the context has ended and they have
// been stopped, or when they had to be because the supervisor fails. Nil means
// that all have ended in good order; the error says what did not start, what
// failed too often, and what is stuck.
func (s *Supervisor) Run(ctx context.Context) error {
	if err := s.Start(ctx); err != nil {
		return err
	}
	l := s.current()
	select {
	case <-l.done:
	case <-ctx.Done():
		s.end(l, ErrStopped)
		<-l.done
	}
	return s.Err()
}

// Stop stops the children, the last one first, each when the one behind it has
// ended, and returns when all have. Those that were started by StartChild under
// OneForOne are stopped before, all together. The error names children that are
// stuck. When the context ends first, what still runs is told so all at once,
// and the error names it; Stop may be called again. So that one that hangs does
// not take the time of all, none is waited for longer than half of what is left
// until the context's deadline, but for those that are Unlimited.
func (s *Supervisor) Stop(ctx context.Context) error {
	l := s.current()
	if l == nil {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok {
		s.hurry(deadline)
	}
	s.end(l, ErrStopped)
	select {
	case <-l.done:
	case <-ctx.Done():
		left := s.abandon()
		if len(left) == 0 { // all have returned at this moment
			<-l.done
			break
		}
		return fmt.Errorf("supervisor: %s: still running: %s: %w", s.path(), strings.Join(left, ", "), context.Cause(ctx))
	}
	s.sampler.Flush()
	s.mu.Lock()
	err := errors.Join(l.stuck...)
	s.mu.Unlock()
	if err != nil {
		return fmt.Errorf("supervisor: %s: %w", s.path(), err)
	}
	return nil
}

// Done is closed when the supervisor, once started, has ended. Before it has
// been started it is nil.
func (s *Supervisor) Done() <-chan struct{} {
	if l := s.current(); l != nil {
		return l.done
	}
	return nil
}

// Err is why the supervisor has ended: nil while it runs and when it was
// stopped in good order.
func (s *Supervisor) Err() error {
	l := s.current()
	if l == nil {
		return nil
	}
	select {
	case <-l.done:
	default:
		return nil
	}
	if err := l.failure(); err != nil {
		return fmt.Errorf("supervisor: %s: %w", s.path(), err)
	}
	return nil
}

func (s *Supervisor) current() *life {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life
}

// end begins the end of all.
func (s *Supervisor) end(l *life, farewell error) {
	s.mu.Lock()
	l.plan.end(farewell)
	l.act(nil)
	s.mu.Unlock()
	s.notify()
}

// hurry says by when all is to have ended.
func (s *Supervisor) hurry(deadline time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life != nil && !deadline.IsZero() {
		s.life.deadline = deadline
	}
}

// abandon ends the contexts of all that still runs, here and below, and names
// it.
func (s *Supervisor) abandon() []string {
	var left []string
	var below []*Supervisor
	var stuck []*run
	s.mu.Lock()
	for _, p := range s.life.byName {
		r := p.run
		switch {
		case r == nil:
		case p.child.nested != nil:
			below = append(below, p.child.nested)
		default:
			left = append(left, r.path())
			stuck = append(stuck, r)
			r.cancel(ErrStopped)
		}
	}
	s.mu.Unlock()
	for _, r := range stuck {
		r.logStuck("worker cut off")
	}
	for _, n := range below {
		if l := n.current(); l != nil {
			n.end(l, ErrStopped)
			left = append(left, n.abandon()...)
		}
	}
	return left
}

// path is the supervisor's name behind those of the supervisors above it.
func (s *Supervisor) path() string {
	if p := s.parent.Load(); p != nil {
		return p.path() + "/" + s.opts.Name
	}
	return s.opts.Name
}

// act does what is due. The caller holds mu and then calls notify; m is to
// whom something has happened, if it was one.
func (l *life) act(m *member) {
	now := time.Now()
	for _, a := range l.plan.next(now, m) {
		switch a.do {
		case doStart:
			l.start(a.member.data.(*proc), now)
		case doStop:
			l.stop(a.member.data.(*proc), a.cause, now)
		case doWait:
			p := a.member.data.(*proc)
			p.timer = time.AfterFunc(a.after, func() { l.wake(p) })
		case doBooted:
			close(l.booted)
		case doEnd:
			for _, p := range l.byName {
				p.settle()
			}
			close(l.done)
		}
	}
}

func (l *life) wake(p *proc) {
	l.s.mu.Lock()
	l.plan.wake(&p.member)
	l.act(&p.member)
	l.s.mu.Unlock()
	l.s.notify()
}
