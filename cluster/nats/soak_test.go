package nats_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"bennu/presence"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// soaked is one node of a soak.
type soaked struct {
	name   string
	hub    *pubsub.Hub
	room   presence.Topic[guest]
	ledger *ledger
	net    atomic.Int64 // joins less leaves, as they were told
	sent   uint64
	// What its tracker has said, and heard.
	trackerSent, trackerReceived atomic.Uint64

	held map[string]*presence.Tracked[guest] // of the goroutine that changes it
}

// tallied counts the messages of a node's tracker, which are lost like others.
type tallied struct {
	*pubsub.Pipe
	sent *atomic.Uint64
}

func (c tallied) Send(message []byte) error {
	err := c.Pipe.Send(message)
	c.sent.Add(1)
	return err
}

// newSoaked starts a node at a broker.
func newSoaked(t *testing.T, name, url string) *soaked {
	t.Helper()
	n := &soaked{name: name, ledger: &ledger{received: map[string]uint64{}, lost: map[string]uint64{}}, held: map[string]*presence.Tracked[guest]{}}
	n.hub = pubsubtest.Join(t, outside(t, name, url), pubsub.Cluster{
		Beat: 100 * time.Millisecond,
		Gap:  func(g pubsub.Gap) { n.ledger.count(n.ledger.lost, g.Node, g.Messages) },
	})
	sub, err := pubsub.NewTopic[message](n.hub, "account").SubscribeWith(pubsub.Subscriber[message]{
		Receive: func(m message) { n.ledger.count(n.ledger.received, m.Text, 1) }, Inline: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Cancel)
	// Before any tracker talks.
	stop, err := n.hub.Pipe("presence").Receive(func([]byte) { n.trackerReceived.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return n
}

// track begins to tell who is here.
func (n *soaked) track(t *testing.T) {
	t.Helper()
	tracker, err := presence.New(presence.Options{Carrier: tallied{n.hub.Pipe("presence"), &n.trackerSent}, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracker.Close)
	n.room = presence.NewTopic[guest](tracker, "room")
	sub, err := n.room.SubscribeWith(pubsub.Subscriber[presence.Diff[guest]]{
		Receive: func(d presence.Diff[guest]) { n.net.Add(entries(d.Joins) - entries(d.Leaves)) }, Inline: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Cancel)
}

// entries is how often people are there.
func entries(people []presence.Person[guest]) int64 {
	n := 0
	for _, p := range people {
		n += len(p.Metas)
	}
	return int64(n)
}

// talk broadcasts until it is enough.
func (n *soaked) talk(enough <-chan struct{}) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-enough:
			return
		case <-tick.C:
		}
		_ = pubsub.NewTopic[message](n.hub, "account").Broadcast(message{0, n.name}) // that it went nowhere is what is counted
		n.sent++
	}
}

// live has people come, change and go, and subscriptions with them, until it is
// enough.
func (n *soaked) live(t *testing.T, enough <-chan struct{}) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var subs []*pubsub.Subscription
	defer func() {
		for _, s := range subs {
			s.Cancel()
		}
	}()
	for i := 0; ; i++ {
		select {
		case <-enough:
			return
		case <-tick.C:
		}
		key := fmt.Sprint(n.name, ":", rand.IntN(100))
		switch who := n.held[key]; {
		case who == nil:
			tracked, err := n.room.Track(key, guest{Name: key})
			if err != nil {
				t.Error(err)
				return
			}
			n.held[key] = tracked
		case i%2 == 0:
			if err := who.Update(guest{key, i%4 == 0}); err != nil {
				t.Error(err)
			}
		default:
			who.Untrack()
			delete(n.held, key)
		}
		sub, err := pubsub.NewTopic[message](n.hub, fmt.Sprint("room:", rand.IntN(50))).Subscribe(func(message) {})
		if err != nil {
			t.Error(err)
			return
		}
		if subs = append(subs, sub); len(subs) > 50 {
			subs[0].Cancel()
			subs = slices.Delete(subs, 0, 1)
		}
	}
}

// listed are the people of a node's list, with what is known of them.
func (n *soaked) listed() []string {
	var all []string
	for _, p := range n.room.List() {
		for _, m := range p.Metas {
			all = append(all, fmt.Sprint(p.Key, m.Value))
		}
	}
	slices.Sort(all)
	return all
}

// inUse is the memory and the goroutines that are left when all is quiet.
func inUse() (heap uint64, goroutines int) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc, runtime.NumGoroutine()
}

