package check

import (
	"go/ast"
	"go/constant"
	"go/types"
	"net/http"
	"strings"

	"golang.org/x/tools/go/packages"
)

// checkCalls looks at the addresses in Go: where callbacks and handlers send the
// browser, and what helpers get for the named parts of a path.
func (p *program) checkCalls(sites []*site) []Finding {
	var found []Finding
	for _, pkg := range p.pkgs {
		own := sitesOf(sites, pkg.Types)
		if len(own) == 0 {
			continue
		}
		for _, file := range pkg.Syntax {
			for _, d := range file.Decls {
				from := p.pageOf(pkg, d)
				ast.Inspect(d, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if !ok {
						return true
					}
					if l, ok := p.move(pkg, own, call); ok {
						l.from = from
						if f, wrong := judge(own, l); wrong {
							found = append(found, f)
						}
					}
					found = append(found, p.arguments(pkg, own, call)...)
					return true
				})
			}
		}
	}
	return found
}

// pageOf is the view that a method belongs to, none for other declarations.
func (p *program) pageOf(pkg *packages.Package, d ast.Decl) []*view {
	fn, ok := d.(*ast.FuncDecl)
	if !ok || fn.Recv == nil || len(fn.Recv.List) == 0 {
		return nil
	}
	t := pkg.TypesInfo.TypeOf(fn.Recv.List[0].Type)
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	for _, v := range p.views {
		if v.page && !v.component && types.Identical(types.Unalias(t), v.named) {
			return []*view{v}
		}
	}
	return nil
}

// move is the link of a call that sends the browser somewhere.
func (p *program) move(pkg *packages.Package, own []*site, call *ast.CallExpr) (link, bool) {
	fn := callee(pkg.TypesInfo, call)
	if fn == nil || fn.Pkg() == nil {
		return link{}, false
	}
	at := 0
	l := link{method: http.MethodGet}
	switch recv := fn.Signature().Recv(); {
	case recv != nil && isSocket(recv.Type()) && (fn.Name() == "Patch" || fn.Name() == "Navigate" || fn.Name() == "Redirect"):
		l.patch, l.fix = fn.Name() == "Patch", "Navigate, which opens the other view over the same socket"
	case recv == nil && fn.Pkg().Path() == "bennu" && fn.Name() == "Redirect":
		at = 2
	case fn.Pkg().Path() == jsPath && (fn.Name() == "Patch" || fn.Name() == "Navigate"):
		l.patch, l.fix = fn.Name() == "Patch", "Navigate, which opens the other view over the same socket"
	case fn.Pkg().Path() == componentPath && (fn.Name() == "Patch" || fn.Name() == "Navigate"):
		l.patch, l.fix = fn.Name() == "Patch", "component.Navigate, which opens the other view over the same socket"
	default:
		return link{}, false
	}
	if at >= len(call.Args) {
		return link{}, false
	}
	x := ast.Unparen(call.Args[at])
	place := p.place(x.Pos())
	if v := pkg.TypesInfo.Types[x].Value; v != nil && v.Kind() == constant.String {
		for _, w := range written(own, place, constant.StringVal(v)) {
			l.at, l.address = w.at, w.address
			return l, true
		}
		return link{}, false
	}
	made, ok := x.(*ast.CallExpr)
	if !ok {
		return link{}, false
	}
	maker := callee(pkg.TypesInfo, made)
	switch {
	case maker == nil:
	case isHelper(own, maker):
		l.at, l.helper = place, maker.Name()
		return l, true
	case isPath(maker) && len(made.Args) == 1:
		if v := pkg.TypesInfo.Types[made.Args[0]].Value; v != nil && v.Kind() == constant.String && strings.HasPrefix(constant.StringVal(v), "/") {
			l.at, l.address = place, constant.StringVal(v)
			return l, true
		}
	}
	return link{}, false
}

// arguments are findings about what a helper gets for the named parts of a path:
// the compiler lets any value pass.
func (p *program) arguments(pkg *packages.Package, own []*site, call *ast.CallExpr) []Finding {
	fn := callee(pkg.TypesInfo, call)
	if fn == nil || !isHelper(own, fn) {
		return nil
	}
	var found []Finding
	params := fn.Signature().Params()
	for i, arg := range call.Args {
		if i >= params.Len() || fn.Signature().Variadic() && i >= params.Len()-1 {
			break
		}
		if _, open := params.At(i).Type().Underlying().(*types.Interface); !open {
			continue
		}
		t := pkg.TypesInfo.TypeOf(arg)
		if t == nil || isSegment(t) {
			continue
		}
		found = append(found, finding(checkLink, p.place(arg.Pos()),
			"pass its id, or give the type a method Param() string that says how it stands in addresses",
			"%s of %s is a %s, want a string, an integer, or a type with a method Param() string",
			params.At(i).Name(), pkgName(fn)+"."+fn.Name(), types.TypeString(t, func(p *types.Package) string { return p.Name() })))
	}
	return found
}

func pkgName(fn *types.Func) string { return fn.Pkg().Name() }

// isSegment reports whether package route takes values of a type. Those behind
// interfaces and type parameters are not known.
func isSegment(t types.Type) bool {
	if _, param := types.Unalias(t).(*types.TypeParam); param || types.IsInterface(t) {
		return true
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&(types.IsString|types.IsInteger) != 0 {
		return true
	}
	methods := types.NewMethodSet(t)
	for _, name := range []string{"Param", "MarshalText", "String"} {
		if m := methods.Lookup(nil, name); m != nil {
			return true
		}
	}
	return false
}
