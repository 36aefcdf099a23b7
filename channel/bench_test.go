package channel

import (
	"context"
	"log/slog"
	"runtime"
	"testing"

	"bennu/internal/wire"
	"bennu/live"
	"bennu/pubsub"
)

// heard is an outlet that only tells that something came.
type heard struct{ came chan struct{} }

func (heard) JoinReply(bool, []byte)              {}
func (heard) JoinReplyData(bool, []byte)          {}
func (heard) Reply([]byte, bool, []byte)          {}
func (heard) ReplyData([]byte, bool, []byte)      {}
func (o heard) Push(string, []byte)               { o.came <- struct{}{} }
func (heard) PushData(string, []byte)             {}
func (o heard) Share(b *wire.Broadcast)           { b.Form(wire.FramedForm, encodeFrame); o.came <- struct{}{} }
func (heard) Close()                              {}
func (heard) Fail()                               {}
func (heard) Flush() error                        { return nil }
func (o heard) Ended()                            { o.came <- struct{}{} }
func (heard) EnterMount(context.Context) error    { return nil }
func (heard) LeaveMount()                         {}
func encodeFrame(b *wire.Broadcast) []byte        { return wire.AppendBroadcast(nil, b) }
func (r *benchRoom) Join(*Socket, Params) error   { return nil }
func (r *benchOwn) Intercepts() Intercepts        { return Intercepts{"said": Intercept(r.said)} }
func (r *benchOwn) said(s *Socket, t *line) error { s.Push("said", t); return nil }

// benchRoom gets broadcasts as they are; benchOwn makes one of its own of each.
type benchRoom struct{ User, Name string }
type benchOwn struct{ benchRoom }

type line struct {
	From string `json:"from"`
	Text string `json:"text"`
}

func benchJoins(b *testing.B, n int, room func() Channel) (*Runtime, heard, []live.Channel) {
	b.Helper()
	h := Handler[string]{Topics: Topics[string]{"room:*": func(string) Channel { return room() }}}
	rt, err := h.Runtime(Env{Log: slog.New(slog.DiscardHandler), PubSub: pubsub.New()})
	if err != nil {
		b.Fatal(err)
	}
	out := heard{make(chan struct{}, n)}
	info := new(live.ConnectInfo)
	all := make([]live.Channel, n)
	for i := range all {
		c, err := rt.Connect(new(Conn))
		if err != nil {
			b.Fatal(err)
		}
		all[i] = c.Join("room:lobby", nil, info, nil, out)
	}
	for _, c := range all {
		if _, err := Call(b.Context(), RefOf(c), func(Channel) int { return 0 }); err != nil {
			b.Fatal(err)
		}
	}
	return rt, out, all
}

func benchEnd(b *testing.B, rt *Runtime, out heard, all []live.Channel) {
	b.Helper()
	for _, c := range all {
		c.Stop(live.Left)
	}
	for range all {
		<-out.came
	}
	if err := rt.Wait(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkBroadcast sends one message to 10,000 channels: as it is, which shares
// one frame, and by way of a handler of each, which makes a message for each.
func BenchmarkBroadcast(b *testing.B) {
	const channels = 10_000
	for name, room := range map[string]func() Channel{
		"shared": func() Channel { return new(benchRoom) },
		"own":    func() Channel { return new(benchOwn) },
	} {
		b.Run(name, func(b *testing.B) {
			rt, out, all := benchJoins(b, channels, room)
			b.ReportAllocs()
			cpu := cpuTime()
			for b.Loop() {
				if err := Broadcast(rt.hub, "room:lobby", "said", line{"ann", "a line of some length, as people write them"}); err != nil {
					b.Fatal(err)
				}
				for range all {
					<-out.came
				}
			}
			b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N)/channels, "cpu-ns/delivery")
			benchEnd(b, rt, out, all)
		})
	}
}

// BenchmarkIdleChannel is the memory of a channel at rest, with its subscription
// to the topic and without its connection.
func BenchmarkIdleChannel(b *testing.B) {
	const channels = 10_000
	var per uint64
	for b.Loop() {
		before := heapInUse()
		rt, out, all := benchJoins(b, channels, func() Channel { return new(benchRoom) })
		per = (heapInUse() - before) / channels
		benchEnd(b, rt, out, all)
	}
	b.ReportMetric(float64(per), "B/channel")
}

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkEvent is an event and its reply, without a connection.
func BenchmarkEvent(b *testing.B) {
	p, ended := benchProcess(b)
	m := live.Message{Ref: []byte("7"), Event: "say", Payload: []byte(`{"from":"ann","text":"hello"}`)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.handle(item{message: m}); err != nil {
			b.Fatal(err)
		}
	}
	ended()
}

type benchEvents struct{ benchRoom }

func (r *benchEvents) Events() Events {
	return Events{"say": On(func(s *Socket, l line) error { s.Reply(l); return nil }), "count": Do(func(*Socket) error { return nil })}
}

func benchProcess(b *testing.B) (p *process, end func()) {
	b.Helper()
	rt, out, all := benchJoins(b, 1, func() Channel { return new(benchEvents) })
	p = all[0].(*process)
	return p, func() { benchEnd(b, rt, out, all) }
}
