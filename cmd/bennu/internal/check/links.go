package check

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	goparser "go/parser"
	"go/types"
	"net/http"
	"path"
	"strings"

	"bennu/cmd/bennu/internal/paths"
	"bennu/internal/nearest"
)

// A link is an address that the program names.
type link struct {
	at      place
	address string // path with query, without the app's prefix
	helper  string // or the helper that makes it
	method  string // "" for any
	patch   bool   // to be taken by the view that is open
	from    []*view
	fix     string // for a patch that leads to another view
}

// checkLinks looks for addresses that no route answers, and for patches that lead
// out of their view.
func (p *program) checkLinks(ctx context.Context) ([]Finding, error) {
	if p.pkgs == nil {
		return nil, nil
	}
	sites, err := p.sites(ctx)
	if err != nil || len(sites) == 0 {
		return nil, err
	}
	var found []Finding
	for _, f := range p.files {
		for _, t := range f.templates {
			fn := p.owners[t]
			if fn == nil {
				continue
			}
			own := sitesOf(sites, fn.Pkg())
			elements(t.nodes, func(e *element) {
				for _, l := range p.linksOf(own, t, e) {
					if f, wrong := judge(own, l); wrong {
						found = append(found, e.about(f))
					}
				}
			})
		}
	}
	return append(found, p.checkCalls(sites)...), nil
}

// sitesOf are the programs that a package is a part of.
func sitesOf(sites []*site, pkg *types.Package) []*site {
	var own []*site
	for _, s := range sites {
		if pkg != nil && s.Packages[pkg.Path()] {
			own = append(own, s)
		}
	}
	return own
}

// leading are the attributes that hold an address, by element.
var leading = map[string][]string{
	"a": {"href"}, "area": {"href"}, "link": {"href"}, "form": {"action"}, "button": {"formaction"}, "input": {"formaction", "src"},
	"img": {"src"}, "script": {"src"}, "iframe": {"src"}, "source": {"src"}, "video": {"src", "poster"}, "audio": {"src"},
	"track": {"src"}, "embed": {"src"},
}

// linksOf are the addresses that an element names and that can be read.
func (p *program) linksOf(own []*site, t *template, e *element) []link {
	if len(own) == 0 {
		return nil
	}
	var out []link
	kind := ""
	if a := e.attr("data-phx-link"); a != nil {
		kind, _ = p.text(t, a)
	}
	for _, name := range leading[e.name] {
		a := e.attr(name)
		if a == nil {
			continue
		}
		l, ok := p.linkOf(own, t, a)
		if !ok {
			continue
		}
		l.method = http.MethodGet
		if name == "action" || name == "formaction" || e.has("data-method") {
			l.method = "" // forms may say another method in a field
		}
		if l.patch = kind == "patch" && name == "href"; l.patch {
			l.from, l.fix = p.viewsWith(t), `data-phx-link="redirect", which opens the other view over the same socket`
		}
		out = append(out, l)
	}
	for i := range e.attrs {
		a := &e.attrs[i]
		if k, ok := bindings[strings.TrimPrefix(a.name, "phx-")]; !ok || !strings.HasPrefix(a.name, "phx-") || k == kindText {
			continue
		}
		value, constant := p.text(t, a)
		if !constant {
			continue
		}
		commands, _, err := commandsOf(value)
		if err != nil {
			continue // said by checkAttributes
		}
		for _, c := range commands {
			var href string
			if c.op != "patch" && c.op != "navigate" || json.Unmarshal(c.args.Href, &href) != nil {
				continue
			}
			for _, l := range written(own, a.valueAt, href) {
				l.method = http.MethodGet
				if l.patch = c.op == "patch"; l.patch {
					l.from, l.fix = p.viewsWith(t), `["navigate", …] in place of ["patch", …]`
				}
				out = append(out, l)
			}
		}
	}
	return out
}

// linkOf is the address in an attribute: a constant, one that goes through a
// method Path, or a call of a helper.
func (p *program) linkOf(own []*site, t *template, a *attribute) (link, bool) {
	if value, constant := p.text(t, a); constant {
		for _, l := range written(own, a.valueAt, value) {
			return l, true
		}
		return link{}, false
	}
	x, err := goparser.ParseExpr(a.expr)
	if err != nil {
		return link{}, false
	}
	n, ok := x.(*ast.CallExpr)
	if !ok {
		return link{}, false
	}
	name := calledName(n)
	for _, fn := range p.used(a.valueAt, a.to) {
		switch {
		case fn.Name() != name:
		case isHelper(own, fn):
			return link{at: a.valueAt, helper: name}, true
		case isPath(fn) && len(n.Args) == 1:
			if text, ok := p.constantText(t, types.ExprString(n.Args[0])); ok && strings.HasPrefix(text, "/") {
				return link{at: a.valueAt, address: text}, true
			}
		}
	}
	return link{}, false
}

// written is an address as it was written out, unless it leads elsewhere or is
// relative to the page that it is on.
func written(own []*site, at place, text string) []link {
	if !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") {
		return nil
	}
	for _, s := range own {
		if address, ok := s.local(text); ok {
			return []link{{at: at, address: cmp.Or(address, "/")}}
		}
	}
	return nil
}

