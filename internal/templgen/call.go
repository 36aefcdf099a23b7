package templgen

import (
	"go/ast"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// call writes @expression, with the block that it has as children.
func (t *template) call(b *block, e parser.Expression, children []parser.Node) {
	if blank(e.Value) {
		t.fail(t.src.start(e), "begin with a name, or put the expression into parentheses", "expected a component after @")
		return
	}
	x, ok := t.one(e, "a call")
	if ok && isType(x.node) {
		t.fail(x.pos, "", "expected a component after @, found the type %s", x.src)
		return
	}
	if !ok || t.knownCall(b, x, children) {
		return
	}
	children = trimSpace(children)
	if t.memo(b, x, children) {
		return
	}
	if len(children) > 0 {
		t.childrenBlock(children)
	}
	t.component(b, x)
}

// isType reports an expression that can only be a type.
func isType(e ast.Expr) bool {
	switch e.(type) {
	case *ast.FuncType, *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.StructType, *ast.InterfaceType:
		return true
	}
	return false
}

// component writes a component into a slot of its own.
func (t *template) component(b *block, x item) {
	slot := b.slot(kindNested)
	if name, args, ok := t.directCall(x); ok {
		t.check(x.pos, "bennuR_%s(bennuW, %d%s)", name, slot, args)
		return
	}
	t.check(x.pos, "bennuW.Comp(%d, %s)", slot, t.user(x))
}

// childrenBlock hands the next component its children.
func (t *template) childrenBlock(nodes []parser.Node) {
	inside := t.survey(t.sig, nodes)
	t.out.own("bennuW.WithChildren(func(%s) error {", writerParams)
	t.context(inside)
	b := t.begin(isRoot(t, nodes))
	t.out.own("bennuW.Nest(bennuSlot, %s)", b.name)
	t.nodes(b, nodes, nil)
	t.out.own("bennuW.End()")
	t.restoreContext(inside)
	t.out.own("return nil\n})")
}

// directCall recognises a call of a template of this package that can write
// to the slot itself, without a component in between. It returns the name of
// the template and its arguments with a comma before them.
func (t *template) directCall(x item) (name, args string, ok bool) {
	call, ok := x.node.(*ast.CallExpr)
	if !ok {
		return "", "", false
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok || !t.atPackageLevel(id.Name) {
		return "", "", false
	}
	callee := t.pkg.templates[id.Name]
	if callee == nil || !callee.direct || callee.blocked && callee.file != t.file {
		return "", "", false
	}
	if len(call.Args) == 1 && (len(callee.args) != 1 || callee.variadic()) {
		if _, several := call.Args[0].(*ast.CallExpr); several { // f(g()) where g returns all arguments
			return "", "", false
		}
	}
	if len(call.Args) > 0 {
		args = ", " + t.list(parts(x, call.Args))
	}
	if call.Ellipsis.IsValid() {
		args += "..."
	}
	return id.Name, args, true
}

// atPackageLevel reports whether a name means what the package declares.
func (t *template) atPackageLevel(name string) bool {
	_, parameter := t.params[name]
	return !parameter && !t.declared[name]
}

// blank reports whether Go source is only space.
func blank(src string) bool { return strings.TrimSpace(src) == "" }
