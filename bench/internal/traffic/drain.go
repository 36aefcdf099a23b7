package traffic

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/procstat"
)

// A Stoppable is a server that ends when it is asked to.
type Stoppable interface {
	// Start starts it and returns its process. It does not wait for it to serve.
	Start() (pid int, err error)
	// Stop asks it to end, as SIGTERM does, and returns when it has; an end with
	// a status other than 0 is an error.
	Stop() error
	// Kill ends it at once.
	Kill() error
}

// Drain joins clients, asks their server to stop, and waits until all are back
// on another one, with a click that is answered.
type Drain struct {
	Joining
	N int
	// Within is how long they may take to come back, from the signal on.
	Within time.Duration
	Server Stoppable
	// To is the same page on the server that stays.
	To *client.Site
}

// Drained is what a drain has measured. All times are from the signal on.
type Drained struct {
	Mode string `json:"mode"`
	URL  string `json:"url"`
	N    int    `json:"n"`

	JoinSeconds float64        `json:"join_seconds"` // of all, before the signal
	Closed      Latency        `json:"closed"`       // until each socket was closed
	Codes       map[string]int `json:"codes"`        // by which they were
	MostClosed  int            `json:"most_closed"`  // within any 100 ms
	ExitSeconds float64        `json:"exit_seconds"` // until the process had ended
	BackSeconds float64        `json:"back_seconds"` // until the last was back
	Away        Latency        `json:"away"`         // of each client, from its close to its answered click
	Back        int            `json:"back"`         // that have come back
	Attempts    int64          `json:"attempts"`     // to connect
	Refused     int64          `json:"refused"`      // of them, with status 503
	RSSKiB      int64          `json:"rss_kib"`      // before the signal

	Failures map[string]int `json:"failures,omitempty"`
}

// restart is the code of a close that sends clients to another server, RFC 6455.
const restart = 1012

// Err is what went wrong.
func (r Drained) Err(within time.Duration) error {
	err := Failed(r.Failures)
	if r.Back != r.N {
		return errors.Join(err, fmt.Errorf("traffic: %d of %d clients came back within %v", r.Back, r.N, within))
	}
	return err
}

// Run lets the drain happen. The server is not running before and after; the
// other one is.
func (d Drain) Run(ctx context.Context, site *client.Site) (Drained, error) {
	r := Drained{Mode: "drain", N: d.N, Codes: make(map[string]int)}
	pid, err := d.Server.Start()
	if err != nil {
		return r, err
	}
	up := true
	defer func() {
		if up {
			_ = d.Server.Kill() // after an error that says more
		}
	}()
	for _, s := range []*client.Site{site, d.To} {
		if err := ready(ctx, s); err != nil {
			return r, err
		}
	}
	g := newStorm(Storm{Joining: d.Joining, N: d.N, Within: d.Within}, site)
	g.other = d.To
	var mu sync.Mutex
	var closes []time.Duration
	g.lost = func(end error) error {
		mu.Lock()
		defer mu.Unlock()
		closes = append(closes, time.Since(g.killed))
		e, ok := errors.AsType[client.CloseError](end)
		if !ok {
			r.Codes["none"]++
			return fmt.Errorf("traffic: a socket was not closed in good order: %w", end)
		}
		r.Codes[fmt.Sprint(e.Code)]++
		if e.Code != restart {
			return fmt.Errorf("traffic: closed with code %d, want %d", e.Code, restart)
		}
		return nil
	}
	over := g.begin(ctx)
	ended := false
	end := func() {
		if !ended {
			ended = true
			over()
		}
	}
	defer end()

	start := time.Now()
	joined, err := g.join(ctx)
	r.JoinSeconds, r.RSSKiB = time.Since(start).Seconds(), procstat.Of(pid).RSSKiB
	if err != nil || joined != d.N {
		r.Failures = g.fails.all()
		return r, errors.Join(err, fmt.Errorf("traffic: %d of %d joined", joined, d.N))
	}
	g.killed = time.Now()
	close(g.down)
	err = d.Server.Stop()
	up = false
	r.ExitSeconds = time.Since(g.killed).Seconds()
	g.Within -= time.Since(g.killed)
	g.wait(ctx, pid)
	r.Back, r.Attempts, r.Refused = int(g.back.Load()), g.attempts.Load(), g.refused.Load()
	r.BackSeconds = time.Duration(g.last.Load()).Seconds()
	end()
	g.mu.Lock()
	r.Away = g.away.latency()
	g.mu.Unlock()
	r.Closed, r.MostClosed = ofTimes(closes)
	r.Failures = g.fails.all()
	return r, errors.Join(ctx.Err(), err)
}

// ofTimes is how things that happened at these times were spread, and how many
// there were at most within a tenth of a second.
func ofTimes(times []time.Duration) (Latency, int) {
	slices.Sort(times)
	var h histogram
	most, first := 0, 0
	for i, at := range times {
		h.add(at)
		for at-times[first] >= 100*time.Millisecond {
			first++
		}
		most = max(most, i-first+1)
	}
	return h.latency(), most
}
