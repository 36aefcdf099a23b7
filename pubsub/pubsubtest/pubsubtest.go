// Package pubsubtest holds a hub against the rules of package pubsub. It is for
// hubs that are set up in a way of their own, such as those of several nodes:
//
//	func TestHub(t *testing.T) {
//		pubsubtest.Run(t, func(t *testing.T) *pubsub.Hub { return pubsub.New() })
//	}
//
// A failure names the rule that is broken.
package pubsubtest

import (
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bennu/pubsub"
)

// patience is how long a delivery may take before it counts as lost. No test
// waits so long unless it fails.
const patience = 10 * time.Second

// rule is one promise of package pubsub.
type rule struct {
	name string
	says string
	test func(t *testing.T, h *pubsub.Hub)
}

// Run checks the hubs that newHub makes, one for each rule.
func Run(t *testing.T, newHub func(t *testing.T) *pubsub.Hub) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			h := newHub(t)
			if h.Log == nil {
				h.Log = slog.New(slog.NewTextHandler(io.Discard, nil)) // panics are asked for
			}
			r.test(t, h)
			if n, ok := settled(before); !ok {
				t.Errorf("%d goroutines more than before: a hub keeps none while nothing is on its way", n)
			}
			if t.Failed() {
				t.Logf("the rule: %s", r.says)
			}
		})
	}
}

// settled waits until there are no more goroutines than there were.
func settled(before int) (more int, ok bool) {
	for end := time.Now().Add(patience); ; runtime.Gosched() {
		if more = runtime.NumGoroutine() - before; more <= 0 {
			return 0, true
		}
		if time.Now().After(end) {
			return more, false
		}
	}
}

var rules = []rule{
	{"reaches all", "a message reaches each who is subscribed to its topic, once, and nobody else", reachesAll},
	{"order", "messages of one publisher come in the order in which they were published", order},
	{"many publishers", "messages of many publishers all come, each one's in order, one call at a time for each subscriber", manyPublishers},
	{"all but the own", "BroadcastFrom leaves out one subscription and no other", allButTheOwn},
	{"cancel", "no call begins after Cancel has returned, a second Cancel does nothing", cancel},
	{"cancel in the call", "a subscriber may cancel itself and others while it is called", cancelInTheCall},
	{"subscribe in the call", "a subscriber may subscribe others and publish while it is called", subscribeInTheCall},
	{"panic", "a subscriber that panics holds up nobody, and is called again", panics},
	{"slow", "a subscriber that is slow does not hold up the publisher", slow},
	{"types", "a topic carries one type; another one is refused by a panic that names both", types},
	{"coming and going", "subscriptions that come and go while messages are published lose and double nothing of others", comingAndGoing},
	{"forgets", "a topic that nobody is subscribed to leaves nothing behind", forgets},
}

// inbox is a subscriber that keeps what it hears.
type inbox struct {
	mu     sync.Mutex
	heard  []string
	more   chan struct{}
	inside atomic.Int32
}

func newInbox() *inbox { return &inbox{more: make(chan struct{}, 1)} }

func (b *inbox) take(m string) {
	b.mu.Lock()
	b.heard = append(b.heard, m)
	b.mu.Unlock()
	select {
	case b.more <- struct{}{}:
	default:
	}
}

func (b *inbox) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.heard)
}

// wait returns what was heard when there is that much.
func (b *inbox) wait(t *testing.T, n int) []string {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		if heard := b.all(); len(heard) >= n {
			return heard
		}
		select {
		case <-b.more:
		case <-late.C:
			t.Fatalf("heard %d messages, want %d: %.200q", len(b.all()), n, b.all())
		}
	}
}

// want is wait, and that it was these.
func (b *inbox) want(t *testing.T, want ...string) {
	t.Helper()
	if got := b.wait(t, len(want)); !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
}

