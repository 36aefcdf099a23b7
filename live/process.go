package live

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"bennu/internal/lifetime"
	"bennu/internal/logs"
	"bennu/render"
	"bennu/telemetry"
)

// Process runs one connected view. It is a mailbox and a state, not a
// goroutine: it borrows one while there is something to do, so that an idle
// view costs its state and nothing else.
//
// Messages are handled in the order of Deliver, one at a time. All methods may
// be called from any goroutine; it implements [Channel].
type Process struct {
	instance
	out  Outlet
	tape render.State

	mu      sync.Mutex
	mailbox mailbox
	stop    Reason // why to end; 0 while wanted
	running bool   // a goroutine is at work
	ended   bool
	known   bool // spec says which view it is
	joined  bool // the join is answered
	drains  bool // to end when nothing waits any more

	// Of the goroutine at work:
	at      uint32 // since when it is at the message at hand, see watch
	mounted bool   // Mount has returned without an error
	dirty   bool   // a message has been handled whose changes the client has not heard
	typed   bool   // what is handled is the event of a form

	// Under mu:
	parting parting
	leaving bool    // the page is on its way elsewhere
	family  *family // nil without nested views
}

var _ Channel = (*Process)(nil)

// turns is how many messages a borrowed goroutine handles before it gives its
// place in the scheduler's queue away.
const turns = 64

// Start makes the process of a topic that is being joined and returns at once.
// On the process's own goroutine prepare says which view it is; then the view
// mounts, renders, and the join is answered. An error of prepare or of Mount
// refuses the join: a [*JoinError] by its reason, an error with a 4xx HTTP
// status by sending the browser to that error page, any other as a crash.
func (r *Runtime) Start(out Outlet, prepare func() (Spec, error)) *Process {
	p := &Process{out: out, running: true}
	p.rt, p.ctx, p.proc = r, new(lifetime.Context), p
	p.process = r.processes.Add(1)
	r.running.Add(1)
	r.watchOver()
	go p.begin(prepare)
	return p
}

// Deliver puts a message into the mailbox; false when that is full.
// What comes after the end is dropped.
func (p *Process) Deliver(m Message) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != 0 || p.drains {
		return true
	}
	if !p.mailbox.put(m, p.rt.mailbox(), p.rt.mailboxBytes()) {
		return false
	}
	p.wake()
	return true
}

// Stop ends the view after the callback that is running, if one is.
// Its context is cancelled at once; messages that still wait are dropped.
// A view that is [Drained] first handles what waits, with a living context, and
// tells its client what came of it; another Stop ends that.
func (p *Process) Stop(why Reason) {
	p.mu.Lock()
	switch {
	case p.stop != 0, p.drains && why == Drained:
		p.mu.Unlock()
		return
	case why == Drained && p.joined:
		p.drains = true
		p.wake()
		p.mu.Unlock()
		return
	case p.drains && why == SocketClosed:
		why = Drained
	}
	p.stop = why
	load := p.load()
	p.mailbox.drop() // also when the callback never returns
	p.wake()
	p.mu.Unlock()
	p.ctx.Cancel()
	if why == Overloaded {
		p.logOverload(load)
	}
}

// wake borrows a goroutine if none is at work. The caller holds mu.
func (p *Process) wake() {
	if !p.running && !p.ended {
		p.running = true
		p.rt.lend(p)
	}
}

// begin joins, then does what has come in meanwhile.
func (p *Process) begin(prepare func() (Spec, error)) {
	done := false
	defer p.guard(&done)
	p.at = p.rt.watch.begin()
	if p.join(prepare) {
		p.mu.Lock()
		p.joined = true
		p.mu.Unlock()
		p.work()
	}
	done = true
}

// run does what waits in the mailbox.
func (p *Process) run() {
	p.spec.Witness.Enter()
	done := false
	defer p.guard(&done)
	p.at = p.rt.watch.begin()
	p.work()
	done = true
}

// work handles messages until none waits or the view is to end. What they have
// to say goes out in one write.
func (p *Process) work() {
	flushed := true
	for n := 1; ; n++ {
		p.mu.Lock()
		why, waiting := p.stop, p.mailbox.len() > 0
		if why == 0 && !waiting && flushed && !p.unheard() {
			if p.drains {
				p.stop = Drained
				p.mu.Unlock()
				continue
			}
			p.rest()
			p.mu.Unlock()
			return
		}
		if why != 0 || !waiting {
			p.mu.Unlock()
			if why != 0 {
				flushed = p.part() && flushed
			} else if why == 0 && p.unheard() {
				if err := p.pushDiff(); err != nil {
					p.fail(err)
					return
				}
				flushed = false
			}
			if !flushed && p.out.Flush() != nil {
				p.Stop(SocketClosed)
			}
			flushed = true
			if why != 0 {
				p.finish(why)
				return
			}
			continue
		}
		m := p.mailbox.take()
		p.mu.Unlock()
		p.rt.watch.next(&p.at)

		if err := p.handle(m); err != nil {
			p.fail(err)
			return
		}
		flushed = false
		if n%turns == 0 {
			runtime.Gosched()
		}
	}
}

