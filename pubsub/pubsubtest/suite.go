package pubsubtest

import (
	"io"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"bennu/pubsub"
)

// patience is how long a delivery may take before it counts as lost. No test
// waits so long unless it fails.
const patience = 10 * time.Second

// nodes are where rules are tried: messages are published on one and heard on
// the other. They are the same for a node alone.
type nodes struct{ from, at *pubsub.Hub }

// rule is one promise of package pubsub.
type rule struct {
	name string
	says string
	test func(t *testing.T, n nodes)
}

// Run checks the hubs that newHub makes, one for each rule.
func Run(t *testing.T, newHub func(t *testing.T) *pubsub.Hub) {
	for _, r := range slices.Concat(rules, localRules) {
		t.Run(r.name, func(t *testing.T) {
			h := newHub(t)
			r.run(t, nodes{h, h})
		})
	}
}

// RunNodes checks pairs of hubs that newNodes has joined, one for each rule.
// They have to know of each other when they are returned; [Meet] waits for it.
func RunNodes(t *testing.T, newNodes func(t *testing.T) (a, b *pubsub.Hub)) {
	for _, r := range slices.Concat(rules, nodeRules) {
		t.Run(r.name, func(t *testing.T) {
			a, b := newNodes(t)
			r.run(t, nodes{a, b})
		})
	}
}

func (r rule) run(t *testing.T, n nodes) {
	for _, h := range []*pubsub.Hub{n.from, n.at} {
		if h.Log == nil {
			h.Log = slog.New(slog.NewTextHandler(io.Discard, nil)) // panics are asked for
		}
	}
	before := runtime.NumGoroutine()
	defer func() {
		if t.Failed() {
			t.Logf("the rule: %s", r.says)
		}
	}()
	r.test(t, n)
	if more, ok := settled(before); !ok {
		t.Errorf("%d goroutines more than before: a hub keeps none while nothing is on its way", more)
	}
	if s := n.at.Stats(); s.Subscriptions != 0 || s.Topics != 0 {
		t.Errorf("%d subscriptions on %d topics are left when all are cancelled", s.Subscriptions, s.Topics)
	}
}

// settled waits until there are no more goroutines than there were.
func settled(before int) (more int, ok bool) {
	ok = soon(func() bool {
		more = runtime.NumGoroutine() - before
		return more <= 0
	})
	return more, ok
}

// soon waits until something is so, and reports whether it came to that.
func soon(is func() bool) bool {
	for end := time.Now().Add(patience); ; runtime.Gosched() {
		if is() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// Meet waits until all hubs, which have been joined, have heard of each other.
func Meet(t testing.TB, hubs ...*pubsub.Hub) {
	t.Helper()
	for _, h := range hubs {
		if !soon(func() bool { return len(h.Health().Nodes) >= len(hubs)-1 }) {
			t.Fatalf("node %q has heard of %v only", h.Node(), h.Health().Nodes)
		}
	}
}

// inbox is a subscriber that keeps what it hears.
type inbox struct {
	mu    sync.Mutex
	heard []string
	more  chan struct{}
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
		t.Errorf("heard %.300q, want %.300q", got, want)
	}
}

// listen subscribes b until the test has ended.
func (b *inbox) listen(t *testing.T, topic pubsub.Topic[string]) *pubsub.Subscription {
	t.Helper()
	return subscribe(t, topic, b.take)
}

// subscribe subscribes f. The caller cancels it, before its rule ends.
func subscribe[M any](t *testing.T, topic pubsub.Topic[M], f func(M)) *pubsub.Subscription {
	t.Helper()
	return subscribeWith(t, topic, pubsub.Subscriber[M]{Receive: f})
}

func subscribeWith[M any](t *testing.T, topic pubsub.Topic[M], s pubsub.Subscriber[M]) *pubsub.Subscription {
	t.Helper()
	sub, err := topic.SubscribeWith(s)
	if err != nil {
		t.Fatalf("Subscribe to %q: %v", topic.Name(), err)
	}
	return sub
}

// broadcast publishes, which has to succeed.
func broadcast[M any](t *testing.T, topic pubsub.Topic[M], m M) {
	t.Helper()
	if err := topic.Broadcast(m); err != nil {
		t.Fatalf("Broadcast on %q: %v", topic.Name(), err)
	}
}