func reachesAll(t *testing.T, h *pubsub.Hub) {
	room, other := pubsub.NewTopic[string](h, "room"), pubsub.NewTopic[string](h, "other")
	room.Broadcast("before anybody was there")
	var boxes []*inbox
	for range 100 { // more than a publisher serves by itself
		b := newInbox()
		boxes = append(boxes, b)
		defer room.Subscribe(b.take).Cancel()
	}
	stranger := newInbox()
	defer other.Subscribe(stranger.take).Cancel()
	pubsub.NewTopic[string](h, "room").Broadcast("hello") // a Topic is but a name
	other.Broadcast("end")
	for _, b := range boxes {
		b.want(t, "hello")
	}
	stranger.want(t, "end")
	if n := h.Subscribers("room"); n != 100 {
		t.Errorf("Subscribers = %d, want 100", n)
	}
}

func order(t *testing.T, h *pubsub.Hub) {
	room, b := pubsub.NewTopic[string](h, "room"), newInbox()
	defer room.Subscribe(b.take).Cancel()
	var want []string
	for i := range 1000 {
		m := fmt.Sprint(i)
		want = append(want, m)
		room.Broadcast(m)
	}
	b.want(t, want...)
}

func manyPublishers(t *testing.T, h *pubsub.Hub) {
	const publishers, each = 8, 200
	room := pubsub.NewTopic[[2]int](h, "room")
	var boxes []*inbox
	for range 40 {
		b := newInbox()
		last := make([]int, publishers)
		boxes = append(boxes, b)
		defer room.Subscribe(func(m [2]int) {
			if b.inside.Add(1) != 1 {
				t.Error("a subscriber was called while it was called")
			}
			if m[1] != last[m[0]] {
				t.Errorf("message %d of publisher %d came where %d was due", m[1], m[0], last[m[0]])
			}
			last[m[0]] = m[1] + 1
			b.inside.Add(-1)
			b.take("")
		}).Cancel()
	}
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for i := range each {
				room.Broadcast([2]int{p, i})
			}
		})
	}
	wg.Wait()
	for _, b := range boxes {
		b.wait(t, publishers*each)
	}
}

func allButTheOwn(t *testing.T, h *pubsub.Hub) {
	room, a, b := pubsub.NewTopic[string](h, "room"), newInbox(), newInbox()
	own := room.Subscribe(a.take)
	defer own.Cancel()
	defer room.Subscribe(b.take).Cancel()
	room.BroadcastFrom(own, "of a")
	room.BroadcastFrom(nil, "of nobody")
	b.want(t, "of a", "of nobody")
	a.want(t, "of nobody")
}

func cancel(t *testing.T, h *pubsub.Hub) {
	room, a, b := pubsub.NewTopic[string](h, "room"), newInbox(), newInbox()
	sub := room.Subscribe(a.take)
	defer room.Subscribe(b.take).Cancel()
	room.Broadcast("1")
	a.want(t, "1")
	sub.Cancel()
	sub.Cancel()
	room.Broadcast("2")
	b.want(t, "1", "2")
	a.want(t, "1")
	var none *pubsub.Subscription
	none.Cancel()
}

func cancelInTheCall(t *testing.T, h *pubsub.Hub) {
	room, a, b := pubsub.NewTopic[string](h, "room"), newInbox(), newInbox()
	var own *pubsub.Subscription
	ready := make(chan struct{})
	own = room.Subscribe(func(m string) {
		<-ready
		a.take(m)
		own.Cancel()
	})
	close(ready)
	defer room.Subscribe(b.take).Cancel()
	room.Broadcast("1")
	room.Broadcast("2")
	b.want(t, "1", "2")
	a.want(t, "1")
}