// unheard reports whether something has changed that the client has not been
// told.
func (p *Process) unheard() bool {
	return p.dirty || p.extras != nil && p.extras.components != nil && len(p.extras.components.dirty) > 0
}

// rest is the state between two borrowed goroutines: no message, little
// memory. The caller holds mu.
func (p *Process) rest() {
	p.rt.watch.end(p.at)
	p.running = false
	p.mailbox.rest()
}

// stopped is the reason to end, 0 while the view is wanted.
func (p *Process) stopped() Reason {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stop
}

// fail ends the view after an error. When the client has gone meanwhile the
// error is no crash: a handler or a render that minds its context ends with
// that context's error.
func (p *Process) fail(err error) {
	if err == errMoved {
		p.out.Close()
		_ = p.out.Flush() // whether or not the client still listens, the view is over
		p.finish(Moved)
		return
	}
	if why := p.stopped(); why != 0 {
		if !p.part() {
			_ = p.out.Flush() // whether or not the client still listens, the view is over
		}
		p.finish(why)
		return
	}
	p.crash(err)
}

// guard is the last line: whatever ends the goroutine without having been
// caught by a callback's own frame ends this view and nothing else.
func (p *Process) guard(done *bool) {
	v := recover()
	if *done {
		return
	}
	err := errGoexit
	if v != nil {
		err = &PanicError{Value: v, Stack: debug.Stack()}
	}
	p.mu.Lock()
	over := p.ended
	p.mu.Unlock()
	if over {
		p.logCrash("failure while ending", err)
		return
	}
	p.crash(err)
}

// crash ends the view because of an error and lets the client join again.
func (p *Process) crash(err error) {
	defer func() { // also when an observer ends the goroutine by runtime.Goexit
		p.out.Fail()
		_ = p.out.Flush() // whether or not the client still listens, the view is over
		p.finish(Crashed)
	}()
	p.logCrash("view crashed", err)
	if p.rt.Observe.Crash != nil {
		event := ""
		if in, ok := errors.AsType[*eventError](err); ok {
			event = in.event
		}
		p.observeCrash(event, err)
	}
}

// finish ends the process; nothing runs after it.
func (p *Process) finish(why Reason) {
	p.mu.Lock()
	if p.ended {
		p.mu.Unlock()
		return
	}
	p.ended = true
	if p.stop == 0 {
		p.stop = why
	}
	joined := p.joined
	p.mailbox.drop()
	p.mu.Unlock()

	p.ctx.Cancel()
	p.release()
	p.endChildren()
	p.orphan()
	defer p.over()
	if joined && p.rt.Observe.Leave != nil {
		p.rt.Observe.Leave(telemetry.Leave{View: p.about(), Reason: why.String()})
	}
	if !p.mounted || why == Crashed || why == Refused {
		return
	}
	if p.extras != nil && p.extras.components != nil {
		for _, c := range p.extras.components.byCID {
			p.endComponent(c, why)
		}
	}
	if t, ok := p.spec.View.(Terminator); ok {
		if err := p.terminate(t, why); err != nil {
			p.logCrash("terminate failed", err)
		}
	}
	if log := p.rt.log(); log.Enabled(p.ctx, p.detail()) {
		log.LogAttrs(p.ctx, p.detail(), "view ended", append(p.identity(), slog.String("reason", why.String()))...)
	}
}

// over counts the process out, last of all.
func (p *Process) over() {
	p.rt.parents.Delete(p.process) // until now it says itself why it takes no child
	p.rt.watch.end(p.at)
	p.out.Ended()
	p.rt.ended()
}

// lastWords is how long a Terminate may use its context.
const lastWords = 5 * time.Second

// terminate runs the view's last callback. The view's own context has ended, so
// that it gets another one, or it could save nothing.
func (p *Process) terminate(t Terminator, why Reason) (err error) {
	defer catch(&err)
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	s := &Socket{view: &p.instance, last: ctx}
	defer s.end()
	t.Terminate(s, why)
	return nil
}

// logCrash logs an error once, with the stack if it was a panic. Of those that
// come again and again most are only counted.
func (p *Process) logCrash(msg string, err error) {
	p.spec.Witness.Fail(p.spec.ID, err)
	kind := logs.Kind{Level: slog.LevelError, Message: msg, View: p.spec.Name}
	in, ok := errors.AsType[*eventError](err)
	if ok && in.known {
		kind.Event = in.event
	}
	if !p.rt.sampled(kind, err) {
		return
	}
	attrs := append(p.identity(), slog.Any("err", err))
	if ok {
		attrs = append(attrs, slog.String("event", in.event))
	}
	if e, ok := errors.AsType[*PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(e.Stack)))
	}
	p.rt.log().LogAttrs(p.ctx, slog.LevelError, msg, attrs...)
}

// warnIfSlow names a handler that held its view up.
func (p *Process) warnIfSlow(event string, start time.Time) {
	took := time.Since(start)
	if took < p.rt.slow() || !p.rt.sampled(logs.Kind{Level: slog.LevelWarn, Message: "slow handler", View: p.spec.Name, Event: event}, nil) {
		return
	}
	p.rt.log().LogAttrs(p.ctx, slog.LevelWarn, "slow handler", append(p.identity(),
		slog.String("event", event), slog.Duration("dur", took))...)
}
