package nats_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"bennu/cluster/nats"
	"bennu/presence"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// counted counts what a node sends for its tracker.
type counted struct {
	*pubsub.Pipe
	bytes *atomic.Int64
}

func (c counted) Send(message []byte) error {
	c.bytes.Add(int64(len(message)))
	return c.Pipe.Send(message)
}

// guest is what is known of somebody.
type guest struct {
	Name   string
	Typing bool
}

// site is some nodes that have a tracker each, with a server in each.
type site struct {
	tb       testing.TB
	carriers []*nats.Carrier
	hubs     []*pubsub.Hub
	trackers []*presence.Tracker
	rooms    []presence.Topic[guest]
	bytes    atomic.Int64 // that they have sent
}

// add starts one more node.
func (s *site) add() {
	s.tb.Helper()
	c := inside(s.tb, fmt.Sprint("n", len(s.hubs)), s.carriers...)
	hub := pubsubtest.Join(s.tb, c, pubsub.Cluster{})
	s.carriers, s.hubs = append(s.carriers, c), append(s.hubs, hub)
	pubsubtest.Meet(s.tb, s.hubs...)
	tracker, err := presence.New(presence.Options{Carrier: counted{hub.Pipe("presence"), &s.bytes}, Log: quiet})
	if err != nil {
		s.tb.Fatal(err)
	}
	s.tb.Cleanup(tracker.Close)
	s.trackers, s.rooms = append(s.trackers, tracker), append(s.rooms, presence.NewTopic[guest](tracker, "room"))
}

// have waits until all nodes list that many.
func (s *site) have(n int) {
	s.tb.Helper()
	late := time.After(patience)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for _, r := range s.rooms {
		for r.Count() != n {
			select {
			case <-tick.C:
			case <-late:
				s.tb.Fatalf("a node lists %d, want %d", r.Count(), n)
			}
		}
	}
}

// Who is tracked on one node is listed on all, by those who come late too, and
// is gone everywhere when its node says goodbye.
func TestPresenceOfNodes(t *testing.T) {
	t.Parallel()
	s := &site{tb: t}
	for range 3 {
		s.add()
	}
	for i, r := range s.rooms {
		for n := range 100 {
			if _, err := r.Track(fmt.Sprint("user:", i, ":", n), guest{Name: "Heron"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.have(300)
	s.add()
	s.have(300)
	s.trackers[0].Close()
	s.rooms = s.rooms[1:]
	s.have(200)
}

// Ten thousand people on three nodes: how long until all nodes list all, what
// that takes, and what they send when nothing happens.
func BenchmarkPresence(b *testing.B) {
	const people = 10_000
	for b.Loop() {
		s := &site{tb: b}
		for range 3 {
			s.add()
		}
		start := time.Now()
		for n := range people {
			if _, err := s.rooms[n%3].Track(fmt.Sprint("user:", n), guest{Name: "Heron 123"}); err != nil {
				b.Fatal(err)
			}
		}
		s.have(people)
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms-to-converge")
		b.ReportMetric(float64(s.bytes.Load())/people, "B-a-person")

		before, idle := s.bytes.Load(), time.Now()
		time.Sleep(6 * time.Second) // what they send meanwhile is what is measured
		b.ReportMetric(float64(s.bytes.Load()-before)/time.Since(idle).Seconds(), "B/s-idle")

		start = time.Now()
		s.add()
		s.have(people)
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms-for-one-more")
		for _, t := range s.trackers {
			t.Close()
		}
	}
}