func subscribeInTheCall(t *testing.T, h *pubsub.Hub) {
	room, echo, b := pubsub.NewTopic[string](h, "room"), pubsub.NewTopic[string](h, "echo"), newInbox()
	defer echo.Subscribe(b.take).Cancel()
	late := newInbox()
	var once sync.Once
	subs := make(chan *pubsub.Subscription, 1)
	defer room.Subscribe(func(m string) {
		once.Do(func() { subs <- room.Subscribe(late.take) })
		echo.Broadcast("echo of " + m)
	}).Cancel()
	room.Broadcast("1")
	sub := <-subs
	defer sub.Cancel()
	room.Broadcast("2")
	b.want(t, "echo of 1", "echo of 2")
	if heard := late.wait(t, 1); heard[len(heard)-1] != "2" {
		t.Errorf("one who came in a call heard %q, want 2 at the end", heard)
	}
}

func panics(t *testing.T, h *pubsub.Hub) {
	room, a, b := pubsub.NewTopic[string](h, "room"), newInbox(), newInbox()
	defer room.Subscribe(func(m string) { a.take(m); panic("a subscriber's fault") }).Cancel()
	defer room.Subscribe(b.take).Cancel()
	room.Broadcast("1")
	room.Broadcast("2")
	a.want(t, "1", "2")
	b.want(t, "1", "2")
}

func slow(t *testing.T, h *pubsub.Hub) {
	room := pubsub.NewTopic[string](h, "room")
	hold, free, quick := make(chan struct{}), newInbox(), newInbox()
	for range 40 { // so many that the publisher does not deliver by itself
		defer room.Subscribe(func(m string) { <-hold; free.take(m) }).Cancel()
	}
	defer pubsub.NewTopic[string](h, "beside").Subscribe(quick.take).Cancel()
	for range 100 {
		room.Broadcast("held up") // would not return
	}
	pubsub.NewTopic[string](h, "beside").Broadcast("passes by")
	quick.want(t, "passes by")
	close(hold)
	free.wait(t, 40*100)
}

func types(t *testing.T, h *pubsub.Hub) {
	room := pubsub.NewTopic[string](h, "room")
	defer room.Subscribe(func(string) {}).Cancel()
	for name, f := range map[string]func(){
		"Subscribe": func() { pubsub.NewTopic[int](h, "room").Subscribe(func(int) {}) },
		"Broadcast": func() { pubsub.NewTopic[int](h, "room").Broadcast(1) },
	} {
		said := func() (v any) { defer func() { v = recover() }(); f(); return nil }()
		if text := fmt.Sprint(said); !strings.Contains(text, "string") || !strings.Contains(text, "int") || !strings.Contains(text, "room") {
			t.Errorf("%s with another type: %v, want a panic with the topic and both types", name, said)
		}
	}
}

func comingAndGoing(t *testing.T, h *pubsub.Hub) {
	room, b := pubsub.NewTopic[string](h, "room"), newInbox()
	defer room.Subscribe(b.take).Cancel()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 300 {
				room.Subscribe(func(string) {}).Cancel()
			}
		})
	}
	var want []string
	for i := range 1000 {
		m := fmt.Sprint(i)
		want = append(want, m)
		room.Broadcast(m)
	}
	wg.Wait()
	b.want(t, want...)
	if n := h.Subscribers("room"); n != 1 {
		t.Errorf("Subscribers = %d after the others have gone, want 1", n)
	}
}

func forgets(t *testing.T, h *pubsub.Hub) {
	for i := range 1000 {
		room := pubsub.NewTopic[string](h, fmt.Sprint("room:", i))
		sub := room.Subscribe(func(string) {})
		sub.Cancel()
		room.Broadcast("nobody hears")
		if n := h.Subscribers(room.Name()); n != 0 {
			t.Fatalf("Subscribers = %d, want 0", n)
		}
	}
	// The name is free, for another type as well.
	b := make(chan int, 1)
	sub := pubsub.NewTopic[int](h, "room:0").Subscribe(func(n int) { b <- n })
	defer sub.Cancel()
	pubsub.NewTopic[int](h, "room:0").Broadcast(7)
	if n := <-b; n != 7 {
		t.Errorf("heard %d, want 7", n)
	}
	if n := h.Dropped(); n != 0 {
		t.Errorf("Dropped = %d, want 0", n)
	}
}
