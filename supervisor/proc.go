package supervisor

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"bennu/internal/logs"
)

// proc is a child, through all its restarts. Guarded by the supervisor's mu.
type proc struct {
	member
	life   *life
	child  Child
	number uint64 // in the order of coming
	run    *run   // nil while it does not run
	timer  *time.Timer
	runs   int

	born   time.Time
	since  time.Time // when its state began
	failed bool      // its last run ended with an error
	err    string    // of its last failure
	errAt  time.Time

	ready    chan struct{} // closed when its first start has come out
	readyErr error
	waiting  int           // how many wait for ready, or did until it was closed
	settled  chan struct{} // closed when it has ended, or is stuck
}

// run is a proc between two restarts: one goroutine.
type run struct {
	proc      *proc
	child     Child // the proc may get another one
	ctx       context.Context
	cancel    context.CancelCauseFunc
	late      *time.Timer // nil before it is stopped
	limit     time.Duration
	goroutine goroutineID // set under the supervisor's mu
}

func jitter() float64 { return rand.Float64() }

// add takes a child in.
func (l *life) add(c Child) *proc {
	l.procs++
	p := &proc{life: l, number: l.procs}
	p.member.data = p
	l.byName[c.Name] = p
	p.become(c)
	l.plan.add(&p.member)
	return p
}

// become makes a new child of the proc.
func (p *proc) become(c Child) {
	p.child = c
	p.member.name, p.member.restart = c.Name, c.Restart
	p.born = time.Now()
	p.since, p.failed, p.runs = p.born, false, 0
	p.ready, p.readyErr, p.settled = make(chan struct{}), nil, make(chan struct{})
	p.waiting = 0
}

// settle lets those know who wait for the end of it.
func (p *proc) settle() {
	if p.timer != nil {
		p.timer.Stop()
	}
	p.answer(ErrNotRunning)
	select {
	case <-p.settled:
	default:
		close(p.settled)
	}
}

// answer tells those who wait for the first start how it came out.
func (p *proc) answer(err error) {
	select {
	case <-p.ready:
	default:
		p.readyErr = err
		close(p.ready)
	}
}

func (l *life) start(p *proc, now time.Time) {
	r := &run{proc: p, child: p.child}
	r.ctx, r.cancel = context.WithCancelCause(l.base)
	p.run, p.since = r, now
	p.runs++
	go r.main()
}

func (l *life) stop(p *proc, cause error, now time.Time) {
	p.since = now
	r := p.run
	if p.child.nested != nil {
		p.child.nested.hurry(l.deadline)
	}
	r.cancel(cause)
	if r.limit = p.child.shutdown(); r.limit >= 0 {
		if !l.deadline.IsZero() { // those before it need time, too
			r.limit = min(r.limit, max(0, l.deadline.Sub(now)/2))
		}
		r.late = time.AfterFunc(r.limit, r.overdue)
	}
}

// main is the goroutine of a child.
func (r *run) main() {
	s := r.proc.life.s
	var err error
	returned := false
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		} else if !returned {
			err = ErrExited
		}
		r.exited(err)
	}()
	s.mu.Lock()
	r.goroutine = ownGoroutine()
	s.mu.Unlock()
	if r.child.Start != nil {
		if err = r.child.Start(r.ctx); err != nil {
			returned = true
			return
		}
	}
	r.started()
	if r.child.Run == nil {
		<-r.ctx.Done()
	} else {
		err = r.child.Run(r.ctx)
	}
	returned = true
}

func (r *run) started() {
	p := r.proc
	s := p.life.s
	s.mu.Lock()
	now := time.Now()
	if p.member.phase == starting {
		p.since = now
	}
	p.life.plan.started(&p.member, now)
	p.answer(nil)
	p.life.act(&p.member)
	s.mu.Unlock()
	s.log(slog.LevelDebug, "worker started", r, nil)
	s.notify()
}

// exited is the end of a run.
func (r *run) exited(err error) {
	p, l := r.proc, r.proc.life
	s := l.s
	cause := context.Cause(r.ctx) // nil: nobody has stopped it
	r.cancel(err)                 // before the next run: what was bound to it is free
	s.mu.Lock()
	if r.late != nil {
		r.late.Stop()
	}
	p.run = nil
	now := time.Now()
	p.since = now
	first := p.member.begin
	fault := l.plan.exited(&p.member, err, now)
	p.failed = fault && err != nil
	if fault || unasked(cause, err) {
		p.err, p.errAt = logs.Cut(text(err), maxError), now
	}
	if first && err != nil {
		p.answer(err)
	} else if first {
		p.answer(ErrNotRunning)
	}
	if !fault && p.child.nested != nil {
		l.stuck = append(l.stuck, stuckIn(err)...)
	}
	left := p.member.phase == ended
	if left {
		l.leave(p)
	}
	wait := time.Duration(0)
	if p.member.due.After(now) {
		wait = p.member.due.Sub(now)
	}
	l.act(&p.member)
	s.mu.Unlock()
	r.logEnd(err, cause, fault, first, !left, wait)
	s.notify()
}

