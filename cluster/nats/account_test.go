package nats_test

import (
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// ledger is what a node knows of what the others have sent.
type ledger struct {
	mu       sync.Mutex
	received map[string]uint64
	lost     map[string]uint64
}

func (l *ledger) count(in map[string]uint64, node string, n uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in[node] += n
}

// sum is how many messages of a node are accounted for.
func (l *ledger) sum(node string) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.received[node] + l.lost[node]
}

// Three nodes talk all the time, while their broker is restarted and their
// connections are cut, some on the way and some on both ends. Of each message
// each other node knows at the end: it has come, or it is lost. None is both, and
// none is neither.
func TestFault108EveryMessageIsAccountedFor(t *testing.T) {
	t.Parallel()
	s := broker(t, server.RANDOM_PORT)
	at := port(s)
	var hubs []*pubsub.Hub
	var ledgers []*ledger
	var between []*proxy
	names := []string{"a", "b", "c"}
	for _, name := range names {
		l := &ledger{received: map[string]uint64{}, lost: map[string]uint64{}}
		p := newProxy(t, net.JoinHostPort("127.0.0.1", fmt.Sprint(at)))
		hub := pubsubtest.Join(t, outside(t, name, "nats://"+p.Addr().String()), pubsub.Cluster{
			Beat: 50 * time.Millisecond,
			Gap:  func(g pubsub.Gap) { l.count(l.lost, g.Node, g.Messages) },
		})
		sub, err := pubsub.NewTopic[message](hub, "account").SubscribeWith(pubsub.Subscriber[message]{
			Receive: func(m message) { l.count(l.received, m.Text, 1) }, Inline: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sub.Cancel)
		hubs, ledgers, between = append(hubs, hub), append(ledgers, l), append(between, p)
	}
	pubsubtest.Meet(t, hubs...)

	// They talk.
	sent := make([]uint64, len(hubs))
	var talking sync.WaitGroup
	enough := make(chan struct{})
	for i, hub := range hubs {
		talking.Go(func() {
			tick := time.NewTicker(100 * time.Microsecond)
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-enough:
					return
				case <-tick.C:
				}
				_ = pubsub.NewTopic[message](hub, "account").Broadcast(message{n, names[i]}) // that it went nowhere is what is counted
				sent[i]++
			}
		})
	}
	well := func() bool {
		for _, h := range hubs {
			if h.Health().Err != nil {
				return false
			}
		}
		return true
	}
	for i := range 3 {
		stop(s)
		until(t, "the nodes to notice", func() bool { return !well() })
		s = broker(t, at)
		until(t, "the nodes to be well", well)
		cut := between[i]
		cut.set(true)
		until(t, "a node to notice that it is cut off", func() bool { return hubs[i].Health().Err != nil })
		cut.set(false)
		until(t, "it to be back", well)
	}
	close(enough)
	talking.Wait()

	for i, l := range ledgers {
		for j, name := range names {
			if i == j {
				continue
			}
			until(t, "all messages to be accounted for", func() bool { return l.sum(name) >= sent[j] })
		}
	}
	lost := uint64(0)
	for i, l := range ledgers {
		for j, name := range names {
			if i == j {
				continue
			}
			if got := l.sum(name); got != sent[j] {
				t.Errorf("node %s knows of %d messages of %s, want the %d that were sent: %d have come, %d are lost", names[i], got, name, sent[j], l.received[name], l.lost[name])
			}
			lost += l.lost[name]
		}
	}
	if lost == 0 {
		t.Error("nothing was lost: the test has cut nothing")
	}
	t.Logf("sent %v; %d deliveries were lost, all of them counted", sent, lost)
}
