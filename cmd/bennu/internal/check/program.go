package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/tools/go/packages"
)

const (
	livePath  = "bennu/live"
	templPath = "github.com/a-h/templ"
)

// A program is an app with its templates and, when it compiles, its types.
type program struct {
	root  string
	files []*templFile

	// What follows is only there when the program compiles.
	fset  *token.FileSet
	pkgs  []*packages.Package
	live  *types.Package // nil when nothing imports it
	funcs map[*types.Func]*function
	vars  map[*types.Var]*variable
	uses  map[string][]use // by templ file, in order
	views []*view

	twins  map[*types.Func]*types.Func // from the second function of a template to its first
	bodies map[*types.Func]*types.Func // and back
	texts  map[*types.Func]*template
	owners map[*template]*types.Func
}

// A function is one that is declared in the app.
type function struct {
	decl *ast.FuncDecl
	pkg  *packages.Package
	refs []types.Object // what the body mentions; see references
	read bool
}

// A variable is one of a package, with its initial value.
type variable struct {
	value ast.Expr
	pkg   *packages.Package
}

// A use is a place in a template where a function is named.
type use struct {
	at place
	fn *types.Func
}

// shown is how messages name a file: below the directory that was asked about.
func (p *program) shown(file string) string {
	if rel, err := filepath.Rel(p.root, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}

// place is a position with line directives taken into account: what comes from
// a template is in the template.
func (p *program) place(pos token.Pos) place {
	at := p.fset.Position(pos)
	return place{at.Filename, at.Line, at.Column}
}

// know takes in the loaded packages.
func (p *program) know(fset *token.FileSet, pkgs []*packages.Package) {
	p.fset, p.pkgs = fset, pkgs
	p.funcs, p.vars = map[*types.Func]*function{}, map[*types.Var]*variable{}
	p.uses = map[string][]use{}
	p.twins, p.bodies = map[*types.Func]*types.Func{}, map[*types.Func]*types.Func{}
	p.texts, p.owners = map[*types.Func]*template{}, map[*template]*types.Func{}
	packages.Visit(pkgs, nil, func(pkg *packages.Package) {
		if pkg.PkgPath == livePath && pkg.Types != nil {
			p.live = pkg.Types
		}
	})
	named := map[place]*template{}
	for _, f := range p.files {
		for _, t := range f.templates {
			named[t.at] = t
		}
	}
	for _, pkg := range pkgs {
		for _, file := range pkg.Syntax {
			for _, d := range file.Decls {
				p.declare(pkg, d, named)
			}
			p.indexUses(pkg, file)
		}
	}
	for file, uses := range p.uses {
		sort.SliceStable(uses, func(i, j int) bool { return uses[i].at.before(uses[j].at) })
		p.uses[file] = uses
	}
	if p.live != nil {
		p.findViews()
	}
}

func (p *program) declare(pkg *packages.Package, d ast.Decl, named map[place]*template) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		fn, ok := pkg.TypesInfo.Defs[d.Name].(*types.Func)
		if !ok {
			return
		}
		p.funcs[fn] = &function{decl: d, pkg: pkg}
		if t := named[p.place(d.Name.Pos())]; t != nil {
			p.texts[fn], p.owners[t] = t, fn
			if twin := bodyOf(pkg, d); twin != nil {
				p.twins[twin], p.bodies[fn] = fn, twin
			}
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			s, ok := s.(*ast.ValueSpec)
			if !ok || len(s.Values) != len(s.Names) {
				continue
			}
			for i, name := range s.Names {
				if v, ok := pkg.TypesInfo.Defs[name].(*types.Var); ok {
					p.vars[v] = &variable{s.Values[i], pkg}
				}
			}
		}
	}
}

// bodyOf is the function that the generator put a template's body in, so that
// other templates can call it directly; nil when the body is in place.
func bodyOf(pkg *packages.Package, d *ast.FuncDecl) *types.Func {
	var found *types.Func
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == twinName(d) {
			if fn, ok := pkg.TypesInfo.Uses[id].(*types.Func); ok {
				found = fn
			}
		}
		return found == nil
	})
	return found
}

// twinName is the name of a template's second function. That of a method may
// have more underscores at its end; such templates are called through their
// component, so nothing is missed.
func twinName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return "bennuR_" + d.Name.Name
	}
	return "bennuR_" + receiver(d.Recv.List[0].Type) + "_" + d.Name.Name
}

// indexUses notes the functions that are named at places of templates.
func (p *program) indexUses(pkg *packages.Package, file *ast.File) {
	if !strings.HasSuffix(p.fset.File(file.FileStart).Name(), "_templ.go") {
		return
	}
	ast.Inspect(file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		fn, ok := pkg.TypesInfo.Uses[id].(*types.Func)
		if !ok {
			return true
		}
		if at := p.place(id.Pos()); strings.HasSuffix(at.file, ".templ") {
			p.uses[at.file] = append(p.uses[at.file], use{at, p.plain(fn)})
		}
		return true
	})
}

// plain is the function as it is declared: not an instance of a generic one,
// and not the second function of a template.
func (p *program) plain(fn *types.Func) *types.Func {
	fn = fn.Origin()
	if twin := p.twins[fn]; twin != nil {
		return twin
	}
	return fn
}

// used are the functions that an expression of a template names.
func (p *program) used(from, to place) []*types.Func {
	all := p.uses[from.file]
	i := sort.Search(len(all), func(i int) bool { return !all[i].at.before(from) })
	var out []*types.Func
	for ; i < len(all) && all[i].at.before(to); i++ {
		out = append(out, p.plain(all[i].fn))
	}
	return out
}
