package templgen

import (
	"html"
	"strings"

	"bennu/internal/htmlattr"
	"github.com/a-h/templ/parser/v2"
)

// A tag is the start tag whose attributes are being written.
type tag struct {
	name    string
	raw     bool // style and script elements: class is an attribute like any other
	lists   map[*parser.ExpressionAttribute]string
	scripts map[*parser.ExpressionAttribute]string
}

func (t *template) attributes(b *block, attrs []parser.Attribute, in tag) {
	for _, a := range attrs {
		t.attribute(b, a, in)
	}
}

func (t *template) attribute(b *block, a parser.Attribute, in tag) {
	switch a := a.(type) {
	case *parser.BoolConstantAttribute:
		t.named(b, a.Key, "")
	case *parser.ConstantAttribute:
		t.constantAttribute(b, a)
	case *parser.BoolExpressionAttribute:
		t.boolAttribute(b, a)
	case *parser.ExpressionAttribute:
		t.expressionAttribute(b, a, in)
	case *parser.SpreadAttributes:
		t.spread(b, a, in)
	case *parser.ConditionalAttribute:
		t.conditionalAttribute(b, a, in)
	default:
		t.fail(position{1, 1}, "this version of the generator does not know it", "unknown kind of attribute %T", a)
	}
}

// named writes the name of an attribute, with the space before it and the
// constant text after it.
func (t *template) named(b *block, k parser.AttributeKey, rest string) {
	switch k := k.(type) {
	case parser.ConstantAttributeKey:
		b.static(" ", html.EscapeString(k.Name), rest)
	case parser.ExpressionAttributeKey:
		name, ok := t.computedName(k)
		if !ok {
			return
		}
		if text, ok := constant(name[0].node); ok && len(name) == 1 {
			b.static(" ", html.EscapeString(text), rest)
			return
		}
		key := t.plain(name)
		t.out.printf("%sbennuW, %d, %s, %s)\n", t.calls("bennurender.AttributeName", name[0].pos), b.slot(kindText), key, quote(rest))
	}
}

// computedName returns the expression of a name, which is no other than one
// if it is constant.
func (t *template) computedName(k parser.ExpressionAttributeKey) ([]item, bool) {
	items, ok := t.items(k.Expression)
	if !ok {
		return nil, false
	}
	if len(items) == 0 {
		t.fail(t.src.start(k.Expression), "", "the attribute has no name")
		return nil, false
	}
	if text, ok := constant(items[0].node); ok && len(items) == 1 && !htmlattr.Valid(text) {
		t.fail(items[0].pos, "an attribute's name has no space, / or =", "%q cannot be the name of an attribute", text)
		return nil, false
	}
	return items, true
}

// plain returns the Go of a value that may have an error beside it, which is
// returned from the template before.
func (t *template) plain(items []item) string {
	if len(items) == 1 && !t.mayFail(items[0].node) {
		return t.user(items[0])
	}
	return t.evaluate(items[0].pos, "bennurender.V("+t.list(items)+")")
}

// spread writes { attributes... }.
func (t *template) spread(b *block, a *parser.SpreadAttributes, in tag) {
	x, ok := t.one(a.Expression, "{ attributes... }")
	switch {
	case !ok:
	case htmlattr.Special(in.name):
		t.check(x.pos, "bennuW.SpreadOn(%d, %q, %s)", b.slot(kindText), in.name, t.user(x))
	default:
		t.check(x.pos, "bennuW.Spread(%d, %s)", b.slot(kindText), t.user(x))
	}
}

func (t *template) constantAttribute(b *block, a *parser.ConstantAttribute) {
	quote, value := `"`, a.Value
	if a.SingleQuote {
		quote = "'"
	}
	if k, ok := a.Key.(parser.ConstantAttributeKey); ok && strings.EqualFold(k.Name, "class") {
		value = strings.Join(strings.Fields(value), " ")
	}
	t.named(b, a.Key, "="+quote+value+quote)
}

// boolAttribute writes name?={ condition }.
func (t *template) boolAttribute(b *block, a *parser.BoolExpressionAttribute) {
	x, ok := t.one(a.Expression, "a condition")
	if !ok {
		return
	}
	if k, ok := a.Key.(parser.ConstantAttributeKey); ok {
		t.out.printf("bennuW.Flag(%d, %q, %s)\n", b.slot(kindText), " "+html.EscapeString(k.Name), t.user(x))
		return
	}
	slot := b.slot(kindNested)
	t.out.printf("if %s {\n", t.user(x))
	then := t.begin(false)
	t.out.own("bennuW.Nest(%d, %s)", slot, then.name)
	t.named(then, a.Key, "")
	t.out.own("bennuW.End()")
	t.out.printf("} else {\n")
	t.out.own("bennuW.Empty(%d)", slot)
	t.out.printf("}\n")
}

