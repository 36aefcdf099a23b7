package traffic

import (
	"context"
	"sync"
	"time"

	"bennu/bench/internal/client"
)

// heartbeats sends the heartbeats of many connections from one goroutine. The
// entries of its queue are in the order in which they are due, because each is
// put at the end when it is due after one interval from now.
type heartbeats struct {
	every time.Duration
	lost  *failures

	mu    sync.Mutex
	queue []beat
}

type beat struct {
	view *client.View
	due  time.Time
}

func (h *heartbeats) add(v *client.View) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queue = append(h.queue, beat{v, time.Now().Add(h.every)})
}

// due takes out the connections whose time has come.
func (h *heartbeats) due(now time.Time) []beat {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for n < len(h.queue) && !h.queue[n].due.After(now) {
		n++
	}
	due := h.queue[:n:n]
	h.queue = h.queue[n:]
	return due
}

// run sends heartbeats until the context ends. A connection that fails gets no
// further one.
func (h *heartbeats) run(ctx context.Context) {
	t := time.NewTicker(20 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			for _, b := range h.due(now) {
				if err := b.view.Heartbeat(); err != nil {
					h.lost.add(err)
					continue
				}
				h.add(b.view)
			}
		}
	}
}