// calledName is the last part of what a call calls.
func calledName(n *ast.CallExpr) string {
	switch x := ast.Unparen(n.Fun).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// isHelper reports whether a function is a path helper of one of the programs.
func isHelper(own []*site, fn *types.Func) bool {
	for _, s := range own {
		if _, ok := s.byName[fn.Name()]; ok && s.Helpers != "" && fn.Pkg() != nil && fn.Pkg().Path() == s.Helpers {
			return true
		}
	}
	return false
}

// isPath reports whether a function is the method Path of an App, a page or a
// socket, which adds the prefix.
func isPath(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if fn.Name() != "Path" || recv == nil {
		return false
	}
	switch paths.TypeName(recv.Type()) {
	case "bennu.App", "bennu.Page", livePath + ".Socket":
		return true
	}
	return false
}

// viewsWith are the pages whose templates a template is among, those of the live
// components in them included.
func (p *program) viewsWith(t *template) []*view {
	var out []*view
	for _, v := range p.views {
		if !v.page || v.component {
			continue
		}
		for _, all := range [][]*template{v.templates, v.inner} {
			for _, other := range all {
				if other == t {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// judge says what is wrong with a link; what one of the programs answers is right.
func judge(own []*site, l link) (Finding, bool) {
	var first *Finding
	for _, s := range own {
		f, wrong := s.judge(l)
		if !wrong {
			return Finding{}, false
		}
		if first == nil {
			first = &f
		}
	}
	if first == nil {
		return Finding{}, false
	}
	return *first, true
}

func (s *site) judge(l link) (Finding, bool) {
	if l.helper != "" {
		rt, ok := s.byName[l.helper]
		return l.outside(rt, rt.Path, ok)
	}
	address, _, _ := strings.Cut(l.address, "#")
	address, _, _ = strings.Cut(address, "?")
	if s.elsewhere(address) {
		return Finding{}, false
	}
	rt, answered := s.match(l.method, address)
	if answered && rt.Files != nil && strings.HasSuffix(rt.Path, "/{path...}") {
		return s.file(l, rt, address)
	}
	if answered {
		return l.outside(rt, fmt.Sprintf("%q", l.address), rt.Path != "")
	}
	if _, other := s.match("", address); other {
		return finding(checkLink, l.at, "link to a route for GET, or send a form", "%q has no route for GET", address), true
	}
	return s.nowhere(l, address), true
}

// nowhere is the finding about an address without a route.
func (s *site) nowhere(l link, address string) Finding {
	byAddress := map[string]paths.Route{}
	var known []string
	for _, rt := range s.Routes {
		if strings.HasSuffix(rt.Path, "...}") {
			continue // near to everything
		}
		if rt.Method == http.MethodGet || rt.Method == l.method || l.method == "" {
			at := rt.At(address)
			if _, there := byAddress[at]; !there {
				known = append(known, at)
			}
			byAddress[at] = rt
		}
	}
	near := nearest.Name(address, known)
	if near == "" {
		return finding(checkLink, l.at, "add the route, or take one of those that are there: bennu routes", "no route answers %q", address)
	}
	rt := byAddress[near]
	fix := fmt.Sprintf("the nearest route is %s", rt.Path)
	if call := s.Call(rt); call != "" {
		fix += ": write " + call + ", which the compiler checks"
	}
	return finding(checkLink, l.at, fix, "no route answers %q (did you mean %q?)", address, near)
}

// file looks for a static file.
func (s *site) file(l link, rt paths.Route, address string) (Finding, bool) {
	base := strings.TrimSuffix(rt.Path, "{path...}")
	name := strings.TrimPrefix(address, base)
	for _, file := range rt.Files {
		if file == name {
			return Finding{}, false
		}
	}
	message, fix := fmt.Sprintf("there is no file %q below %s", name, base), "add the file"
	if near := nearest.Name(name, rt.Files); near != "" {
		message += fmt.Sprintf(" (did you mean %q?)", near)
		fix = "write " + base + near
		if s.Helpers != "" {
			fix += ", by the helper that is made for it in " + path.Base(s.Helpers)
		}
	}
	return finding(checkLink, l.at, fix, "%s", message), true
}

// outside is the finding about a patch that leads out of the views that it may
// come from.
func (l link) outside(rt paths.Route, name string, known bool) (Finding, bool) {
	if !l.patch || !known {
		return Finding{}, false
	}
	if !rt.Live {
		return finding(checkLink, l.at, "a plain link, without data-phx-link", "%s is no live page, and a patch stays in its view", name), true
	}
	if rt.View == "" || len(l.from) == 0 {
		return Finding{}, false
	}
	for _, v := range l.from {
		if paths.TypeName(v.named) == rt.View {
			return Finding{}, false
		}
	}
	return finding(checkLink, l.at, l.fix, "%s is the page of %s, and a patch in %s stays in that view", name, path.Base(rt.View), l.from[0].name), true
}
