package check

import (
	"context"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"bennu/cmd/bennu/internal/paths"
)

// A site is a program with what answers its addresses.
type site struct {
	paths.App
	mux     *http.ServeMux // of its routes, for their methods
	any     *http.ServeMux // the same, whatever the method
	byName  map[string]paths.Route
	byPath  map[string]paths.Route // pattern -> route
	foreign []string               // beginnings of addresses that others may answer
	prefix  []string               // below which the app may be mounted
	unknown bool                   // the prefix is made at run time
}

// sites are the programs of the module that was asked about. They need its types.
func (p *program) sites(ctx context.Context) ([]*site, error) {
	root := p.root
	for !isModule(root) {
		root = filepath.Dir(root)
	}
	apps, err := paths.Apps(ctx, root)
	if err != nil {
		return nil, err
	}
	foreign, prefix, unknown := p.around()
	var sites []*site
	for _, a := range apps {
		s := &site{
			App: a, mux: new(http.ServeMux), any: new(http.ServeMux), byName: map[string]paths.Route{}, byPath: map[string]paths.Route{},
			foreign: append([]string{"/assets/", "/live/websocket", "/live/longpoll"}, foreign...), prefix: prefix, unknown: unknown,
		}
		for _, rt := range a.Routes {
			if _, taken := s.byName[rt.Helper]; !taken || rt.Live {
				s.byName[rt.Helper] = rt
			}
			for mux, method := range map[*http.ServeMux]string{s.mux: rt.Method, s.any: ""} {
				pattern := rt.Pattern(method)
				if old, taken := s.byPath[pattern]; !taken || rt.Live && !old.Live {
					s.byPath[pattern] = rt
				}
				handle(mux, pattern)
			}
		}
		for _, u := range a.Unread {
			s.foreign = append(s.foreign, u.Prefix)
		}
		sites = append(sites, s)
	}
	return sites, nil
}

// handle enters a pattern unless it is there or contradicts another one, which
// the App itself refuses.
func handle(mux *http.ServeMux, pattern string) {
	defer func() { _ = recover() }()
	mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
}

// match is the route that answers an address, for a method or "" for any.
// Answered is also what a redirect of the mux leads to.
func (s *site) match(method, address string) (rt paths.Route, answered bool) {
	u, err := url.Parse(address)
	if err != nil {
		return rt, true // whatever it is, it is not ours to judge
	}
	mux := s.mux
	if method == "" {
		mux, method = s.any, http.MethodGet
	}
	_, pattern := mux.Handler(&http.Request{Method: method, URL: u, Host: "localhost"})
	return s.byPath[pattern], pattern != ""
}

// elsewhere reports whether an address may be answered by something that is not
// among the routes.
func (s *site) elsewhere(address string) bool {
	return slices.ContainsFunc(s.foreign, func(prefix string) bool { return strings.HasPrefix(address, prefix) })
}

// local takes the app's prefix off an address that was written with it. It is
// false when the address may be somebody else's.
func (s *site) local(address string) (string, bool) {
	if s.unknown {
		return "", false
	}
	if len(s.prefix) == 0 {
		return address, true
	}
	for _, prefix := range s.prefix {
		if rest, ok := strings.CutPrefix(address, prefix); ok && (rest == "" || strings.ContainsAny(rest[:1], "/?#")) {
			return rest, true
		}
	}
	return "", false
}

// registering are the methods by which muxes and routers of others take routes.
var registering = []string{"Handle", "HandleFunc", "Mount", "Route", "Group", "Any", "Method", "MethodFunc",
	"Get", "Post", "Put", "Patch", "Delete", "GET", "POST", "PUT", "PATCH", "DELETE", "Static", "StaticFS", "PathPrefix"}

// around is what stands around the app in its program: addresses that other
// routers answer, and where it is mounted itself.
func (p *program) around() (foreign, prefixes []string, unknown bool) {
	mounted := func(info *types.Info, value ast.Expr) {
		v := info.Types[value].Value
		switch {
		case v == nil || v.Kind() != constant.String:
			unknown = true
		case constant.StringVal(v) != "":
			prefixes = append(prefixes, constant.StringVal(v))
		}
	}
	for _, pkg := range p.pkgs {
		info := pkg.TypesInfo
		for _, file := range pkg.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if prefix, ok := registered(pkg, n); ok {
						foreign = append(foreign, prefix)
					}
				case *ast.CompositeLit:
					if !isBennu(info.TypeOf(n), "Options") {
						return true
					}
					for _, el := range n.Elts {
						if pair, ok := el.(*ast.KeyValueExpr); ok && isNamed(pair.Key, "Prefix") {
							mounted(info, pair.Value)
						}
					}
				case *ast.AssignStmt:
					for i, left := range n.Lhs {
						sel, ok := ast.Unparen(left).(*ast.SelectorExpr)
						if ok && sel.Sel.Name == "Prefix" && isBennu(info.TypeOf(sel.X), "Options") && i < len(n.Rhs) && n.Tok == token.ASSIGN {
							mounted(info, n.Rhs[i])
						}
					}
				}
				return true
			})
		}
	}
	return foreign, prefixes, unknown
}

// registered is where the addresses begin that a call gives to another router
// than an App.
func registered(pkg *packages.Package, n *ast.CallExpr) (prefix string, ok bool) {
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok || len(n.Args) == 0 || !slices.Contains(registering, sel.Sel.Name) {
		return "", false
	}
	if t := pkg.TypesInfo.TypeOf(sel.X); t != nil && (isBennu(t, "App") || isBennu(t, "Group") || isSocket(t)) {
		return "", false
	}
	for _, arg := range n.Args[:min(2, len(n.Args))] { // chi has the method first
		v := pkg.TypesInfo.Types[arg].Value
		if v == nil || v.Kind() != constant.String {
			continue
		}
		text := constant.StringVal(v)
		if _, path, spaced := strings.Cut(text, " "); spaced {
			text = path
		}
		if i := strings.IndexByte(text, '/'); i >= 0 && text[i:] != "/" {
			text = text[i:]
			if end := strings.IndexAny(text, "{:*"); end >= 0 {
				text = text[:end]
			}
			return text, text != "/"
		}
	}
	return "", false
}

// isBennu reports whether t is a type of package bennu, or a pointer to it.
func isBennu(t types.Type, name string) bool {
	return t != nil && paths.TypeName(t) == "bennu."+name
}

func isNamed(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}
