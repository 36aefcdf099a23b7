package channel

import (
	"fmt"
	"reflect"
	"sync/atomic"

	"bennu/pubsub"
)

// Subscription is a channel's subscription to a topic of package pubsub. It ends
// with the channel.
type Subscription struct {
	sub      *pubsub.Subscription
	forget   func()
	onMissed func(*Socket, int) error
	minds    atomic.Bool // onMissed is set
}

// Subscribe makes f be called with each message of a topic, as a callback of the
// channel. A name that is no good, and a topic that carries another type, is the
// error of the callback that subscribes.
//
// A channel that is too far behind to take its messages ends, and its client
// joins again; it never holds up others.
func Subscribe[M any](s *Socket, t pubsub.Topic[M], f func(*Socket, M) error) *Subscription {
	if f == nil {
		panic(fmt.Sprintf("channel: Subscribe wants a function that takes the messages, a func(*channel.Socket, %s) error, got nil", reflect.TypeFor[M]()))
	}
	own := new(Subscription)
	p := s.open()
	if p == nil || s.closed.Load() {
		return own
	}
	sub, err := t.SubscribeWith(pubsub.Subscriber[M]{
		Inline:  true, // post never blocks
		Receive: func(m M) { p.post(item{local: &published[M]{own, f, m}}) },
		Missed:  func(messages int) { own.missed(p, messages) },
	})
	if err != nil {
		s.ask().fail(fmt.Errorf("channel: Subscribe: %w", err))
		return own
	}
	own.sub = sub
	own.forget = p.onEnd(sub.Cancel)
	return own
}

// Cancel ends the subscription; it is for the channel's callbacks. A second
// Cancel does nothing.
func (s *Subscription) Cancel() {
	if s.sub != nil {
		s.forget()
		s.sub.Cancel()
		s.sub = nil
	}
}

// OnMissed makes f be called, as a callback of the channel, when messages of the
// topic are missing: how many, or 0 when messages of other nodes were lost and
// nobody knows of which topic. Without it a channel that is known to have missed
// some ends, and its client joins again.
func (s *Subscription) OnMissed(f func(s *Socket, messages int) error) {
	s.onMissed = f
	s.minds.Store(f != nil)
}

func (s *Subscription) missed(p *process, messages int) {
	switch {
	case s.minds.Load():
		p.post(item{local: &missedSome{s, messages}})
	case messages > 0:
		p.overload()
	}
}

type missedSome struct {
	of       *Subscription
	messages int
}

func (*missedSome) name() string { return "missed messages" }

func (m *missedSome) run(*process) func(*Socket) error {
	if m.of.sub == nil || m.of.onMissed == nil { // not any more
		return nil
	}
	return func(s *Socket) error { return m.of.onMissed(s, m.messages) }
}

// published is a message of a topic on its way to a channel.
type published[M any] struct {
	of      *Subscription
	f       func(*Socket, M) error
	message M
}

func (m *published[M]) name() string { return fmt.Sprintf("message %T", m.message) }

func (m *published[M]) run(*process) func(*Socket) error {
	if m.of.sub == nil { // cancelled meanwhile
		return nil
	}
	return func(s *Socket) error { return m.f(s, m.message) }
}
