package devlog

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Options are those of a [Handler].
type Options struct {
	// Level is the least that is written; nil is [slog.LevelInfo]. From Debug
	// on, every record stands by itself with all that it has.
	Level slog.Leveler
	// Color allows the escape sequences of terminals.
	Color bool
	// Dir is cut off paths of source files in stacks; empty cuts nothing.
	Dir string
}

// Handler is a [slog.Handler] for terminals in development. It is safe for use
// by many goroutines.
type Handler struct {
	core   *core
	prefix string      // of open groups, with a dot at its end
	attrs  []slog.Attr // of WithAttrs, their keys with prefix
}

// core is what a handler shares with those made of it.
type core struct {
	opt Options

	mu       sync.Mutex
	w        io.Writer
	requests map[string]request // by their ids, those that are not answered yet
}

// maxRequests bounds what is remembered of requests that nobody says the end of.
const maxRequests = 1000

// New makes a handler that writes to w, one Write for each record.
func New(w io.Writer, opt Options) *Handler {
	if opt.Level == nil {
		opt.Level = slog.LevelInfo
	}
	return &Handler{core: &core{opt: opt, w: w, requests: make(map[string]request)}}
}

// Enabled implements [slog.Handler].
func (h *Handler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.core.opt.Level.Level() }

// WithAttrs implements [slog.Handler].
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	out := *h
	out.attrs = slices.Clip(h.attrs)
	for _, a := range attrs {
		out.attrs = flatten(out.attrs, h.prefix, a)
	}
	return &out
}

// WithGroup implements [slog.Handler].
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	out := *h
	out.prefix += name + "."
	return &out
}

// Handle implements [slog.Handler].
func (h *Handler) Handle(_ context.Context, r slog.Record) error {
	e := entry{Record: r, attrs: slices.Clone(h.attrs)}
	r.Attrs(func(a slog.Attr) bool {
		e.attrs = flatten(e.attrs, h.prefix, a)
		return true
	})
	c := h.core
	c.mu.Lock()
	defer c.mu.Unlock()
	p := printer{color: c.opt.Color, dir: c.opt.Dir, detailed: c.opt.Level.Level() < slog.LevelInfo}
	if !c.print(&p, &e) {
		return nil
	}
	_, err := c.w.Write(append(p.b, '\n'))
	return err
}

// print writes a record in the form that suits it. It is false for those that
// wait for another one.
func (c *core) print(p *printer, e *entry) bool {
	switch {
	case p.detailed || e.Level != slog.LevelInfo:
		p.record(e)
	case e.Message == "request" || e.Message == "processing":
		id := e.text("request_id")
		if id == "" {
			p.record(e)
			return true
		}
		if len(c.requests) >= maxRequests {
			clear(c.requests)
		}
		rq := c.requests[id]
		rq.add(e)
		c.requests[id] = rq
		return false
	case e.Message == "sent":
		rq, ok := c.requests[e.text("request_id")]
		if !ok {
			p.record(e)
			return true
		}
		delete(c.requests, e.text("request_id"))
		p.request(e, rq)
	case e.Message == "mount" && e.text("view") != "":
		p.mount(e)
	case e.Message == "connected" && e.text("transport") != "":
		p.connected(e)
	default:
		p.record(e)
	}
	return true
}

// flatten appends an attribute, and of a group its members, by their full names.
func flatten(to []slog.Attr, prefix string, a slog.Attr) []slog.Attr {
	a.Value = a.Value.Resolve()
	if a.Value.Kind() != slog.KindGroup {
		if a.Equal(slog.Attr{}) {
			return to
		}
		a.Key = prefix + a.Key
		return append(to, a)
	}
	if a.Key != "" {
		prefix += a.Key + "."
	}
	for _, member := range a.Value.Group() {
		to = flatten(to, prefix, member)
	}
	return to
}

// entry is a record with all its attributes by their full names.
type entry struct {
	slog.Record
	attrs []slog.Attr
}

// take removes an attribute and returns its value.
func (e *entry) take(key string) (slog.Value, bool) {
	i := slices.IndexFunc(e.attrs, func(a slog.Attr) bool { return a.Key == key })
	if i < 0 {
		return slog.Value{}, false
	}
	v := e.attrs[i].Value
	e.attrs = slices.Delete(e.attrs, i, i+1)
	return v, true
}

// text is an attribute's value as text, "" for none.
func (e *entry) text(key string) string {
	for _, a := range e.attrs {
		if a.Key == key {
			return a.Value.String()
		}
	}
	return ""
}

// dur is how long it took, rounded to what people read.
func (e *entry) dur() string {
	for _, a := range e.attrs {
		if a.Key == "dur" && a.Value.Kind() == slog.KindDuration {
			return short(a.Value.Duration())
		}
	}
	return ""
}

// short is a duration of two to four digits.
func short(d time.Duration) string {
	switch size := d.Abs(); {
	case size >= time.Minute:
		return d.Round(time.Second).String()
	case size >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case size >= time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Microsecond).String()
}
