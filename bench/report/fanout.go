package main

import (
	"context"
	"fmt"
	"strconv"

	"bennu/bench/internal/traffic"
)

// fanout measures one event that all views of a room hear, over sockets.
func (b *bench) fanout(ctx context.Context, t *sheet) error {
	b.progress("one message to %d views, %d times", b.n, b.broadcasts)
	s, err := b.start(ctx, "showcase", b.showcase)
	if err != nil {
		return err
	}
	defer s.stop()
	var r traffic.Spread
	err = b.load(ctx, s, "/chat/lobby", &r, "fanout", "-n", strconv.Itoa(b.n-1), "-rate", joinRate,
		"-rounds", strconv.Itoa(b.broadcasts), "-gap", "4s", "-event", "send", "-value", `{"text":"%I%"}`)
	if err != nil {
		return fmt.Errorf("broadcast: %w", err)
	}
	best := r.Best()
	t.part(fmt.Sprintf("One message of a room that %d live views hear over sockets of their own, best of %d", r.Joined, b.broadcasts))
	t.add(
		row{name: "server's CPU for each that hears", unit: "µs", ours: r.CPU, bar: bar{most: 10}},
		row{name: "… until half have it", unit: "ms", ours: best.Half},
		row{name: "… 99 of 100", unit: "ms", ours: best.P99},
		row{name: "… the last", unit: "ms", ours: best.Last, bar: bar{most: 120}},
		row{name: "… bytes of it", unit: "bytes", ours: float64(r.Bytes)},
		row{name: "a view of the room: resident", unit: "KiB", ours: float64(r.RSS) / float64(max(r.Joined, 1))},
	)
	return nil
}