// maxError is how much of an error the tree keeps.
const maxError = 500

// unasked reports an error that is not only the end of the context.
func unasked(cause, err error) bool {
	return err != nil && (cause == nil || !errors.Is(err, context.Canceled) && !errors.Is(err, cause) && len(stuckIn(err)) == 0)
}

// stuckIn are the errors of children that are stuck.
func stuckIn(err error) []error {
	var found []error
	switch e := err.(type) {
	case *StuckError:
		return []error{e}
	case interface{ Unwrap() []error }:
		for _, err := range e.Unwrap() {
			found = append(found, stuckIn(err)...)
		}
	case interface{ Unwrap() error }:
		return stuckIn(e.Unwrap())
	}
	return found
}

// overdue finds that the run has not ended in time.
func (r *run) overdue() {
	p, l := r.proc, r.proc.life
	s := l.s
	s.mu.Lock()
	if p.run != r || p.member.phase != stopping {
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	stack := r.logStuck("worker is stuck") // which takes its time
	s.mu.Lock()
	if p.run == r && p.member.phase == stopping {
		l.plan.late(&p.member)
		p.since = time.Now()
		e := &StuckError{Child: r.path(), After: r.limit, Stack: stack}
		p.err, p.errAt = e.Error(), p.since
		l.stuck = append(l.stuck, e)
		p.settle()
		l.act(&p.member)
	}
	s.mu.Unlock()
	s.notify()
}

// logEnd says why a run has ended, once.
func (r *run) logEnd(err, cause error, fault, first, again bool, wait time.Duration) {
	s := r.proc.life.s
	var stack []slog.Attr
	pe, panicked := errors.AsType[*PanicError](err)
	if panicked {
		stack = append(stack, slog.String("stack", string(pe.Stack)))
	}
	switch {
	case fault && first && !panicked: // whoever starts it is told
	case fault && first:
		s.log(slog.LevelError, "worker did not start", r, err, stack...)
	case fault && err == nil:
		s.log(slog.LevelWarn, "worker ended, and is restarted", r, nil, slog.Duration("in", wait))
	case fault && again:
		s.log(slog.LevelError, "worker crashed, and is restarted", r, err, append([]slog.Attr{slog.Duration("in", wait)}, stack...)...)
	case fault:
		s.log(slog.LevelError, "worker crashed", r, err, stack...)
	case panicked:
		s.log(slog.LevelError, "worker crashed while stopping", r, err, stack...)
	case unasked(cause, err):
		s.log(slog.LevelWarn, "worker failed while stopping", r, err)
	default:
		s.log(slog.LevelDebug, "worker ended", r, nil)
	}
}

// logStuck says what does not return, and where it is.
func (r *run) logStuck(msg string) (stack string) {
	s := r.proc.life.s
	if !s.logs(slog.LevelError, msg, r, nil) {
		return ""
	}
	s.mu.Lock()
	id := r.goroutine
	s.mu.Unlock()
	stack = id.stack()
	s.write(slog.LevelError, msg, r, nil, slog.String("stack", stack))
	return stack
}

// log writes one line about a child, unless there are too many like it.
func (s *Supervisor) log(level slog.Level, msg string, r *run, err error, attrs ...slog.Attr) {
	if s.logs(level, msg, r, err) {
		s.write(level, msg, r, err, attrs...)
	}
}

func (s *Supervisor) logs(level slog.Level, msg string, r *run, err error) bool {
	log := s.logger()
	return log.Enabled(r.ctx, level) &&
		(level < slog.LevelWarn || s.sampler.Take(log, logs.Kind{Level: level, Message: msg, Worker: r.path()}, err))
}

func (s *Supervisor) write(level slog.Level, msg string, r *run, err error, attrs ...slog.Attr) {
	all := []slog.Attr{slog.String("worker", r.path())}
	if err != nil {
		all = append(all, slog.Any("err", err))
	}
	s.logger().LogAttrs(r.ctx, level, msg, append(all, attrs...)...)
}

func (s *Supervisor) logger() *slog.Logger {
	if s.opts.Log != nil {
		return s.opts.Log
	}
	return slog.Default()
}

func (r *run) path() string { return r.proc.life.s.path() + "/" + r.child.Name }
