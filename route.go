package bennu

import (
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"strings"
)

// Route describes one route of an App for people and tools: `bennu routes`
// prints it, panics about conflicts name it.
type Route struct {
	// Method is the HTTP method, "" for all of them. GET answers HEAD as well.
	Method string
	// Host is the host that the route is bound to, "" for any.
	Host string
	// Path is the pattern of the path, with the App's and the groups' prefixes.
	Path string
	// Pipelines are the names of the pipelines before the route, outermost first.
	Pipelines []string
	// View is the view's type and LiveSession its live session; both are empty
	// for a route that is no live one.
	View, LiveSession string
	// Handler names the function or type that answers, the view's type for a
	// live route.
	Handler string
	// Source is the file:line of the registration.
	Source string
}

// String is the route as a line of the table shows it: "GET /users/{id}".
func (rt Route) String() string {
	s := rt.Host + rt.Path
	if rt.Method != "" {
		s = rt.Method + " " + s
	}
	return s
}

// endpoint is a route with what answers it. ServeMux holds endpoints.
type endpoint struct {
	Route
	pattern string     // as ServeMux knows it; "" is the fallback's
	names   []string   // of the wildcards, in their order
	live    *liveRoute // nil for other routes
	handler http.Handler
	key     handlerKey // zero: none that the program has named
}

// ServeHTTP answers the request, or, to somebody who only wants to know which
// route matches, names itself.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p, ok := w.(*probe); ok {
		p.endpoint = e
		return
	}
	if s := scopeOf(r.Context()); s != nil {
		s.route = e.Path
	}
	e.handler.ServeHTTP(w, r)
}

// probe is the ResponseWriter with which a ServeMux is asked for a match. What
// the mux itself answers, a redirect or an error, goes nowhere.
type probe struct {
	endpoint *endpoint // nil: nothing of ours matches
	header   http.Header
}

func (p *probe) Header() http.Header {
	if p.header == nil {
		p.header = make(http.Header)
	}
	return p.header
}

func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(int)             {}

// wildcards are the names in a pattern's braces: id and path in
// "/users/{id}/files/{path...}". The pattern is one that ServeMux accepts.
func wildcards(pattern string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(pattern, "{")
		if !ok {
			return names
		}
		name, rest, _ := strings.Cut(rest, "}")
		if name = strings.TrimSuffix(name, "..."); name != "$" {
			names = append(names, name)
		}
		pattern = rest
	}
}

// selfPackage is the import path of this package.
var selfPackage = reflect.TypeFor[App]().PkgPath()

// caller is the file:line of the code outside this package that called into it.
func caller() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, selfPackage+".") || strings.HasSuffix(f.File, "_test.go") {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		if !more {
			return "unknown place"
		}
	}
}

// handlerName is the name of a function, or of a handler's type.
func handlerName(h any) string {
	v := reflect.ValueOf(h)
	if v.Kind() != reflect.Func {
		return strings.TrimPrefix(v.Type().String(), "*")
	}
	f := runtime.FuncForPC(v.Pointer())
	if f == nil {
		return v.Type().String()
	}
	name := f.Name()
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.TrimSuffix(name, "-fm") // of a method value
}
