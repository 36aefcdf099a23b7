package live

import (
	"fmt"
	"reflect"

	"bennu/pubsub"
)

// Subscription is a view's subscription to a topic. It ends with the view.
type Subscription struct {
	sub    *pubsub.Subscription
	forget func()

	component *component
}

// Subscribe makes f be called with each message of a topic, as a callback of
// the view: in its order, followed by a render, or by one render for many that
// came together. In a dead render it does nothing.
//
// A view that is too far behind to take its messages ends, and its page joins
// again; it never holds up others. A message on the way when the subscription
// is cancelled is dropped.
func Subscribe[M any](s *Socket, t pubsub.Topic[M], f func(*Socket, M) error) *Subscription {
	return subscribe(s, t.Subscribe, f)
}

// subscribe brings what to calls its function with to the view.
func subscribe[M any](s *Socket, to func(func(M)) *pubsub.Subscription, f func(*Socket, M) error) *Subscription {
	if f == nil {
		panic(fmt.Sprintf("live: Subscribe wants a function that takes the messages, a func(*live.Socket, %s) error, got nil", reflect.TypeFor[M]()))
	}
	v := s.open()
	if v == nil || v.proc == nil || s.closed.Load() {
		return new(Subscription)
	}
	p, own := v.proc, &Subscription{component: s.component}
	own.sub = to(func(m M) { p.post(&published[M]{own, f, m}) })
	own.forget = s.onEnd(own.sub.Cancel)
	return own
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
