package live

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"math"
	"runtime"
	"strconv"
	"strings"
	"time"

	"bennu/internal/logs"
	"bennu/internal/wire"
)

// What a stuck callback is at is seen from its goroutine's stack alone, and Go
// gives another goroutine's stack to nobody. Of the two ways around that,
// profiler labels would have to be set before each callback, on the chance that
// it gets stuck: an allocation a view and some time for each event. So the
// stacks of all goroutines are taken instead, and the one is looked for in which
// a method of the Process runs: a traceback shows the receiver's address. That
// stops the program for about two milliseconds for each thousand goroutines,
// which is why it is done for views that are past help only, at most once a
// minute, and not at all in a very large program.
const (
	stackEvery     = time.Minute
	mostGoroutines = 100_000
	maxDump        = 64 << 20
	maxStack       = 8 << 10
)

var background = context.Background()

// goroutines are the stacks of all goroutines, none if it is too early for
// another look.
func (r *Runtime) goroutines() iter.Seq[[]byte] {
	now := time.Now()
	n := runtime.NumGoroutine()
	r.watch.mu.Lock()
	early := !r.watch.taken.IsZero() && now.Sub(r.watch.taken) < stackEvery
	if !early {
		r.watch.taken = now
	}
	r.watch.mu.Unlock()
	if early || n > mostGoroutines {
		return func(func([]byte) bool) {}
	}
	dump := make([]byte, min(64<<10+n*2<<10, maxDump))
	return bytes.SplitSeq(dump[:runtime.Stack(dump, true)], []byte("\n\n"))
}

// stackOf is the stack of the goroutine that works for a process, "" if it was
// not found.
func (r *Runtime) stackOf(p *Process) string {
	receiver := fmt.Appendf(nil, "(%p", p)
	for goroutine := range r.goroutines() {
		for _, method := range []string{"begin", "run", "work"} {
			if bytes.Contains(goroutine, append([]byte("live.(*Process)."+method), receiver...)) {
				return shown(goroutine)
			}
		}
	}
	return ""
}

// oldestStack is the stack of the goroutine that has been at work for a view
// for the longest time, "" if there is none: goroutines are numbered as they
// come, and views borrow a new one each time.
func (r *Runtime) oldestStack() string {
	var oldest []byte
	lowest := math.MaxInt
	for goroutine := range r.goroutines() {
		if !bytes.Contains(goroutine, []byte("live.(*Process).")) || bytes.Contains(goroutine, []byte("live.(*mounts).enter(")) {
			continue
		}
		head, _ := bytes.CutPrefix(goroutine, []byte("goroutine "))
		number, _, _ := bytes.Cut(head, []byte(" "))
		if id, err := strconv.Atoi(string(number)); err == nil && id < lowest {
			oldest, lowest = goroutine, id
		}
	}
	return shown(oldest)
}

// shown is a stack as a log shows it.
func shown(goroutine []byte) string { return string(goroutine[:min(len(goroutine), maxStack)]) }

// A load is what a view had to do when it was found to have too much.
type load struct {
	known   bool // which view it is
	running bool
	current Message
	waiting int
	bytes   int
}

// load is what there is to do. The caller holds mu.
func (p *Process) load() load {
	return load{p.known, p.running, p.mailbox.current(), p.mailbox.len(), p.mailbox.bytes}
}

// logOverload says which view did not keep up with its messages, and with
// what it was busy. It may be called while that view's goroutine is at work.
func (p *Process) logOverload(l load) {
	kind := logs.Kind{Level: slog.LevelWarn, Message: "view overloaded"}
	attrs := []slog.Attr{slog.Uint64("process", p.process)}
	if l.known {
		kind.View = p.spec.Name
		attrs = p.identity()
	}
	if !p.rt.sampled(kind, nil) {
		return
	}
	attrs = append(attrs, slog.Int("waiting", l.waiting), slog.Int("bytes", l.bytes))
	switch {
	case l.current.local != nil:
		attrs = append(attrs, slog.String("event", l.current.local.name()))
	case l.current.Event == "event" && !l.current.Binary:
		if ev, err := wire.ParseEvent(l.current.Payload); err == nil {
			attrs = append(attrs, slog.String("event", shorten(strings.ToValidUTF8(string(ev.Name), "\ufffd"))))
		}
	}
	if l.running {
		if text := p.rt.stackOf(p); text != "" {
			attrs = append(attrs, slog.String("stack", text))
		}
	}
	p.rt.log().LogAttrs(background, slog.LevelWarn, "view overloaded", attrs...)
}
