package traffic

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"bennu/bench/internal/client"
)

// Joining is how connections are opened.
type Joining struct {
	// Workers is how many join at once.
	Workers int
	// Rate is how many join a second; 0: as many as the workers can.
	Rate float64
	// Reuse lets all connections join with the tokens of one page load.
	Reuse bool
}

// open joins n views; each is called for every one, from the workers.
func (j Joining) open(ctx context.Context, site *client.Site, n int, fails *failures, each func(i int, v *client.View)) (joined int, times *histogram) {
	times = new(histogram)
	load, err := j.pages(site)
	if err != nil {
		fails.add(err)
		return 0, times
	}
	var next, done atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := time.Now()
	for range max(1, min(j.Workers, n)) {
		wg.Go(func() {
			var mine histogram
			loader := site.Loader()
			defer loader.Close()
			for {
				i := int(next.Add(1)) - 1
				if i >= n || !j.turn(ctx, start, i) {
					break
				}
				begun := time.Now()
				view, err := openOne(site, loader, load)
				if err != nil {
					fails.add(err)
					continue
				}
				mine.add(time.Since(begun))
				done.Add(1)
				each(i, view)
			}
			mu.Lock()
			defer mu.Unlock()
			times.merge(&mine)
		})
	}
	wg.Wait()
	return int(done.Load()), times
}

// turn waits until it is the turn of connection i; false when the context ends.
func (j Joining) turn(ctx context.Context, start time.Time, i int) bool {
	if j.Rate <= 0 {
		return ctx.Err() == nil
	}
	due := start.Add(time.Duration(float64(i) / j.Rate * float64(time.Second)))
	return sleep(ctx, time.Until(due)) == nil
}

// pages is where the pages come from: each from a load of its own, or all from
// the first.
func (j Joining) pages(site *client.Site) (func(*client.Loader) (*client.Page, error), error) {
	if !j.Reuse {
		return (*client.Loader).Load, nil
	}
	loader := site.Loader()
	defer loader.Close()
	page, err := loader.Load()
	return func(*client.Loader) (*client.Page, error) { return page, nil }, err
}

func openOne(site *client.Site, loader *client.Loader, load func(*client.Loader) (*client.Page, error)) (*client.View, error) {
	page, err := load(loader)
	if err != nil {
		return nil, err
	}
	return site.Open(page)
}

// openAll joins n views, all of them or none.
func (j Joining) openAll(ctx context.Context, site *client.Site, n int) ([]*client.View, error) {
	var fails failures
	views := make([]*client.View, n)
	joined, _ := j.open(ctx, site, n, &fails, func(i int, v *client.View) { views[i] = v })
	if joined == n {
		return views, nil
	}
	for _, v := range views {
		if v != nil {
			v.Abort()
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("traffic: %d of %d joined: %w", joined, n, Failed(fails.all()))
}
