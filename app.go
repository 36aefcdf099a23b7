package bennu

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"

	"bennu/channel"
	"bennu/internal/logs"
	"bennu/internal/transport"
	"bennu/live"
	"bennu/presence"
	"bennu/pubsub"
	"bennu/supervisor"
	"bennu/telemetry"
	"bennu/token"
)

// Version is the version of the framework.
const Version = "0.1.0-dev"

// group lets App have the methods of Group under a name of its own.
type group = Group

// App is a web application: pages that are views, plain handlers, files, and
// the layers around them. Make it with [New], register routes with the methods
// that it has from [Group], and then let it serve: by [App.ListenAndServe], or
// as an [http.Handler] in a server or router of one's own (see
// [Options.Prefix]; end it with [App.Shutdown]).
//
// Around each route stand, outermost first: the request's id, secure headers,
// the request log, error pages, the method override of forms, the session, and
// the protection against requests forged by other sites; then the pipelines of
// its groups.
type App struct {
	*group

	opts     Options
	log      *slog.Logger
	keys     *token.Keys
	origins  *origins
	sessions *sessions
	views    *live.Runtime
	sockets  *transport.Server
	channels []*channel.Runtime
	assets   *assets    // nil: none
	dev      *devReload // nil in production

	disconnects pubsub.Topic[disconnect]
	observe     telemetry.Observer
	told        *pubsub.Subscription // to disconnects

	presence *presence.Tracker

	workers *supervisor.Supervisor // the app's own
	tree    *supervisor.Supervisor // of all, see tree.go
	leaving leaving

	lastOrigin atomic.Pointer[requestOrigin]
	sampler    logs.Sampler // of what goes wrong over and over
	quiet      []string     // paths whose requests are not logged
	router     router
	browser    layer        // the layers around what browsers ask for
	around     layer        // all of them, for handlers outside of the table
	handler    http.Handler // all layers, and the table
	served     http.Handler // the same in the App's own server
}

// New makes an App. It panics with the names of the fields when the options are
// wrong, and in production when the assets are not built.
func New(opts Options) *App {
	a, err := newApp(opts)
	if err != nil {
		panic(err)
	}
	return a
}

func newApp(opts Options) (*App, error) {
	opts, invalid := opts.complete()
	allowed, err := newOrigins(opts.Origins)
	invalid = errors.Join(invalid, err)
	if err == nil {
		allowed.host = proxies(opts.TrustedProxies).host
	}
	headers, err := secureHeaders(opts.CSP)
	invalid = errors.Join(invalid, err)
	if opts.Dev {
		opts.Assets = devAssets(opts.Assets)
	}
	built, err := newAssets(opts.Assets, opts.Prefix, opts.Dev)
	if err != nil {
		invalid = errors.Join(invalid, fmt.Errorf("bennu: Options.Assets: %w", err))
	}
	if invalid != nil {
		return nil, invalid
	}
	keys, err := token.New(opts.SecretKeyBase, opts.RetiredSecrets...)
	if err != nil {
		return nil, fmt.Errorf("bennu: Options.SecretKeyBase: %w", err)
	}

	a := &App{
		opts: opts, log: opts.Logger, keys: keys, origins: allowed, assets: built,
		views: &live.Runtime{Log: opts.Logger, Prefix: opts.Prefix, Mailbox: opts.Limits.Mailbox,
			MailboxBytes: opts.Limits.MailboxBytes, Mounts: opts.Limits.Mounts, Keep: opts.Limits.Kept},
		router: router{sessions: make(map[string]string)},
	}
	if len(opts.Observers) > 0 {
		a.observe = telemetry.All(a.log, opts.Observers...)
		a.views.Observe = a.observe
	}
	a.views.Router, a.views.SignFlash, a.views.Children = liveRouter{a}, a.signFlash, childTokens{a}
	a.group = &Group{app: a}
	if a.presence, err = presence.New(opts.Presence); err != nil {
		return nil, fmt.Errorf("bennu: Options.Presence: %w", err)
	}
	if err := a.plant(); err != nil {
		return nil, fmt.Errorf("bennu: Options.Workers: %w", err)
	}
	if opts.Dev {
		a.dev = newDevReload(opts.Prefix, a.log)
	}
	limits := opts.Limits.transport()
	limits.Logger, limits.DrainRate = a.log, opts.DrainRate
	a.sockets = transport.NewServer(liveHost{a}, limits)
	if err := a.hearDisconnects(opts.PubSub); err != nil {
		return nil, fmt.Errorf("bennu: Options.PubSub: %w", err)
	}
	a.sessions = newSessions(sessionConfig{
		keys: keys, store: opts.SessionStore, name: opts.CookieName, path: opts.Prefix + "/",
		https: proxies(opts.TrustedProxies).https, dev: opts.Dev, log: a.log,
	})
	a.compose(headers)
	a.frameworkRoutes()
	return a, nil
}

