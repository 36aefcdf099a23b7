package templgen

import (
	"cmp"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// forNode writes a loop as a list of entries. A body of one element is a root
// template of its own inside the entry, so that the client can pass over the
// rows that did not change.
func (t *template) forNode(b *block, n *parser.ForExpression, next parser.Node) {
	if strings.TrimSpace(n.Expression.Value) == "" {
		t.fail(t.src.from(n.Range), "give it a condition or a range", "a for without an end")
		return
	}
	if l, ok := t.liveLoop(n); ok {
		t.liveNode(b, n, l, next)
		return
	}
	slot := b.slot(kindList)
	body := t.begin(false)
	t.out.own("bennuW.For(%d, %s)", slot, body.name)
	t.out.printf("for %s {\n", t.user(t.whole(n.Expression)))
	t.rows(body, n, plainRows, next)
	t.out.printf("}\n")
	t.out.own("bennuW.EndFor()")
	t.leave()
}

// rows writes the body of a loop, whose entries are written in a way.
func (t *template) rows(body *block, n *parser.ForExpression, way rows, next parser.Node) {
	t.enterLoop()
	nodes := trimSpace(n.Children)
	split := !way.plain && isRow(t, nodes)
	opened := false
	for i, c := range nodes {
		if !opened && writesSlots(c) {
			opened = true
			t.entry(c, way)
		}
		el, ok := c.(*parser.Element)
		if !ok || !split {
			t.node(body, c, following(nodes, i, next))
			continue
		}
		rowSlot, row := body.slot(kindNested), t.begin(true)
		t.out.own("bennuW.Nest(%d, %s)", rowSlot, row.name)
		t.element(row, el)
		t.out.own("bennuW.End()")
		if spaceAfter(el, following(nodes, i, next)) {
			body.static(" ")
		}
	}
	if !opened {
		t.out.back()
		t.openRow(way, way.ownKey)
	}
	t.out.own("%s", cmp.Or(way.end, "bennuW.EndEntry()"))
	if way.guarded {
		t.out.printf("}\n")
	}
}

// openRow writes the call that opens an entry.
func (t *template) openRow(way rows, call string) {
	if way.guarded {
		call = "if " + call + " {"
	}
	t.out.printf("%s\n", call)
}

// isRow reports whether the body of a loop is one element that can be a root.
func isRow(t *template, nodes []parser.Node) bool {
	for _, n := range nodes {
		if _, comment := n.(*parser.HTMLComment); comment {
			return false
		}
	}
	return t.rawText == 0 && isRoot(t, nodes)
}

// writesSlots reports whether a node can have slots; the entry has to be open
// by then. What comes before may declare variables that the key uses.
func writesSlots(n parser.Node) bool {
	switch n.(type) {
	case *parser.Text, *parser.Whitespace, *parser.HTMLComment, *parser.GoComment, *parser.GoCode, *parser.Fallthrough:
		return false
	}
	return true
}

// entry opens the entry of a loop, whose first node with slots is n.
func (t *template) entry(n parser.Node, way rows) {
	a := t.rowKey(n)
	if a == nil || way.plain {
		t.out.back()
		t.openRow(way, way.ownKey)
		return
	}
	items, ok := t.items(a.Expression)
	if !ok {
		return
	}
	if len(items) == 0 {
		t.fail(t.src.from(a.Range), "write what tells the rows apart, such as row.ID", "the key is empty")
		return
	}
	if len(items) == 1 && !t.mayFail(items[0].node) {
		t.openRow(way, way.open+t.calls("bennurender.Key", items[0].pos)+t.user(items[0])+"))")
		return
	}
	v := t.evaluate(items[0].pos, "bennurender.V("+t.list(items)+")")
	t.bound[a] = v
	t.out.back()
	t.openRow(way, way.open+t.calls("bennurender.Key", items[0].pos)+v+"))")
}

// rowKey returns the attribute that identifies a row: :key, else its id.
func (f *file) rowKey(n parser.Node) *parser.ExpressionAttribute {
	if inside := f.inMemo(n); inside != nil {
		n = inside
	}
	el, ok := n.(*parser.Element)
	if !ok {
		return nil
	}
	var id *parser.ExpressionAttribute
	for _, a := range el.Attributes {
		switch a, ok := a.(*parser.ExpressionAttribute); {
		case !ok:
		case isKey(a):
			return a
		case constantName(a.Key) == "id" && id == nil:
			id = a
		}
	}
	return id
}

func isKey(a *parser.ExpressionAttribute) bool { return constantName(a.Key) == ":key" }

// keyOfRows returns the attribute that identifies the rows of a loop.
func (f *file) keyOfRows(n *parser.ForExpression) *parser.ExpressionAttribute {
	for _, c := range n.Children {
		if writesSlots(c) {
			return f.rowKey(c)
		}
	}
	return nil
}
