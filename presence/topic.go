package presence

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
	"unicode/utf8"

	"bennu/pubsub"
)

// Topic is a place where somebody can be, with the type of what is known of
// those who are. It is cheap to make, so that there may be one for each room:
//
//	presence.NewTopic[Member](tracker, "room:"+id)
//
// The zero Topic has nobody, and tracks nobody.
type Topic[M any] struct {
	tracker *Tracker
	name    string
}

// NewTopic is the topic of this name.
func NewTopic[M any](t *Tracker, name string) Topic[M] { return Topic[M]{t, name} }

// Name is the topic's name.
func (t Topic[M]) Name() string { return t.name }

// Person is somebody who is here, by a key such as a user's id: once for each
// tab and device.
type Person[M any] struct {
	Key   string
	Metas []Meta[M] // one at least
}

// Meta is one of the times that somebody is here.
type Meta[M any] struct {
	// Ref tells it apart from all others and changes with each update; Replaced
	// is the Ref that it had before, "" for none.
	Ref, Replaced string
	Value         M
}

// Diff is what has changed on a topic. An update is a leave of the old and a
// join of the new, in one Diff. Who joins and leaves is not whole persons: one
// who closes the second of two tabs leaves with that one.
type Diff[M any] struct{ Joins, Leaves []Person[M] }

const (
	maxKey  = 256
	maxMeta = 8 << 10
)

// forbidden are keys that name something in every object of JavaScript, which
// page scripts use for the lists.
var forbidden = []string{"__proto__", "constructor", "prototype", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
	"toLocaleString", "toString", "valueOf", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"}

func checkKey(topic, key string) error {
	if err := pubsub.CheckName(topic); err != nil {
		return fmt.Errorf("presence: %w", err)
	}
	switch {
	case key == "" || len(key) > maxKey || !utf8.ValidString(key):
		return fmt.Errorf("presence: key %.60q: want 1 to %d bytes of UTF-8, such as the id of a user", key, maxKey)
	case slices.Contains(forbidden, key):
		return fmt.Errorf("presence: key %q names a property of every JavaScript object; put something before it, such as \"user:\"", key)
	}
	return nil
}

func encode[M any](key string, value M) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("presence: what is known of %q: %w", key, err)
	}
	if len(text) > maxMeta {
		return nil, fmt.Errorf("presence: what is known of %q has %d bytes as JSON, want %d at most: it goes to all nodes; put an id there and load the rest", key, len(text), maxMeta)
	}
	return text, nil
}

// Track says that somebody is here until Untrack. A program keeps keys apart
// from what users choose: whoever has another one's key is that one.
func (t Topic[M]) Track(key string, value M) (*Tracked[M], error) {
	if t.tracker == nil {
		return nil, errors.New("presence: Track on a zero Topic; make it by NewTopic with a tracker")
	}
	if err := checkKey(t.name, key); err != nil {
		return nil, err
	}
	text, err := encode(key, value)
	if err != nil {
		return nil, err
	}
	here := &Tracked[M]{topic: t, key: key}
	t.tracker.do(func(r *replica, _ time.Duration) {
		e := r.track(t.name, key, text)
		e.keep(value)
		here.ref = e.ref
	})
	if here.ref == 0 {
		return nil, errClosed
	}
	return here, nil
}

// Tracked is one who was tracked here. Its methods may be called from any
// goroutine.
type Tracked[M any] struct {
	topic Topic[M]
	key   string
	ref   uint64 // under the tracker's lock
}

// Key is what it was tracked by, "" of nil.
func (h *Tracked[M]) Key() string {
	if h == nil {
		return ""
	}
	return h.key
}

// Update changes what is known. After Untrack it does nothing, and nor does that
// of nil.
func (h *Tracked[M]) Update(value M) error {
	if h == nil {
		return nil
	}
	text, err := encode(h.key, value)
	if err != nil {
		return err
	}
	h.topic.tracker.do(func(r *replica, _ time.Duration) {
		if e := r.update(h.ref, text); e != nil {
			e.keep(value)
			h.ref = e.ref
		}
	})
	return nil
}