// layer is a part of the stack around handlers.
type layer = func(http.Handler) http.Handler

// stack puts layers before a handler, the first one outermost.
func stack(h http.Handler, layers ...layer) http.Handler {
	for i := len(layers) - 1; i >= 0; i-- {
		h = layers[i](h)
	}
	return h
}

// compose builds the layers. What a browser asks for is guarded twice: the
// inner guard answers while the session is open, so that an error page may use
// it; the outer one catches what the layers themselves do.
func (a *App) compose(headers layer) {
	protect := csrf(csrfConfig{sessions: a.sessions, origins: a.origins, fail: a.fail})
	a.browser = func(h http.Handler) http.Handler {
		return stack(h, a.sessions.middleware, protect, a.guard)
	}
	pages := stack(http.HandlerFunc(a.route), a.observeRequests, a.logRequests, a.guard, methodOverride())
	socket, poll := a.guard(http.HandlerFunc(a.serveSocket)), a.guard(http.HandlerFunc(a.serveLongPoll))
	socketPath, pollPath := a.opts.Prefix+socketPath, a.opts.Prefix+pollPath
	h := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == socketPath && r.Method == http.MethodGet:
			socket.ServeHTTP(w, r)
		case r.URL.Path == pollPath:
			poll.ServeHTTP(w, r)
		default:
			pages.ServeHTTP(w, r)
		}
	}))
	hosts := localHost(hostConfig{origins: a.origins, fail: a.fail})
	if a.dev != nil {
		h = hosts(a.dev.routes(h))
	}
	a.around = func(h http.Handler) http.Handler {
		h = stack(a.browser(h), a.observeRequests, a.logRequests, a.guard, methodOverride())
		if a.dev != nil {
			h = hosts(h)
		}
		return stack(h, requestID(0), headers)
	}
	a.handler = stack(h, requestID(0), headers)
	a.served = stack(h, requestID(writeTimeout), headers)
}

// Where pages open their socket, and where they fall back to.
const (
	socketPath = "/live/websocket"
	pollPath   = "/live/longpoll"
)

// frameworkRoutes enters what the App serves by itself, so that the table is
// whole and an app's own route in their place is a conflict.
func (a *App) frameworkRoutes() {
	socket := a.endpoint("the socket", http.MethodGet, socketPath)
	socket.Handler = "the socket of live pages"
	socket.handler = http.HandlerFunc(a.serveSocket)
	a.register("the socket", socket, nil)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		poll := a.endpoint("long polling", method, pollPath)
		poll.Handler = "the socket by long polling"
		poll.handler = http.HandlerFunc(a.serveLongPoll)
		a.register("long polling", poll, nil)
	}
	if a.assets == nil {
		return
	}
	files := a.endpoint("the assets", http.MethodGet, "/assets/{path...}")
	files.Handler = "built assets"
	files.handler = a.handle(func(w http.ResponseWriter, r *http.Request) error {
		return a.assets.serve(w, r, r.PathValue("path"))
	})
	a.register("the assets", files, nil)
}

// ServeHTTP answers a request. The first one ends the registration of routes.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.handler.ServeHTTP(w, r)
}

// route hands a request to the route that it matches.
func (a *App) route(w http.ResponseWriter, r *http.Request) {
	a.router.once.Do(a.seal)
	a.router.mux.ServeHTTP(w, r)
}

// seal ends the registration of routes.
func (a *App) seal() {
	a.warnIdleWorkers()
	a.router.seal(a.sessions.middleware(a.guard(a.handle(a.noRoute))))
}

// View is the address of the connected view whose element has that id, the zero
// Ref if there is none. Ids of nested views are chosen by templates, so that many
// pages have them; the page's own id behind such a one says which page is meant:
// app.View("player", page). View looks through all sockets of this process, and
// is for tests and tools.
func (a *App) View(id string, page ...string) live.Ref {
	beside := make([]string, len(page))
	for i, other := range page {
		beside[i] = topicOf(other)
	}
	return live.RefOf(a.sockets.Find(topicOf(id), beside...))
}

// Views are the views that are connected to this process, the oldest first, with
// what each is at: for a page that shows what goes on. [live.Ref.End] ends one,
// whose page then joins again. It looks through all sockets, ten thousand within
// some milliseconds.
func (a *App) Views() []live.Look {
	var all []live.Look
	a.sockets.Each(func(c live.Channel) {
		if l, ok := live.RefOf(c).Look(); ok { // a channel is no view
			all = append(all, l)
		}
	})
	slices.SortFunc(all, func(x, y live.Look) int { return cmp.Compare(x.Process, y.Process) })
	return all
}

// topicOf is the topic of the view whose element has that id.
func topicOf(id string) string { return "lv:" + id }

// checkOrigin refuses the socket of another site's page.
func (a *App) checkOrigin(r *http.Request) error { return a.origins.check(r) }
