package pubsub

import (
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"bennu/internal/logs"
)

const (
	// shards keep topics from waiting for each other's coming and going.
	shards = 64
	// mostQueued is how many messages may wait for the delivery on one topic. It
	// is far from what a program does in earnest; without it a publisher that is
	// faster than the machine would fill the memory.
	mostQueued = 1 << 16
)

// ErrFull is the error of a message that was dropped because too many wait for
// their delivery on the same topic. Its subscribers are told.
var ErrFull = errors.New("pubsub: too many messages wait on the topic; this one was dropped, and subscribers are told of it")

// Hub holds topics and who is subscribed to them. The zero Hub is ready. All
// methods may be called from any goroutine. A program usually has one.
type Hub struct {
	// Log takes panics of subscribers and what goes wrong between nodes; nil is
	// slog.Default(). Set it before use.
	Log *slog.Logger
	// Queue is how many messages may wait for their delivery on one topic, beside
	// those in the mailboxes of subscribers; 0 is 65,536. Set it before use.
	Queue int

	shards  [shards]shard
	counts  counts
	sampler logs.Sampler
	cluster atomic.Pointer[cluster]
	joining sync.Mutex // held by Join and Leave
}

// New makes a Hub without topics.
func New() *Hub { return new(Hub) }

type shard struct {
	mu     sync.Mutex
	topics map[string]*topic
}

var seed = maphash.MakeSeed()

func (h *Hub) shard(name string) *shard { return &h.shards[maphash.String(seed, name)%shards] }

// find is the topic of a name that somebody is subscribed to, nil if nobody is.
func (h *Hub) find(name string) *topic {
	s := h.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.topics[name]
}

// Subscribers is how many subscriptions of this node a topic has.
func (h *Hub) Subscribers(name string) int {
	t := h.find(name)
	if t == nil {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.subs)
}

// subscribe enters sub.
func (h *Hub) subscribe(name string, c *codec, sub *Subscription) error {
	if err := CheckName(name); err != nil {
		return err
	}
	s := h.shard(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.topics[name]
	if t == nil {
		if s.topics == nil {
			s.topics = make(map[string]*topic)
		}
		t = newTopic(name, c)
		s.topics[name] = t
	} else if err := t.check(c.is); err != nil {
		return err
	}
	t.add(sub)
	return nil
}

// remove takes a subscription out, and its topic if it was the last.
func (h *Hub) remove(sub *Subscription) {
	t := sub.topic
	s := h.shard(t.name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.remove(sub) {
		delete(s.topics, t.name)
	}
}

// publish puts a message on its way to the subscribers of this node.
func (h *Hub) publish(name string, is reflect.Type, d delivery) error {
	if err := CheckName(name); err != nil {
		return err
	}
	h.counts.published.Add(1)
	t := h.find(name)
	if t == nil {
		return nil
	}
	if err := t.check(is); err != nil {
		return err
	}
	return h.enqueue(t, d)
}

// enqueue puts a message into a topic's queue, and delivers it if that is done
// at once.
func (h *Hub) enqueue(t *topic, d delivery) error {
	most := h.Queue
	if most <= 0 {
		most = mostQueued
	}
	switch t.put(d, most) {
	case full:
		return ErrFull
	case few:
		if !h.deliver(t) {
			return nil
		}
		go h.run(t)
	case many:
		go h.run(t)
	}
	return nil
}

// contain is deferred around what subscribers do. It lets no panic of one end
// the others.
func (h *Hub) contain(sub *Subscription) {
	v := recover()
	if v == nil {
		return
	}
	h.counts.panics.Add(1)
	const message = "pubsub: subscriber panicked"
	if h.sampler.Take(h.log(), logs.Kind{Level: slog.LevelError, Message: message}, fmt.Errorf("%v", v)) {
		h.log().Error(message, slog.String("topic", logs.Cut(sub.topic.name, logs.MaxValue)), slog.Any("err", v), slog.String("stack", string(debug.Stack())))
	}
}

func (h *Hub) log() *slog.Logger {
	if h.Log != nil {
		return h.Log
	}
	return slog.Default()
}
