// Package witness lets package livetest see the work that a server in the same
// program does for its pages: the background tasks that run, which goroutines
// are theirs, and the errors by which requests and views end. Programs have none; all methods of a nil *Witness do
// nothing.
package witness

import (
	"context"
	"maps"
	"runtime/pprof"
	"slices"
	"sync"
)

// Witness is that of one page. Its methods may be called from any goroutine.
type Witness struct {
	labels context.Context

	mu      sync.Mutex
	last    int
	running map[int]string
	changed chan struct{} // closed when a task ends; nil while nobody waits
	failed  map[string]error
}

// New makes a Witness that marks goroutines with the pprof labels of a context.
func New(labels context.Context) *Witness { return &Witness{labels: labels, running: map[int]string{}} }

type key struct{}

// NewContext is ctx with the witness in it.
func NewContext(ctx context.Context, p *Witness) context.Context {
	return context.WithValue(ctx, key{}, p)
}

// From is the witness of a context, nil without one.
func From(ctx context.Context) *Witness {
	p, _ := ctx.Value(key{}).(*Witness)
	return p
}

// Enter marks the goroutine that calls it as one of this page, and with it
// those that it starts.
func (p *Witness) Enter() {
	if p != nil {
		pprof.SetGoroutineLabels(p.labels)
	}
}

// Start notes that a task runs, until ended is called.
func (p *Witness) Start(name string) (ended func()) {
	if p == nil {
		return func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last++
	n := p.last
	p.running[n] = name
	return func() { p.end(n) }
}

func (p *Witness) end(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, n)
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// Running are the names of the tasks that run, and how many have ever been
// started. Changed is closed when one of them ends.
func (p *Witness) Running() (names []string, started int, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.changed == nil {
		p.changed = make(chan struct{})
	}
	return slices.Sorted(maps.Values(p.running)), p.last, p.changed
}

// Fail notes the error by which the view with an id has ended, or a request, for
// which the id is "". The last one of each is kept.
func (p *Witness) Fail(view string, err error) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed == nil {
		p.failed = map[string]error{}
	}
	p.failed[view] = err
}

// Failure takes the error that was noted for the id, nil for none.
func (p *Witness) Failure(view string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.failed[view]
	delete(p.failed, view)
	return err
}
