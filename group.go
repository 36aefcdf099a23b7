package bennu

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bennu/live"
)

// defaultLiveSession begins the name of the live session of routes outside of
// any; pipelines and a host are added to it.
const defaultLiveSession = "default"

// Handler answers a request like an [http.HandlerFunc], and may return an error
// in place of an answer: it becomes the error page of its status, 500 if it has
// none (see [Status] and [ErrorPages]). Write nothing before returning one.
type Handler = func(w http.ResponseWriter, r *http.Request) error

// Group registers routes: those of an [App], or those below a common path with
// pipelines of their own.
//
//	app.Group("/admin", admins, func(g *bennu.Group) {
//		g.Live("/", func() live.View { return &dashboard.View{Store: store} })
//		g.Get("/export", export)
//	})
//
// Paths are those of [http.ServeMux]: "/users/{id}" has a named part,
// "/files/{path...}" takes the rest, and the more specific of two patterns
// wins. Unlike there, a path is always the whole path: "/" is only the front
// page and "/docs/" only that address. In a group, "/" is the group's own
// prefix. [Group.Handle] registers whole subtrees.
//
// A wrong registration panics with its file and line, two conflicting ones with
// both. All routes are registered before the App serves its first request.
type Group struct {
	app         *App
	host        string
	prefix      string // of the groups, without the App's
	pipelines   []Pipeline
	behind      []string     // the names of the pipelines, "" for one without
	liveSession string       // "": one that follows from host and pipelines
	liveOptions []LiveOption // of the live session, for each of its routes
}

// Group registers the routes of a function below a prefix, which may have named
// parts, and behind a pipeline; the empty prefix and the zero Pipeline add
// nothing.
func (g *Group) Group(prefix string, p Pipeline, routes func(*Group)) {
	if prefix == "/" {
		prefix = ""
	}
	if err := checkPrefix(prefix); err != nil {
		g.refuse(fmt.Sprintf("Group(%q)", prefix), err)
	}
	if routes == nil {
		g.refuse(fmt.Sprintf("Group(%q)", prefix), errNoRoutes)
	}
	sub := *g
	sub.prefix += prefix
	if p.Name != "" || len(p.Use) > 0 {
		sub.pipelines = append(slices.Clip(g.pipelines), p)
		sub.behind = append(slices.Clip(g.behind), p.Name)
	}
	routes(&sub)
}

// Host registers the routes of a function for one host name, without a port.
// They go before routes that are bound to no host.
func (g *Group) Host(host string, routes func(*Group)) {
	switch {
	case g.host != "":
		g.refuse(fmt.Sprintf("Host(%q)", host), fmt.Errorf("inside Host(%q); a route has one host", g.host))
	case host == "" || strings.ContainsAny(host, "/:*{} ") || host != strings.ToLower(host):
		g.refuse(fmt.Sprintf("Host(%q)", host), errors.New(`want a host name in lower case without a port, as in "admin.shop.test"`))
	}
	if routes == nil {
		g.refuse(fmt.Sprintf("Host(%q)", host), errNoRoutes)
	}
	sub := *g
	sub.host = host
	routes(&sub)
}

// errNoRoutes is the mistake of a group without its function.
var errNoRoutes = errors.New("want a function that registers the routes, a func(*bennu.Group), got nil")

// LiveSession registers the live routes of a function as one live session:
// between its pages the browser navigates over the open socket, into and out of
// it by a full page load.
//
// Pipelines run for full page loads only. So, outside of any LiveSession, live
// routes are in one session when they are of the same host and stand behind
// pipelines of the same names: whoever got to one of them may go to the others.
// Pages carry these names, signed, and may come back with them after the next
// deploy, so pipelines before live routes need a [Pipeline.Name].
// In a LiveSession that spans different pipelines, views check by themselves
// what their visitor may see, best by a hook of the whole session ([OnMount]).
// The options are those of each of its routes, before the route's own.
func (g *Group) LiveSession(name string, routes func(*Group), opts ...LiveOption) {
	place := caller()
	call := fmt.Sprintf("LiveSession(%q)", name)
	switch {
	case name == "" || strings.HasPrefix(name, defaultLiveSession):
		g.refuse(call, fmt.Errorf("want a name that does not begin with %q", defaultLiveSession))
	case routes == nil:
		g.refuse(call, errNoRoutes)
	case g.liveSession != "":
		g.refuse(call, fmt.Errorf("inside LiveSession(%q); a route is in one live session", g.liveSession))
	}
	if first, taken := g.app.router.sessions[name]; taken {
		g.refuse(call, fmt.Errorf("already registered at %s; register all its routes in one call", first))
	}
	g.app.router.sessions[name] = place
	sub := *g
	sub.liveSession = name
	sub.liveOptions = opts
	routes(&sub)
}

