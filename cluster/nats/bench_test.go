package nats_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// pairs are two nodes that hear each other, one way and the other.
var pairs = []struct {
	name string
	make func(b *testing.B) (from pubsub.Carrier, to func() pubsub.Carrier) // which is asked for when the first is open
}{
	{"a server in each", func(b *testing.B) (pubsub.Carrier, func() pubsub.Carrier) {
		one := inside(b, "a")
		return one, func() pubsub.Carrier { return inside(b, "b", one) }
	}},
	{"a server elsewhere", func(b *testing.B) (pubsub.Carrier, func() pubsub.Carrier) {
		s := broker(b, server.RANDOM_PORT)
		return outside(b, "a", s.ClientURL()), func() pubsub.Carrier { return outside(b, "b", s.ClientURL()) }
	}},
}

type message struct {
	Number int
	Text   string
}

// meet joins two hubs and lets messages go from one to the other.
func meet(b *testing.B, from pubsub.Carrier, to func() pubsub.Carrier, f func(message)) pubsub.Topic[message] {
	b.Helper()
	one := pubsubtest.Join(b, from, pubsub.Cluster{})
	two := pubsubtest.Join(b, to(), pubsub.Cluster{})
	pubsubtest.Meet(b, one, two)
	sub, err := pubsub.NewTopic[message](two, "bench").SubscribeWith(pubsub.Subscriber[message]{Receive: f, Inline: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(sub.Cancel)
	return pubsub.NewTopic[message](one, "bench")
}

// How many messages a second a topic carries from node to node.
func BenchmarkNodeToNode(b *testing.B) {
	for _, p := range pairs {
		b.Run(p.name, func(b *testing.B) {
			const window = 1024
			room := make(chan struct{}, window)
			from, to := p.make(b)
			topic := meet(b, from, to, func(message) { <-room })
			text := strings.Repeat("x", 100)
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				room <- struct{}{}
				if err := topic.Broadcast(message{n, text}); err != nil {
					b.Fatal(err)
				}
			}
			for range window { // until the last has come
				room <- struct{}{}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}

// How long a message takes from node to node, when few are on their way.
func BenchmarkNodeToNodeLatency(b *testing.B) {
	for _, p := range pairs {
		b.Run(p.name, func(b *testing.B) {
			came := make(chan struct{})
			from, to := p.make(b)
			topic := meet(b, from, to, func(message) { came <- struct{}{} })
			var times []time.Duration
			for n := 0; b.Loop(); n++ {
				start := time.Now()
				if err := topic.Broadcast(message{n, "hello"}); err != nil {
					b.Fatal(err)
				}
				<-came
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
		})
	}
}
