package templgen

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/a-h/templ/parser/v2"
)

// A rows is how the entries of a loop are written.
type rows struct {
	open    string // what the call that opens one begins with, up to the key
	ownKey  string // the call for a row without a key
	guarded bool   // the call tells whether the row has to be written
	end     string // the call that closes one, "" for that of the writer
	plain   bool   // rows have no keys and are no root templates: those of a stream
}

var plainRows = rows{open: "bennuW.Entry(", ownKey: "bennuW.EntryIndex()"}

// A liveLoop is a loop over live.Each, live.Chunked or live.Items.
type liveLoop struct {
	function   string
	list       item
	key, value *item // the variables of the loop, nil if it has none
}

// liveLoop recognises a loop over a list of package live. One that assigns to
// variables from before the loop is left as it is: they would not get their
// values from rows that are skipped.
func (t *template) liveLoop(n *parser.ForExpression) (*liveLoop, bool) {
	st, ok := t.header(n.Expression, "for")
	r, isRange := st.(*ast.RangeStmt)
	if !ok || !isRange || r.Tok == token.ASSIGN {
		return nil, false
	}
	call, name := liveCall(r.X, t.importOf)
	if call == nil || name != "Each" && name != "Chunked" && name != "Items" {
		return nil, false
	}
	t.usesLive(call)
	const before = len("package p\nfunc _() {\nfor ")
	cut := func(e ast.Expr) item {
		from, to := int(e.Pos())-1-before, int(e.End())-1-before
		return item{src: n.Expression.Value[from:to], node: e, pos: t.src.at(t.src.offset(n.Expression) + from)}
	}
	variable := func(e ast.Expr) *item {
		if id, ok := e.(*ast.Ident); !ok || id.Name == "_" {
			return nil
		}
		x := cut(e)
		return &x
	}
	return &liveLoop{function: name, list: cut(call.Args[0]), key: variable(r.Key), value: variable(r.Value)}, true
}

// liveNode writes such a loop.
func (t *template) liveNode(b *block, n *parser.ForExpression, l *liveLoop, next parser.Node) {
	switch l.function {
	case "Chunked":
		t.chunkedNode(b, n, l, next)
		return
	case "Items":
		t.streamNode(b, n, l, next)
		return
	}
	reads := t.readsOf(n, l)
	slot, body, v := b.slot(kindTracked), t.begin(false), t.variable()
	t.out.printf("%s := bennurender.Each(bennuW, %d, %s, %s, %s, %t)\n", v, slot, body.name, t.user(l.list), reads, l.key != nil)
	t.out.own("for %s.Next() {", v)
	var names, values []string
	if l.key != nil {
		names, values = append(names, t.user(*l.key)), append(values, v+".Index()")
	}
	if l.value != nil {
		names, values = append(names, t.user(*l.value)), append(values, v+".Row()")
	}
	if len(names) > 0 {
		t.out.printf("%s := %s\n", strings.Join(names, ", "), strings.Join(values, ", "))
	}
	t.skipped++
	t.rows(body, n, rows{open: v + ".Entry(", ownKey: v + ".EntryRow()", guarded: true}, next)
	t.skipped--
	t.out.printf("}\n")
	t.out.own("%s.End()", v)
	t.leave()
}

// chunkedNode writes a loop as a list of lists.
func (t *template) chunkedNode(b *block, n *parser.ForExpression, l *liveLoop, next parser.Node) {
	if t.keyOfRows(n) == nil {
		t.warn(l.list.pos, "put :key={ } or id={ } on the first element inside the for", "the rows of live.Chunked have no key, so that they are sent as any other list")
	}
	slot, body, v := b.slot(kindList), t.begin(false), t.variable()
	t.out.own("%s := bennuW.Chunks(%d, %s)", v, slot, body.name)
	var clause string
	switch {
	case l.value != nil && l.key != nil:
		clause = t.user(*l.key) + ", " + t.user(*l.value) + " := "
	case l.value != nil:
		clause = "_, " + t.user(*l.value) + " := "
	case l.key != nil:
		clause = t.user(*l.key) + " := "
	}
	t.out.printf("for %srange %s {\n", clause, t.user(l.list))
	t.rows(body, n, rows{open: v + ".Entry(", ownKey: v + ".EntryIndex()"}, next)
	t.out.printf("}\n")
	t.out.own("%s.End()", v)
	t.leave()
}
