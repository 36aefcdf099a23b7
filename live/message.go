package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"time"
)

// local is a message from inside the server. It runs on the view's goroutine
// like a callback.
type local interface {
	// run does what the message is for and returns what was asked for.
	run(*Process) (*asks, error)
	// name says in logs what it was.
	name() string
}

// post puts a message from inside into the mailbox and never blocks. A view
// that is so far behind that there is no room ends as overloaded, and its page
// joins again; false says that this or another end has come.
func (p *Process) post(l local) bool {
	p.mu.Lock()
	if p.stop != 0 || p.drains {
		p.mu.Unlock()
		return false
	}
	if p.mailbox.put(Message{local: l}, p.rt.mailbox(), p.rt.mailboxBytes()) {
		p.wake()
		p.mu.Unlock()
		return true
	}
	p.mu.Unlock()
	p.overload()
	return false
}

// overload ends a view that is too far behind. Its page joins again.
func (p *Process) overload() { p.endBy(Overloaded) }

// handleLocal handles a message from inside. What it changed is told to the
// client when no further message waits, so that a crowd of them costs one
// render, or with the answer to the client's next one.
func (p *Process) handleLocal(l local) error {
	start := time.Now()
	a, err := p.runLocal(l)
	if p.rt.Observe.Message != nil {
		p.observeMessage(l, start, err)
	}
	if time.Since(start) >= p.rt.slow() {
		p.warnIfSlow(l.name(), start) // the name costs more than many a message
	}
	if err == nil && a != nil {
		var m *move
		if m, err = p.follow(a, p.sayPatch); err == nil && m != nil {
			return p.moved(nil, m)
		}
	}
	if err != nil {
		return &eventError{l.name(), true, err}
	}
	if p.extras != nil {
		p.extras.reply = nil // nobody waits for one
	}
	switch l.(type) {
	case *componentUpdate, *snapshotRequest: // the view itself has not changed
	default:
		p.dirty = true
	}
	return nil
}

func (p *Process) runLocal(l local) (a *asks, err error) {
	defer catch(&err)
	return l.run(p)
}

// callbackOf runs a callback of a live component, or of the view if that is nil,
// with a Socket of its own. The component is drawn again.
func (p *Process) callbackOf(c *component, f func(*Socket) error) (*asks, error) {
	if c != nil {
		p.extras.components.mark(c)
	}
	s := &Socket{view: &p.instance, component: c}
	defer s.end()
	if err := f(s); err != nil {
		return nil, err
	}
	return s.wanted()
}

// Ref is an address by which any goroutine reaches a running view. It may be
// kept and compared; it holds on to a few hundred bytes when the view has
// ended. The zero Ref, which a dead render has, reaches nobody.
type Ref struct{ p *Process }

// Self is the view's own address.
func (s *Socket) Self() Ref {
	if v := s.open(); v != nil {
		return Ref{v.proc}
	}
	return Ref{}
}

// RefOf is the address of what a transport has started; the zero Ref if it is no
// view.
func RefOf(c Channel) Ref {
	p, _ := c.(*Process)
	return Ref{p}
}

// Send delivers a value to the handler that the view has registered for its
// type by [OnMessage], and does not wait for it. False says that the view has
// ended or is too far behind. It may be called from any goroutine, the view's
// own included; the value must not be changed afterwards.
func (r Ref) Send(message any) bool {
	return r.p != nil && r.p.post(sent{message})
}

// sent is a value that somebody sent to a view.
type sent struct{ value any }

func (m sent) name() string { return fmt.Sprintf("message %T", m.value) }

func (m sent) run(p *Process) (*asks, error) {
	if p.extras != nil {
		if a, halt, err := p.extras.hooks.runMessage(&p.instance, m.value); halt || err != nil {
			return a, err
		}
		if h, ok := p.extras.handlers[reflect.TypeOf(m.value)]; ok {
			return p.callbackOf(h.of, func(s *Socket) error { return h.f(s, m.value) })
		}
	}
	p.rt.once(fmt.Sprintf("%s %T", p.spec.Name, m.value), func() {
		p.rt.log().LogAttrs(p.ctx, slog.LevelWarn, "message without a handler", append(p.identity(),
			slog.String("type", fmt.Sprintf("%T", m.value)), slog.String("fix", "register one by live.OnMessage in Mount"))...)
	})
	return nil, nil
}

// messageHandler is a handler with the live component that it belongs to.
type messageHandler struct {
	of *component
	f  func(*Socket, any) error
}

// OnMessage makes f the handler of what others send to this view by [Ref.Send]:
// values of the type M, which is not an interface. A second handler for a type
// takes the place of the first. Views register their handlers in Mount.
func OnMessage[M any](s *Socket, f func(*Socket, M) error) {
	t := reflect.TypeFor[M]()
	if t.Kind() == reflect.Interface {
		panic(fmt.Sprintf("live: OnMessage for %s: messages are told apart by their own types, so M can not be an interface", t))
	}
	if f == nil {
		panic(fmt.Sprintf("live: OnMessage wants a function that takes the messages, a func(*live.Socket, %s) error, got nil", t))
	}
	v := s.open()
	if v == nil || s.closed.Load() {
		return
	}
	e := v.more()
	if e.handlers == nil {
		e.handlers = make(map[reflect.Type]messageHandler)
	}
	e.handlers[t] = messageHandler{s.component, func(s *Socket, m any) error { return f(s, m.(M)) }}
}

// ErrEnded is the error of a [Call] to a view that has ended.
var ErrEnded = errors.New("live: the view has ended")

// Call runs f on the view's own goroutine, between its callbacks, and returns
// what f returns; the page then shows what f has changed. V is the view's type,
// as in func(c *counter.Counter) int. It must not be called from a callback of
// the same view, which would wait for itself until ctx ends.
func Call[V View, R any](ctx context.Context, r Ref, f func(V) R) (R, error) {
	if f == nil {
		panic(fmt.Sprintf("live: Call wants a function, a func(%s) %s, got nil", reflect.TypeFor[V](), reflect.TypeFor[R]()))
	}
	var zero R
	if r.p == nil {
		return zero, ErrEnded
	}
	done := make(chan struct{})
	c := &call[V, R]{f: f, done: done}
	if !r.p.post(c) {
		return zero, ErrEnded
	}
	select {
	case <-done:
		return c.result, c.err
	case <-r.p.ctx.Done():
		select {
		case <-done:
			return c.result, c.err
		default:
			return zero, ErrEnded
		}
	case <-ctx.Done():
		return zero, ctx.Err()
	}
}

type call[V View, R any] struct {
	f      func(V) R
	result R
	err    error
	done   chan struct{}
}

func (c *call[V, R]) name() string { return fmt.Sprintf("call %T", c.f) }

func (c *call[V, R]) run(p *Process) (*asks, error) {
	v, ok := p.spec.View.(V)
	if !ok {
		c.err = fmt.Errorf("live: Call wants a view of the type %s, got %T", reflect.TypeFor[V](), p.spec.View)
		close(c.done)
		return nil, nil
	}
	c.err = errors.New("live: the function of a Call panicked")
	defer close(c.done)
	c.result = c.f(v)
	c.err = nil
	return nil, nil
}
