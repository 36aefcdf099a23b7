package transport

import (
	"fmt"
	"io"
	"net"
	"testing"

	"bennu/internal/wire"
	"bennu/live"
)

// outletHost hands out the outlets of what is joined.
type outletHost struct{ outs chan Outlet }

func (h outletHost) Join(j Join) live.Channel {
	j.Out.JoinReply(true, nil)
	_ = j.Out.Flush() // the client waits for it
	h.outs <- j.Out
	return echo{j.Out}
}

// BenchmarkShare writes one message to each of 200 connections, in one frame that
// all share, and in one that is made for each. What the clients and the kernel do
// with it is included.
func BenchmarkShare(b *testing.B) {
	const conns = 200
	payload := []byte(`{"from":"ann","text":"a line of some length, as people write them"}`)
	for _, shared := range []bool{false, true} {
		b.Run(fmt.Sprintf("shared=%v", shared), func(b *testing.B) {
			s := serve(b, "tcp", Options{EventRate: Unlimited})
			host := outletHost{make(chan Outlet, conns)}
			s.Server.host = host
			outs := make([]Outlet, conns)
			for i := range outs {
				nc, br := dial(b, s)
				go func(nc net.Conn) { _, _ = io.Copy(io.Discard, br) }(nc)
				outs[i] = <-host.outs
			}
			b.ReportAllocs()
			cpu := cpuTime()
			for b.Loop() {
				m := &wire.Broadcast{Topic: "room:lobby", Event: "said", Payload: payload}
				for _, out := range outs {
					if shared {
						out.Share(m)
						continue
					}
					out.Push("said", payload)
					if err := out.Flush(); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64((cpuTime()-cpu).Nanoseconds())/float64(b.N)/conns, "cpu-ns/delivery")
		})
	}
}
