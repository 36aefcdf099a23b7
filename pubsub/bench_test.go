package pubsub

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// crowd is how many subscribers the benchmarks have.
const crowd = 10_000

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkBroadcast sends one message to 10,000 subscribers and waits for the
// last of them. It reports the CPU that a delivery costs, and the time to the
// last one.
func BenchmarkBroadcast(b *testing.B) {
	for _, inline := range []bool{true, false} {
		b.Run(map[bool]string{true: "Inline", false: "Mailboxes"}[inline], func(b *testing.B) {
			topic := NewTopic[int](New(), "crowd")
			var left atomic.Int64
			last := make(chan struct{}, 1)
			for range crowd {
				sub, err := topic.SubscribeWith(Subscriber[int]{Inline: inline, Receive: func(int) {
					if left.Add(-1) == 0 {
						last <- struct{}{}
					}
				}})
				if err != nil {
					b.Fatal(err)
				}
				defer sub.Cancel()
			}
			var took, held []time.Duration
			round := func() {
				left.Store(crowd)
				start := time.Now()
				if err := topic.Broadcast(1); err != nil {
					b.Fatal(err)
				}
				held = append(held, time.Since(start))
				<-last
				took = append(took, time.Since(start))
			}
			round()
			took, held = nil, nil
			b.ReportAllocs()
			cpu := cpuTime()
			for b.Loop() {
				round()
			}
			perDelivery := float64((cpuTime() - cpu).Nanoseconds()) / float64(b.N) / crowd
			b.ReportMetric(perDelivery, "cpu-ns/delivery")
			b.ReportMetric(quantile(took, .50), "p50-ms")
			b.ReportMetric(quantile(took, .99), "p99-ms")
			b.ReportMetric(quantile(held, .99)*1000, "held-p99-µs")
		})
	}
}

func quantile(all []time.Duration, q float64) float64 {
	slices.Sort(all)
	return float64(all[min(len(all)-1, int(q*float64(len(all))))].Microseconds()) / 1000
}

// BenchmarkSubscription reports the memory of a subscription, on one topic and
// on one each, when each has had a message.
func BenchmarkSubscription(b *testing.B) {
	for _, inline := range []bool{true, false} {
		for _, topics := range []int{1, crowd} {
			b.Run(fmt.Sprintf("%s/Topics%d", map[bool]string{true: "Inline", false: "Mailboxes"}[inline], topics), func(b *testing.B) {
				var each uint64
				for b.Loop() {
					h := New()
					var left atomic.Int64
					left.Store(crowd)
					last := make(chan struct{})
					f := func(int) {
						if left.Add(-1) == 0 {
							close(last)
						}
					}
					names := make([]string, topics)
					for i := range names {
						names[i] = "room:" + strconv.Itoa(i)
					}
					subs := make([]*Subscription, crowd)
					before := heap()
					for i := range subs {
						var err error
						if subs[i], err = NewTopic[int](h, names[i%topics]).SubscribeWith(Subscriber[int]{Inline: inline, Receive: f}); err != nil {
							b.Fatal(err)
						}
					}
					for _, name := range names {
						if err := NewTopic[int](h, name).Broadcast(1); err != nil {
							b.Fatal(err)
						}
					}
					<-last
					each = (heap() - before) / crowd
					for _, sub := range subs {
						sub.Cancel()
					}
				}
				b.ReportMetric(float64(each), "B/sub")
			})
		}
	}
}

// BenchmarkPublish is a message to one subscriber, on a topic of its own.
func BenchmarkPublish(b *testing.B) {
	topic := NewTopic[int](New(), "one")
	heard := 0
	sub, err := topic.SubscribeWith(Subscriber[int]{Inline: true, Receive: func(int) { heard++ }})
	if err != nil {
		b.Fatal(err)
	}
	defer sub.Cancel()
	b.ReportAllocs()
	for b.Loop() {
		if err := topic.Broadcast(1); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen is the reading of a message from another node.
func BenchmarkOpen(b *testing.B) {
	e := envelope{kind: kindMessage, epoch: 1, number: 1, node: "node-1", topic: "room:1", typ: "bennu/chat.Message", body: make([]byte, 128)}
	message := e.append(nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := open(message); err != nil {
			b.Fatal(err)
		}
	}
}
