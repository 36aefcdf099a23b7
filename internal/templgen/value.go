package templgen

import "github.com/a-h/templ"

// address writes a slot of an address, which goes through templ's check of
// its scheme unless its type says that it is safe.
func (t *template) address(b *block, items []item) {
	if text, ok := constant(items[0].node); ok && len(items) == 1 {
		safe, _ := templ.JoinURLErrs(text) // without errors to join there is none
		b.static(templ.EscapeString(safe))
		return
	}
	t.generic(b, items, "bennurender.URL")
}

// value writes a slot of one value. A literal becomes constant text. The
// generic function of package render named by function does the work when the
// type is not known, or has to check the value.
func (t *template) value(b *block, items []item, function string) {
	guarded := function != "bennurender.Text" && function != "bennurender.Attr"
	if len(items) == 1 {
		if text, ok := t.constantOf(items[0].node); ok {
			b.static(templ.EscapeString(text))
			return
		}
		switch t.kindOf(items[0].node) {
		case str:
			if guarded {
				break
			}
			t.out.printf("bennuW.Str(%d, %s)\n", b.slot(kindText), t.user(items[0]))
			return
		case integer:
			t.out.printf("bennuW.Int(%d, int64(%s))\n", b.slot(kindText), t.user(items[0]))
			return
		}
	}
	t.generic(b, items, function)
}

// generic writes a slot with a function of package render. Only a call can
// have an error beside its value, and only then are there several items.
func (t *template) generic(b *block, items []item, function string) {
	v := t.plain(items)
	t.out.printf("%s%d, %s)\n", t.calls(function, items[0].pos)+"bennuW, ", b.slot(kindText), v)
}

// calls begins a call of a generic function. What the compiler says of the type
// of its argument it says of the parenthesis.
func (f *file) calls(function string, at position) string { return function + f.out.at(at) + "(" }
