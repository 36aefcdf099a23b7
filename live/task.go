package live

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"bennu/telemetry"
)

// Pool bounds how many background tasks of all the views that were given it run
// at a time; the others wait. It is made by [NewPool] and shared.
type Pool struct{ turns chan struct{} }

// NewPool makes a Pool of n tasks at a time.
func NewPool(n int) *Pool {
	if n < 1 {
		panic(fmt.Sprintf("live: NewPool wants room for one task or more, got %d", n))
	}
	return &Pool{make(chan struct{}, n)}
}

// TaskOption changes how a background task runs.
type TaskOption func(*taskOptions)

type taskOptions struct {
	pool  *Pool
	reset bool
}

// In makes a task wait for its turn in a pool.
func In(p *Pool) TaskOption { return func(o *taskOptions) { o.pool = p } }

// Go runs work in the background, once the present callback has returned nil,
// and then calls done with its result as a callback of the view. Of two tasks
// with one name the later one counts: the earlier one's context is cancelled
// and its result is dropped.
//
// The context that work gets ends with the view. A panic in work, or an end by
// runtime.Goexit, becomes an error like any other. In a dead render nothing is
// run, for there is nobody to come back to.
//
// Work runs on a goroutine of its own: it must not touch the view, and takes
// what it needs from variables.
func Go[T any](s *Socket, name string, work func(context.Context) (T, error), done func(*Socket, T, error) error, opts ...TaskOption) {
	startTask(s, name, name, work, done, opts)
}

// Cancel ends the task of this name: its context is cancelled and its done is
// called with [context.Canceled]. Without such a task it does nothing.
func Cancel(s *Socket, name string) { cancelTask(s, name) }

// task is one piece of work in the background.
type task struct {
	key       any // a name, or the *Async that it fills
	label     string
	component *component // whose callback began it; nil: the view
	cancel    context.CancelFunc
	dropped   func() local // the message of a cancelled task
}

func startTask[T any](s *Socket, key any, label string, work func(context.Context) (T, error), done func(*Socket, T, error) error, opts []TaskOption) {
	var o taskOptions
	for _, opt := range opts {
		opt(&o)
	}
	a, of := s.ask(), s.component
	switch {
	case label == "":
		a.fail(errors.New("live: Go without a name; of two tasks with one name the later takes the place of the earlier, so name each for what it does, as in live.Go(s, \"orders\", …)"))
		return
	case work == nil || done == nil:
		a.fail(fmt.Errorf("live: task %q: Go wants two functions, the work and what takes its result, got nil", label))
		return
	}
	a.started = append(a.started, label)
	a.tasks = append(a.tasks, func(p *Process) {
		ctx, cancel := context.WithCancel(p.ctx)
		t := &task{key: key, label: label, component: of, cancel: cancel}
		t.dropped = func() local {
			var none T
			return &taskEnd{t, func(s *Socket) error { return done(s, none, context.Canceled) }, context.Canceled, true}
		}
		p.addTask(t)
		p.rt.taskStarted()
		ended := p.spec.Witness.Start(label)
		tell := func(error) {}
		if observe := p.rt.Observe.Task; observe != nil {
			seen := telemetry.Task{View: p.about(), Name: label, Start: time.Now()}
			tell = func(err error) { seen.Duration, seen.Err = time.Since(seen.Start), err; observe(seen) }
		}
		go func() {
			defer p.rt.taskEnded()
			defer ended() // its message is in the mailbox then
			defer cancel()
			value, err := runTask(ctx, o.pool, work)
			tell(err)
			p.post(&taskEnd{t, func(s *Socket) error { return done(s, value, err) }, err, false})
		}()
	})
}

// runTask does the work when the pool has room for it.
func runTask[T any](ctx context.Context, pool *Pool, work func(context.Context) (T, error)) (value T, err error) {
	if pool != nil {
		select {
		case pool.turns <- struct{}{}:
			defer func() { <-pool.turns }()
		case <-ctx.Done():
			return value, ctx.Err()
		}
	}
	if err := ctx.Err(); err != nil {
		return value, err
	}
	// A goroutine of its own, so that an end by runtime.Goexit is seen from here.
	ended := make(chan struct{})
	err = errTaskGoexit
	go func() {
		defer close(ended)
		defer func() {
			if v := recover(); v != nil {
				err = &PanicError{Value: v, Stack: debug.Stack()}
			}
		}()
		value, err = work(ctx)
	}()
	<-ended
	return value, err
}

var errTaskGoexit = errors.New("live: a task ended its goroutine with runtime.Goexit (does it call t.FailNow?)")

// addTask makes t the task of its key; an earlier one is cancelled.
func (p *Process) addTask(t *task) {
	e := p.more()
	if old := e.tasks[t.key]; old != nil {
		old.cancel()
	}
	if e.tasks == nil {
		e.tasks = make(map[any]*task)
	}
	e.tasks[t.key] = t
}

func cancelTask(s *Socket, key any) {
	a := s.ask()
	a.tasks = append(a.tasks, func(p *Process) {
		t := p.more().tasks[key]
		if t == nil {
			return
		}
		t.cancel()
		delete(p.extras.tasks, key)
		p.post(t.dropped())
	})
}

// taskEnd is the result of a task on its way to the view.
type taskEnd struct {
	task      *task
	done      func(*Socket) error
	err       error
	cancelled bool
}

func (e *taskEnd) name() string { return "task " + e.task.label }

func (e *taskEnd) run(p *Process) (*asks, error) {
	if !e.cancelled {
		if p.extras.tasks[e.task.key] != e.task { // replaced or cancelled meanwhile
			return nil, nil
		}
		delete(p.extras.tasks, e.task.key)
	}
	if pe, ok := errors.AsType[*PanicError](e.err); ok {
		p.logCrash("task panicked", fmt.Errorf("live: task %s: %w", e.task.label, pe))
	}
	if a, halt, err := p.extras.hooks.runTask(&p.instance, e.task.label, e.err); halt || err != nil {
		return a, err
	}
	return p.callbackOf(e.task.component, e.done)
}
