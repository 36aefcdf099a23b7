package templgen

import (
	"html"
	"strings"

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
		t.key(b, a.Key)
	case *parser.ConstantAttribute:
		t.constantAttribute(b, a)
	case *parser.BoolExpressionAttribute:
		t.boolAttribute(b, a)
	case *parser.ExpressionAttribute:
		t.expressionAttribute(b, a, in)
	case *parser.SpreadAttributes:
		if x, ok := t.one(a.Expression, "{ attributes... }"); ok {
			t.check(x.pos, "bennuW.Spread(%d, %s)", b.slot(kindText), t.user(x))
		}
	case *parser.ConditionalAttribute:
		t.conditionalAttribute(b, a, in)
	default:
		t.fail(position{1, 1}, "this version of the generator does not know it", "unknown kind of attribute %T", a)
	}
}

// key writes the name of an attribute and the space before it.
func (t *template) key(b *block, k parser.AttributeKey) {
	switch k := k.(type) {
	case parser.ConstantAttributeKey:
		b.static(" ", html.EscapeString(k.Name))
	case parser.ExpressionAttributeKey:
		items, ok := t.items(k.Expression)
		if !ok {
			return
		}
		if len(items) == 0 {
			t.fail(t.src.start(k.Expression), "", "the attribute has no name")
			return
		}
		b.static(" ")
		t.value(b, items, "bennurender.Text")
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
	t.key(b, a.Key)
	b.static("=", quote, value, quote)
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
	t.key(then, a.Key)
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
	t.key(b, a.Key)
	b.static(`="`)
	name := constantName(a.Key)
	switch {
	case isURL(in.name, name):
		t.address(b, items)
	case linkFunction(in.name, name) != "":
		t.link(b, items, linkFunction(in.name, name))
	case isScript(a.Key):
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
	name := constantName(k)
	return strings.HasPrefix(name, "on") || strings.HasPrefix(name, "hx-on:")
}

// isURL reports whether an attribute holds an address that could run code, and
// is one of those for which templ takes nothing but strings.
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

// linkFunction is the function of package render that checks the address in
// any other attribute, whichever way its name is written; "" for those without
// one.
func linkFunction(element, attribute string) string {
	switch strings.ToLower(attribute) {
	case "href", "xlink:href", "action", "formaction":
		return "bennurender.Link"
	case "data":
		if strings.EqualFold(element, "object") {
			return "bennurender.Link"
		}
	case "src":
		switch strings.ToLower(element) {
		case "img", "audio", "video", "source", "track", "input":
			return "bennurender.Media"
		}
		return "bennurender.Link"
	}
	return ""
}
