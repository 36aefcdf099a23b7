package traffic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/procstat"
)

// A Killable is a server that a storm ends without warning and starts again at
// the same address.
type Killable interface {
	// Start starts it and returns its process. It does not wait for it to serve.
	Start() (pid int, err error)
	// Kill ends it at once, as kill -9 does.
	Kill() error
}

// Storm joins clients, kills their server, starts it again, and waits until all
// are back by themselves, with a click that is answered.
type Storm struct {
	Joining
	N int
	// Within is how long they may take to come back, from the kill on.
	Within time.Duration
	Server Killable
}

// Stormed is what a storm has measured.
type Stormed struct {
	Mode string `json:"mode"`
	URL  string `json:"url"`
	N    int    `json:"n"`

	JoinSeconds  float64 `json:"join_seconds"`   // of all, before the kill
	UpSeconds    float64 `json:"up_seconds"`     // from the kill to the first that is back
	BackSeconds  float64 `json:"back_seconds"`   // from the kill to the last
	Back         int     `json:"back"`           // that have come back
	Attempts     int64   `json:"attempts"`       // to connect
	Refused      int64   `json:"refused"`        // of them, with status 503
	Rejoin       Latency `json:"rejoin"`         // connect and join, where it succeeded
	PeakRSSKiB   int64   `json:"peak_rss_kib"`   // of the second server
	BeforeRSSKiB int64   `json:"before_rss_kib"` // of the first, with all joined

	Failures map[string]int `json:"failures,omitempty"` // before the kill and after the return
}

// Err is what went wrong.
func (r Stormed) Err(within time.Duration) error {
	err := Failed(r.Failures)
	if r.Back != r.N {
		return errors.Join(err, fmt.Errorf("traffic: %d of %d clients came back within %v", r.Back, r.N, within))
	}
	return err
}

// backoff is how long the official client waits before each attempt to connect.
var backoff = []time.Duration{
	10 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 150 * time.Millisecond, 200 * time.Millisecond,
	250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second,
}

// storm is one that goes on.
type storm struct {
	Storm
	site   *client.Site
	other  *client.Site      // where clients come back to
	lost   func(error) error // told of each end; what it returns is a failure
	fails  failures
	hearts heartbeats

	killed            time.Time
	attempts, refused atomic.Int64
	back              atomic.Int64
	first, last       atomic.Int64 // nanoseconds since the kill
	mu                sync.Mutex
	rejoins           histogram
	away              histogram // from the loss to the click that is answered
	allBack           chan struct{}
	clients           sync.WaitGroup
	down, over        chan struct{} // closed at the kill, and at the end
}

// Run lets the storm happen. The server is not running before and after.
func (s Storm) Run(ctx context.Context, site *client.Site) (Stormed, error) {
	r := Stormed{Mode: "storm", N: s.N}
	pid, err := s.Server.Start()
	if err != nil {
		return r, err
	}
	up := true
	defer func() {
		if up {
			_ = s.Server.Kill() // after an error that says more
		}
	}()
	if err := ready(ctx, site); err != nil {
		return r, err
	}
	g := newStorm(s, site)
	defer g.begin(ctx)()

	start := time.Now()
	joined, err := g.join(ctx)
	r.JoinSeconds, r.BeforeRSSKiB = time.Since(start).Seconds(), procstat.Of(pid).RSSKiB
	if err != nil || joined != s.N {
		r.Failures = g.fails.all()
		return r, errors.Join(err, fmt.Errorf("traffic: %d of %d joined", joined, s.N))
	}
	g.killed = time.Now()
	close(g.down)
	if err := s.Server.Kill(); err != nil {
		return r, err
	}
	if pid, err = s.Server.Start(); err != nil {
		up = false
		return r, err
	}
	r.PeakRSSKiB = g.wait(ctx, pid)
	r.Back, r.Attempts, r.Refused = int(g.back.Load()), g.attempts.Load(), g.refused.Load()
	r.UpSeconds, r.BackSeconds = time.Duration(g.first.Load()).Seconds(), time.Duration(g.last.Load()).Seconds()
	g.mu.Lock()
	r.Rejoin = g.rejoins.latency()
	g.mu.Unlock()
	r.Failures = g.fails.all()
	up = false
	return r, errors.Join(ctx.Err(), s.Server.Kill())
}

func newStorm(s Storm, site *client.Site) *storm {
	return &storm{Storm: s, site: site, other: site, allBack: make(chan struct{}), down: make(chan struct{}), over: make(chan struct{})}
}

