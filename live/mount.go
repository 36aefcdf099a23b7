package live

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/a-h/templ"

	"bennu/render"
)

// Static draws a view for an HTTP request: a Mount and one Render, appended to
// dst as HTML. Panics go on to the caller. On an error nothing is appended.
//
// It waits for its turn as Runtime.Mounts says. An error with the HTTP status
// 503 and a method RetryAfter means that there was none in time.
func (r *Runtime) Static(ctx context.Context, spec Spec, dst []byte) ([]byte, error) {
	if err := r.enterPage(ctx); err != nil {
		return dst, err
	}
	defer r.pages.leave()
	v := &instance{rt: r, spec: spec, reqCtx: ctx, process: r.processes.Add(1)}
	start := time.Now()
	if err := v.mount(); err != nil {
		return dst, err
	}
	c, done, err := v.draw()
	defer done()
	if err != nil {
		return dst, err
	}
	html, err := render.AppendHTML(ctx, dst, c)
	if err != nil {
		return dst, fmt.Errorf("live: render of %s: %w", spec.Name, err)
	}
	r.logMount(ctx, v, time.Since(start))
	return html, nil
}

// mount sets the view's first state.
func (v *instance) mount() error {
	m, ok := v.spec.View.(Mounter)
	if !ok {
		return nil
	}
	s := &Socket{view: v}
	defer s.end()
	if err := m.Mount(s, v.spec.Params); err != nil {
		return fmt.Errorf("live: mount of %s: %w", v.spec.Name, err)
	}
	return nil
}

// draw is the view as a component, inside its layout. Done is called when the
// component has been rendered: until then a layout may ask its Socket.
func (v *instance) draw() (c templ.Component, done func(), err error) {
	c = v.spec.View.Render()
	if c == nil {
		return nil, noLayout, fmt.Errorf("live: Render of %s returned nil, want a component", v.spec.Name)
	}
	if v.spec.Layout == nil {
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

func (r *Runtime) logMount(ctx context.Context, v *instance, took time.Duration) {
	log := r.log()
	if !log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	attrs := append(v.identity(), slog.Bool("connected", v.ctx != nil), slog.Duration("dur", took))
	if v.spec.Info != nil {
		attrs = append(attrs, slog.String("transport", v.spec.Info.Transport))
	}
	if log.Enabled(ctx, slog.LevelDebug) {
		attrs = append(attrs, slog.Any("state", state{v.spec.View}))
	}
	log.LogAttrs(ctx, slog.LevelInfo, "mount", attrs...)
}
