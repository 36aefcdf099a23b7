package bennu

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"bennu/telemetry"
)

// leaving is the end of an App.
type leaving struct {
	begun atomic.Bool // /readyz says no

	mu      sync.Mutex
	hooks   []func(context.Context)
	ctx     context.Context // of the drain; nil before it begins
	cancel  context.CancelFunc
	cutOff  []error
	goodbye sync.Once
}

// workersShare is the part of the time that is left to workers, which end last.
const workersShare = 5

// OnDrain calls f when the App begins to leave, before any view has ended: to
// tell other servers that those who are here will come to them. Several are
// called in the order of registration. The context ends with the time that the
// App has for its end; a panic is logged. Register before the App serves.
func (a *App) OnDrain(f func(ctx context.Context)) {
	if f == nil {
		a.refuse("OnDrain", errors.New("want a func(context.Context), got nil"))
	}
	a.leaving.mu.Lock()
	defer a.leaving.mu.Unlock()
	a.leaving.hooks = append(a.leaving.hooks, f)
}

// limit gives the drain its time: all of it, but for the share of the workers.
// The first call counts.
func (l *leaving) limit(ctx context.Context) {
	l.begun.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx != nil {
		return
	}
	l.ctx, l.cancel = context.WithCancel(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline)
		l.ctx, l.cancel = context.WithDeadline(ctx, deadline.Add(-left/workersShare))
	}
}

// budget is the context of the drain. A tree that ends because a part of it has
// failed drains too, with the time of the options.
func (l *leaving) budget(a *App) context.Context {
	l.mu.Lock()
	begun := l.ctx != nil
	l.mu.Unlock()
	if !begun {
		ctx, cancel := context.WithTimeout(context.Background(), a.opts.ShutdownTimeout)
		context.AfterFunc(ctx, cancel) // it lives as long as the drain may
		l.limit(ctx)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx
}

// cut notes what did not end in time.
func (l *leaving) cut(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cutOff = append(l.cutOff, err)
}

// end gives back what the drain needed, and reports what did not end in time.
func (l *leaving) end() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel != nil {
		l.cancel()
	}
	err := errors.Join(l.cutOff...)
	l.ctx, l.cancel, l.cutOff = nil, nil, nil
	return err
}

// endSockets says goodbye and closes the sockets.
func (a *App) endSockets(ctx context.Context) {
	a.leaving.goodbye.Do(func() {
		a.leaving.mu.Lock()
		hooks := a.leaving.hooks
		a.leaving.mu.Unlock()
		for _, f := range hooks {
			a.sayGoodbye(ctx, f)
		}
	})
	open := a.sockets.Len()
	start := time.Now()
	err := a.sockets.Shutdown(ctx)
	if a.observe.Drain != nil {
		a.observe.Drain(telemetry.Drain{Sockets: open, Duration: time.Since(start), Err: err})
	}
	if err != nil {
		a.log.WarnContext(ctx, "sockets cut off", slog.Int("sockets", a.sockets.Len()), slog.Any("err", err))
		a.leaving.cut(err)
	} else if open > 0 {
		a.log.InfoContext(ctx, "drained", slog.Int("sockets", open), slog.Duration("dur", time.Since(start)))
	}
}

func (a *App) sayGoodbye(ctx context.Context, f func(context.Context)) {
	defer func() {
		if v := recover(); v != nil {
			a.log.ErrorContext(ctx, "drain hook panicked", slog.String("err", fmt.Sprint(v)), slog.String("stack", string(debug.Stack())))
		}
	}()
	f(ctx)
}

// endViews waits until no view runs.
func (a *App) endViews(ctx context.Context) {
	if err := a.views.Wait(ctx); err != nil {
		a.log.WarnContext(ctx, "views cut off", slog.Int("views", a.views.Views()), slog.Any("err", err))
		a.leaving.cut(err)
	}
	for _, rt := range a.channels {
		if err := rt.Wait(ctx); err != nil {
			a.log.WarnContext(ctx, "channels cut off", slog.Int("channels", rt.Channels()), slog.Any("err", err))
			a.leaving.cut(err)
		}
	}
	a.dev.close()
}

// Shutdown ends the App: /readyz says no, the sockets are closed in batches, so
// that their browsers connect to another server, events under way are finished,
// and then the workers are stopped, in reverse. It returns when all have ended,
// or when the context ends, with its error. Of the time until the context's
// deadline a fifth is the workers'.
//
// [App.ListenAndServe] does it by itself; call it when the App is a handler in a
// server of one's own, after that server has stopped to accept.
func (a *App) Shutdown(ctx context.Context) error {
	defer a.sampler.Flush()
	defer a.told.Cancel()
	a.leaving.limit(ctx)
	var err error
	if a.tree.Done() == nil { // it was not started: there are views at most
		a.endSockets(a.leaving.budget(a))
		a.endViews(a.leaving.budget(a))
	} else {
		err = a.tree.Stop(ctx)
	}
	if err := errors.Join(a.leaving.end(), err); err != nil {
		return fmt.Errorf("bennu: shutdown: %w", err)
	}
	return nil
}