// begin keeps what is joined alive; end lets all clients go, and waits for them.
func (g *storm) begin(ctx context.Context) (end func()) {
	g.hearts = heartbeats{every: 30 * time.Second, lost: new(failures)}
	beating, stop := context.WithCancel(ctx)
	var beats sync.WaitGroup
	beats.Go(func() { g.hearts.run(beating) })
	return func() {
		close(g.over)
		g.clients.Wait()
		stop()
		beats.Wait()
	}
}

// ready waits until the page is served.
func ready(ctx context.Context, site *client.Site) error {
	loader := site.Loader()
	defer loader.Close()
	for deadline := time.Now().Add(30 * time.Second); ; {
		_, err := loader.Load()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("traffic: the server does not answer: %w", err)
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// join opens all connections, each with a page of its own unless one is for
// all.
func (g *storm) join(ctx context.Context) (int, error) {
	load, err := g.pages(g.site)
	if err != nil {
		return 0, err
	}
	var next, joined atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(g.Workers, g.N)) {
		wg.Go(func() {
			loader := g.site.Loader()
			defer loader.Close()
			for next.Add(1) <= int64(g.N) && ctx.Err() == nil {
				page, err := load(loader)
				if err != nil {
					g.fails.add(err)
					continue
				}
				view, err := g.site.Open(page)
				if err != nil {
					g.fails.add(err)
					continue
				}
				joined.Add(1)
				g.hearts.add(view)
				g.clients.Go(func() { g.client(ctx, page, view) })
			}
		})
	}
	wg.Wait()
	return int(joined.Load()), nil
}

// client holds a connection until it is lost, and comes back.
func (g *storm) client(ctx context.Context, page *client.Page, view *client.View) {
	ended := make(chan error, 1)
	go func() { ended <- drain(view) }()
	var end error
	select {
	case end = <-ended:
		select {
		case <-g.down:
		default:
			g.fails.add(fmt.Errorf("before the kill: %w", end))
			return
		}
	case <-g.over:
		view.Abort()
		<-ended
		return
	}
	view.Abort()
	if g.lost != nil {
		if err := g.lost(end); err != nil {
			g.fails.add(err)
		}
	}
	view = g.comeBack(ctx, page)
	if view == nil {
		return
	}
	defer view.Abort()
	g.hearts.add(view)
	<-g.over
}

// comeBack connects as the official client does, and clicks once.
func (g *storm) comeBack(ctx context.Context, page *client.Page) *client.View {
	left := time.Now()
	for try := 0; ; try++ {
		select {
		case <-g.over:
			return nil
		case <-ctx.Done():
			return nil
		case <-time.After(backoff[min(try, len(backoff)-1)]):
		}
		g.attempts.Add(1)
		begun := time.Now()
		view, _, err := g.other.Reopen(page)
		if err != nil {
			if strings.Contains(err.Error(), "status 503") {
				g.refused.Add(1)
			}
			continue
		}
		took := time.Since(begun)
		if err := g.click(view); err != nil {
			g.fails.add(fmt.Errorf("after the return: %w", err))
			view.Abort()
			return nil
		}
		g.mu.Lock()
		g.rejoins.add(took)
		g.away.add(time.Since(left))
		g.mu.Unlock()
		since := int64(time.Since(g.killed))
		g.first.CompareAndSwap(0, since)
		for last := g.last.Load(); since > last && !g.last.CompareAndSwap(last, since); last = g.last.Load() {
		}
		if g.back.Add(1) == int64(g.N) {
			close(g.allBack)
		}
		return view
	}
}

func (g *storm) click(view *client.View) error {
	if err := view.Timeout(time.Minute); err != nil {
		return err
	}
	reply, err := view.Do("click", "increase", []byte(`{"number":"2","value":""}`))
	if err != nil {
		return err
	}
	if !bytes.Contains(reply.Payload, []byte(`:"2"`)) {
		return fmt.Errorf("a fresh counter shows %.200s after a click, want 2", reply.Payload)
	}
	return view.Timeout(0)
}

// wait waits until all are back or have had their time, and returns the most
// memory that the server had meanwhile.
func (g *storm) wait(ctx context.Context, pid int) (peak int64) {
	late := time.After(g.Within)
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for {
		peak = max(peak, procstat.Of(pid).RSSKiB)
		select {
		case <-look.C:
		case <-g.allBack:
			return max(peak, procstat.Of(pid).RSSKiB)
		case <-late:
			return peak
		case <-ctx.Done():
			return peak
		}
	}
}