// conditionalAttribute writes if condition { attributes } inside a tag.
func (t *template) conditionalAttribute(b *block, a *parser.ConditionalAttribute, in tag) {
	slot := b.slot(kindNested)
	t.out.printf("if %s {\n", t.user(t.whole(a.Expression)))
	t.attributeBranch(slot, a.Then, in)
	t.out.printf("} else {\n")
	t.attributeBranch(slot, a.Else, in)
	t.out.printf("}\n")
}

func (t *template) attributeBranch(slot int, attrs []parser.Attribute, in tag) {
	if len(attrs) == 0 {
		t.out.own("bennuW.Empty(%d)", slot)
		return
	}
	b := t.begin(false)
	t.out.own("bennuW.Nest(%d, %s)", slot, b.name)
	t.attributes(b, attrs, in)
	t.out.own("bennuW.End()")
}

// expressionAttribute writes name={ expression }.
func (t *template) expressionAttribute(b *block, a *parser.ExpressionAttribute, in tag) {
	if isKey(a) {
		return // the loop has used it
	}
	items, ok := t.items(a.Expression)
	if !ok {
		return
	}
	if len(items) == 0 && (!isClass(a.Key) || in.raw) {
		t.fail(t.src.from(a.Range), "write a Go expression or remove the attribute", "the attribute %s has no value", a.Key)
		return
	}
	if k, ok := a.Key.(parser.ExpressionAttributeKey); ok {
		t.computedAttribute(b, k, items, in)
		return
	}
	name := constantName(a.Key)
	b.static(" ", html.EscapeString(name), `="`)
	kind := htmlattr.Of(in.name, name)
	switch {
	case isURL(in.name, name):
		t.address(b, items)
	case kind == htmlattr.Address:
		t.value(b, items, "bennurender.Link")
	case kind == htmlattr.Media:
		t.value(b, items, "bennurender.Media")
	case kind == htmlattr.Addresses:
		t.value(b, items, "bennurender.Addresses")
	case kind == htmlattr.Sources:
		t.value(b, items, "bennurender.Sources")
	case kind == htmlattr.Document:
		t.value(b, items, "bennurender.Document")
	case kind == htmlattr.Script:
		t.out.own("bennuW.Raw(%d, %s.Call)", b.slot(kindText), in.scripts[a])
	case name == "style":
		v := t.evaluate(items[0].pos, "bennurender.Style("+t.list(items)+")")
		t.out.printf("bennuW.Str(%d, %s)\n", b.slot(kindText), v)
	case name == "class" && !in.raw:
		t.classes(b, a, items, in)
	default:
		if v, ok := t.bound[a]; ok {
			t.out.printf("bennurender.Attr(bennuW, %d, %s)\n", b.slot(kindText), v)
			break
		}
		t.value(b, items, "bennurender.Attr")
	}
	b.static(`"`)
}

// computedAttribute writes { name }={ expression }. What the value means to a
// browser is known when the template runs.
func (t *template) computedAttribute(b *block, k parser.ExpressionAttributeKey, items []item, in tag) {
	name, ok := t.computedName(k)
	if !ok {
		return
	}
	if text, ok := constant(name[0].node); ok && len(name) == 1 && htmlattr.Of(in.name, text) == htmlattr.Text {
		b.static(" ", html.EscapeString(text), `="`)
		t.value(b, items, "bennurender.Attr")
		b.static(`"`)
		return
	}
	key := t.plain(name)
	value := t.plain(items)
	t.out.printf("%sbennuW, %d, %q, %s, %s)\n", t.calls("bennurender.Attribute", name[0].pos), b.slot(kindText), in.name, key, value)
}

// whole returns an expression as one item.
func (f *file) whole(e parser.Expression) item {
	return item{src: strings.TrimSpace(e.Value), pos: f.src.start(e)}
}

// constantName returns the name of an attribute, "" if it is computed.
func constantName(k parser.AttributeKey) string {
	if k, ok := k.(parser.ConstantAttributeKey); ok {
		return k.Name
	}
	return ""
}

func isClass(k parser.AttributeKey) bool { return constantName(k) == "class" }

// isScript reports whether an attribute holds JavaScript.
func isScript(k parser.AttributeKey) bool {
	return htmlattr.Of("", constantName(k)) == htmlattr.Script
}

// isURL reports whether templ itself takes an attribute for an address. There
// a constant is checked too.
func isURL(element, attribute string) bool {
	switch element {
	case "a", "link":
		return attribute == "href"
	case "form":
		return attribute == "action"
	case "object":
		return attribute == "data"
	}
	return false
}
