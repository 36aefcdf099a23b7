package pubsub

import (
	"fmt"
	"hash/maphash"
	"log/slog"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

const (
	// shards keep topics from waiting for each other's coming and going.
	shards = 64
	// mostQueued is how many messages may wait for the delivery on one topic. It
	// is far from what a program does in earnest; without it a publisher that is
	// faster than the machine would fill the memory.
	mostQueued = 1 << 16
	// few is up to how many subscribers the publisher delivers by itself.
	few = 16
)

// Hub holds topics and who is subscribed to them. All methods may be called
// from any goroutine. Make it with [New]; a program usually has one.
type Hub struct {
	// Log takes panics of subscribers; nil is slog.Default(). Set it before use.
	Log *slog.Logger

	seed    maphash.Seed
	shards  [shards]shard
	dropped atomic.Uint64
}

// New makes a Hub without topics.
func New() *Hub { return &Hub{seed: maphash.MakeSeed()} }

type shard struct {
	mu     sync.Mutex
	topics map[string]*topic
}

// topic is a topic that somebody is subscribed to.
type topic struct {
	carries reflect.Type

	mu      sync.Mutex
	subs    []*Subscription
	stable  []*Subscription // a copy of subs to walk without the lock; nil: subs has changed
	queue   []delivery
	running bool // a goroutine is delivering
}

// delivery is one message on its way.
type delivery struct {
	message any
	except  *Subscription
}

// Subscription is one subscriber of a topic.
type Subscription struct {
	hub       *Hub
	name      string
	topic     *topic
	index     int // in topic.subs
	f         func(any)
	cancelled atomic.Bool
}

// Dropped is how many messages were not delivered because too many waited.
func (h *Hub) Dropped() uint64 { return h.dropped.Load() }

// Subscribers is how many subscriptions a topic has.
func (h *Hub) Subscribers(name string) int {
	s := h.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.topics[name]; t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		return len(t.subs)
	}
	return 0
}

func (h *Hub) shard(name string) *shard {
	return &h.shards[maphash.String(h.seed, name)%shards]
}

func (h *Hub) subscribe(name string, carries reflect.Type, f func(any)) *Subscription {
	s := h.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.topics[name]
	if t == nil {
		if s.topics == nil {
			s.topics = make(map[string]*topic)
		}
		t = &topic{carries: carries}
		s.topics[name] = t
	}
	t.check(name, carries)
	t.mu.Lock()
	defer t.mu.Unlock()
	sub := &Subscription{hub: h, name: name, topic: t, index: len(t.subs), f: f}
	t.subs, t.stable = append(t.subs, sub), nil
	return sub
}

func (t *topic) check(name string, carries reflect.Type) {
	if t.carries != carries {
		panic(fmt.Sprintf("pubsub: topic %q carries %s and is used here with %s; a topic has one type of message", name, t.carries, carries))
	}
}

// Cancel ends the subscription: no call begins after it, though one may be under
// way. A second Cancel does nothing.
func (sub *Subscription) Cancel() {
	if sub == nil || sub.cancelled.Swap(true) {
		return
	}
	s := sub.hub.shard(sub.name)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := sub.topic
	t.mu.Lock()
	defer t.mu.Unlock()
	last := len(t.subs) - 1
	t.subs[sub.index] = t.subs[last]
	t.subs[sub.index].index = sub.index
	t.subs[last] = nil
	t.subs, t.stable = t.subs[:last], nil
	if last == 0 {
		delete(s.topics, sub.name)
	}
}

// publish puts a message on its way.
func (h *Hub) publish(name string, carries reflect.Type, d delivery) {
	s := h.shard(name)
	s.mu.Lock()
	t := s.topics[name]
	s.mu.Unlock()
	if t == nil {
		return
	}
	t.check(name, carries)
	t.mu.Lock()
	if len(t.queue) >= mostQueued {
		t.mu.Unlock()
		h.dropped.Add(1)
		return
	}
	t.queue = append(t.queue, d)
	if t.running {
		t.mu.Unlock()
		return
	}
	t.running = true
	alone := len(t.subs) <= few
	t.mu.Unlock()
	if alone && !h.deliver(t) {
		return
	}
	go func() {
		for h.deliver(t) {
		}
	}()
}

// deliver delivers what waits now; true: more has come meanwhile, and the caller
// goes on being the one that delivers.
func (h *Hub) deliver(t *topic) (more bool) {
	t.mu.Lock()
	if t.stable == nil {
		t.stable = append([]*Subscription(nil), t.subs...)
	}
	batch, subs := t.queue, t.stable
	t.queue = nil
	t.mu.Unlock()
	for _, d := range batch {
		for _, sub := range subs {
			if sub != d.except && !sub.cancelled.Load() {
				h.call(sub, d.message)
			}
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = len(t.queue) > 0
	return t.running
}

// call runs a subscriber and lets no panic of its end the others.
func (h *Hub) call(sub *Subscription, message any) {
	defer func() {
		if v := recover(); v != nil {
			log := h.Log
			if log == nil {
				log = slog.Default()
			}
			log.Error("pubsub: subscriber panicked", slog.String("topic", sub.name), slog.Any("err", v), slog.String("stack", string(debug.Stack())))
		}
	}()
	sub.f(message)
}
