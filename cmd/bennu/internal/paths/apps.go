package paths

import (
	"context"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// App is what the sources of one program say of its routes, for checks.
type App struct {
	Routes []Route
	Unread []Unread
	// Packages are the import paths of what the program is made of, in its module.
	Packages map[string]bool
	// Helpers are the names of the package of helpers and of its functions, by
	// import path; a route's Helper is one of these.
	Helpers string
}

// Apps reads the programs of a module, by their main packages; where none makes
// an App, the packages that do stand for themselves.
func Apps(ctx context.Context, root string) ([]App, error) {
	t, err := scan(ctx, root)
	if err != nil {
		return nil, err
	}
	t.making = slices.DeleteFunc(t.making, func(f string) bool { return moduleRoot(filepath.Dir(f)) != root })
	var apps []App
	covered := map[string]bool{}
	for _, dirs := range [][]string{directories(t.mains), directories(t.making)} {
		for _, dir := range dirs {
			if covered[dir] || moduleRoot(dir) != root {
				continue
			}
			a, m, err := readApp(root, dir)
			if err != nil {
				return nil, err
			}
			if len(a.Routes)+len(a.Unread) == 0 {
				continue
			}
			for importPath := range a.Packages {
				if p := m.packages[importPath]; p != nil {
					covered[p.dir] = true
				}
			}
			apps = append(apps, a)
		}
	}
	return apps, nil
}

func directories(files []string) []string {
	var dirs []string
	for _, f := range files {
		dirs = append(dirs, filepath.Dir(f))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// readApp reads the program, or the package, in a directory.
func readApp(root, dir string) (App, *module, error) {
	a := App{Packages: map[string]bool{}}
	m, err := newModule(root)
	if err != nil {
		return a, nil, err
	}
	m.whole = true
	importPath, err := m.importPath(dir)
	if err != nil {
		return a, nil, err
	}
	if _, err := m.load(dir, importPath); err != nil {
		return a, nil, err
	}
	r := newReader(m)
	for _, enter := range []func(*ast.FuncDecl) bool{isMain, asks, makes} {
		for importPath, p := range m.packages {
			if p == nil {
				continue
			}
			a.Packages[importPath] = true
			for _, f := range p.files {
				for _, d := range f.Decls {
					if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil && enter(d) {
						r.enterDecl(p, d)
					}
				}
			}
		}
	}
	a.Routes, a.Unread = r.routes, r.unread
	a.name(m)
	return a, m, nil
}

func isMain(d *ast.FuncDecl) bool { return d.Recv == nil && d.Name.Name == "main" }

func asks(d *ast.FuncDecl) bool {
	_, found := directive(d.Doc)
	return found
}

// makes reports whether a function calls bennu.New.
func makes(d *ast.FuncDecl) bool {
	found := false
	ast.Inspect(d.Body, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "New" {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "bennu" {
				found = true
			}
		}
		return !found
	})
	return found
}

// name says where the helpers are and gives each route the name of its own.
func (a *App) name(m *module) {
	for _, p := range m.packages {
		if p == nil {
			continue
		}
		for _, f := range p.files {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					if dir, found := directive(d.Doc); found {
						if importPath, err := m.importPath(filepath.Join(p.dir, filepath.FromSlash(dir))); err == nil {
							a.Helpers = importPath
						}
					}
				}
			}
		}
	}
	if a.Helpers != "" {
		collect(a.Routes, filepath.Base(a.Helpers))
	}
}

// Call is how the helper of a route is called.
func (a App) Call(rt Route) string {
	if a.Helpers == "" || rt.Helper == "" {
		return ""
	}
	var args []string
	for _, p := range parts(rt.Path) {
		if p.kind != plain {
			args = append(args, argument(p.text))
		}
	}
	return filepath.Base(a.Helpers) + "." + rt.Helper + "(" + strings.Join(args, ", ") + ")"
}

// At is the path with the texts of an address in place of its named parts, where
// that has as many segments: what the address would be if it were of this route.
func (rt Route) At(address string) string {
	own, given := parts(rt.Path), strings.Split(strings.TrimPrefix(address, "/"), "/")
	var b strings.Builder
	for i, p := range own {
		switch {
		case p.kind == rest && i < len(given):
			return b.String() + "/" + strings.Join(given[i:], "/")
		case p.kind == param && i < len(given) && given[i] != "":
			b.WriteString("/" + given[i])
		case p.kind == plain:
			b.WriteString("/" + p.text)
		default:
			return rt.Path
		}
	}
	return b.String()
}

// Pattern is the route as [net/http.ServeMux] takes it, for a method or for any.
func (rt Route) Pattern(method string) string {
	rt.Method, rt.Host = method, ""
	return rt.pattern()
}

// TypeName is the package path and name of a type or of what a pointer is to, as
// in Route.View.
func TypeName(t types.Type) string { return typeName(t) }
