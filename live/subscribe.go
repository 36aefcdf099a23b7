package live

import (
	"fmt"
	"reflect"
	"sync/atomic"

	"bennu/pubsub"
)

// Subscription is a view's subscription to a topic. It ends with the view.
type Subscription struct {
	sub    *pubsub.Subscription
	forget func()

	component *component
	onMissed  func(*Socket, int) error
	minds     atomic.Bool // onMissed is set
}

// Subscribe makes f be called with each message of a topic, as a callback of
// the view: in its order, followed by a render, or by one render for many that
// came together. In a dead render it only checks the name of the topic. A name
// that is no good, and a topic that carries another type, is the error of the
// callback that subscribes.
//
// A view that is too far behind to take its messages ends, and its page joins
// again; it never holds up others. A message on the way when the subscription
// is cancelled is dropped.
func Subscribe[M any](s *Socket, t pubsub.Topic[M], f func(*Socket, M) error) *Subscription {
	return subscribe(s, t.Name(), t.SubscribeWith, f, func(p *Process, own *Subscription) func(M) { return poster(p, own, f) })
}

// subscribe brings what to hands out to the view, by what deliver returns.
func subscribe[M any](s *Socket, name string, to func(pubsub.Subscriber[M]) (*pubsub.Subscription, error), f func(*Socket, M) error, deliver func(*Process, *Subscription) func(M)) *Subscription {
	if f == nil {
		panic(fmt.Sprintf("live: Subscribe wants a function that takes the messages, a func(*live.Socket, %s) error, got nil", reflect.TypeFor[M]()))
	}
	v := s.open()
	if v == nil || v.proc == nil || s.closed.Load() {
		if err := pubsub.CheckName(name); err != nil && name != "" && v != nil {
			s.ask().fail(fmt.Errorf("live: Subscribe: %w", err)) // before the page is shown
		}
		return new(Subscription)
	}
	p, own := v.proc, &Subscription{component: s.component}
	sub, err := to(pubsub.Subscriber[M]{
		Inline:  true, // post never blocks
		Receive: deliver(p, own),
		Missed:  func(messages int) { own.missed(p, messages) },
	})
	if err != nil {
		s.ask().fail(fmt.Errorf("live: Subscribe: %w", err))
		return own
	}
	own.sub = sub
	own.forget = s.onEnd(sub.Cancel)
	return own
}

// poster posts each message to the view.
func poster[M any](p *Process, own *Subscription, f func(*Socket, M) error) func(M) {
	return func(m M) { p.post(&published[M]{own, f, m}) }
}

// Cancel ends the subscription; it is for the view's callbacks. A second Cancel
// does nothing.
func (s *Subscription) Cancel() {
	if s.sub == nil {
		return
	}
	s.forget()
	s.sub.Cancel()
	s.sub = nil
}

// Own is the subscription for [pubsub.Topic.BroadcastFrom], by which a view
// tells all but itself; nil when it is cancelled.
func (s *Subscription) Own() *pubsub.Subscription { return s.sub }

// OnMissed makes f be called, as a callback of the view, when messages of the
// topic are missing: how many, or 0 when messages of other nodes were lost and
// nobody knows of which topic. F loads anew what the view has made of messages.
// Without it a view that is known to have missed some ends, and its page joins
// again; losses between nodes go by.
func (s *Subscription) OnMissed(f func(s *Socket, messages int) error) {
	s.onMissed = f
	s.minds.Store(f != nil)
}

// missed is what the topic says, from any goroutine.
func (s *Subscription) missed(p *Process, messages int) {
	switch {
	case s.minds.Load():
		p.post(&missedSome{s, messages})
	case messages > 0:
		p.overload()
	}
}

// missedSome is a loss on its way to the view.
type missedSome struct {
	of       *Subscription
	messages int
}

func (*missedSome) name() string { return "missed messages" }

func (m *missedSome) run(p *Process) (*asks, error) {
	if m.of.sub == nil || m.of.onMissed == nil { // not any more
		return nil, nil
	}
	return p.callbackOf(m.of.component, func(s *Socket) error { return m.of.onMissed(s, m.messages) })
}

// published is a message of a topic on its way to a view.
type published[M any] struct {
	of      *Subscription
	f       func(*Socket, M) error
	message M
}

func (m *published[M]) name() string { return fmt.Sprintf("message %T", m.message) }

func (m *published[M]) run(p *Process) (*asks, error) {
	if m.of.sub == nil { // cancelled meanwhile
		return nil, nil
	}
	if a, halt, err := p.extras.hooks.runMessage(&p.instance, m.message); halt || err != nil {
		return a, err
	}
	return p.callbackOf(m.of.component, func(s *Socket) error { return m.f(s, m.message) })
}
