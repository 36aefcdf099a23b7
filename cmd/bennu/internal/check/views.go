package check

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A view is a type that the program uses as a live.View.
type view struct {
	named     *types.Named
	name      string // counter.Counter, as in logs
	at        place
	byValue   place // where it is handed over as a value, not a pointer
	templates []*template
	events    *events
}

// method is a method of the pointer to the view, nil for none.
func (v *view) method(name string) *types.Func {
	o, _, _ := types.LookupFieldOrMethod(types.NewPointer(v.named), true, v.named.Obj().Pkg(), name)
	fn, _ := o.(*types.Func)
	return fn
}

// findViews looks for the types that are views. A type that only has Render
// may be any component: it is a view when it is used as a live.View, or when
// one of its methods takes a *live.Socket or returns live.Events.
func (p *program) findViews() {
	iface, ok := p.interfaceOf("View")
	if !ok {
		return
	}
	found := map[*types.Named]*view{}
	add := func(t types.Type, at token.Pos) {
		t = types.Unalias(t)
		pointer, isPointer := t.(*types.Pointer)
		if isPointer {
			t = types.Unalias(pointer.Elem())
		}
		named, ok := t.(*types.Named)
		if !ok || types.IsInterface(named) || named.Obj().Pkg() == nil || !p.isLoaded(named.Obj()) {
			return
		}
		named = named.Origin()
		v := found[named]
		if v == nil {
			v = &view{named: named, name: named.Obj().Pkg().Name() + "." + named.Obj().Name(), at: p.place(named.Obj().Pos())}
			found[named] = v
		}
		if !isPointer && at.IsValid() {
			v.byValue = p.place(at)
		}
	}
	for _, pkg := range p.pkgs {
		for _, file := range pkg.Syntax {
			p.conversions(pkg, file, func(target, from types.Type, x ast.Expr) {
				if isLive(target, "View") {
					add(from, x.Pos())
				}
			})
		}
		p.instances(pkg, func(arg types.Type) { add(arg, token.NoPos) })
		scope := pkg.Types.Scope()
		for _, name := range scope.Names() {
			if o, ok := scope.Lookup(name).(*types.TypeName); ok && !o.IsAlias() {
				if n, ok := o.Type().(*types.Named); ok && types.Implements(types.NewPointer(n), iface) && p.looksLikeView(n) {
					add(types.NewPointer(n), token.NoPos)
				}
			}
		}
	}
	for _, v := range found {
		if fn := v.method("Render"); fn != nil {
			v.templates = p.reach(fn)
		}
		v.events = p.eventsOf(v)
		p.views = append(p.views, v)
	}
	slices.SortFunc(p.views, func(a, b *view) int {
		return cmp.Or(cmp.Compare(a.at.file, b.at.file), cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.col, b.at.col))
	})
}

// isLoaded reports whether a name is declared in one of the app's packages.
func (p *program) isLoaded(o types.Object) bool {
	return slices.ContainsFunc(p.pkgs, func(pkg *packages.Package) bool { return pkg.Types == o.Pkg() })
}

// interfaceOf is an interface of package live.
func (p *program) interfaceOf(name string) (*types.Interface, bool) {
	o := p.live.Scope().Lookup(name)
	if o == nil {
		return nil, false
	}
	i, ok := o.Type().Underlying().(*types.Interface)
	return i, ok
}

// isLive reports whether t is a type of package live by its name.
func isLive(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == livePath
}

// isSocket reports whether t is *live.Socket.
func isSocket(t types.Type) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	return ok && isLive(pointer.Elem(), "Socket")
}

// takesSocket reports whether a function has a parameter of type *live.Socket.
func takesSocket(s *types.Signature) bool {
	for v := range s.Params().Variables() {
		if isSocket(v.Type()) {
			return true
		}
	}
	return false
}

func (p *program) looksLikeView(n *types.Named) bool {
	methods := types.NewMethodSet(types.NewPointer(n))
	for m := range methods.Methods() {
		s, ok := m.Type().(*types.Signature)
		if !ok {
			continue
		}
		if takesSocket(s) || s.Results().Len() == 1 && isLive(s.Results().At(0).Type(), "Events") {
			return true
		}
	}
	return false
}

// instances calls do for every type that a generic function is given for a
// parameter that has to be a view.
func (p *program) instances(pkg *packages.Package, do func(types.Type)) {
	iface, ok := p.interfaceOf("View")
	if !ok {
		return
	}
	for id, inst := range pkg.TypesInfo.Instances {
		fn, ok := pkg.TypesInfo.Uses[id].(*types.Func)
		if !ok {
			continue
		}
		params := fn.Signature().TypeParams()
		if fn.Origin() != fn {
			params = fn.Origin().Signature().TypeParams()
		}
		for i := range inst.TypeArgs.Len() {
			if i < params.Len() && types.Implements(params.At(i).Constraint(), iface) {
				do(inst.TypeArgs.At(i))
			}
		}
	}
}
