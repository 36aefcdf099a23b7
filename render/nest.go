package render

import "fmt"

// maxDepth is how deep templates may stand in each other. Recursion without end
// would run out of stack, which ends the whole program; this ends one view.
const maxDepth = 10_000

// Nest opens template t in a slot of the template that is open, or as the root
// when slot is -1. End closes it. In between all slots of t are written.
func (w *Writer) Nest(slot int, t *Template) {
	if len(w.stack) >= maxDepth {
		panic(fmt.Sprintf("render: templates are nested more than %d deep; does %q contain itself without end?", maxDepth, t.statics[0]))
	}
	if w.html {
		if w.part {
			w.onePart(t)
		}
		w.static(slot)
		w.stack = append(w.stack, frame{template: t})
		w.statics = t.statics
		return
	}
	f := frame{template: t, kind: kindNode, fresh: w.fresh, slot: slot}
	if slot < 0 {
		w.root()
		f.kind = kindRoot
	}
	f.head, f.end = w.enter(t.fingerprint)
	if slot < 0 {
		w.whole = w.fresh
		w.onePart(t)
	}
	w.stack = append(w.stack, f)
}

// End closes what Nest opened.
func (w *Writer) End() {
	n := len(w.stack) - 1
	if w.html {
		w.buf = append(w.buf, w.statics[len(w.statics)-1]...)
		w.pop()
		return
	}
	f := &w.stack[n]
	w.seal(f.head)
	if w.fresh {
		w.reach()
		if f.kind == kindRoot && w.part { // a number there would name another component
			w.buf = append(append(append(w.buf, `"s":`...), f.template.json...), ',')
		} else {
			w.reference(f.template)
		}
		if f.template.root && (f.kind != kindRoot || w.part) { // at the root of a message r would be a reply
			w.buf = append(w.buf, `"r":1,`...)
		}
		w.fresh = f.fresh
	} else if w.pos != f.end {
		w.astray(f)
	} else if w.named(f) {
		w.reach()
		w.rootNamed = w.rootNamed || f.kind == kindRoot
	}
	w.stack = w.stack[:n]
	if w.opened <= n {
		return
	}
	w.opened = n
	if f.kind == kindNode {
		w.closeObject()
		w.buf = append(w.buf, ',')
	}
}

// Empty says that nothing stands in a slot where Nest, For, Comp or Children
// could have put something.
func (w *Writer) Empty(slot int) {
	if w.html {
		w.static(slot)
		return
	}
	if slot < 0 {
		w.Nest(slot, nothing)
		w.End()
		return
	}
	fresh := w.fresh
	head, _ := w.enter(emptySlot)
	w.seal(head)
	changed := w.fresh
	w.fresh = fresh
	if changed {
		w.beginText(slot)
		w.endText()
	}
}

// nothing is the root of a view that shows nothing: a root must be a node.
var nothing = New(firstFree, 0, "")

// static writes the constant text before a slot.
func (w *Writer) static(slot int) {
	if slot >= 0 {
		w.buf = append(w.buf, w.statics[slot]...)
	}
}

// pop leaves the innermost frame of an HTML render.
func (w *Writer) pop() {
	n := len(w.stack) - 1
	w.stack = w.stack[:n]
	w.statics = nil
	if n > 0 {
		w.statics = w.stack[n-1].template.statics
	}
}

// root checks that the template to be opened is the only one at the root.
func (w *Writer) root() {
	if w.rooted {
		panic("render: slot -1 is the root of the view, which is one template; give every other one a slot")
	}
	w.rooted = true
}

// astray panics when a template did not write the slots it wrote last time: the
// words behind it would be read as something else and the page would be wrong
// without any error.
func (w *Writer) astray(f *frame) {
	what := "a memo"
	if f.template != nil {
		what = fmt.Sprintf("a template or loop body that begins with %.40q", f.template.statics[0])
	}
	panic(fmt.Sprintf("render: %s wrote other slots than in the last render (%+d words on the tape): "+
		"every render must write all its slots in the same order", what, w.pos-f.end))
}
