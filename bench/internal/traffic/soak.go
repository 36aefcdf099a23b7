package traffic

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/procstat"
)

// Soak sends visitors to the showcase's counter page: they load it, join,
// click, crash the view and join again, leave and join again, lose their
// connection and come back, and go. What they are told is checked with every
// answer, and the server's memory afterwards.
type Soak struct {
	// N is how many visitors are there at once, from the end of Ramp on.
	N          int
	Time, Ramp time.Duration
	// Rate is how much all visitors together do in a second; each of them acts
	// every N/Rate seconds in the mean, at random.
	Rate float64
	// Every is the time between two looks at the server.
	Every time.Duration
	PID   int
	// Figures is the address at which the server tells of itself, see
	// bench/observed; empty: it does not, and goroutines and heap are not checked.
	Figures string
	// Progress is told each look; nil: nobody is.
	Progress func(Look)
}

// maxPause is the longest that a visitor does nothing: servers close sockets
// that are silent for a minute.
const maxPause = 25 * time.Second

// Soaked is what a soak has seen.
type Soaked struct {
	Mode    string  `json:"mode"`
	URL     string  `json:"url"`
	N       int     `json:"n"`
	Seconds float64 `json:"seconds"`
	Done    Counts  `json:"done"`
	Looks   []Look  `json:"looks,omitempty"`

	// Before and After are the server's own figures without a visitor, nil if
	// it has none.
	Before *procstat.Inside `json:"before,omitempty"`
	After  *procstat.Inside `json:"after,omitempty"`

	Failures map[string]int `json:"failures,omitempty"`
	// Grown are the findings about memory, empty if it does not grow.
	Grown []string `json:"grown,omitempty"`
}

// A Look is the state of a soak at one time.
type Look struct {
	Seconds    float64 `json:"seconds"`
	Visitors   int64   `json:"visitors"`
	Failed     int     `json:"failed"` // operations, so far
	Done       int64   `json:"done"`   // actions so far
	RSSKiB     int64   `json:"rss_kib"`
	Goroutines int     `json:"goroutines,omitempty"`
	HeapKiB    uint64  `json:"heap_kib,omitempty"` // garbage included
}

// Counts are what visitors have done, each without a failure.
type Counts struct {
	Visits, Clicks, Crashes, Leaves, Reconnects int64
}

// counters are Counts while they are counted.
type counters struct {
	visits, clicks, crashes, leaves, reconnects, all, visitors atomic.Int64
}

// Err is what is wrong with the result: failures of visitors, or memory that
// grows.
func (s Soaked) Err() error {
	if err := Failed(s.Failures); err != nil {
		return err
	}
	if len(s.Grown) > 0 {
		return fmt.Errorf("traffic: the server's memory grows: %v", s.Grown)
	}
	return nil
}

// Run soaks the server. When the context ends early, so do the visits, and the
// result is of the time until then.
func (s Soak) Run(ctx context.Context, site *client.Site) (Soaked, error) {
	if pause := time.Duration(float64(s.N) / s.Rate * float64(time.Second)); pause > maxPause/2 {
		return Soaked{}, fmt.Errorf("traffic: %d visitors at %g actions a second act every %v, and a socket that is silent for a minute is closed; want a rate of at least %.0f",
			s.N, s.Rate, pause.Round(time.Second), float64(s.N)/(maxPause/2).Seconds())
	}
	r := Soaked{Mode: "soak", N: s.N}
	var err error
	if r.Before, err = s.inside(); err != nil {
		return r, err
	}
	var fails failures
	var count counters
	start := time.Now()
	visiting, stop := context.WithTimeout(ctx, s.Time)
	defer stop()
	r.Looks = s.visitors(visiting, site, &count, &fails)
	r.Seconds = time.Since(start).Seconds()
	r.Failures = fails.all()
	r.Done = Counts{count.visits.Load(), count.clicks.Load(), count.crashes.Load(), count.leaves.Load(), count.reconnects.Load()}
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	if r.After, err = s.settle(ctx, r.Before, peak(r.Looks)); err != nil {
		return r, err
	}
	r.Grown = append(growth(steady(r.Looks, s.Ramp)), remains(r.Before, r.After, peak(r.Looks))...)
	return r, nil
}

// visitors runs all visitors until the context ends, and looks at the server
// meanwhile.
func (s Soak) visitors(ctx context.Context, site *client.Site, count *counters, fails *failures) []Look {
	loaders := make(chan *client.Loader, 16)
	for range cap(loaders) {
		loaders <- site.Loader()
	}
	var wg sync.WaitGroup
	for i := range s.N {
		wg.Go(func() {
			v := visitor{
				site: site, loaders: loaders, count: count, fails: fails,
				random: rand.New(rand.NewPCG(uint64(i), 1)), mean: time.Duration(float64(s.N) / s.Rate * float64(time.Second)),
			}
			if sleep(ctx, time.Duration(float64(s.Ramp)*float64(i)/float64(s.N))) == nil {
				count.visitors.Add(1)
				v.run(ctx)
				count.visitors.Add(-1)
			}
		})
	}
	looks := s.watch(ctx, count, fails)
	wg.Wait()
	for range cap(loaders) {
		(<-loaders).Close()
	}
	return looks
}

// watch looks at the server until the context ends.
func (s Soak) watch(ctx context.Context, count *counters, fails *failures) []Look {
	var looks []Look
	start := time.Now()
	for sleep(ctx, s.Every) == nil {
		l := Look{
			Seconds: time.Since(start).Seconds(), Visitors: count.visitors.Load(), Done: count.all.Load(), Failed: fails.total(), RSSKiB: procstat.Of(s.PID).RSSKiB,
		}
		if s.Figures != "" {
			// What fails here fails again when the soak ends, and is an error there.
			if in, err := procstat.Ask(s.Figures, false); err == nil {
				l.Goroutines, l.HeapKiB = in.Goroutines, in.HeapBytes>>10
			}
		}
		looks = append(looks, l)
		if s.Progress != nil {
			s.Progress(l)
		}
	}
	return looks
}

// inside are the server's own figures, nil when it has none.
func (s Soak) inside() (*procstat.Inside, error) {
	if s.Figures == "" {
		return nil, nil
	}
	in, err := procstat.Ask(s.Figures, true)
	return &in, err
}

// settle asks for the figures until nothing remains of the visitors, or until
// that has taken too long: a server may take some time to find out that a
// connection has gone.
func (s Soak) settle(ctx context.Context, before *procstat.Inside, peak int) (*procstat.Inside, error) {
	for deadline := time.Now().Add(30 * time.Second); ; {
		after, err := s.inside()
		if err != nil || len(remains(before, after, peak)) == 0 || time.Now().After(deadline) {
			return after, err
		}
		if err := sleep(ctx, 250*time.Millisecond); err != nil {
			return after, err
		}
	}
}