// Three nodes talk, and people come, change and go on each, while their broker is
// restarted over and over. Of each message each other node knows at the end that
// it came or that it is lost; all list the same people; nothing has grown.
// SOAK_CLUSTER says for how long, two rounds by default. Not parallel: it measures
// the whole process.
func TestSoak(t *testing.T) {
	rounds, end := 2, time.Time{}
	if text := os.Getenv("SOAK_CLUSTER"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		rounds, end = 0, time.Now().Add(d)
	}
	s := startBroker(t, server.RANDOM_PORT)
	t.Cleanup(func() { stop(s) }) // the last one
	at := port(s)
	var nodes []*soaked
	for _, name := range []string{"a", "b", "c"} {
		nodes = append(nodes, newSoaked(t, name, s.ClientURL()))
	}
	pubsubtest.Meet(t, nodes[0].hub, nodes[1].hub, nodes[2].hub)
	for _, n := range nodes {
		n.track(t)
	}

	var heap uint64
	var goroutines int
	for round := 1; round <= rounds || time.Now().Before(end); round++ {
		enough := make(chan struct{})
		var busy sync.WaitGroup
		for _, n := range nodes {
			busy.Go(func() { n.talk(enough) })
			busy.Go(func() { n.live(t, enough) })
		}
		time.Sleep(time.Second) // what is soaked takes its time
		stop(s)
		until(t, "the nodes to notice", func() bool {
			return !slices.ContainsFunc(nodes, func(n *soaked) bool { return n.hub.Health().Err == nil })
		})
		time.Sleep(time.Second / 2) // some of it without a broker
		s = startBroker(t, at)
		until(t, "the nodes to be well", func() bool {
			return !slices.ContainsFunc(nodes, func(n *soaked) bool { return n.hub.Health().Err != nil })
		})
		time.Sleep(time.Second) // and some of it with one again
		close(enough)
		busy.Wait()
		settle(t, nodes)
		if t.Failed() {
			return
		}
		if round == 2 || round%10 == 0 {
			h, g := inUse()
			if round == 2 || round == 10 { // buffers have grown by then
				heap, goroutines = h, g
			} else if h > heap+heap/2+8<<20 || g > goroutines+50 {
				t.Errorf("round %d: %d KiB and %d goroutines are in use, and %d KiB and %d were after the first ones", round, h>>10, g, heap>>10, goroutines)
			}
			t.Logf("round %d: %d KiB, %d goroutines", round, h>>10, g)
		}
	}
	for _, n := range nodes {
		for _, who := range n.held {
			who.Untrack()
		}
	}
	for _, n := range nodes {
		until(t, "everybody to be gone", func() bool { return n.room.Count() == 0 && n.net.Load() == 0 })
		st := n.hub.Stats()
		t.Logf("%s: sent %d, received %d, lost %d in %d gaps; topics %d, subscriptions %d", n.name, n.sent, st.Received, st.Lost, st.Gaps, st.Topics, st.Subscriptions)
	}
}

// accounts reports whether the node knows of each message of the others, be it of
// the talk or of a tracker, once: that it came, or that it is lost. Trackers go on
// talking, so that it may not be true at any moment.
func (n *soaked) accounts(nodes []*soaked) bool {
	known := n.trackerReceived.Load()
	said := uint64(0)
	for _, other := range nodes {
		if n != other {
			known += n.ledger.sum(other.name)
			said += other.sent + other.trackerSent.Load()
		}
	}
	return known == said
}

// settle waits until all nodes agree on what was said and who is there.
func settle(t *testing.T, nodes []*soaked) {
	t.Helper()
	want := 0
	for _, n := range nodes {
		want += len(n.held)
	}
	for _, n := range nodes {
		until(t, "each message to have come or to be lost, and none to be both", func() bool { return n.accounts(nodes) })
		until(t, "all to be listed", func() bool {
			return n.room.Count() == want && n.net.Load() == int64(want) && slices.Equal(n.listed(), nodes[0].listed())
		})
	}
}
