package bennu

import (
	"fmt"
	"net/http"
)

// Pipeline is a named stack of middleware that a [Group] puts before its
// routes: any func(http.Handler) http.Handler of the Go world. The first one
// is the outermost; pipelines of outer groups stand before those of inner ones.
// A middleware that does not call its next handler ends the request there.
//
// Each middleware is called once for every route that it is put before, when
// the route is registered.
type Pipeline struct {
	// Name is how logs and [App.Routes] call the pipeline, and tells the live
	// routes behind it from others (see [Group.LiveSession]), so that it is
	// required before those. An empty one is not shown.
	Name string
	// Use are the middleware, outermost first.
	Use []func(http.Handler) http.Handler
}

// wrap puts the pipeline before h.
func (p Pipeline) wrap(h http.Handler) (http.Handler, error) {
	for i := len(p.Use) - 1; i >= 0; i-- {
		if p.Use[i] == nil {
			return nil, fmt.Errorf("pipeline %q: Use[%d] is nil, want a middleware", p.Name, i)
		}
		if h = p.Use[i](h); h == nil {
			return nil, fmt.Errorf("pipeline %q: Use[%d] returned a nil handler", p.Name, i)
		}
	}
	return h, nil
}

// through puts all pipelines before h, the first one outermost.
func through(pipelines []Pipeline, h http.Handler) (http.Handler, error) {
	for i := len(pipelines) - 1; i >= 0; i-- {
		var err error
		if h, err = pipelines[i].wrap(h); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// pipelineNames are the names that are shown, outermost first.
func pipelineNames(pipelines []Pipeline) []string {
	var names []string
	for _, p := range pipelines {
		if p.Name != "" {
			names = append(names, p.Name)
		}
	}
	return names
}
