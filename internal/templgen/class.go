package templgen

import (
	"go/ast"
	"strings"

	"github.com/a-h/templ"
	"github.com/a-h/templ/parser/v2"
)

// A class list of strings, conditional or not, is collected name by name. Any
// other item may be a css class of templ, whose style is emitted in front of
// the element: such a list is evaluated once, before the element.

// plainClasses reports whether all items of a class attribute are strings.
func (t *template) plainClasses(a *parser.ExpressionAttribute) bool {
	items, ok := t.items(a.Expression)
	if !ok {
		return false
	}
	for _, x := range items {
		if _, ok := t.className(x); !ok {
			return false
		}
	}
	return true
}

// A className is an item of a class list that is a string.
type className struct {
	name      item
	convert   bool // it may be of a type of its own
	condition *item
}

func (t *template) className(x item) (className, bool) {
	if k := t.kindOf(x.node); k.text() {
		return className{name: x, convert: k == stringly}, true
	}
	call, ok := x.node.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 || call.Ellipsis.IsValid() || t.templFunc(call.Fun) != "KV" {
		return className{}, false
	}
	k := t.kindOf(call.Args[0])
	if !k.text() {
		return className{}, false
	}
	condition := part(x, call.Args[1])
	return className{name: part(x, call.Args[0]), convert: k == stringly, condition: &condition}, true
}

// part returns an expression inside an item.
func part(x item, e ast.Expr) item {
	from := int(e.Pos() - x.node.Pos())
	src := x.src[from : from+int(e.End()-e.Pos())]
	return item{src: src, node: e, pos: x.pos.after(x.src[:from])}
}

// after returns the position behind some text that begins at p.
func (p position) after(text string) position {
	for i := 0; i < len(text); i++ {
		if p.col++; text[i] == '\n' {
			p.line, p.col = p.line+1, 1
		}
	}
	return p
}

// cssItems evaluates the class lists of an element that are not plain and
// writes the slots for their styles. It returns the variables that hold them.
func (t *template) cssItems(b *block, attrs []parser.Attribute) map[*parser.ExpressionAttribute]string {
	lists := map[*parser.ExpressionAttribute]string{}
	eachExpression(attrs, func(a *parser.ExpressionAttribute) {
		if !isClass(a.Key) || t.plainClasses(a) {
			return
		}
		items, ok := t.items(a.Expression)
		if !ok {
			return
		}
		v := t.variable()
		if len(items) == 1 {
			t.out.printf("%s := %s\n", v, t.user(items[0]))
		} else {
			t.out.printf("%s := []any{%s}\n", v, t.list(items))
			v += "..."
		}
		lists[a] = v
		t.check(t.src.from(a.Range), "bennuW.CSSItems(%d, %s)", b.slot(kindText), v)
	})
	return lists
}

// classes writes the value of a class attribute.
func (t *template) classes(b *block, a *parser.ExpressionAttribute, items []item, in tag) {
	if v, ok := in.lists[a]; ok {
		function := "bennurender.Class"
		if strings.HasSuffix(v, "...") {
			function = "bennurender.Classes"
		}
		t.out.own("%s(bennuW, %d, %s)", function, b.slot(kindText), v)
		return
	}
	names := make([]className, len(items))
	for i, x := range items {
		names[i], _ = t.className(x)
	}
	if text, ok := constantClasses(names); ok {
		b.static(templ.EscapeString(text))
		return
	}
	if len(names) == 1 && names[0].condition == nil {
		t.out.printf("bennuW.Str(%d, %s)\n", b.slot(kindText), t.classText(names[0]))
		return
	}
	t.out.own("bennuW.BeginClass(%d)", b.slot(kindText))
	for _, c := range names {
		if c.condition == nil {
			t.out.printf("bennuW.ClassName(%s)\n", t.classText(c))
			continue
		}
		t.out.printf("bennuW.ClassIf(%s, %s)\n", t.classText(c), t.user(*c.condition))
	}
	t.out.own("bennuW.EndClass()")
}

func (t *template) classText(c className) string {
	if c.convert {
		return "string(" + t.user(c.name) + ")"
	}
	return t.user(c.name)
}

// constantClasses returns the text of a list that never changes.
func constantClasses(names []className) (string, bool) {
	list := make(templ.CSSClasses, 0, len(names))
	for _, c := range names {
		text, ok := constant(c.name.node)
		if !ok || c.condition != nil {
			return "", false
		}
		list = append(list, text)
	}
	return list.String(), true
}

// eachExpression visits the attributes with expressions, in conditions too.
func eachExpression(attrs []parser.Attribute, visit func(*parser.ExpressionAttribute)) {
	for _, a := range attrs {
		switch a := a.(type) {
		case *parser.ExpressionAttribute:
			visit(a)
		case *parser.ConditionalAttribute:
			eachExpression(a.Then, visit)
			eachExpression(a.Else, visit)
		}
	}
}
