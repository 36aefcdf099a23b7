package templgen

import (
	"go/ast"
	goparser "go/parser"

	"github.com/a-h/templ/parser/v2"
)

const livePath = "bennu/live"

// liveCall recognises the call of a function of package live with one argument
// and returns the name of the function.
func liveCall(e ast.Expr, importOf func(name string) string) (*ast.CallExpr, string) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || call.Ellipsis.IsValid() {
		return nil, ""
	}
	fun := call.Fun
	switch x := fun.(type) { // type arguments
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return nil, ""
	}
	if id, ok := sel.X.(*ast.Ident); !ok || importOf(id.Name) != livePath {
		return nil, ""
	}
	return call, sel.Sel.Name
}

// usesLive notes a call that is not in the output, where the import has to be
// used all the same.
func (f *file) usesLive(call *ast.CallExpr) {
	ast.Inspect(call.Fun, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && f.live == "" {
			f.live = id.Name
		}
		return f.live == ""
	})
}

// memo writes @live.Memo(key) { … } without a component: the block is skipped
// while the key stays the same. It reports whether x is that.
func (t *template) memo(b *block, x item, children []parser.Node) bool {
	call, name := liveCall(x.node, t.importOf)
	if call == nil || name != "Memo" {
		return false
	}
	t.usesLive(call)
	slot := b.slot(kindNested)
	key := part(x, call.Args[0])
	t.out.printf("if bennuW.Memo(%d, %s%s)) {\n", slot, t.calls("bennurender.Key", key.pos), t.user(key))
	if len(children) == 0 {
		t.out.own("bennuW.Empty(%d)", slot)
	} else {
		inside := newScope()
		inside.params, inside.rowKeys = t.params, t.rowKeys
		t.surveyNodes(inside, children)
		t.context(inside)
		child := t.begin(isRoot(t, children))
		t.out.own("bennuW.Nest(%d, %s)", slot, child.name)
		t.skipped++
		t.nodes(child, children, nil)
		t.skipped--
		t.out.own("bennuW.End()")
		t.restoreContext(inside)
	}
	t.out.own("bennuW.EndMemo()\n}")
	return true
}

// inMemo returns the first node that a memo holds, if n is a memo: a row that
// is one is identified by the element inside.
func (f *file) inMemo(n parser.Node) parser.Node {
	m, ok := n.(*parser.TemplElementExpression)
	if !ok {
		return nil
	}
	x, err := goparser.ParseExpr(m.Expression.Value)
	if err != nil {
		return nil
	}
	if _, name := liveCall(x, func(name string) string { return f.imports[name] }); name != "Memo" {
		return nil
	}
	for _, c := range m.Children {
		if _, code := c.(*parser.GoCode); code { // its variables are not there before the memo
			return nil
		}
		if writesSlots(c) {
			return c
		}
	}
	return nil
}
