package check

import (
	"go/ast"
	"go/types"
)

// references are what a function mentions: functions, variables and the types
// that it makes live components of.
func (p *program) references(fn *types.Func) []types.Object {
	f := p.funcs[fn]
	if f == nil || f.decl.Body == nil {
		return nil
	}
	if !f.read {
		f.read, f.refs = true, mentioned(f.pkg.TypesInfo, f.decl.Body)
	}
	return f.refs
}

// mentioned is what Go code names. A live component is its type's name.
func mentioned(info *types.Info, n ast.Node) []types.Object {
	var out []types.Object
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		switch o := info.Uses[id].(type) {
		case *types.Func:
			if c := componentType(info, id, o); c != nil {
				out = append(out, c.Obj())
				return true
			}
			out = append(out, o)
		case *types.Var:
			out = append(out, o)
		}
		return true
	})
	return out
}

// componentType is the type that live.Component or live.SendUpdate is called
// for, nil for other functions and for what a type parameter stands for.
func componentType(info *types.Info, id *ast.Ident, fn *types.Func) *types.Named {
	if fn.Pkg() == nil || fn.Pkg().Path() != livePath || fn.Name() != "Component" && fn.Name() != "SendUpdate" {
		return nil
	}
	args := info.Instances[id].TypeArgs
	if args.Len() == 0 {
		return nil
	}
	if n, ok := types.Unalias(args.At(0)).(*types.Named); ok {
		return n.Origin()
	}
	return nil
}

// reach is what functions lead to: templates, in the order in which they are
// met, and the types of live components, whose own templates are not followed.
func (p *program) reach(from ...*types.Func) (templates []*template, components []*types.TypeName) {
	seen := map[types.Object]bool{}
	var follow func(o types.Object)
	all := func(objects []types.Object) {
		for _, o := range objects {
			follow(o)
		}
	}
	follow = func(o types.Object) {
		if fn, ok := o.(*types.Func); ok {
			o = p.plain(fn)
		}
		if seen[o] {
			return
		}
		seen[o] = true
		switch o := o.(type) {
		case *types.Func:
			if t := p.texts[o]; t != nil {
				templates = append(templates, t)
			}
			all(p.references(o))
			all(p.references(p.bodies[o]))
		case *types.Var:
			if v := p.vars[o]; v != nil {
				all(mentioned(v.pkg.TypesInfo, v.value))
			}
		case *types.TypeName:
			components = append(components, o)
		}
	}
	for _, fn := range from {
		follow(fn)
	}
	return templates, components
}
