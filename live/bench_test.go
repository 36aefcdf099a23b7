package live

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"testing"
	"time"

	"bennu/pubsub"
)

// discard is an outlet that says nothing to anybody.
type discard struct{ replied chan struct{} }

func (discard) Ended()                     {}
func (discard) JoinReply(bool, []byte)     {}
func (discard) Reply([]byte, bool, []byte) {}
func (discard) Push(string, []byte)        {}
func (discard) Close()                     {}
func (discard) Fail()                      {}
func (d discard) Flush() error             { d.replied <- struct{}{}; return nil }

// BenchmarkClick is an event's whole way through the view: mailbox, borrowed
// goroutine, decoding, handler, render, diff, reply.
func BenchmarkClick(b *testing.B) {
	rt := &Runtime{Log: slog.New(slog.DiscardHandler)}
	d := discard{make(chan struct{}, 1)}
	c := new(counter)
	p := rt.Start(d, func() (Spec, error) { return Spec{View: c, Name: "counter", ID: "phx-1"}, nil })
	<-d.replied
	ref, click := []byte("7"), []byte(`{"type":"click","event":"increase","value":{"number":"2","value":""}}`)
	b.ReportAllocs()
	for b.Loop() {
		p.Deliver(Message{Ref: ref, Event: "event", Payload: click})
		<-d.replied
	}
	p.Stop(Left)
}

// BenchmarkIdleView reports the memory that a joined view holds while nothing
// happens to it.
func BenchmarkIdleView(b *testing.B) {
	const views = 10_000
	var perView uint64
	for b.Loop() {
		rt := &Runtime{Log: slog.New(slog.DiscardHandler)}
		before := heap()
		all := make([]*Process, views)
		d := discard{make(chan struct{}, views)}
		for i := range all {
			all[i] = rt.Start(d, func() (Spec, error) {
				return Spec{View: new(counter), Name: "counter", ID: fmt.Sprintf("phx-%08d", i)}, nil
			})
		}
		for range all {
			<-d.replied
		}
		perView = (heap() - before) / views
		for _, p := range all {
			p.Stop(Left)
		}
		if err := rt.Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(perView), "B/view")
}

// shout is a view that shows what was last said on a topic.
type shout struct {
	counter
	topic pubsub.Topic[int]
}

func (v *shout) Mount(s *Socket, _ Params) error {
	Subscribe(s, v.topic, func(_ *Socket, n int) error { v.N = n; return nil })
	return nil
}

// BenchmarkBroadcast sends one message to 10,000 views, which render it, and
// waits for the last of them to say so.
func BenchmarkBroadcast(b *testing.B) {
	const views = 10_000
	rt := &Runtime{Log: slog.New(slog.DiscardHandler)}
	topic := pubsub.NewTopic[int](pubsub.New(), "shouts")
	d := discard{make(chan struct{}, views)}
	all := make([]*Process, views)
	for i := range all {
		all[i] = rt.Start(d, func() (Spec, error) {
			return Spec{View: &shout{topic: topic}, Name: "shout", ID: fmt.Sprintf("phx-%08d", i)}, nil
		})
	}
	for range all {
		<-d.replied
	}
	var took []time.Duration
	n := 0
	b.ReportAllocs()
	cpu := cpuTime()
	for b.Loop() {
		n++
		start := time.Now()
		if err := topic.Broadcast(n); err != nil {
			b.Fatal(err)
		}
		for range all {
			<-d.replied
		}
		took = append(took, time.Since(start))
	}
	b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N)/views, "cpu-ns/delivery")
	slices.Sort(took)
	b.ReportMetric(float64(took[min(len(took)-1, len(took)*99/100)].Microseconds())/1000, "p99-ms")
	for _, p := range all {
		p.Stop(Left)
	}
	if err := rt.Wait(context.Background()); err != nil {
		b.Fatal(err)
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
