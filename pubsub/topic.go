package pubsub

import "reflect"

// Topic is a name on a [Hub] with the type of the messages that it carries. It
// is cheap to make, so that there may be one for each room or each order:
//
//	pubsub.NewTopic[Message](hub, "room:"+id)
//
// Do not make names of what comes from outside without checking it: whoever
// chooses the name chooses whom to listen to. The zero Topic has nobody.
type Topic[M any] struct {
	hub  *Hub
	name string
}

// NewTopic is the topic of this name. All topics of one name on one hub carry
// messages of one type; it panics at the first use with another.
func NewTopic[M any](hub *Hub, name string) Topic[M] { return Topic[M]{hub, name} }

// Name is the topic's name.
func (t Topic[M]) Name() string { return t.name }

// Broadcast sends a message to all who are subscribed. It does not wait for
// them, may be called from any goroutine, and the message must not be changed
// afterwards.
func (t Topic[M]) Broadcast(message M) { t.BroadcastFrom(nil, message) }

// BroadcastFrom is Broadcast to all but one subscription, usually the
// publisher's own; nil leaves out nobody.
func (t Topic[M]) BroadcastFrom(own *Subscription, message M) {
	if t.hub != nil {
		t.hub.publish(t.name, reflect.TypeFor[M](), delivery{message, own})
	}
}

// Subscribe makes f be called with each message until the subscription is
// cancelled: one call at a time, on a goroutine that is not f's to hold up. F
// must not block; what takes time is handed to a goroutine of its own. A panic
// in f is logged and ends nothing.
func (t Topic[M]) Subscribe(f func(M)) *Subscription {
	if t.hub == nil {
		panic("pubsub: Subscribe on a zero Topic; make it by NewTopic with a hub")
	}
	return t.hub.subscribe(t.name, reflect.TypeFor[M](), func(message any) { f(message.(M)) })
}
