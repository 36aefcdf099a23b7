package templgen

import (
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// ifNode writes if, else if and else: one slot, whose template is that of the
// branch taken.
func (t *template) ifNode(b *block, n *parser.IfExpression, next parser.Node) {
	slot := b.slot(kindNested)
	t.out.printf("if %s {\n", t.user(t.whole(n.Expression)))
	t.enter(n.Expression, "if")
	t.branch(slot, n.Then, next)
	for _, e := range n.ElseIfs {
		t.out.printf("} else if %s {\n", t.user(t.whole(e.Expression)))
		t.enter(e.Expression, "if")
		t.branch(slot, e.Then, next)
	}
	t.out.printf("} else {\n")
	t.branch(slot, n.Else, next)
	t.out.printf("}\n")
	t.leave()
}

// branch writes nodes as a template of their own into a slot.
func (t *template) branch(slot int, nodes []parser.Node, next parser.Node) {
	nodes = trimSpace(nodes)
	if len(nodes) == 0 {
		t.out.own("bennuW.Empty(%d)", slot)
		return
	}
	b := t.begin(isRoot(t, nodes))
	t.out.own("bennuW.Nest(%d, %s)", slot, b.name)
	t.nodes(b, nodes, next)
	t.out.own("bennuW.End()")
}

// switchNode writes a switch. A case that falls through is written with the
// bodies of the cases that it falls into, as a template that differs from
// theirs.
func (t *template) switchNode(b *block, n *parser.SwitchExpression, next parser.Node) {
	slot := b.slot(kindNested)
	t.out.printf("switch %s {\n", t.user(t.whole(n.Expression)))
	hasDefault := false
	for i, c := range n.Cases {
		x := t.whole(c.Expression)
		if rest, ok := strings.CutPrefix(x.src, "case"); ok {
			trimmed := strings.TrimLeft(rest, " \t\r\n")
			at := x.pos.after(x.src[:len(x.src)-len(trimmed)])
			t.out.printf("case %s\n", t.user(item{src: trimmed, pos: at}))
		} else {
			hasDefault = true
			t.out.printf("default:\n")
		}
		t.enter(n.Expression, "switch")
		t.caseBody(slot, n.Cases[i:], next)
	}
	if !hasDefault {
		t.out.printf("default:\n")
		t.out.own("bennuW.Empty(%d)", slot)
	}
	t.out.printf("}\n")
	t.leave()
}

// caseBody writes the body of the first case and of those it falls into.
func (t *template) caseBody(slot int, cases []parser.CaseExpression, next parser.Node) {
	nodes, falls := beforeFallthrough(cases[0].Children)
	if !falls {
		t.branch(slot, nodes, next)
		return
	}
	b := t.begin(false)
	t.out.own("bennuW.Nest(%d, %s)", slot, b.name)
	for _, c := range cases {
		nodes, falls := beforeFallthrough(c.Children)
		t.out.own("{") // each body has its own variables
		t.nodes(b, nodes, next)
		t.out.own("}")
		if !falls {
			break
		}
	}
	t.out.own("bennuW.End()")
}

// beforeFallthrough returns the nodes of a case without space at the ends, and
// whether it falls through.
func beforeFallthrough(nodes []parser.Node) ([]parser.Node, bool) {
	nodes = trimSpace(nodes)
	for i, n := range nodes {
		if _, ok := n.(*parser.Fallthrough); ok {
			return nodes[:i+1], true
		}
	}
	return nodes, false
}