// Untrack says that it is not here any more. A second call does nothing.
func (h *Tracked[M]) Untrack() {
	if h != nil {
		h.topic.tracker.do(func(r *replica, _ time.Duration) { r.untrack(h.ref) })
	}
}

// List is who is here, in the order of the keys.
func (t Topic[M]) List() []Person[M] {
	if t.tracker == nil {
		return nil
	}
	t.tracker.mu.Lock()
	entries := t.tracker.replica.list(t.name)
	t.tracker.mu.Unlock()
	return people[M](t.tracker, entries)
}

// Get is the one of that key, false if it is not here.
func (t Topic[M]) Get(key string) (Person[M], bool) {
	if t.tracker == nil {
		return Person[M]{}, false
	}
	t.tracker.mu.Lock()
	entries := slices.Clone(t.tracker.replica.topics[t.name][key])
	t.tracker.mu.Unlock()
	found := people[M](t.tracker, entries)
	if len(found) == 0 {
		return Person[M]{}, false
	}
	return found[0], true
}

// Count is how many persons are here.
func (t Topic[M]) Count() int {
	if t.tracker == nil {
		return 0
	}
	t.tracker.mu.Lock()
	defer t.tracker.mu.Unlock()
	return len(t.tracker.replica.topics[t.name])
}

// Subscribe has f called with each change, in order, like a subscriber of
// package pubsub. What was there before it must be asked for by List, after
// Subscribe, or one who comes in between is missed; a join of somebody who is in
// that list already is then no news.
func (t Topic[M]) Subscribe(f func(Diff[M])) (*pubsub.Subscription, error) {
	return t.SubscribeWith(pubsub.Subscriber[Diff[M]]{Receive: f})
}

// SubscribeWith is Subscribe with all that there is to choose but Key: no change
// takes the place of another. A subscriber that has missed some asks for the List.
func (t Topic[M]) SubscribeWith(s pubsub.Subscriber[Diff[M]]) (*pubsub.Subscription, error) {
	switch {
	case t.tracker == nil:
		return nil, errors.New("presence: Subscribe on a zero Topic; make it by NewTopic with a tracker")
	case s.Key != nil:
		return nil, errors.New("presence: a Subscriber with a Key would lose joins and leaves; leave it out")
	}
	return pubsub.NewTopic[change](t.tracker.hub, t.name).SubscribeWith(pubsub.Subscriber[change]{
		Receive: func(c change) { s.Receive(Diff[M]{people[M](t.tracker, c.joins), people[M](t.tracker, c.leaves)}) },
		Missed:  s.Missed, Queue: s.Queue, WhenFull: s.WhenFull, Ended: s.Ended, Inline: s.Inline,
	})
}

// people gathers entries, which are in order, by key. What is in no form that M takes is left out,
// and counted: another node runs another version of the program.
func people[M any](t *Tracker, entries []*entry) []Person[M] {
	var all []Person[M]
	for _, e := range entries {
		value, ok := valueOf[M](t, e)
		if !ok {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Key != e.key {
			all = append(all, Person[M]{Key: e.key})
		}
		p := &all[len(all)-1]
		p.Metas = append(p.Metas, Meta[M]{Ref: e.id(), Replaced: e.prevID(), Value: value})
	}
	return all
}

func valueOf[M any](t *Tracker, e *entry) (M, bool) {
	if kept := e.value.Load(); kept != nil {
		if value, ok := (*kept).(M); ok {
			return value, true
		}
	}
	var value M
	if err := json.Unmarshal(e.meta, &value); err != nil {
		if t.undecoded.Add(1) == 1 {
			t.log.Warn("presence: what another node knows of somebody is in no form that is known here", slog.String("topic", e.topic), slog.Any("err", err))
		}
		return value, false
	}
	e.keep(value)
	return value, true
}
