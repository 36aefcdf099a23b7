package check

import (
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"slices"
)

// events are what a view's Events returns, as far as it can be read.
type events struct {
	handlers map[string]handler
	// open says that there may be more: a name is made at run time, or a part of
	// the map comes from where it cannot be followed. at is that place.
	open bool
	at   place
}

// A handler takes one event.
type handler struct {
	at place
	// payload is the P of live.On[P], nil when it takes none or when unknown.
	payload types.Type
	known   bool // payload is
}

func (e *events) names() []string { return slices.Sorted(maps.Keys(e.handlers)) }

// eventsOf reads the Events method of a view.
func (p *program) eventsOf(v *view) *events {
	r := &eventReader{program: p, events: &events{handlers: map[string]handler{}}, seen: map[types.Object]bool{}}
	fn := v.method("Events")
	if fn == nil {
		return r.events
	}
	r.function(fn, p.place(v.named.Obj().Pos()))
	return r.events
}

// An eventReader collects the events that functions put into maps. It does not
// follow what is deleted again.
type eventReader struct {
	*program
	events *events
	seen   map[types.Object]bool
}

func (r *eventReader) open(at place) {
	if !r.events.open {
		r.events.open, r.events.at = true, at
	}
}

// function reads the body of a function that makes or changes events.
func (r *eventReader) function(fn *types.Func, from place) {
	fn = fn.Origin()
	if r.seen[fn] {
		return
	}
	r.seen[fn] = true
	f := r.funcs[fn]
	if f == nil || f.decl.Body == nil {
		r.open(from)
		return
	}
	r.code(f.pkg.TypesInfo, f.decl.Body)
}

func (r *eventReader) code(info *types.Info, n ast.Node) {
	ranged := map[types.Object]bool{} // keys of loops over other events
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if isEvents(info.TypeOf(n)) {
				r.literal(info, n)
			}
		case *ast.RangeStmt:
			if id, ok := n.Key.(*ast.Ident); ok && isEvents(info.TypeOf(n.X)) {
				ranged[info.ObjectOf(id)] = true
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				x, ok := ast.Unparen(left).(*ast.IndexExpr)
				if !ok || !isEvents(info.TypeOf(x.X)) {
					continue
				}
				if id, ok := ast.Unparen(x.Index).(*ast.Ident); ok && ranged[info.ObjectOf(id)] {
					continue
				}
				var value ast.Expr
				if len(n.Rhs) == len(n.Lhs) {
					value = n.Rhs[i]
				}
				r.add(info, x.Index, value)
			}
		case *ast.CallExpr:
			r.call(info, n)
		case *ast.SelectorExpr:
			if isEvents(info.TypeOf(n)) {
				r.value(n.Sel, info)
			}
		case *ast.Ident:
			if isEvents(info.TypeOf(n)) {
				r.value(n, info)
			}
		}
		return true
	})
}

// literal reads live.Events{…}.
func (r *eventReader) literal(info *types.Info, n *ast.CompositeLit) {
	for _, el := range n.Elts {
		if pair, ok := el.(*ast.KeyValueExpr); ok {
			r.add(info, pair.Key, pair.Value)
		}
	}
}

func (r *eventReader) add(info *types.Info, key, value ast.Expr) {
	tv := info.Types[key]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		r.open(r.place(key.Pos()))
		return
	}
	h := handler{at: r.place(key.Pos())}
	h.payload, h.known = r.payload(info, value, 0)
	name := constant.StringVal(tv.Value)
	if other, ok := r.events.handlers[name]; ok && (!other.known || !h.known || !sameType(other.payload, h.payload)) {
		h.payload, h.known = nil, false // which of them is in force is not known
	}
	r.events.handlers[name] = h
}

func sameType(a, b types.Type) bool {
	return a == nil && b == nil || a != nil && b != nil && types.Identical(a, b)
}

// call follows calls that return events or get some.
func (r *eventReader) call(info *types.Info, n *ast.CallExpr) {
	if tv := info.Types[n.Fun]; tv.IsType() || tv.IsBuiltin() {
		return
	}
	concerned := isEvents(info.TypeOf(n))
	for _, a := range n.Args {
		concerned = concerned || isEvents(info.TypeOf(a))
	}
	if !concerned {
		return
	}
	fn := callee(info, n)
	switch {
	case fn == nil:
		r.open(r.place(n.Pos()))
	case fn.Pkg() != nil && fn.Pkg().Path() == "maps" && (fn.Name() == "Copy" || fn.Name() == "Clone"):
	default:
		r.function(fn, r.place(n.Pos()))
	}
}

// callee is the function that a call names, nil when it is a value.
func callee(info *types.Info, n *ast.CallExpr) *types.Func {
	fun := ast.Unparen(n.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	fn, _ := info.Uses[id].(*types.Func)
	return fn
}

// value follows a variable that holds events.
func (r *eventReader) value(id *ast.Ident, info *types.Info) {
	v, ok := info.Uses[id].(*types.Var)
	if !ok || r.seen[v] {
		return
	}
	switch known := r.vars[v]; {
	case known != nil:
		r.seen[v] = true
		r.code(known.pkg.TypesInfo, known.value)
	case v.IsField(), v.Pkg() != nil && v.Parent() == v.Pkg().Scope():
		r.open(r.place(id.Pos()))
	}
	// Local variables and parameters get their values from code that is read.
}

// payload is the P of the live.On[P] that an expression comes from.
func (r *eventReader) payload(info *types.Info, x ast.Expr, depth int) (t types.Type, known bool) {
	if x == nil || depth > 5 {
		return nil, false
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		fn := callee(info, x)
		switch {
		case fn == nil:
			return nil, false
		case fn.Pkg() != nil && fn.Pkg().Path() == livePath && fn.Name() == "Do":
			return nil, true
		case fn.Pkg() != nil && fn.Pkg().Path() == livePath && fn.Name() == "On" && len(x.Args) == 1:
			s, ok := underlying(info.TypeOf(x.Args[0])).(*types.Signature)
			if !ok || s.Params().Len() != 2 {
				return nil, false
			}
			p := s.Params().At(1).Type()
			if _, generic := types.Unalias(p).(*types.TypeParam); generic {
				return nil, false
			}
			return p, true
		}
		// A function that returns one handler.
		f := r.funcs[fn.Origin()]
		if f == nil || f.decl.Body == nil || len(f.decl.Body.List) != 1 {
			return nil, false
		}
		if ret, ok := f.decl.Body.List[0].(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
			return r.payload(f.pkg.TypesInfo, ret.Results[0], depth+1)
		}
	case *ast.Ident:
		if v, ok := info.Uses[x].(*types.Var); ok {
			if known := r.vars[v]; known != nil {
				return r.payload(known.pkg.TypesInfo, known.value, depth+1)
			}
		}
	}
	return nil, false
}

// isEvents reports whether t is live.Events or what stands for it.
func isEvents(t types.Type) bool {
	if t == nil {
		return false
	}
	if isLive(t, "Events") {
		return true
	}
	m, ok := types.Unalias(t).(*types.Map)
	return ok && isLive(m.Elem(), "Handler")
}
