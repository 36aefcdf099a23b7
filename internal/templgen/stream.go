package templgen

import "github.com/a-h/templ/parser/v2"

// streamNode writes a loop over live.Items as a stream. What a memo or a tracked
// loop passes over is not written, and the items of a stream are there once, so
// that it cannot stand in one.
func (t *template) streamNode(b *block, n *parser.ForExpression, l *liveLoop, next parser.Node) {
	if t.skipped > 0 {
		t.fail(l.list.pos, "move the loop out of live.Memo and live.Each",
			"a stream inside what is passed over while it stays the same; its items would be lost")
		return
	}
	slot, body, v := b.slot(kindList), t.begin(false), t.variable()
	t.out.printf("%s := bennurender.StreamItems(bennuW, %d, %s, %s)\n", v, slot, body.name, t.user(l.list))
	clause := ""
	switch {
	case l.key != nil && l.value != nil:
		clause = t.user(*l.key) + ", " + t.user(*l.value) + " := "
	case l.value != nil:
		clause = "_, " + t.user(*l.value) + " := "
	case l.key != nil:
		clause = t.user(*l.key) + " := "
	}
	t.out.printf("for %srange %s.All() {\n", clause, v)
	t.rows(body, n, rows{ownKey: v + ".Entry()", end: v + ".EndEntry()", plain: true}, next)
	t.out.printf("}\n")
	t.out.own("%s.End()", v)
	t.leave()
}