// Get registers a handler for GET and HEAD. One that is registered for a method
// that changes something as well is warned of in the log.
func (g *Group) Get(path string, h Handler) { g.method(http.MethodGet, path, h) }

// Post registers a handler for POST.
func (g *Group) Post(path string, h Handler) { g.method(http.MethodPost, path, h) }

// Put registers a handler for PUT.
func (g *Group) Put(path string, h Handler) { g.method(http.MethodPut, path, h) }

// Patch registers a handler for PATCH.
func (g *Group) Patch(path string, h Handler) { g.method(http.MethodPatch, path, h) }

// Delete registers a handler for DELETE.
func (g *Group) Delete(path string, h Handler) { g.method(http.MethodDelete, path, h) }

func (g *Group) method(method, path string, h Handler) {
	call := fmt.Sprintf("%s %s", method, path)
	if h == nil {
		g.refuse(call, errors.New("the handler is nil"))
	}
	e := g.whole(call, method, path)
	e.Handler, e.key = handlerName(h), keyOf(h)
	e.handler = g.app.handle(h)
	g.register(call, e, g.app.browser)
}

// Handle registers any handler under a pattern of [http.ServeMux] without a
// host: "/metrics" for all methods, "GET /metrics" for one, "/debug/" for all
// that begins with it. The handler sees the path of the request as it came.
func (g *Group) Handle(pattern string, h http.Handler) {
	call := fmt.Sprintf("Handle(%q)", pattern)
	if h == nil {
		g.refuse(call, errors.New("the handler is nil"))
	}
	method, path, found := strings.Cut(pattern, " ")
	if !found {
		method, path = "", pattern
	}
	e := g.endpoint(call, method, strings.TrimLeft(path, " \t"))
	e.Handler, e.key = handlerName(h), keyOf(h)
	e.handler = h
	g.register(call, e, g.app.browser)
}

// Live registers a page that is a view. The factory makes a view for each
// visitor and each connection; what views share comes in by its closure:
//
//	app.Live("/todos/{id}", func() live.View { return &todos.Show{Store: store} })
//
// The factory runs twice at registration, to check its views.
func (g *Group) Live(path string, newView func() live.View, opts ...LiveOption) {
	call := fmt.Sprintf("Live(%q)", path)
	e := g.whole(call, http.MethodGet, path)
	rt, err := newLiveRoute(strings.TrimPrefix(e.Path, g.app.opts.Prefix), newView, g.app.opts.LiveLayout, slices.Concat(g.liveOptions, opts))
	if err != nil {
		g.refuse(call, err)
	}
	if rt.liveSession, err = g.session(); err != nil {
		g.refuse(call, err)
	}
	if err := cmp.Or(g.app.router.sameTag(rt), g.app.router.sameRoot(rt)); err != nil {
		g.refuse(call, err)
	}
	rt.pipelines = e.Pipelines
	if rt.claim, err = viewClaim(rt); err != nil {
		g.refuse(call, err)
	}
	e.live, e.View, e.LiveSession, e.Handler = rt, rt.name, rt.liveSession, rt.name
	e.handler = g.app.handle(func(w http.ResponseWriter, r *http.Request) error {
		return g.app.serveLive(w, r, rt, e.pathValues(r))
	})
	g.register(call, e, g.app.browser)
}

// session is the live session of the group's live routes. Its name stands in
// the tokens of open pages: it says nothing of the program that a visitor must
// not know, and follows from names alone, so that it means the same in the next
// build and on another server.
func (g *Group) session() (string, error) {
	if g.liveSession != "" {
		return g.liveSession, nil
	}
	name := defaultLiveSession
	for _, pipeline := range g.behind {
		switch {
		case pipeline == "":
			return "", errors.New(`it stands behind a pipeline that has no name; live routes are told apart by the names of their pipelines, so give it one, as in bennu.Pipeline{Name: "members", Use: …}`)
		case strings.ContainsAny(pipeline, " \"@"):
			pipeline = strconv.Quote(pipeline) // "a b" is not "a" and then "b"
		}
		name += " " + pipeline
	}
	if g.host != "" {
		name += " @" + g.host
	}
	return name, nil
}

