package pubsub

import (
	"errors"
	"reflect"
)

// Topic is a name on a [Hub] with the type of the messages that it carries. It
// is cheap to make, so that there may be one for each room or each order:
//
//	pubsub.NewTopic[Message](hub, "room:"+id)
//
// The zero Topic has nobody. All methods may be called from any goroutine.
type Topic[M any] struct {
	hub  *Hub
	name string
}

// NewTopic is the topic of this name. Whether the name is good ([CheckName]),
// and the only type of message that is used with it, is checked when it is used.
func NewTopic[M any](hub *Hub, name string) Topic[M] { return Topic[M]{hub, name} }

// Name is the topic's name.
func (t Topic[M]) Name() string { return t.name }

// Broadcast sends a message to all who are subscribed, on all nodes. It does not
// wait for them, and the message must not be changed afterwards.
//
// An error says that the message has not gone everywhere: the name is no good
// ([*NameError]), subscribers of this node expect another type ([*TypeError]),
// more messages wait on this topic than the hub keeps ([ErrFull]); with a
// cluster also that it cannot be encoded, is too large ([*SizeError]), or that
// the carrier is away ([ErrAway]). Except for the first three this node's
// subscribers have been sent it nevertheless.
func (t Topic[M]) Broadcast(message M) error { return t.BroadcastFrom(nil, message) }

// BroadcastFrom is Broadcast to all but one subscription, usually the
// publisher's own; nil leaves out nobody.
func (t Topic[M]) BroadcastFrom(own *Subscription, message M) error {
	if t.hub == nil {
		return nil
	}
	if err := t.hub.publish(t.name, reflect.TypeFor[M](), delivery{message: message, except: own}); err != nil {
		return err
	}
	if c := t.hub.cluster.Load(); c != nil {
		return c.broadcast("", t.name, codecOf[M](), message)
	}
	return nil
}

// BroadcastLocal is Broadcast to the subscribers of this node only. Nothing is
// encoded, so that every type will do.
func (t Topic[M]) BroadcastLocal(message M) error {
	if t.hub == nil {
		return nil
	}
	return t.hub.publish(t.name, reflect.TypeFor[M](), delivery{message: message})
}

// SendTo is Broadcast to the subscribers of one node, this one included. One
// that has not been heard of is an [*UnknownNodeError].
func (t Topic[M]) SendTo(node string, message M) error {
	if t.hub == nil {
		return nil
	}
	c := t.hub.cluster.Load()
	if c == nil {
		return errNotJoined
	}
	if node == c.node {
		return t.BroadcastLocal(message)
	}
	if err := CheckName(t.name); err != nil {
		return err
	}
	return c.broadcast(node, t.name, codecOf[M](), message)
}

// Subscribe has f called with each message until the subscription is cancelled,
// one call at a time and on a goroutine of its own, so that it may take its
// time; [Subscriber] says what happens when it takes too much. The error is a
// [*NameError] or a [*TypeError].
func (t Topic[M]) Subscribe(f func(M)) (*Subscription, error) {
	return t.SubscribeWith(Subscriber[M]{Receive: f})
}

// SubscribeWith is Subscribe with all that there is to choose.
func (t Topic[M]) SubscribeWith(s Subscriber[M]) (*Subscription, error) {
	switch {
	case t.hub == nil:
		return nil, errors.New("pubsub: Subscribe on a zero Topic; make it by NewTopic with a hub")
	case s.Receive == nil:
		return nil, errors.New("pubsub: Subscribe without a function; messages need somewhere to go")
	}
	sub, err := newSubscription(t.hub, &s)
	if err != nil {
		return nil, err
	}
	if err := t.hub.subscribe(t.name, codecOf[M](), sub); err != nil {
		return nil, err
	}
	return sub, nil
}
