package live

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/a-h/templ"

	"bennu/render"
)

// Page is what a dead render makes.
type Page struct {
	HTML  []byte
	Title string // what SetTitle said, "" for nothing
}

// Static draws a view for an HTTP request: a Mount, a HandleParams and one
// Render, appended to dst as HTML. Open appends what stands before it and is
// told which messages the page shows; nil appends nothing. Panics go on to the
// caller. A [*MoveError] says that the browser is to go elsewhere.
//
// It waits for its turn as Runtime.Mounts says. An error with the HTTP status
// 503 and a method RetryAfter means that there was none in time.
func (r *Runtime) Static(ctx context.Context, spec Spec, dst []byte, open func(dst []byte, flash map[string]string) []byte) (Page, error) {
	if err := r.enterPage(ctx); err != nil {
		return Page{}, err
	}
	defer r.pages.leave()
	v := &instance{rt: r, spec: spec, reqCtx: ctx, process: r.processes.Add(1)}
	start := time.Now()
	a, err := v.mount()
	if err != nil {
		return Page{}, err
	}
	if a != nil {
		v.take(a)
		if a.move != nil {
			return Page{}, v.gone(a.move)
		}
	}
	var page Page
	var flash map[string]string
	if v.extras != nil {
		page.Title, flash = v.extras.title, v.extras.flash
	}
	if open != nil {
		dst = open(dst, flash)
	}
	c, done, err := v.draw()
	defer done()
	if err != nil {
		return Page{}, err
	}
	drawing := time.Now()
	if page.HTML, err = v.appendHTML(ctx, dst, c); err != nil {
		return Page{}, fmt.Errorf("live: render of %s: %w", spec.Name, err)
	}
	if r.Observe.Render != nil {
		v.observeRender("page", drawing, len(page.HTML)-len(dst))
	}
	r.logMount(ctx, v, time.Since(start))
	r.keep(v)
	return page, nil
}

// gone is the end of a dead render that goes elsewhere. It takes the messages of
// the view along, and those of the views around it.
func (v *instance) gone(m *move) *MoveError {
	e := &MoveError{To: m.to}
	if v.outer != nil {
		e = v.outer.gone(m)
	}
	if v.extras == nil || len(v.extras.flash) == 0 {
		return e
	}
	if e.Flash == nil {
		e.Flash = make(map[string]string)
	}
	maps.Copy(e.Flash, v.extras.flash)
	return e
}

// mount sets the view's first state, as its hooks, Mount, HandleParams and
// Connect say, and returns what they asked for. It stops when one of them sends the browser
// elsewhere.
func (v *instance) mount() (a *asks, err error) {
	if v.rt.Observe.Mount == nil {
		return v.mountSteps()
	}
	start := time.Now()
	defer func() { v.observeMount(start, err) }()
	return v.mountSteps()
}

func (v *instance) mountSteps() (*asks, error) {
	v.setFlash(v.spec.Flash)
	v.spec.Flash = nil
	for _, hook := range v.spec.OnMount {
		a, err := v.mountStep(hook)
		if a != nil || err != nil {
			return a, err
		}
	}
	v.spec.OnMount = nil
	takenOver := v.proc != nil && v.proc.takeOver()
	if m, ok := v.spec.View.(Mounter); ok && !takenOver {
		a, err := v.mountStep(m.Mount)
		if a != nil || err != nil {
			return a, err
		}
	}
	a, err := v.handleFirstParams(takenOver)
	c, ok := v.spec.View.(Connector)
	if err != nil || !ok || v.proc == nil || a != nil && a.move != nil && a.move.kind != patchMove {
		return a, err
	}
	moved, err := v.mountStep(func(s *Socket, _ Params) error { return c.Connect(s) })
	if moved != nil || err != nil {
		return moved, err
	}
	return a, nil
}

// mountStep runs one callback of a mount. What it asks for is done, but for a
// move, which ends the mount and is returned.
func (v *instance) mountStep(f func(*Socket, Params) error) (*asks, error) {
	s := &Socket{view: v}
	defer s.end()
	if err := f(s, v.spec.Params); err != nil {
		return nil, fmt.Errorf("live: mount of %s: %w", v.spec.Name, err)
	}
	a, err := s.wanted()
	switch {
	case err != nil:
		return nil, fmt.Errorf("live: mount of %s: %w", v.spec.Name, err)
	case a == nil:
		return nil, nil
	case a.move == nil:
		v.take(a)
		return nil, nil
	case a.move.kind == patchMove:
		return nil, fmt.Errorf("live: mount of %s: Patch to %.100q in Mount, where the address is still the one that was asked for; "+
			"patch in HandleParams, or use Navigate", v.spec.Name, a.move.to)
	}
	return a, nil
}

// draw is the view as a component, inside its layout. Done is called when the
// component has been rendered: until then a layout may ask its Socket.
func (v *instance) draw() (c templ.Component, done func(), err error) {
	c = v.spec.View.Render()
	if c == nil {
		return nil, noLayout, fmt.Errorf("live: Render of %s returned nil, want a component", v.spec.Name)
	}
	if v.spec.Layout == nil {
		if err := foreign(c); err != nil {
			return nil, noLayout, fmt.Errorf("live: Render of %s: %w", v.spec.Name, err)
		}
		return c, noLayout, nil
	}
	s := &Socket{view: v}
	layout := v.spec.Layout(s)
	if layout == nil {
		return nil, s.end, fmt.Errorf("live: the layout of %s returned nil, want a component", v.spec.Name)
	}
	return render.Wrap(layout, c), s.end, nil
}

func noLayout() {}

// foreign is the error of a root that renders only HTML. A dead render could do
// with it, and then the page would not join.
func foreign(c templ.Component) error {
	if _, ok := c.(render.Component); ok {
		return nil
	}
	return &render.ForeignRootError{Type: fmt.Sprintf("%T", c)}
}

// appendHTML appends a view's dead render.
func (v *instance) appendHTML(ctx context.Context, dst []byte, c templ.Component) (html []byte, err error) {
	h := newComponents(v)
	err = h.complete(func() error {
		html, err = render.AppendHTML(&staticContext{ctx, h}, dst, c)
		return err
	})
	return html, err
}

func (r *Runtime) logMount(ctx context.Context, v *instance, took time.Duration) {
	log := r.log()
	if !log.Enabled(ctx, v.spec.LogLevel) {
		return
	}
	attrs := append(v.identity(), slog.Bool("connected", v.ctx != nil), slog.Duration("dur", took))
	if v.spec.Info != nil {
		attrs = append(attrs, slog.String("transport", v.spec.Info.Transport))
	}
	if log.Enabled(ctx, slog.LevelDebug) {
		attrs = append(attrs, slog.Any("state", state{v.spec.View}))
	}
	log.LogAttrs(ctx, v.spec.LogLevel, "mount", attrs...)
}
