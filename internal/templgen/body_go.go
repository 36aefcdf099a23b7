package templgen

import (
	"go/ast"
	"go/token"
	"sort"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// bodyGo is the Go in a part of a template, as one piece of Go with the same
// blocks. It knows where in the template its parts come from.
type bodyGo struct {
	*file
	text     strings.Builder
	pieces   []piece
	children bool // the part shows { children... }
}

// A piece is Go of the template.
type piece struct {
	from int // offset in the text
	item
}

// add writes text that is not from the template.
func (b *bodyGo) add(text string) { b.text.WriteString(text) }

// user writes Go of the template between other text.
func (b *bodyGo) user(before string, x item, after string) {
	b.add(before)
	b.pieces = append(b.pieces, piece{b.text.Len(), x})
	b.add(x.src)
	b.add(after)
}

// position returns the place in the template of some Go of the text.
func (b *bodyGo) position(pos token.Pos) position {
	offset := int(pos) - 1
	i := sort.Search(len(b.pieces), func(i int) bool { return b.pieces[i].from > offset }) - 1
	if i < 0 {
		return position{1, 1}
	}
	p := b.pieces[i]
	return p.pos.after(p.src[:min(offset-p.from, len(p.src))])
}

// source returns the text of an expression.
func (b *bodyGo) source(e ast.Expr) string { return b.text.String()[e.Pos()-1 : e.End()-1] }

// values writes expressions.
func (b *bodyGo) values(e parser.Expression) {
	x := b.whole(e)
	x.src = x.src[:codeEnd(x.src)]
	if x.src != "" {
		b.user("_ = []any{", x, "}\n")
	}
}

func (b *bodyGo) nodes(nodes []parser.Node) {
	for _, n := range nodes {
		b.node(n)
	}
}

func (b *bodyGo) node(n parser.Node) {
	switch n := n.(type) {
	case *parser.StringExpression:
		b.values(n.Expression)
	case *parser.CallTemplateExpression:
		b.values(n.Expression)
	case *parser.TemplElementExpression:
		b.values(n.Expression)
		b.add("{\n")
		b.nodes(n.Children)
		b.add("}\n")
	case *parser.ChildrenExpression:
		b.children = true
	case *parser.Element:
		b.attributes(n.Attributes)
		b.nodes(n.Children)
	case *parser.RawElement:
		b.attributes(n.Attributes)
	case *parser.ScriptElement:
		b.attributes(n.Attributes)
		for _, c := range n.Contents {
			if c.GoCode != nil {
				b.values(c.GoCode.Expression)
			}
		}
	case *parser.GoCode:
		b.user("", b.whole(n.Expression), "\n")
	case *parser.IfExpression:
		b.user("if ", b.whole(n.Expression), " {\n")
		b.nodes(n.Then)
		for _, e := range n.ElseIfs {
			b.user("} else if ", b.whole(e.Expression), " {\n")
			b.nodes(e.Then)
		}
		b.add("} else {\n")
		b.nodes(n.Else)
		b.add("}\n")
	case *parser.SwitchExpression:
		b.user("switch ", b.whole(n.Expression), " {\n")
		for _, c := range n.Cases {
			b.user("", b.whole(c.Expression), "\n")
			b.nodes(c.Children)
		}
		b.add("}\n")
	case *parser.ForExpression:
		b.user("for ", b.whole(n.Expression), " {\n")
		b.nodes(n.Children)
		b.add("}\n")
	}
}

func (b *bodyGo) attributes(attrs []parser.Attribute) {
	for _, a := range attrs {
		switch a := a.(type) {
		case *parser.BoolConstantAttribute:
			b.key(a.Key)
		case *parser.ConstantAttribute:
			b.key(a.Key)
		case *parser.BoolExpressionAttribute:
			b.key(a.Key)
			b.values(a.Expression)
		case *parser.ExpressionAttribute:
			b.key(a.Key)
			b.values(a.Expression)
		case *parser.SpreadAttributes:
			b.values(a.Expression)
		case *parser.ConditionalAttribute:
			b.user("if ", b.whole(a.Expression), " {\n")
			b.attributes(a.Then)
			b.add("} else {\n")
			b.attributes(a.Else)
			b.add("}\n")
		}
	}
}

func (b *bodyGo) key(k parser.AttributeKey) {
	if k, ok := k.(parser.ExpressionAttributeKey); ok {
		b.values(k.Expression)
	}
}
