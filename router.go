package bennu

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/a-h/templ"

	"bennu/live"
)

// router is the App's table of routes over an [http.ServeMux], which decides
// on precedence, conflicts and the matching of percent-encoded paths. What it
// adds is the list itself, for people and for joins, and answers of our own
// when nothing matches.
type router struct {
	mux       http.ServeMux
	endpoints []*endpoint
	secret    []*endpoint       // with secret parts in their paths
	sessions  map[string]string // live session -> place of its registration

	once   sync.Once // calls seal
	sealed atomic.Bool
}

// add enters a route. The error says what is wrong with it.
func (t *router) add(e *endpoint) error {
	if t.sealed.Load() {
		return errors.New("registered after the first request; register all routes before the App serves")
	}
	if err := t.handle(e.pattern, e); err != nil {
		return t.explain(err)
	}
	e.names = wildcards(e.pattern)
	if slices.ContainsFunc(e.names, isSecret) {
		t.secret = append(t.secret, e)
	}
	t.endpoints = append(t.endpoints, e)
	return nil
}

// sameTag reports a page whose view stands in an element of another tag than
// those of its live session: the browser keeps the element when it navigates.
func (t *router) sameTag(rt *liveRoute) error {
	for _, e := range t.endpoints {
		if o := e.live; o != nil && o.liveSession == rt.liveSession && o.frame.Container.Tag != rt.frame.Container.Tag {
			return fmt.Errorf("%s stands in a <%s>, and %s of the same live session (%s) in a <%s>; give both one tag, by Container or WithContainer, or put one of them into a LiveSession of its own",
				rt.name, rt.frame.Container.Tag, o.name, e.Source, o.frame.Container.Tag)
		}
	}
	return nil
}

// sameRoot reports a page with another root layout than those of its live
// session, which would keep the first one's while the browser navigates.
func (t *router) sameRoot(rt *liveRoute) error {
	for _, e := range t.endpoints {
		if o := e.live; o != nil && o.liveSession == rt.liveSession && !sameFunc(o.root, rt.root) {
			return fmt.Errorf("%s has another root layout than %s of the same live session (%s); give WithRootLayout to a LiveSession", rt.name, o.name, e.Source)
		}
	}
	return nil
}

// sameFunc reports whether two functions are one, or none.
func sameFunc(f, g func(Page) templ.Component) bool {
	return (f == nil) == (g == nil) && (f == nil || keyOfFunc(f) == keyOfFunc(g))
}

// handle is ServeMux.Handle with an error for its panic.
func (t *router) handle(pattern string, h http.Handler) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%v", v)
		}
	}()
	t.mux.Handle(pattern, h)
	return nil
}

// explain turns what ServeMux says about two conflicting patterns, whose places
// are in this package, into a message with the places of the registrations.
func (t *router) explain(err error) error {
	message, example, ok := strings.Cut(err.Error(), ":\n")
	if !ok || !strings.Contains(message, " conflicts with pattern ") {
		return err
	}
	for _, e := range t.endpoints {
		if strings.Contains(message, fmt.Sprintf("conflicts with pattern %q ", e.pattern)) {
			return fmt.Errorf("conflicts with %s (%s):\n%s", e, e.Source, example)
		}
	}
	return err
}

// seal ends registration: from here on the table is only read. What no route
// matches goes to the fallback.
func (t *router) seal(fallback http.Handler) {
	t.sealed.Store(true)
	// An error means that the app has a catch-all of its own, for all methods,
	// which is the same pattern; then there is nothing to fall back from.
	_ = t.handle("/", &endpoint{handler: fallback})
}

// match is the endpoint that would answer the request, nil if none would. The
// request gets its path values.
func (t *router) match(r *http.Request) *endpoint {
	var p probe
	t.mux.ServeHTTP(&p, r)
	if p.endpoint == nil || p.endpoint.pattern == "" {
		return nil
	}
	return p.endpoint
}

// allowed are the methods that the request's address answers to, sorted; none
// when there is nothing at all.
func (t *router) allowed(r *http.Request) []string {
	var methods []string
	tried := make(map[string]bool)
	for _, e := range t.endpoints {
		if e.Method == "" || tried[e.Method] {
			continue
		}
		tried[e.Method] = true
		asked := r.WithContext(r.Context()) // a copy
		asked.Method = e.Method
		if t.match(asked) == nil {
			continue
		}
		methods = append(methods, e.Method)
		if e.Method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// matchLive is the live route that GET of this address would reach, with its
// path values. It is found as [App.ServeHTTP] finds it, so that a page and its
// join agree on every address.
func (a *App) matchLive(u *url.URL) (*liveRoute, []live.PathValue, bool) {
	if u.Opaque != "" {
		return nil, nil, false
	}
	target := url.URL{Path: u.Path, RawPath: u.RawPath}
	if target.Path == "" {
		target.Path = "/" // what a browser asks for
	}
	r := &http.Request{Method: http.MethodGet, URL: &target, Host: u.Host}
	e := a.router.match(r)
	if e == nil || e.live == nil {
		return nil, nil, false
	}
	return e.live, e.pathValues(r), true
}

// pathValues are the parts of the path that the pattern names.
func (e *endpoint) pathValues(r *http.Request) []live.PathValue {
	if len(e.names) == 0 {
		return nil
	}
	values := make([]live.PathValue, len(e.names))
	for i, name := range e.names {
		values[i] = live.PathValue{Name: name, Value: r.PathValue(name)}
	}
	return values
}

// Routes are the App's routes in the order of their registration.
func (a *App) Routes() []Route {
	routes := make([]Route, len(a.router.endpoints))
	for i, e := range a.router.endpoints {
		routes[i] = e.Route
		routes[i].Pipelines = slices.Clone(e.Pipelines)
	}
	return routes
}

// noRoute answers what no route matches: 405 with the methods that would do,
// else 404.
func (a *App) noRoute(w http.ResponseWriter, r *http.Request) error {
	methods := a.router.allowed(r)
	if len(methods) > 0 {
		w.Header().Set("Allow", strings.Join(methods, ", "))
	}
	return &noRouteError{method: cut(r.Method, maxQuoted), path: cut(r.URL.Path, maxLoggedPath), allowed: methods}
}

// noRouteError is a request that no route answers.
type noRouteError struct {
	method, path string
	allowed      []string // empty: no method would do
}

func (e *noRouteError) Error() string {
	if len(e.allowed) > 0 {
		return fmt.Sprintf("bennu: no route for %s %q, which answers to %s", e.method, e.path, strings.Join(e.allowed, ", "))
	}
	return fmt.Sprintf("bennu: no route for %s %q", e.method, e.path)
}

// HTTPStatus is 405 or 404.
func (e *noRouteError) HTTPStatus() int {
	if len(e.allowed) > 0 {
		return http.StatusMethodNotAllowed
	}
	return http.StatusNotFound
}
