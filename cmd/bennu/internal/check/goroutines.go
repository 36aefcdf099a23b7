package check

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/packages"
)

// checkGoroutines looks for go statements in the methods of views and in
// functions that have a *live.Socket: nothing ends such a goroutine with the
// view, and what it changes races with the view's callbacks. It looks for
// sockets that go into a goroutine, too, be it one that live.Go starts.
func (p *program) checkGoroutines() []Finding {
	const fix = "start it with live.Go, which stops it with the view and hands its result to a callback"
	var found []Finding
	p.callbacks(func(pkg *packages.Package, name string, body *ast.BlockStmt) {
		ast.Inspect(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				found = append(found, finding(checkGoroutine, p.place(n.Pos()), fix,
					"%s starts a goroutine that nothing stops when the view ends, and that races with the view's other callbacks", name))
				found = append(found, p.captured(pkg, n)...)
			case *ast.CallExpr:
				for _, work := range backgroundWork(pkg.TypesInfo, n) {
					found = append(found, p.captured(pkg, work)...)
					found = append(found, p.assigned(pkg, work)...)
				}
			}
			return true
		})
	})
	return found
}

// assigned are findings about what background work changes of a view: it runs
// beside the view's callbacks and renders.
func (p *program) assigned(pkg *packages.Package, work *ast.FuncLit) []Finding {
	var found []Finding
	note := func(x ast.Expr) {
		root := rootOf(x)
		if root == nil {
			return
		}
		v, ok := pkg.TypesInfo.Uses[root].(*types.Var)
		if !ok || v.Pos() >= work.Pos() && v.Pos() < work.End() || !p.isViewPointer(v.Type()) {
			return
		}
		found = append(found, finding(checkGoroutine, p.place(x.Pos()), "return the value, and set the field in the function that takes the result",
			"background work changes the view's %s while its callbacks and renders may read it", types.ExprString(x)))
	}
	ast.Inspect(work.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				note(left)
			}
		case *ast.IncDecStmt:
			note(n.X)
		}
		return true
	})
	return found
}

// rootOf is the variable of which an expression is a part, nil for a variable
// that is assigned as a whole, and for what is no part of one.
func rootOf(x ast.Expr) *ast.Ident {
	for part := false; ; part = true {
		switch e := ast.Unparen(x).(type) {
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.Ident:
			if !part {
				return nil
			}
			return e
		default:
			return nil
		}
	}
}

// isViewPointer reports whether t is a pointer to a view.
func (p *program) isViewPointer(t types.Type) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(pointer.Elem()).(*types.Named)
	return ok && p.isView(n.Origin().Obj())
}

// backgroundWork are the function literals that package live runs outside of
// the view's callbacks: those that get a context and no socket.
func backgroundWork(info *types.Info, n *ast.CallExpr) []*ast.FuncLit {
	fn := callee(info, n)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != livePath || fn.Name() != "Go" && fn.Name() != "Load" {
		return nil
	}
	var out []*ast.FuncLit
	for _, a := range n.Args {
		lit, ok := ast.Unparen(a).(*ast.FuncLit)
		if !ok {
			continue
		}
		if s, ok := info.TypeOf(lit).(*types.Signature); ok && !takesSocket(s) {
			out = append(out, lit)
		}
	}
	return out
}

// callbacks calls do for the body of each method of a view and of each other
// function that takes a *live.Socket. Function literals count with the
// function around them, or on their own when that is none of these.
func (p *program) callbacks(do func(pkg *packages.Package, name string, body *ast.BlockStmt)) {
	methods := map[types.Object]bool{}
	for _, v := range p.views {
		methods[v.named.Obj()] = true
	}
	for _, pkg := range p.pkgs {
		if pkg.PkgPath == livePath { // what ends goroutines with their views has to start them
			continue
		}
		for _, file := range pkg.Syntax {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok {
					p.literals(pkg, d, "the function", do)
					continue
				}
				if f.Body == nil {
					continue
				}
				fn, ok := pkg.TypesInfo.Defs[f.Name].(*types.Func)
				if ok && (takesSocket(fn.Signature()) || methods[receiverName(fn)]) {
					do(pkg, f.Name.Name, f.Body)
					continue
				}
				p.literals(pkg, f.Body, "the function in "+f.Name.Name, do)
			}
		}
	}
}

// literals calls do for the function literals with a *live.Socket.
func (p *program) literals(pkg *packages.Package, n ast.Node, name string, do func(*packages.Package, string, *ast.BlockStmt)) {
	ast.Inspect(n, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if !ok {
			return true
		}
		if s, ok := pkg.TypesInfo.TypeOf(lit).(*types.Signature); ok && takesSocket(s) {
			do(pkg, name, lit.Body)
			return false
		}
		return true
	})
}

// receiverName is the name of the type that a method belongs to, nil for
// functions.
func receiverName(fn *types.Func) types.Object {
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := recv.Type()
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Origin().Obj()
	}
	return nil
}

// captured are findings about the sockets that a piece of code uses in another
// goroutine and that are declared outside of it, each where it comes first.
func (p *program) captured(pkg *packages.Package, code ast.Node) []Finding {
	var found []Finding
	seen := map[types.Object]bool{}
	ast.Inspect(code, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := pkg.TypesInfo.Uses[id].(*types.Var)
		if ok && isSocket(v.Type()) && !seen[v] && (v.Pos() < code.Pos() || v.Pos() >= code.End()) {
			seen[v] = true
			found = append(found, finding(checkSocket, p.place(id.Pos()), "take what is needed from the socket before, and hand that over",
				"the goroutine keeps the *live.Socket %s, which is valid until the callback returns", id.Name))
		}
		return true
	})
	return found
}
