package live

import (
	"context"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"bennu/form"
	"bennu/internal/lifetime"
	"bennu/internal/logs"
)

// Socket is a view's way to the framework during one callback: it tells who is
// asking and takes what the callback wants done.
//
// It is valid until the callback returns and must not be kept; a use after that
// is logged as an error with its place. The zero Socket works, so handlers are
// tested as the plain methods that they are:
//
//	c := &Counter{}
//	err := c.increase(new(live.Socket), step{Number: 2})
type Socket struct {
	view       *instance
	last       context.Context // of a Terminate, in place of the view's
	component  *component      // whose callback it is; nil: the view's
	formErrors form.Errors
	asks       *asks
	closed     atomic.Bool
}

// instance is one run of a view, dead or connected.
type instance struct {
	rt      *Runtime
	spec    Spec
	ctx     *lifetime.Context
	reqCtx  context.Context // dead render: the request's; nil when connected
	process uint64
	proc    *Process // connected; nil in a dead render
	extras  *extras
	depth   int8      // dead render: how deep in other views
	outer   *instance // dead render: the view that this one is nested in
}

// open tells loudly when the callback has returned: in the log, with the place,
// because a panic of a goroutine that somebody started would end the server.
func (s *Socket) open() *instance {
	if s.closed.Load() && s.view != nil {
		s.view.logKept()
	}
	return s.view
}

// logKept tells of a Socket that was kept.
func (v *instance) logKept() {
	const kept = "a Socket was used after its callback returned; " +
		"a callback must not keep its Socket, hand over the values that are needed instead"
	if v.rt.sampled(logs.Kind{Level: slog.LevelError, Message: kept, View: v.spec.Name}, nil) {
		v.rt.log().LogAttrs(context.Background(), slog.LevelError, kept, append(v.identity(), slog.String("stack", string(debug.Stack())))...)
	}
}

// end is called when the callback returns.
func (s *Socket) end() { s.closed.Store(true) }

// ID is the id of the view, which is the id of its element in the page and the
// same in the dead render and while connected. It is "" for the zero Socket.
func (s *Socket) ID() string {
	if v := s.open(); v != nil {
		return v.spec.ID
	}
	return ""
}

// Connected reports whether the view is alive behind a socket; it is false
// while the page is drawn for the HTTP request.
func (s *Socket) Connected() bool {
	v := s.open()
	return v != nil && v.ctx != nil
}

// Process is the number of this run of the view, unique within the server's
// life: a page's dead render, its connected view and the one that replaces it
// after a crash have different ones.
func (s *Socket) Process() uint64 {
	if v := s.open(); v != nil {
		return v.process
	}
	return 0
}

// Context ends with the view; pass it to whatever blocks. In a dead render it
// is the request's; in a Terminate it is a fresh one, good for five seconds.
func (s *Socket) Context() context.Context {
	switch v := s.open(); {
	case s.last != nil:
		return s.last
	case v == nil:
		return context.Background()
	case v.ctx != nil:
		return v.ctx
	case v.reqCtx != nil:
		return v.reqCtx
	}
	return context.Background()
}

// Session is the browser's session as the page or the socket found it.
// It can be changed in a dead render only, where there is a response to carry
// the cookie.
func (s *Socket) Session() *Session {
	switch v := s.open(); {
	case v != nil && v.spec.Session != nil:
		return v.spec.Session
	case v != nil && v.ctx != nil:
		return new(Session).ReadOnly()
	}
	return new(Session)
}

// Info is what is known of the request behind the page or the socket.
func (s *Socket) Info() ConnectInfo {
	v := s.open()
	if v == nil || v.spec.Info == nil {
		return ConnectInfo{}
	}
	info := *v.spec.Info
	if v.spec.URL != "" {
		info.URL = v.spec.URL
	}
	return info
}

// Path is the address of a page of the same app: the path below the prefix that
// the app is mounted under. The zero Socket knows no prefix.
func (s *Socket) Path(path string) string {
	if v := s.open(); v != nil && v.rt != nil {
		return v.rt.Prefix + path
	}
	return path
}

// URL is a path of this host, prefix included, as a full URL, with the scheme
// and the host of Options.URL, or else those that the browser asked for, as
// trusted proxies tell them. A browser can ask for any host: for URLs that reach
// others, in mails say, set Options.URL. The zero Socket returns the path.
func (s *Socket) URL(path string) string {
	origin := s.Info().Origin
	if origin != "" && !strings.HasPrefix(path, "/") {
		path = "/" + path // nothing of it may get into the host
	}
	return origin + path
}

// ConnectParam is a parameter that the page's script gave to its LiveSocket
// (params: {timezone: …}), "" when absent and in a dead render. It comes from
// outside and is not checked.
func (s *Socket) ConnectParam(name string) string {
	if v := s.open(); v != nil {
		return v.spec.Connect[name]
	}
	return ""
}

// StaticChanged reports that the page has scripts and styles of another build
// than the server's, so that its user may be asked to load it anew; false in a
// dead render. Pages that come back so are loaded anew by themselves unless
// their route says KeepOutdated. It is known of elements with phx-track-static.
func (s *Socket) StaticChanged() bool {
	v := s.open()
	return v != nil && v.spec.Outdated
}

// Referer is the address of the page from which the user came here by live
// navigation, as the client claims; "" for none, and once the view has joined.
func (s *Socket) Referer() string {
	return s.ConnectParam(RefererParam)
}

// Action is what the route of the page's address says about it, "" for nothing:
// one view may stand for several addresses, such as a list and the form over it.
func (s *Socket) Action() string {
	if v := s.open(); v != nil {
		return v.spec.Action
	}
	return ""
}

// FormErrors are the fields of the form event being handled whose text did not
// fit their type.
func (s *Socket) FormErrors() form.Errors {
	s.open()
	return s.formErrors
}

// LogValue shows the socket in a log: who the view is, how it is connected (no
// transport in a dead render), and the view's state without what is secret.
func (s *Socket) LogValue() slog.Value {
	v := s.open()
	if v == nil {
		return slog.StringValue("zero socket")
	}
	attrs := append(v.identity(), slog.String("parent", ""), slog.String("root", v.spec.ID), slog.Bool("connected", v.ctx != nil))
	if v.ctx != nil {
		attrs = append(attrs, slog.String("transport", s.Info().Transport))
	}
	return slog.GroupValue(append(attrs, slog.Any("state", state{v.spec.View}))...)
}

// logMistake tells the developer of a call that could not do what it says.
func (s *Socket) logMistake(msg string, attrs ...slog.Attr) {
	attrs = append(attrs, slog.String("stack", string(debug.Stack())))
	log := slog.Default()
	if v := s.open(); v != nil {
		if !v.rt.sampled(logs.Kind{Level: slog.LevelError, Message: msg, View: v.spec.Name}, nil) {
			return
		}
		attrs = append(v.identity(), attrs...)
		log = v.rt.log()
	}
	log.LogAttrs(context.Background(), slog.LevelError, msg, attrs...)
}

// identity are the attributes by which logs name a run of a view.
func (v *instance) identity() []slog.Attr {
	return []slog.Attr{
		slog.String("view", v.spec.Name),
		slog.String("route", v.spec.Route),
		slog.String("id", v.spec.ID),
		slog.Uint64("process", v.process),
	}
}
