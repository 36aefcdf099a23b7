package paths

import (
	"go/token"
	"strings"
)

// Route is a route as the sources register it.
type Route struct {
	// Method is "" for all of them. Host is "" for any.
	Method, Host string
	// Path is the whole path as a pattern of [net/http.ServeMux], without the
	// App's prefix. A subtree ends with {path...}.
	Path string
	// View is the type of the view of a live route, by package path and name, ""
	// when that cannot be seen and for other routes. Handler is how the sources
	// name what answers, "" for a function literal.
	View, Handler string
	Live          bool
	// Files are the files below a route of Static, nil when they are not known.
	Files []string
	// Helper is the name of the route's helper, without its package.
	Helper string
	// Source is where it is registered.
	Source token.Position

	given bool // the name, by a comment
}

// Known says which files of a static route there are.
func (rt Route) known() bool { return rt.Files != nil }

// pattern is the path as ServeMux takes it: to the end.
func (rt Route) pattern() string {
	path := rt.Path
	if strings.HasSuffix(path, "/") {
		path += "{$}"
	}
	if rt.Method != "" {
		return rt.Method + " " + rt.Host + path
	}
	return rt.Host + path
}

// Unread is a registration whose path is made at run time.
type Unread struct {
	// Prefix is what the path begins with, as far as that is known.
	Prefix string
	Source token.Position
}
