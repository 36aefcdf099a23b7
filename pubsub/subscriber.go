package pubsub

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// defaultQueue is how many messages wait for one subscriber.
const defaultQueue = 1024

// ErrSlow is why a subscription has ended that [EndWhenFull] says should.
var ErrSlow = errors.New("pubsub: the subscriber was too slow for its topic")

// ErrCancelled is why a subscription has ended that was cancelled.
var ErrCancelled = errors.New("pubsub: the subscription was cancelled")

// WhenFull is what happens when more messages wait for a subscriber than may.
type WhenFull uint8

const (
	// DropOldest lets the oldest give way and tells the subscriber by Missed.
	DropOldest WhenFull = iota
	// EndWhenFull drops all of them and ends the subscription with ErrSlow.
	EndWhenFull
)

// Subscriber is one who wants the messages of a topic. Only Receive is needed.
// Its functions are called one at a time; a panic in one of them is logged and
// ends nothing.
type Subscriber[M any] struct {
	// Receive is called with each message. It may cancel, subscribe and publish.
	Receive func(M)
	// Missed is called when messages were left out, before the next one that is
	// not: with how many they were, or with 0 when messages of other nodes were
	// lost and nobody knows of which topic. It is the moment to load anew what was
	// made of messages. Nil: they are only counted.
	Missed func(messages int)
	// Queue is how many messages may wait; 0 is 1,024.
	Queue int
	// WhenFull says what happens to those beyond.
	WhenFull WhenFull
	// Ended is called, last of all, when the subscription has ended other than by
	// Cancel.
	Ended func(error)
	// Key tells messages apart of which only the newest counts: of those that wait
	// with the same key the older are left out, which is no loss and not told.
	// Its result is one that maps can have as a key. It is called where the topic
	// is delivered and must not block.
	Key func(M) any
	// Inline has Receive and Missed called where the topic is delivered, maybe by
	// the publisher itself, in place of a goroutine of their own: for those that
	// hand the message on at once, and never block. Queue, WhenFull, Ended and Key
	// are for the others.
	Inline bool
}

// Subscription is one subscriber of a topic. Its methods may be called from any
// goroutine, and with nil do nothing.
type Subscription struct {
	hub     *Hub
	topic   *topic
	index   int    // in topic.subs, under topic.mu
	after   uint64 // the number of the last message that it is too late for
	receive func(any)
	missed  func(int)
	box     *mailbox // nil: inline
	state   atomic.Uint32
}

// The states of a subscription.
const (
	active uint32 = iota
	cancelled
	slow
)

func newSubscription[M any](h *Hub, s *Subscriber[M]) (*Subscription, error) {
	receive := s.Receive
	// Of an interface type M a nil is no M, but the zero of it.
	sub := &Subscription{hub: h, missed: s.Missed, receive: func(message any) { m, _ := message.(M); receive(m) }}
	if s.Inline {
		if s.Queue != 0 || s.WhenFull != DropOldest || s.Ended != nil || s.Key != nil {
			return nil, errors.New("pubsub: a Subscriber with Inline has no queue, so that Queue, WhenFull, Ended and Key mean nothing; leave them out, or Inline")
		}
		return sub, nil
	}
	if s.Queue < 0 || s.WhenFull > EndWhenFull {
		return nil, fmt.Errorf("pubsub: Subscriber.Queue is %d and WhenFull %d; want 0 for the default or a positive number, and DropOldest or EndWhenFull", s.Queue, s.WhenFull)
	}
	sub.box = &mailbox{limit: s.Queue, end: s.WhenFull == EndWhenFull}
	if s.Queue == 0 {
		sub.box.limit = defaultQueue
	}
	if s.Ended != nil || s.Key != nil {
		x := &mailboxExtras{ended: s.Ended}
		if key := s.Key; key != nil {
			x.key = func(message any) any { m, _ := message.(M); return key(m) }
		}
		sub.box.extras = x
	}
	return sub, nil
}

// Cancel ends the subscription: what waits is dropped, and Receive is not called
// again. A call that is under way on another goroutine, or just about to begin,
// is not waited for. A second Cancel does nothing.
func (sub *Subscription) Cancel() {
	if sub != nil && sub.state.CompareAndSwap(active, cancelled) {
		sub.leave()
	}
}

// Err is nil while the subscription goes on, then [ErrCancelled] or [ErrSlow].
func (sub *Subscription) Err() error {
	if sub == nil {
		return ErrCancelled
	}
	switch sub.state.Load() {
	case cancelled:
		return ErrCancelled
	case slow:
		return ErrSlow
	}
	return nil
}

func (sub *Subscription) over() bool { return sub.state.Load() != active }

// leave takes the subscription out of its topic.
func (sub *Subscription) leave() {
	sub.hub.remove(sub)
	if sub.box != nil {
		sub.box.drop()
	}
}

// deliver takes one message, on the goroutine that delivers the topic.
func (sub *Subscription) deliver(message any) {
	defer sub.hub.contain(sub)
	if sub.box != nil {
		sub.put(message)
		return
	}
	sub.receive(message)
}

// miss says that messages were lost before they came here.
func (sub *Subscription) miss(m missing) {
	switch {
	case sub.missed == nil:
	case sub.box != nil:
		sub.putMissing(m)
	default:
		sub.tell(m)
	}
}
