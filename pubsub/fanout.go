package pubsub

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
)

// few is up to how many subscribers the publisher delivers to by itself. It only
// puts messages into mailboxes; beyond this many a goroutine does.
const fewSubscribers = 16

// topic is a topic that somebody is subscribed to.
type topic struct {
	name  string
	codec *codec
	first uintptr // from where the first subscriber came, for messages

	mu      sync.Mutex
	subs    []*Subscription
	stable  []*Subscription // a copy of subs to walk without the lock; nil: subs has changed
	number  uint64          // of the last message
	waiting *batch          // nil: nothing waits
	running bool            // somebody delivers

	// What is being delivered. It is here and not on the stack of the one who does,
	// so that another one can go on when a subscriber ends its goroutine by
	// runtime.Goexit.
	now *batch
}

// delivery is one message on its way.
type delivery struct {
	message any
	except  *Subscription
	number  uint64
}

// unsure is a message that says that others may have been lost.
type unsure struct{}

// lost is how many messages were left out, and the number of the last of them.
type lost struct {
	messages int
	number   uint64
}

// batch is some messages that wait or are being delivered: the one at m is on
// its way to the subscriber before s.
type batch struct {
	messages []delivery
	lost     lost // what there was no room for, behind the messages
	subs     []*Subscription
	m, s     int
}

// batches are shared by all topics, so that one on which nothing happens has
// none.
var batches = sync.Pool{New: func() any { return new(batch) }}

func newTopic(name string, c *codec) *topic {
	return &topic{name: name, codec: c, first: programsLine()}
}

// programsLine is the line of the program from which a subscription comes.
func programsLine() uintptr {
	var pcs [12]uintptr
	n := runtime.Callers(4, pcs[:])
	for _, pc := range pcs[:n] {
		name := runtime.FuncForPC(pc - 1).Name()
		if !strings.HasPrefix(name, "bennu/pubsub.") && !strings.HasPrefix(name, "bennu/live.") && !strings.HasPrefix(name, "bennu/presence.") {
			return pc
		}
	}
	return pcs[0]
}

// check says whether messages of that type are this topic's.
func (t *topic) check(is reflect.Type) error {
	if t.codec.is != is {
		return &TypeError{Topic: t.name, Carries: t.codec.is, Used: is, at: t.place()}
	}
	return nil
}

// A TypeError says that a topic is used with two types of message.
type TypeError struct {
	Topic         string
	Carries, Used reflect.Type
	at            string // where the first subscriber came from
}

func (e *TypeError) Error() string {
	return fmt.Sprintf("pubsub: topic %q carries %s, to which it was subscribed at %s, and is used here with %s; a topic has one type of message, take another name for the other",
		e.Topic, e.Carries, e.at, e.Used)
}

// place is from where the first subscriber came.
func (t *topic) place() string {
	if f, _ := runtime.CallersFrames([]uintptr{t.first}).Next(); f.File != "" {
		return fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return "an unknown place"
}

func (t *topic) add(sub *Subscription) {
	t.mu.Lock()
	defer t.mu.Unlock()
	sub.topic, sub.index, sub.after = t, len(t.subs), t.number
	t.subs, t.stable = append(t.subs, sub), nil
}

// remove reports whether nobody is left.
func (t *topic) remove(sub *Subscription) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := len(t.subs) - 1
	t.subs[sub.index] = t.subs[last]
	t.subs[sub.index].index = sub.index
	t.subs[last] = nil
	t.subs, t.stable = t.subs[:last], nil
	return last == 0
}

// deliverer says who delivers what was put into a topic's queue.
type deliverer uint8

const (
	running deliverer = iota // whoever delivers already
	few                      // the caller
	many                     // a goroutine that the caller starts
	full                     // nobody, it was dropped
)

func (t *topic) put(d delivery, most int) deliverer {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.number++
	d.number = t.number
	if t.waiting == nil {
		t.waiting = batches.Get().(*batch)
	}
	w := t.waiting
	if len(w.messages) >= most {
		w.lost = lost{w.lost.messages + 1, d.number}
		return full
	}
	w.messages = append(w.messages, d)
	switch {
	case t.running:
		return running
	case len(t.subs) <= fewSubscribers:
		t.running = true
		return few
	}
	t.running = true
	return many
}

// run delivers until nothing waits.
func (h *Hub) run(t *topic) {
	for h.deliver(t) {
	}
}

// deliver delivers what waits now; true: more has come meanwhile, and the caller
// goes on being the one that delivers.
func (h *Hub) deliver(t *topic) (more bool) {
	whole := false
	defer func() {
		if !whole { // a subscriber has ended the goroutine
			go h.run(t)
		}
	}()
	if t.now == nil {
		t.begin()
	}
	b := t.now
	for ; b.m < len(b.messages); b.m, b.s = b.m+1, 0 {
		d := &b.messages[b.m]
		_, isUnsure := d.message.(unsure)
		for b.s < len(b.subs) {
			sub := b.subs[b.s]
			b.s++
			switch {
			case sub == d.except || sub.after >= d.number || sub.over():
			case isUnsure:
				sub.miss(missing{unsure: true})
			default:
				sub.deliver(d.message)
			}
		}
	}
	for b.lost.messages > 0 && b.s < len(b.subs) {
		sub := b.subs[b.s]
		b.s++
		if sub.after < b.lost.number && !sub.over() {
			h.counts.missed.Add(uint64(b.lost.messages))
			sub.miss(missing{messages: b.lost.messages})
		}
	}
	whole = true
	return t.end()
}

// begin takes what waits, and who is subscribed.
func (t *topic) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stable == nil {
		t.stable = append([]*Subscription(nil), t.subs...)
	}
	t.now, t.waiting = t.waiting, nil
	t.now.subs = t.stable
}

func (t *topic) end() (more bool) {
	b := t.now
	*b = batch{messages: recycle(b.messages)}
	batches.Put(b)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = nil
	t.running = t.waiting != nil
	return t.running
}

// queued is how many messages wait.
func (t *topic) queued() int {
	if t.waiting == nil {
		return 0
	}
	return len(t.waiting.messages)
}
