package templgen

import (
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// nodes writes nodes into a block. What follows the last of them is next.
func (t *template) nodes(b *block, nodes []parser.Node, next parser.Node) {
	for i, n := range nodes {
		t.node(b, n, following(nodes, i, next))
	}
}

// following returns the node after the i-th.
func following(nodes []parser.Node, i int, next parser.Node) parser.Node {
	if i+1 < len(nodes) {
		return nodes[i+1]
	}
	return next
}

func (t *template) node(b *block, n, next parser.Node) {
	switch n := n.(type) {
	case *parser.Text:
		b.static(n.Value)
	case *parser.Whitespace:
		b.static(" ")
	case *parser.DocType:
		b.static("<!doctype ", n.Value, ">")
	case *parser.HTMLComment:
		b.static("<!--", n.Contents, "-->")
	case *parser.GoComment, *parser.Fallthrough:
	case *parser.StringExpression:
		t.text(b, n)
	case *parser.Element:
		t.element(b, n)
	case *parser.RawElement:
		t.rawElement(b, n)
	case *parser.ScriptElement:
		t.scriptElement(b, n)
	case *parser.IfExpression:
		t.ifNode(b, n, next)
	case *parser.SwitchExpression:
		t.switchNode(b, n, next)
	case *parser.ForExpression:
		t.forNode(b, n, next)
	case *parser.CallTemplateExpression:
		t.call(b, n.Expression, nil)
	case *parser.TemplElementExpression:
		t.call(b, n.Expression, n.Children)
	case *parser.ChildrenExpression:
		t.check(t.src.from(n.Range), "bennuW.Children(%d, bennuChildren)", b.slot(kindNested))
	case *parser.GoCode:
		t.code(n)
	default:
		t.fail(position{1, 1}, "this version of the generator does not know it", "unknown kind of node %T", n)
	}
	if spaceAfter(n, next) {
		b.static(" ")
	}
}

// text writes { expression }.
func (t *template) text(b *block, n *parser.StringExpression) {
	if strings.TrimSpace(n.Expression.Value) == "" {
		return
	}
	items, ok := t.items(n.Expression)
	if !ok || len(items) == 0 {
		return
	}
	t.value(b, items, "bennurender.Text")
}
