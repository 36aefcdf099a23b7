package check

import (
	"go/ast"
	"go/parser"
)

const (
	jsPath        = "bennu/js"
	componentPath = "bennu/component"
)

// pushed are the events that an expression of package js sends to the view, as
// far as their names are constant: those of its calls of Push that name no
// target of their own.
func (p *program) pushed(t *template, a *attribute) []string {
	if a.constant || !p.pushes(a) {
		return nil
	}
	x, err := parser.ParseExpr(a.expr)
	if err != nil {
		return nil
	}
	const base = 1 // of positions in an expression
	var names []string
	ast.Inspect(x, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 || called(call) != "Push" {
			return true
		}
		for _, option := range call.Args[1:] {
			if o, ok := ast.Unparen(option).(*ast.CallExpr); !ok || called(o) == "Target" {
				return true // to somebody else, or who knows
			}
		}
		name := call.Args[0]
		if event, ok := p.constantText(t, a.expr[int(name.Pos())-base:int(name.End())-base]); ok {
			names = append(names, event)
		}
		return true
	})
	return names
}

// pushes reports whether an expression calls Push of package js.
func (p *program) pushes(a *attribute) bool {
	for _, fn := range p.used(a.valueAt, a.to) {
		if fn.Pkg() != nil && fn.Pkg().Path() == jsPath && fn.Name() == "Push" {
			return true
		}
	}
	return false
}

// called is the name of what a call calls.
func called(call *ast.CallExpr) string {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
