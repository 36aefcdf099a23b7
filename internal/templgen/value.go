package templgen

import "github.com/a-h/templ"

// value writes a slot of one value. A literal becomes constant text. The
// generic function of package render named by function does the work when the
// type is not known.
func (t *template) value(b *block, items []item, function string) {
	if len(items) == 1 {
		if text, ok := constant(items[0].node); ok {
			b.static(templ.EscapeString(text))
			return
		}
		if !t.mayFail(items[0].node) {
			t.leaf(b, items[0], function)
			return
		}
	}
	v := t.evaluate(items[0].pos, "bennurender.V("+t.list(items)+")")
	t.out.printf("%s(bennuW, %d, %s)\n", function, b.slot(kindText), v)
}

// leaf writes a slot of an expression that has one value.
func (t *template) leaf(b *block, x item, function string) {
	switch t.kindOf(x.node) {
	case str:
		t.out.printf("bennuW.Str(%d, %s)\n", b.slot(kindText), t.user(x))
	case integer:
		t.out.printf("bennuW.Int(%d, int64(%s))\n", b.slot(kindText), t.user(x))
	default:
		t.out.printf("%s(bennuW, %d, %s)\n", function, b.slot(kindText), t.user(x))
	}
}
