package templgen

import (
	"go/ast"
	"go/token"

	"github.com/a-h/templ/parser/v2"
)

// code writes {{ statements }}.
func (t *template) code(n *parser.GoCode) {
	if blank(n.Expression.Value) {
		return
	}
	list, ok := t.statements(n.Expression, "", "")
	if !ok {
		return
	}
	t.out.printf("%s\n", t.user(t.whole(n.Expression)))
	if assigns(list, "ctx") {
		t.out.own("bennuW.SetCtx(ctx)")
	}
}

// A block of Go may have a ctx of its own. Components get theirs from the
// writer, so it is told at the start of such a block and after it.

// enter follows the opening brace of a statement.
func (t *template) enter(e parser.Expression, keyword string) {
	if !t.setsCtx {
		return
	}
	if st, ok := t.header(e, keyword); ok && assigns([]ast.Stmt{st}, "ctx") {
		t.out.own("bennuW.SetCtx(ctx)")
	}
}

// enterLoop follows the opening brace of a loop: a round begins with the
// context from before the loop.
func (t *template) enterLoop() { t.leave() }

// leave follows the closing brace of a statement.
func (t *template) leave() {
	if t.setsCtx {
		t.out.own("bennuW.SetCtx(ctx)")
	}
}

// assigns reports whether statements assign to a variable or declare it.
func assigns(list []ast.Stmt, name string) bool {
	s := newScope()
	s.note(list)
	return s.declared[name] || s.assigned[name]
}

// checkFlow records jumps out of a {{ }}. They would leave a list or a
// template half written.
func (f *file) checkFlow(e parser.Expression, list []ast.Stmt) {
	const prefix = len("package p\nfunc _() {\n")
	c := flow{labels: map[string]bool{}, report: func(at token.Pos, what string) {
		hint := "put if around what may be left out"
		switch what {
		case "return":
		case "fallthrough":
			hint = "write fallthrough on a line of its own at the end of the case, without {{ }}"
		default:
			hint = "leave rows out before the loop, or put if around what may be left out"
		}
		f.fail(f.src.at(f.src.offset(e)+int(at)-1-prefix), hint, "%s inside {{ }} would leave the template half written", what)
	}}
	for _, st := range list {
		ast.Inspect(st, func(n ast.Node) bool {
			if l, ok := n.(*ast.LabeledStmt); ok {
				c.labels[l.Label.Name] = true
			}
			return true
		})
	}
	for _, st := range list {
		ast.Walk(c, st)
	}
}

// flow looks for jumps.
type flow struct {
	labels             map[string]bool
	report             func(at token.Pos, what string)
	inLoop, inBreaking bool // inside a loop; inside something that break ends
	inSwitch           bool
}

func (c flow) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.FuncLit:
		return nil
	case *ast.ReturnStmt:
		c.report(n.Pos(), "return")
	case *ast.BranchStmt:
		if !c.stays(n) {
			c.report(n.Pos(), n.Tok.String())
		}
	case *ast.ForStmt, *ast.RangeStmt:
		c.inLoop, c.inBreaking = true, true
	case *ast.SwitchStmt:
		c.inBreaking, c.inSwitch = true, true
	case *ast.TypeSwitchStmt, *ast.SelectStmt:
		c.inBreaking = true
	}
	return c
}

// stays reports whether a jump ends inside the code.
func (c flow) stays(n *ast.BranchStmt) bool {
	switch {
	case n.Label != nil:
		return c.labels[n.Label.Name]
	case n.Tok == token.BREAK:
		return c.inBreaking
	case n.Tok == token.CONTINUE:
		return c.inLoop
	}
	return c.inSwitch // Go checks where in the switch a fallthrough may stand
}