// Static serves the files of fsys below a prefix. With the prefix "/", it serves
// the files and directories that stand at the top of fsys at the time of the
// call, each by a route of its own.
//
// Browsers keep the files and ask each time whether they are still good (ETag).
// Where a file has a sibling with ".br" or ".gz" after its name, made by a
// build, the browser gets that one. Names that begin with a dot, symbolic links
// and directories are not served. Files that have no time of change, as embedded
// ones, are taken not to change while the program runs.
//
// Sessions are not opened for files, unless the group has a pipeline, which may
// want to decide who sees them.
func (g *Group) Static(prefix string, fsys fs.FS) {
	call := fmt.Sprintf("Static(%q)", prefix)
	if fsys == nil {
		g.refuse(call, errors.New("the file system is nil"))
	}
	files := newFileServer(fsys)
	if prefix != "/" && prefix != "" {
		if err := checkPrefix(prefix); err != nil {
			g.refuse(call, err)
		}
		g.files(call, prefix+"/{path...}", files, "")
		return
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		g.refuse(call, fmt.Errorf("reading the top of the file system: %w", err))
	}
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case !servable(name):
		case entry.IsDir():
			g.files(call, "/"+url.PathEscape(name)+"/{path...}", files, name+"/")
		default:
			g.files(call, "/"+url.PathEscape(name), files, name)
		}
	}
}

// files registers one route of a file server; dir stands before the path that
// the pattern takes.
func (g *Group) files(call, path string, files *fileServer, dir string) {
	e := g.endpoint(call, http.MethodGet, path)
	e.Handler = "static files"
	e.handler = g.app.handle(func(w http.ResponseWriter, r *http.Request) error {
		return files.serve(w, r, dir+r.PathValue("path"))
	})
	if len(g.pipelines) == 0 {
		g.register(call, e, nil)
		return
	}
	g.register(call, e, g.app.browser)
}

// whole makes the route of a path that is matched to its end.
func (g *Group) whole(call, method, path string) *endpoint {
	if path == "/" && g.prefix != "" {
		e := g.endpoint(call, method, path)
		e.Path = strings.TrimSuffix(e.Path, "/")
		e.pattern = muxPattern(e.Route)
		return e
	}
	e := g.endpoint(call, method, path)
	if strings.HasSuffix(path, "/") {
		e.pattern += "{$}"
	}
	return e
}

// endpoint makes the route of a pattern that ServeMux reads as it stands.
func (g *Group) endpoint(call, method, path string) *endpoint {
	if !strings.HasPrefix(path, "/") {
		g.refuse(call, fmt.Errorf("the path %q must begin with \"/\"", path))
	}
	e := &endpoint{Route: Route{
		Method: method, Host: g.host, Path: g.app.opts.Prefix + g.prefix + path,
		Pipelines: pipelineNames(g.pipelines), Source: caller(),
	}}
	e.pattern = muxPattern(e.Route)
	return e
}

// muxPattern is a route as ServeMux writes it.
func muxPattern(rt Route) string {
	if rt.Method == "" {
		return rt.Host + rt.Path
	}
	return rt.Method + " " + rt.Host + rt.Path
}

// register puts the group's pipelines and then the given layers before the
// endpoint and enters it in the table.
func (g *Group) register(call string, e *endpoint, layers func(http.Handler) http.Handler) {
	h, err := through(g.pipelines, e.handler)
	if err != nil {
		g.refuse(call, err)
	}
	if layers != nil {
		h = layers(h)
	}
	e.handler = h
	if err := g.app.router.add(e); err != nil {
		g.refuse(call, err)
	}
	g.app.warnShared(e)
}

// refuse panics with what is wrong with a registration, and where it stands.
func (g *Group) refuse(call string, err error) {
	panic(fmt.Sprintf("bennu: %s (%s): %v", call, caller(), err))
}

// checkPrefix reports what is wrong with a prefix; the empty one is right.
func checkPrefix(prefix string) error {
	switch {
	case prefix == "":
		return nil
	case !strings.HasPrefix(prefix, "/"):
		return fmt.Errorf("prefix %q must begin with \"/\"", prefix)
	case strings.HasSuffix(prefix, "/"):
		return fmt.Errorf("prefix %q must not end with \"/\"", prefix)
	case strings.Contains(prefix, "...}"), strings.Contains(prefix, "{$}"):
		return fmt.Errorf("prefix %q must not take the rest of the path", prefix)
	}
	return nil
}
