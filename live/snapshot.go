package live

import (
	"context"
	"errors"
	"fmt"

	"bennu/render"
)

// Snapshot is the whole page of a view as it is now, in the form in which a
// join would have sent it. It changes nothing and asks nobody: what a live
// component was told last is what it shows. Of streams and of a [Temp] it has
// nothing, since nothing of them is kept: what the client has not been told yet
// it is told first.
//
// It is for test kits and tools, which compare it with what a browser shows. It
// must not be called from a callback of the same view.
func Snapshot(ctx context.Context, r Ref) ([]byte, error) {
	if r.p == nil {
		return nil, ErrEnded
	}
	m := &snapshotRequest{done: make(chan struct{})}
	if !r.p.post(m) {
		return nil, ErrEnded
	}
	select {
	case <-m.done:
		return m.text, m.err
	case <-r.p.ctx.Done():
		return nil, ErrEnded
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type snapshotRequest struct {
	text []byte
	err  error
	done chan struct{}
}

func (m *snapshotRequest) name() string { return "snapshot" }

func (m *snapshotRequest) run(p *Process) (*asks, error) {
	defer close(m.done)
	for p.unheard() { // or what is sent once would be taken for sent
		if err := p.pushDiff(); err != nil {
			m.err = err
			return nil, err
		}
	}
	m.text, m.err = p.wholePage()
	return nil, nil
}

func (p *Process) wholePage() (text []byte, err error) {
	defer catch(&err)
	c, done, err := p.draw()
	defer done()
	if err != nil {
		return nil, err
	}
	host := newComponents(&p.instance)
	if p.extras != nil && p.extras.components != nil {
		host = p.extras.components.shadow()
	}
	text, err = new(render.State).AppendDiff(&staticContext{p.ctx, host}, []byte{'{'}, c)
	switch {
	case errors.Is(err, errAgain):
		return nil, fmt.Errorf("live: snapshot of %s: a component that is new waits for its UpdateMany; ask again", p.spec.Name)
	case err != nil:
		return nil, err
	}
	return append(host.appendDiffs(text, len(text) == 1), '}'), nil
}

// shadow are the same components for one render that nobody is sent: each has
// been told what there is to tell, and is drawn whole.
func (h *components) shadow() *components {
	h.pass++ // nested views count by it how often they stand on a page
	s := &components{of: h.of, last: h.last, message: 1, pass: h.pass, batches: h.batches,
		byName: make(map[componentName]*component, len(h.byName)), byCID: make(map[int]*component, len(h.byCID))}
	for cid, c := range h.byCID {
		double := &component{componentName: c.componentName, cid: cid, view: c.view, flash: c.flash, mounted: true, told: s.message}
		s.byName[c.componentName], s.byCID[cid] = double, double
	}
	return s
}
