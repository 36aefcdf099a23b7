package supervisor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"bennu/internal/logs"
)

// ErrBusy is the answer of [Tasks] of which too many wait already.
var ErrBusy = errors.New("supervisor: too many tasks wait")

// ErrCancelled is the [context.Cause] of a task that was cancelled by
// [Task.Cancel].
var ErrCancelled = errors.New("supervisor: task cancelled")

// TasksOptions bound [Tasks]. The zero TasksOptions are good ones.
type TasksOptions struct {
	// Name is what logs and the tree call them; "" is "tasks".
	Name string
	// AtOnce is how many run at a time; 0 is 100.
	AtOnce int
	// Waiting is how many may wait for their turn; 0 is 10,000, Unlimited any
	// number. One more ends with [ErrBusy].
	Waiting int
	// Log takes panics; nil is [slog.Default].
	Log *slog.Logger
}

// Tasks are pieces of work that run beside those who want them done, so many at
// a time: [Async] for a result, [Tasks.Go] for none. They end with the
// supervisor whose child they are (see [Tasks.Child]). All methods may be called
// from any goroutine. Make them with [NewTasks].
type Tasks struct {
	opts    TasksOptions
	sampler logs.Sampler
	turns   chan struct{}

	mu      sync.Mutex
	life    context.Context // nil: not running
	waiting int
	running sync.WaitGroup
}

// NewTasks makes Tasks; they take none before they run under a supervisor.
func NewTasks(opts TasksOptions) *Tasks {
	if opts.Name == "" {
		opts.Name = "tasks"
	}
	if opts.AtOnce == 0 {
		opts.AtOnce = 100
	}
	if opts.Waiting == 0 {
		opts.Waiting = 10_000
	}
	if opts.AtOnce < 0 || opts.Waiting < Unlimited {
		panic(fmt.Sprintf("supervisor: NewTasks(%q): AtOnce is %d and Waiting %d, want positive numbers, or Unlimited for Waiting", opts.Name, opts.AtOnce, opts.Waiting))
	}
	return &Tasks{opts: opts, turns: make(chan struct{}, opts.AtOnce)}
}

// Child is what a supervisor runs. When it is stopped, the contexts of all tasks
// end, and it is waited for them.
func (t *Tasks) Child() Child {
	return Child{
		Name: t.opts.Name,
		Start: func(ctx context.Context) error {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.life = ctx
			return nil
		},
		Run: func(ctx context.Context) error {
			<-ctx.Done()
			t.mu.Lock()
			t.life = nil
			t.mu.Unlock()
			t.running.Wait()
			t.sampler.Flush()
			return nil
		},
		Detail: func() string {
			t.mu.Lock()
			defer t.mu.Unlock()
			return fmt.Sprintf("%d running, %d waiting", len(t.turns), t.waiting)
		},
	}
}

// Task is a piece of work that was begun by [Async].
type Task[T any] struct {
	cancel context.CancelCauseFunc
	done   chan struct{}
	value  T
	err    error
}

// Async begins a task and returns at once; [Task.Await] has its result. The
// context that work gets has the values of ctx, and ends with ctx, with
// [Task.Cancel], or with the supervisor of the tasks.
//
// A panic of work becomes a [*PanicError] at Await, and is logged; a Goexit
// becomes [ErrExited].
func Async[T any](ctx context.Context, t *Tasks, work func(context.Context) (T, error)) *Task[T] {
	task := &Task[T]{done: make(chan struct{})}
	done := func(err error) {
		task.err = err
		close(task.done)
	}
	cancel, refused := t.begin(ctx, func(ctx context.Context) (err error) {
		task.value, err = work(ctx)
		return err
	}, done)
	if task.cancel = cancel; refused != nil {
		done(refused)
	}
	return task
}

// Await waits for the result. When ctx ends first, its cause is the error, and
// the task goes on: cancel it if nobody else waits.
func (t *Task[T]) Await(ctx context.Context) (T, error) {
	select {
	case <-t.done:
		return t.value, t.err
	default:
	}
	select {
	case <-t.done:
		return t.value, t.err
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("supervisor: await: %w", context.Cause(ctx))
	}
}

// Done is closed when the result is there.
func (t *Task[T]) Done() <-chan struct{} { return t.done }

// Cancel ends the context of the task; the work decides what follows. A task
// that still waits for its turn never begins. After the end it does nothing.
func (t *Task[T]) Cancel() { t.cancel(ErrCancelled) }

// Go begins a task whose result nobody waits for: an error is logged. Unlike
// that of [Async], the task outlives ctx, of which it has the values alone: what
// a request or a view began is done when it is over. The error is [ErrBusy] or
// [ErrNotRunning]; then work is not called.
func (t *Tasks) Go(ctx context.Context, work func(context.Context) error) error {
	_, refused := t.begin(context.WithoutCancel(ctx), work, func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) && !isPanic(err) {
			t.log("task failed", err)
		}
	})
	return refused
}

func isPanic(err error) bool {
	_, ok := errors.AsType[*PanicError](err)
	return ok
}

// begin runs work when its turn comes and then calls done, unless it refuses.
func (t *Tasks) begin(ctx context.Context, work func(context.Context) error, done func(error)) (cancel context.CancelCauseFunc, refused error) {
	t.mu.Lock()
	life := t.life
	switch {
	case life == nil:
		refused = ErrNotRunning
	case t.opts.Waiting >= 0 && t.waiting >= t.opts.Waiting && len(t.turns) == cap(t.turns):
		refused = ErrBusy
	}
	if refused != nil {
		t.mu.Unlock()
		return func(error) {}, refused
	}
	t.waiting++
	t.running.Add(1)
	t.mu.Unlock()

	ctx, cancel = context.WithCancelCause(ctx)
	unbind := context.AfterFunc(life, func() { cancel(context.Cause(life)) })
	go func() {
		err := ErrExited
		defer func() {
			if v := recover(); v != nil {
				err = &PanicError{Value: v, Stack: debug.Stack()}
				t.log("task panicked", err)
			}
			unbind()
			cancel(nil)
			done(err)
			t.running.Done()
		}()
		if turn := t.enter(ctx); turn != nil {
			err = turn
			return
		}
		defer func() { <-t.turns }()
		err = work(ctx)
	}()
	return cancel, nil
}

// enter waits for a turn.
func (t *Tasks) enter(ctx context.Context) error {
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.waiting--
	}()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case t.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t *Tasks) log(msg string, err error) {
	log := t.opts.Log
	if log == nil {
		log = slog.Default()
	}
	if !t.sampler.Take(log, logs.Kind{Level: slog.LevelError, Message: msg, Worker: t.opts.Name}, err) {
		return
	}
	attrs := []slog.Attr{slog.String("worker", t.opts.Name), slog.Any("err", err)}
	if pe, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(pe.Stack)))
	}
	log.LogAttrs(context.Background(), slog.LevelError, msg, attrs...)
}
