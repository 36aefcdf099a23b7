package supervisor

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// ServerOptions describe a [Server]. Only Name must be given.
type ServerOptions[S any] struct {
	// Name is what logs and the tree call it.
	Name string
	// Init makes the state, at the start and after each crash: from nothing, or
	// from where it is kept. Nil: the zero S. The context ends when the server
	// is to stop.
	Init func(ctx context.Context) (*S, error)
	// Close has the state when the server stops in good order, and is not called
	// after a crash. Nil: nothing is to be done.
	Close func(*S) error
	// Waiting is how many calls may wait for their turn; 0 is 1,000, Unlimited
	// any number. One more is refused with [ErrBusy].
	Waiting int
	// Restart and Shutdown are those of its [Child].
	Restart  Restart
	Shutdown time.Duration
}

// Server owns a state that nobody else touches: what is done with it is done on
// one goroutine, one after the other, in the order of asking. It is Elixir's
// GenServer, with functions for messages. It runs as the child of a supervisor
// ([Server.Child]). All methods may be called from any goroutine. Make it with
// [NewServer].
//
// A function that panics is the crash of the server: who called it gets a
// [*PanicError], those behind it [ErrNotRunning], and the next run begins with
// what Init makes. A function must not call its own server and wait for the
// answer: that would wait for itself.
type Server[S any] struct {
	opts ServerOptions[S]
	wake chan struct{} // has one when there may be something in the queue

	mu    sync.Mutex
	open  bool // it takes calls
	state *S   // between the Start and the Run of one life
	queue []*call[S]
	lost  int // casts that a crash has taken with it
}

// call is something to be done with the state.
type call[S any] struct {
	do    func(*S)
	phase atomic.Uint32
	done  chan struct{} // nil: nobody waits
	err   error         // before done is closed
}

const (
	callWaits uint32 = iota
	callBegun
	callGivenUp
)

// NewServer makes a server; it takes no calls before it runs under a supervisor.
// It panics when the options are wrong.
func NewServer[S any](opts ServerOptions[S]) *Server[S] {
	if opts.Waiting == 0 {
		opts.Waiting = 1000
	}
	if opts.Waiting < Unlimited {
		panic(fmt.Sprintf("supervisor: NewServer(%q): Waiting is %d, want 0 for the default, a positive number or Unlimited", opts.Name, opts.Waiting))
	}
	s := &Server[S]{opts: opts, wake: make(chan struct{}, 1)}
	c := s.Child()
	if err := c.check(); err != nil {
		panic(fmt.Sprintf("supervisor: NewServer(%q): %v", opts.Name, err))
	}
	return s
}

// Child is what a supervisor runs. When it is stopped, it does what waits
// already, and takes nothing new.
func (s *Server[S]) Child() Child {
	return Child{
		Name: s.opts.Name, Restart: s.opts.Restart, Shutdown: s.opts.Shutdown,
		Start: s.start, Run: s.run, Detail: s.detail,
	}
}

// Do has the server call f with its state, and returns when that is done. The
// error is [ErrNotRunning], [ErrBusy], a [*PanicError] of f or, when ctx ends
// before, its cause: a call whose turn has not come is then never begun; one that
// has begun goes on, so f must not write what the caller reads after an error.
// [Ask] is for a result.
func (s *Server[S]) Do(ctx context.Context, f func(*S)) error {
	c := &call[S]{do: f, done: make(chan struct{})}
	if ctx.Err() != nil {
		return s.failed("not begun", context.Cause(ctx))
	}
	if err := s.enter(c); err != nil {
		return err
	}
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
	}
	switch {
	case c.phase.CompareAndSwap(callWaits, callGivenUp):
		return s.failed("not begun", context.Cause(ctx))
	default:
		select {
		case <-c.done: // at this moment
			return c.err
		default:
			return s.failed("not done yet", context.Cause(ctx))
		}
	}
}

// Ask is [Server.Do] with a result. It is a function because methods have no type
// parameters.
func Ask[S, R any](ctx context.Context, s *Server[S], f func(*S) (R, error)) (R, error) {
	var got struct {
		value R
		err   error
	}
	into := &got
	if err := s.Do(ctx, func(state *S) { into.value, into.err = f(state) }); err != nil {
		var none R
		return none, err
	}
	return got.value, got.err
}

// Cast has the server call f with its state, and does not wait for it. The error
// is [ErrNotRunning] or [ErrBusy]; then f is not called. Nor is it when the server
// crashes before f has its turn, which the tree counts.
func (s *Server[S]) Cast(f func(*S)) error { return s.enter(&call[S]{do: f}) }

func (s *Server[S]) enter(c *call[S]) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.open:
		return s.failed("", ErrNotRunning)
	case s.opts.Waiting >= 0 && len(s.queue) >= s.opts.Waiting:
		return s.failed(fmt.Sprintf("%d calls wait", len(s.queue)), ErrBusy)
	}
	s.queue = append(s.queue, c)
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return nil
}

func (s *Server[S]) failed(what string, err error) error {
	if what == "" {
		return fmt.Errorf("supervisor: server %q: %w", s.opts.Name, err)
	}
	return fmt.Errorf("supervisor: server %q: %s: %w", s.opts.Name, what, err)
}

func (s *Server[S]) start(ctx context.Context) error {
	state := new(S)
	if s.opts.Init != nil {
		var err error
		if state, err = s.opts.Init(ctx); err != nil {
			return err
		}
		if state == nil {
			return errors.New("supervisor: the Init of a server returned neither a state nor an error")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state, s.open = state, true
	return nil
}

func (s *Server[S]) run(ctx context.Context) error {
	defer s.refuse()
	s.mu.Lock()
	state := s.state
	s.state = nil
	s.mu.Unlock()
	for {
		select {
		case <-s.wake:
			s.work(state)
		case <-ctx.Done():
			s.mu.Lock()
			s.open = false
			s.mu.Unlock()
			s.work(state)
			if s.opts.Close != nil {
				return s.opts.Close(state)
			}
			return nil
		}
	}
}

// work does all that waits.
func (s *Server[S]) work(state *S) {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.queue = nil // a burst does not keep its memory
			s.mu.Unlock()
			return
		}
		c := s.queue[0]
		s.queue[0], s.queue = nil, s.queue[1:]
		s.mu.Unlock()
		c.perform(state)
	}
}

// perform calls the function, unless its caller has given up. A panic goes on to
// the supervisor.
func (c *call[S]) perform(state *S) {
	if !c.phase.CompareAndSwap(callWaits, callBegun) {
		return
	}
	if c.done == nil {
		c.do(state)
		return
	}
	returned := false
	defer func() {
		if returned {
			close(c.done)
			return
		}
		c.err = ErrExited
		v := recover()
		if v != nil {
			c.err = &PanicError{Value: v, Stack: debug.Stack()}
			defer panic(v)
		}
		close(c.done)
	}()
	c.do(state)
	returned = true
}

// refuse answers those who wait when a run is over; after an end in good order
// nobody does.
func (s *Server[S]) refuse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = false
	for _, c := range s.queue {
		switch {
		case c.done == nil:
			s.lost++
		case c.phase.CompareAndSwap(callWaits, callGivenUp):
			c.err = s.failed("crashed before the call had its turn", ErrNotRunning)
			close(c.done)
		}
	}
	s.queue = nil
}

func (s *Server[S]) detail() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost > 0 {
		return fmt.Sprintf("%d waiting, %d casts lost in crashes", len(s.queue), s.lost)
	}
	return fmt.Sprintf("%d waiting", len(s.queue))
}
