package templgen

import (
	"html"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// rawText names the elements whose content a browser does not read as HTML.
var rawText = set("iframe", "noembed", "noframes", "noscript", "plaintext", "textarea", "title", "xmp")

// element writes an element with its attributes and content.
func (t *template) element(b *block, n *parser.Element) {
	lists := t.cssItems(b, n.Attributes)
	scripts := t.scriptItems(b, n.Attributes)
	b.static("<", html.EscapeString(n.Name))
	t.attributes(b, n.Attributes, tag{name: n.Name, lists: lists, scripts: scripts})
	b.static(">")
	if n.IsVoidElement() && len(n.Children) == 0 {
		return
	}
	if rawText[n.Name] {
		t.rawText++
		defer func() { t.rawText-- }()
	}
	t.nodes(b, withoutSpace(n.Children), nil)
	b.static("</", html.EscapeString(n.Name), ">")
}

// rawElement writes an element whose content is constant: style.
func (t *template) rawElement(b *block, n *parser.RawElement) {
	scripts := t.scriptItems(b, n.Attributes)
	b.static("<", html.EscapeString(n.Name))
	t.attributes(b, n.Attributes, tag{name: n.Name, scripts: scripts, raw: true})
	b.static(">", n.Contents, "</", html.EscapeString(n.Name), ">")
}

// scriptElement writes a script with the values that stand in it as {{ }}.
func (t *template) scriptElement(b *block, n *parser.ScriptElement) {
	scripts := t.scriptItems(b, n.Attributes)
	b.static("<script")
	t.attributes(b, n.Attributes, tag{name: "script", scripts: scripts, raw: true})
	b.static(">")
	var literal templateLiteral
	for _, c := range n.Contents {
		switch {
		case c.Value != nil:
			b.static(*c.Value)
			literal.read(*c.Value)
		case c.GoCode != nil:
			if literal.follow(c.InsideStringLiteral); literal.inCode() {
				t.fail(t.src.from(c.GoCode.Range), "put the value into a variable before: let x = {{ … }}; `${x}`",
					"{{ }} inside ${ } would be written as code")
			}
			t.scriptValue(b, c)
		}
	}
	b.static("</script>")
}

func (t *template) scriptValue(b *block, c parser.ScriptContents) {
	items, ok := t.items(c.GoCode.Expression)
	if !ok {
		return
	}
	if len(items) == 0 {
		t.fail(t.src.from(c.GoCode.Range), "write the Go value that JavaScript should see", "{{ }} in a script has no value")
		return
	}
	function := "bennurender.ScriptOut"
	if c.InsideStringLiteral {
		function = "bennurender.ScriptIn"
	}
	v := t.evaluate(items[0].pos, function+"("+t.list(items)+")")
	t.out.printf("bennuW.Raw(%d, %s)\n", b.slot(kindText), v)
	b.static(string(c.GoCode.TrailingSpace))
}

// isRoot reports whether nodes are exactly one element, with nothing emitted
// before it. The client looks for the element's tag behind at most a few
// one-line comments, and leaves it alone while nothing inside it changes.
func isRoot(t *template, nodes []parser.Node) bool {
	var root *parser.Element
	for _, n := range nodes {
		switch n := n.(type) {
		case *parser.GoCode, *parser.GoComment, *parser.Whitespace:
		case *parser.HTMLComment:
			if strings.ContainsAny(n.Contents, "<>\r\n") {
				return false
			}
		case *parser.Element:
			if root != nil {
				return false
			}
			root = n
		default:
			return false
		}
	}
	return root != nil && !t.emitsBefore(root.Attributes) && !hidesID(root.Attributes)
}

// hidesID reports whether an id is written in a way that the client's search
// for ` id=` does not find, as ID: a root left alone would lose its content.
func hidesID(attrs []parser.Attribute) bool {
	hidden := func(key parser.AttributeKey) bool {
		name := key.String()
		return name != "id" && strings.EqualFold(name, "id")
	}
	for _, a := range attrs {
		switch a := a.(type) {
		case *parser.BoolConstantAttribute:
			if hidden(a.Key) {
				return true
			}
		case *parser.ConstantAttribute:
			if hidden(a.Key) {
				return true
			}
		case *parser.BoolExpressionAttribute:
			if hidden(a.Key) {
				return true
			}
		case *parser.ExpressionAttribute:
			if hidden(a.Key) {
				return true
			}
		case *parser.ConditionalAttribute:
			if hidesID(a.Then) || hidesID(a.Else) {
				return true
			}
		}
	}
	return false
}

// emitsBefore reports whether attributes need a style or script element in
// front of the one that has them.
func (t *template) emitsBefore(attrs []parser.Attribute) bool {
	for _, a := range attrs {
		switch a := a.(type) {
		case *parser.ExpressionAttribute:
			if isScript(a.Key) || isClass(a.Key) && !t.plainClasses(a) {
				return true
			}
		case *parser.ConditionalAttribute:
			if t.emitsBefore(a.Then) || t.emitsBefore(a.Else) {
				return true
			}
		}
	}
	return false
}

// scriptItems evaluates the scripts of an element's event attributes and
// writes the slot for their functions. It returns the variables that hold them.
func (t *template) scriptItems(b *block, attrs []parser.Attribute) map[*parser.ExpressionAttribute]string {
	scripts := map[*parser.ExpressionAttribute]string{}
	var names []string
	var at position
	eachExpression(attrs, func(a *parser.ExpressionAttribute) {
		if !isScript(a.Key) {
			return
		}
		x, ok := t.one(a.Expression, "an event attribute")
		if !ok {
			return
		}
		if len(names) == 0 {
			at = x.pos
		}
		v := t.variable()
		t.out.printf("%s := templ.ComponentScript(%s)\n", v, t.user(x))
		scripts[a], names = v, append(names, v)
	})
	if len(names) > 0 {
		t.check(at, "bennuW.Scripts(%d, %s)", b.slot(kindText), strings.Join(names, ", "))
	}
	return scripts
}
