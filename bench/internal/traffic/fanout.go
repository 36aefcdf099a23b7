package traffic

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/procstat"
)

// Fanout has one of many views send what all of them hear, over and over.
type Fanout struct {
	Joining
	N      int // views that hear
	Rounds int
	// Gap is the rest after each round, and before the first: those who have
	// joined may still be told of each other.
	Gap   time.Duration
	Event string
	// Text is the JSON value of the event, with "%I%" in it: the mark by which a
	// round is known in what comes.
	Text string
	PID  int
}

// Spread is what it has measured.
type Spread struct {
	Mode   string  `json:"mode"`
	URL    string  `json:"url"`
	Joined int     `json:"joined"`
	Rounds []Round `json:"rounds"`
	// CPU is the server's CPU time for each that heard, in microseconds, and Bytes
	// the size of what came.
	CPU   float64 `json:"cpu_us_per_delivery"`
	Bytes int     `json:"bytes"`
	RSS   int64   `json:"rss_kib"`

	Failures map[string]int `json:"failures,omitempty"`
}

// Round is how long one message took, in milliseconds: to half of the views, to
// 99 of 100, and to the last.
type Round struct {
	Half float64 `json:"p50_ms"`
	P99  float64 `json:"p99_ms"`
	Last float64 `json:"last_ms"`
}

// Best is the round whose last was the first: the one that other work on the
// machine has disturbed least.
func (s Spread) Best() Round {
	return slices.MinFunc(s.Rounds, func(a, b Round) int { return int(1000 * (a.Last - b.Last)) })
}

// Run joins, sends and closes. A view that does not hear of a round is a
// failure.
func (f Fanout) Run(ctx context.Context, site *client.Site) (Spread, error) {
	r := Spread{Mode: "fanout"}
	var fails failures
	var closing atomic.Bool
	var readers sync.WaitGroup
	round := &hearing{}
	views := make([]*client.View, f.N)
	r.Joined, _ = f.open(ctx, site, f.N, &fails, func(i int, v *client.View) {
		views[i] = v
		readers.Go(func() {
			if err := round.listen(v); !closing.Load() {
				fails.add(err)
			}
		})
	})
	speaker, err := openOne(site, site.Loader(), (*client.Loader).Load)
	if err == nil {
		err = f.rounds(ctx, &r, round, speaker)
		speaker.Close()
	}
	closing.Store(true)
	for _, v := range views {
		if v != nil {
			v.Close()
		}
	}
	readers.Wait()
	r.Failures = fails.all()
	return r, err
}

func (f Fanout) rounds(ctx context.Context, r *Spread, round *hearing, speaker *client.View) error {
	if err := sleep(ctx, f.Gap); err != nil {
		return err
	}
	var cpu time.Duration
	for i := range f.Rounds {
		mark := fmt.Sprintf("round-%d-of-this", i)
		all := round.begin(mark, r.Joined)
		before, start := procstat.Of(f.PID), time.Now()
		if _, err := speaker.Do("click", f.Event, []byte(strings.ReplaceAll(f.Text, "%I%", mark))); err != nil {
			return err
		}
		select {
		case <-all:
		case <-time.After(patience):
			return fmt.Errorf("%d of %d views have not heard of a message within %s", round.missing(), r.Joined, patience)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		cpu += procstat.Of(f.PID).CPU - before.CPU
		times, size := round.end(start)
		r.Bytes = size
		at := func(share float64) float64 { return times[int(share*float64(len(times)-1))].Seconds() * 1000 }
		r.Rounds = append(r.Rounds, Round{at(.5), at(.99), at(1)})
		if err := sleep(ctx, f.Gap); err != nil {
			return err
		}
	}
	r.RSS = procstat.Of(f.PID).RSSKiB
	if n := r.Joined * f.Rounds; n > 0 {
		r.CPU = float64(cpu.Microseconds()) / float64(n)
	}
	return nil
}

// patience is how long a message may take to the last view.
const patience = 60 * time.Second

// hearing collects when each view hears of a round.
type hearing struct {
	mark atomic.Pointer[[]byte]

	mu   sync.Mutex
	at   []time.Time
	want int
	size int
	all  chan struct{}
}

func (h *hearing) begin(mark string, want int) <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at, h.want, h.all = make([]time.Time, 0, want), want, make(chan struct{})
	text := []byte(mark)
	h.mark.Store(&text)
	if want == 0 {
		close(h.all)
	}
	return h.all
}

func (h *hearing) missing() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.want - len(h.at)
}

// end is how long each took, the fastest first, and the size of one message.
func (h *hearing) end(start time.Time) (times []time.Duration, size int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range h.at {
		times = append(times, at.Sub(start))
	}
	slices.Sort(times)
	return times, h.size
}

// listen reads a view's messages until its end.
func (h *hearing) listen(v *client.View) error {
	for {
		message, err := v.Read(nil)
		if err != nil {
			return err
		}
		if mark := h.mark.Load(); mark != nil && bytes.Contains(message, *mark) {
			h.heard(len(message))
		}
	}
}

func (h *hearing) heard(size int) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at, h.size = append(h.at, now), size
	if len(h.at) == h.want {
		close(h.all)
	}
}
