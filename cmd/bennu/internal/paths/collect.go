package paths

import (
	"cmp"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"bennu/cmd/bennu/internal/problem"
)

// A helper is one function of the package.
type helper struct {
	name   string
	path   string
	routes []Route // that have the path, at least one
	file   bool    // of a static file: its path is all there is
}

// reserved are the other names of the package.
var reserved = []string{"Asset", "Mount", "Query"}

// mostFiles is how many files of one Static have helpers of their own.
const mostFiles = 200

// collect makes helpers of the routes, sorted by name, and gives each route the
// name of its own.
func collect(routes []Route, pkg string) ([]helper, []problem.Problem) {
	byShape := map[string]*helper{}
	var all []*helper
	for i := range routes {
		rt := &routes[i]
		key := shape(rt.Path)
		h := byShape[key]
		if h == nil {
			h = &helper{name: helperName(rt.Path), path: rt.Path, file: rt.known() && len(rt.Files) == 0 && !strings.HasSuffix(rt.Path, "...}")}
			byShape[key] = h
			all = append(all, h)
		}
		if rt.given {
			h.name = rt.Helper
		}
		h.routes = append(h.routes, *rt)
	}
	for i := range routes {
		routes[i].Helper = byShape[shape(routes[i].Path)].name
	}
	for _, h := range slices.Clone(all) {
		rt := h.routes[0]
		if !rt.known() || len(rt.Files) > mostFiles {
			continue
		}
		base := strings.TrimSuffix(h.path, "{path...}")
		for _, file := range rt.Files {
			path := base + escape(file)
			if byShape[shape(path)] != nil {
				continue
			}
			f := &helper{name: h.name + camel(file), path: path, routes: []Route{rt}, file: true}
			byShape[shape(path)] = f
			all = append(all, f)
		}
	}
	problems := clashes(all, pkg)
	slices.SortFunc(all, func(a, b *helper) int { return cmp.Compare(a.name, b.name) })
	out := make([]helper, len(all))
	for i, h := range all {
		out[i] = *h
	}
	return out, problems
}

// clashes are the names that two helpers would have, or one and something else
// in the package.
func clashes(all []*helper, pkg string) []problem.Problem {
	var problems []problem.Problem
	refuse := func(rt Route, format string, args ...any) {
		problems = append(problems, problem.WithSource(problem.Problem{
			File: rt.Source.Filename, Line: rt.Source.Line, Col: rt.Source.Column, Message: fmt.Sprintf(format, args...),
		}))
	}
	byName := map[string]*helper{}
	for _, h := range all {
		rt := h.routes[0]
		switch first := byName[h.name]; {
		case !token.IsIdentifier(h.name) || !token.IsExported(h.name):
			refuse(rt, "%q is no name for the helper of %s, want a Go name with a capital, as in //bennu:name Article", h.name, h.path)
		case slices.Contains(reserved, h.name):
			refuse(rt, "the helper of %s would be %s.%s, which is another thing in that package; give it a name of its own in a line above: //bennu:name %[3]sPage", h.path, pkg, h.name)
		case first != nil && h.file:
			refuse(rt, "the helpers of %s and %s would both be %s.%s; rename one of the two", first.path, h.path, pkg, h.name)
		case first != nil:
			refuse(rt, "the helpers of %s and %s (%s:%d) would both be %s.%s; give one of them a name of its own in a line above: //bennu:name %[6]sPage",
				h.path, first.path, filepath.Base(first.routes[0].Source.Filename), first.routes[0].Source.Line, pkg, h.name)
		default:
			byName[h.name] = h
		}
	}
	return problems
}
