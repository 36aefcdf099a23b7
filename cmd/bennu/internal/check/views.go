package check

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A view is a type that the program uses as a live.View: as a page, as a live
// component inside of one, or, as far as can be seen, as either.
type view struct {
	named     *types.Named
	name      string // counter.Counter, as in logs
	at        place
	page      bool
	component bool
	byValue   place // where it is handed over as a value, not a pointer
	events    *events

	templates  []*template // of its own
	inner      []*template // of the live components in it
	components []*types.TypeName
}

// kind is what messages call it.
func (v *view) kind() string {
	if v.component && !v.page {
		return "component"
	}
	return "view"
}

// method is a method of the pointer to the view, nil for none.
func (v *view) method(name string) *types.Func {
	o, _, _ := types.LookupFieldOrMethod(types.NewPointer(v.named), true, v.named.Obj().Pkg(), name)
	fn, _ := o.(*types.Func)
	return fn
}

// A collector gathers the types that are views.
type collector struct {
	*program
	found map[*types.TypeName]*view
}

// of is the view of a type, noted at its first mention; nil for types that are
// not the app's.
func (c *collector) of(t types.Type) (v *view, pointer bool) {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t, pointer = types.Unalias(p.Elem()), true
	}
	n, ok := t.(*types.Named)
	if !ok || types.IsInterface(n) || n.Obj().Pkg() == nil || !c.isLoaded(n.Obj()) {
		return nil, false
	}
	n = n.Origin()
	if v = c.found[n.Obj()]; v == nil {
		v = &view{named: n, name: n.Obj().Pkg().Name() + "." + n.Obj().Name(), at: c.place(n.Obj().Pos())}
		c.found[n.Obj()] = v
	}
	return v, pointer
}

// findViews looks for the types that are views. A type that only has Render
// may be any component: it is a view when it is used as a live.View, or when
// one of its methods takes a *live.Socket or returns live.Events.
func (p *program) findViews() {
	iface, ok := p.interfaceOf("View")
	if !ok {
		return
	}
	c := &collector{p, map[*types.TypeName]*view{}}
	for _, pkg := range p.pkgs {
		c.used(pkg, iface)
		c.declared(pkg, iface)
	}
	for _, v := range c.found {
		if !v.page && !v.component {
			// Nothing says what it is used for.
			v.component = p.implements(v, "ComponentMounter") || p.implements(v, "Updater")
			v.page = !v.component
		}
		if fn := v.method("Render"); fn != nil {
			v.templates, v.components = p.reach(fn)
		}
		v.events = p.eventsOf(v)
		p.views = append(p.views, v)
	}
	for _, v := range p.views {
		v.inner = c.inside(v, map[*view]bool{})
	}
	slices.SortFunc(p.views, func(a, b *view) int {
		return cmp.Or(cmp.Compare(a.at.file, b.at.file), cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.col, b.at.col))
	})
}

// used notes the types that a package uses as a live.View.
func (c *collector) used(pkg *packages.Package, iface *types.Interface) {
	for _, file := range pkg.Syntax {
		c.conversions(pkg, file, func(target, from types.Type, x ast.Expr) {
			if !isLive(target, "View") {
				return
			}
			if v, pointer := c.of(from); v != nil {
				v.page = true
				if !pointer {
					v.byValue = c.place(x.Pos())
				}
			}
		})
	}
	for id, inst := range pkg.TypesInfo.Instances {
		fn, ok := pkg.TypesInfo.Uses[id].(*types.Func)
		if !ok {
			continue
		}
		if n := componentType(pkg.TypesInfo, id, fn); n != nil {
			if v, _ := c.of(n); v != nil {
				v.component = true
			}
			continue
		}
		// A function that takes views for a type parameter serves them as pages, or
		// makes components of them if it is told how to make one.
		params := fn.Origin().Signature().TypeParams()
		for i := range min(inst.TypeArgs.Len(), params.Len()) {
			if !types.Implements(params.At(i).Constraint(), iface) {
				continue
			}
			if v, _ := c.of(inst.TypeArgs.At(i)); v != nil {
				methods, ok := params.At(i).Constraint().Underlying().(*types.Interface)
				v.page, v.component = true, v.component || ok && !methods.IsMethodSet()
			}
		}
	}
}

// declared notes the types that look like views.
func (c *collector) declared(pkg *packages.Package, iface *types.Interface) {
	scope := pkg.Types.Scope()
	for _, name := range scope.Names() {
		o, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || o.IsAlias() {
			continue
		}
		if n, ok := o.Type().(*types.Named); ok && types.Implements(types.NewPointer(n), iface) && looksLikeView(n) {
			c.of(n)
		}
	}
}

// inside are the templates of the live components that a view leads to.
func (c *collector) inside(v *view, seen map[*view]bool) []*template {
	var out []*template
	for _, name := range v.components {
		inner := c.found[name]
		if inner == nil || seen[inner] {
			continue
		}
		seen[inner] = true
		out = append(append(out, inner.templates...), c.inside(inner, seen)...)
	}
	return out
}

// implements reports whether the pointer to a view has what an interface of
// package live asks for.
func (p *program) implements(v *view, name string) bool {
	iface, ok := p.interfaceOf(name)
	return ok && types.Implements(types.NewPointer(v.named), iface)
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

func looksLikeView(n *types.Named) bool {
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
