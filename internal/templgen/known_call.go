package templgen

import (
	"go/ast"

	"github.com/a-h/templ/parser/v2"
)

// Components of templ itself whose content need not be one string for the
// client. Fragments, blocks that are flushed and those of once handles are
// known when the template runs, see package render; what is here has to be seen
// in the source.

// knownCall writes a call of such a component and reports whether x is one.
func (t *template) knownCall(b *block, x item, children []parser.Node) bool {
	call, ok := x.node.(*ast.CallExpr)
	if !ok {
		return false
	}
	switch name := t.templFunc(call.Fun); {
	case name == "Raw" && len(children) == 0 && !call.Ellipsis.IsValid():
		return t.rawCall(b, x, call)
	case name == "Join" && len(children) == 0:
		return t.joinCall(b, x, call)
	case name == "":
		return t.onceCall(b, x, call, children)
	}
	return false
}

// templFunc returns the name of a function of package templ, else "".
func (t *template) templFunc(fun ast.Expr) string {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if pkg, ok := sel.X.(*ast.Ident); ok && t.importOf(pkg.Name) == templPath {
		return sel.Sel.Name
	}
	return ""
}

// rawCall writes @templ.Raw(html): text that is not escaped.
func (t *template) rawCall(b *block, x item, call *ast.CallExpr) bool {
	if len(call.Args) == 0 {
		return false
	}
	if text, ok := constant(call.Args[0]); ok && len(call.Args) == 1 {
		b.static(text)
		return true
	}
	t.generic(b, parts(x, call.Args), "bennurender.HTML")
	return true
}

// joinCall writes @templ.Join(a, b) as one block of components.
func (t *template) joinCall(b *block, x item, call *ast.CallExpr) bool {
	if call.Ellipsis.IsValid() {
		t.warn(x.pos, "write a for with a call in it", "the components of a list that is joined are sent together whenever one of them changes")
		return false
	}
	if len(call.Args) == 1 {
		if _, several := call.Args[0].(*ast.CallExpr); !several { // f(g()) where g returns several
			t.component(b, part(x, call.Args[0]))
			return true
		}
		return false
	}
	slot := b.slot(kindNested)
	joined := t.begin(false)
	t.out.own("bennuW.Nest(%d, %s)", slot, joined.name)
	for _, c := range parts(x, call.Args) {
		t.component(joined, c)
	}
	t.out.own("bennuW.End()")
	return true
}

// onceCall writes @handle.Once(), where handle may be a handle of templ. It is
// mentioned twice, so it has to be a plain name.
func (t *template) onceCall(b *block, x item, call *ast.CallExpr, children []parser.Node) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Once" || len(call.Args) != 0 || !t.plainName(sel.X) {
		return false
	}
	if children = trimSpace(children); len(children) > 0 {
		t.childrenBlock(children)
	}
	handle := part(x, sel.X)
	t.check(x.pos, "bennuW.Once(%d, %s, %s)", b.slot(kindNested), t.user(handle), t.user(x))
	return true
}

// plainName reports whether an expression is the name of a value, such as
// page.styles.
func (t *template) plainName(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return t.importOf(e.Name) == ""
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok && t.importOf(pkg.Name) != "" {
			return true
		}
		return t.plainName(e.X)
	}
	return false
}

func parts(x item, list []ast.Expr) []item {
	items := make([]item, len(list))
	for i, e := range list {
		items[i] = part(x, e)
	}
	return items
}
