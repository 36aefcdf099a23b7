package traffic

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/procstat"
)

// Hold opens connections and lets them be.
type Hold struct {
	Joining
	N int
	// Time is how long they are held once all have joined; the memory is read
	// every so often meanwhile.
	Time, Every time.Duration
	// Heartbeat is the interval of the heartbeats; 0 is the official client's 30 s.
	Heartbeat time.Duration
	PID       int
	// Figures is the address at which the server tells of itself, see
	// bench/observed; empty: it does not.
	Figures string
}

// Held is what holding connections has measured.
type Held struct {
	Mode   string `json:"mode"`
	URL    string `json:"url"`
	N      int    `json:"n"`
	Joined int    `json:"joined"`
	Alive  int    `json:"alive"` // at the end

	JoinSeconds float64 `json:"join_seconds"`
	JoinLatency Latency `json:"join_latency"`
	JoinBytes   int     `json:"join_bytes"` // of a join's reply

	BaseRSS int64    `json:"base_rss_kib"` // before the first connection
	Memory  []Memory `json:"memory"`       // the first right after the joins
	IdleCPU float64  `json:"idle_cores"`   // of the server while nothing happened

	// What the server tells of itself, for each connection: live heap, heap
	// objects, and the stacks of goroutines.
	HeapBytes   float64 `json:"heap_bytes,omitempty"`
	HeapObjects float64 `json:"heap_objects,omitempty"`
	StackBytes  float64 `json:"stack_bytes,omitempty"`
	Goroutines  float64 `json:"goroutines,omitempty"`

	Failures map[string]int `json:"failures,omitempty"`
	Lost     map[string]int `json:"lost,omitempty"` // connections that ended while held
}

// Memory is the server's memory at one time.
type Memory struct {
	Seconds float64 `json:"seconds"` // since all have joined
	RSSKiB  int64   `json:"rss_kib"`
	PerConn float64 `json:"kib_per_connection"` // above the base
}

// End is the last look at the memory.
func (h Held) End() Memory { return h.Memory[len(h.Memory)-1] }

// Run joins, holds and closes.
func (h Hold) Run(ctx context.Context, site *client.Site) (Held, error) {
	var fails, lost failures
	var closing atomic.Bool
	var alive atomic.Int64
	base := procstat.Of(h.PID)
	inside, err := h.inside()
	if err != nil {
		return Held{}, err
	}
	beating, stop := context.WithCancel(ctx)
	hearts := heartbeats{every: h.Heartbeat, lost: &lost}
	if hearts.every <= 0 {
		hearts.every = 30 * time.Second
	}
	var beats, readers sync.WaitGroup
	beats.Go(func() { hearts.run(beating) })

	r := Held{Mode: "hold", N: h.N, BaseRSS: base.RSSKiB}
	views := make([]*client.View, h.N)
	start := time.Now()
	joined, times := h.open(ctx, site, h.N, &fails, func(i int, v *client.View) {
		views[i] = v
		alive.Add(1)
		hearts.add(v)
		readers.Go(func() {
			err := drain(v)
			alive.Add(-1)
			if !closing.Load() {
				lost.add(err)
			}
		})
	})
	r.Joined, r.JoinSeconds, r.JoinLatency = joined, time.Since(start).Seconds(), times.latency()
	err = h.watch(ctx, &r, base, &alive)
	r.Alive = int(alive.Load())
	if err == nil {
		err = h.ask(&r, inside)
	}
	stop()
	beats.Wait() // no heartbeat goes to a connection that is closed here
	closing.Store(true)
	for _, v := range views {
		if v != nil {
			r.JoinBytes = v.JoinBytes
			v.Close()
		}
	}
	readers.Wait()
	r.Failures, r.Lost = fails.all(), lost.all()
	return r, err
}

// drain reads what comes, into a buffer that is not kept while nothing does.
func drain(v *client.View) error {
	for {
		if _, err := v.Read(nil); err != nil {
			return err
		}
	}
}

// watch looks at the memory until the time is over.
func (h Hold) watch(ctx context.Context, r *Held, base procstat.Sample, alive *atomic.Int64) error {
	first := procstat.Of(h.PID)
	last := first
	for {
		held := last.At.Sub(first.At)
		r.Memory = append(r.Memory, Memory{
			Seconds: held.Seconds(), RSSKiB: last.RSSKiB,
			PerConn: float64(last.RSSKiB-base.RSSKiB) / float64(max(alive.Load(), 1)),
		})
		if held >= h.Time {
			break
		}
		if err := sleep(ctx, min(h.Time-time.Since(first.At), max(h.Every, time.Millisecond))); err != nil {
			return err
		}
		last = procstat.Of(h.PID)
	}
	if held := last.At.Sub(first.At).Seconds(); held > 0 {
		r.IdleCPU = (last.CPU - first.CPU).Seconds() / held
	}
	return nil
}

// inside are the server's own figures, zero when it has none.
func (h Hold) inside() (procstat.Inside, error) {
	if h.Figures == "" {
		return procstat.Inside{}, nil
	}
	return procstat.Ask(h.Figures, true)
}

// ask compares the server's own figures with those before.
func (h Hold) ask(r *Held, before procstat.Inside) error {
	now, err := h.inside()
	if err != nil || h.Figures == "" {
		return err
	}
	n := float64(max(r.Alive, 1))
	r.HeapBytes = (float64(now.HeapBytes) - float64(before.HeapBytes)) / n
	r.HeapObjects = (float64(now.HeapObjects) - float64(before.HeapObjects)) / n
	r.StackBytes = (float64(now.StackBytes) - float64(before.StackBytes)) / n
	r.Goroutines = float64(now.Goroutines-before.Goroutines) / n
	return nil
}
