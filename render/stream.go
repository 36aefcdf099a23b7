package render

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
)

// A stream is a list that neither side remembers: what is to be inserted and
// deleted goes over the wire once, and lives on in the browser's page alone. On
// the tape it is a header without content, which says that the client has the
// list.

// StreamView is what a stream has for one render. Package live makes it.
type StreamView[T any] struct {
	// Ref tells the streams of a page apart.
	Ref string
	// IDs and Items are what is inserted, with the ids of the elements.
	IDs   []string
	Items []T
	// Inserts say where, one for each of Items.
	Inserts []StreamInsert
	// Deletes are the ids of the elements to be taken away.
	Deletes []string
	// Reset takes away all elements that are not inserted again.
	Reset bool
	// Sent is called when the render that wrote the view has succeeded.
	Sent func()
}

// StreamInsert says where an element comes to stand.
type StreamInsert struct {
	At         int  // its index, -1 for the end
	Limit      int  // how many elements stay, from the front, or the back if below 0; 0: all
	UpdateOnly bool // nothing happens if the page does not have it
}

// StreamSource is a stream as generated code finds it.
type StreamSource[T any] interface {
	RenderStream() StreamView[T]
}

// Items is a loop over a stream being written; see [StreamItems].
type Items[T any] struct {
	w     *Writer
	view  StreamView[T]
	mark  int // of the tape
	count int
	quiet bool // there is nothing to tell the client
}

// StreamItems opens the loop over a stream in a slot; t is its body. Each round
// is Entry, the slots of t and EndEntry; End closes the loop.
func StreamItems[T any](w *Writer, slot int, t *Template, source StreamSource[T]) *Items[T] {
	l := &Items[T]{w: w, view: source.RenderStream()}
	w.onceOnPage(l.view.Ref, source)
	if w.html || w.fresh {
		l.view.settle()
	}
	if w.html {
		w.For(slot, t)
		return l
	}
	f := frame{template: t, kind: kindList, fresh: w.fresh, slot: slot}
	f.head, f.end = w.enter(t.fingerprint)
	v := &l.view
	l.quiet = !w.fresh && len(v.Items) == 0 && len(v.Deletes) == 0 && !v.Reset
	w.stack = append(w.stack, f)
	if !l.quiet {
		w.fork()
		w.reach()
	}
	return l
}

// A streamLoop is a stream that a render has met.
type streamLoop struct {
	ref    string
	source any // a pointer to the stream
}

// onceOnPage fails the render when a stream has a second loop, or the name of
// another one: the ids of elements begin with the name, and the client takes all
// that have it for one list.
func (w *Writer) onceOnPage(ref string, source any) {
	for _, l := range w.loops {
		if l.ref != ref {
			continue
		}
		in := writer()
		if in != "" {
			in = " (" + in + ")"
		}
		if l.source == source {
			w.Fail(fmt.Errorf("live: the stream %q stands in a second loop%s, and its items are on the page once; keep a list of its own for the other place", ref, in))
		} else {
			w.Fail(fmt.Errorf("live: two streams on the page have the name %q%s; give each a name of its own", ref, in))
		}
		return
	}
	w.loops = append(w.loops, streamLoop{ref, source})
}

// settle puts the items of a list that the page does not have yet into the order
// in which they are to stand there, and leaves out those that a limit takes away
// again. HTML is shown as it is written; and the client, which brings the items
// of an element of its page in one by one, takes those of a new element as they
// stand, and then applies the limit of each to all of them.
//
//	prepend a, prepend b, append c, update d  →  b a c
//
// Should the element be on the page after all, because the template had another
// place for it, each item still says where it comes.
func (v *StreamView[T]) settle() {
	if !slices.ContainsFunc(v.Inserts, func(in StreamInsert) bool { return in != StreamInsert{At: -1} }) {
		return
	}
	var order []int
	for i, in := range v.Inserts {
		if in.UpdateOnly {
			continue
		}
		at := in.At
		if at < 0 || at > len(order) {
			at = len(order)
		}
		order = slices.Insert(order, at, i)
		if in.Limit > 0 && len(order) > in.Limit {
			order = order[:in.Limit]
		} else if n := len(order) + in.Limit; in.Limit < 0 && n > 0 {
			order = order[n:]
		}
	}
	settled := StreamView[T]{Ref: v.Ref, Deletes: v.Deletes, Reset: v.Reset, Sent: v.Sent}
	for at, i := range order {
		in := v.Inserts[i]
		if in.At >= 0 {
			in.At = at
		}
		if max(in.Limit, -in.Limit) < len(order) {
			in.Limit = 0
		}
		settled.IDs = append(settled.IDs, v.IDs[i])
		settled.Items = append(settled.Items, v.Items[i])
		settled.Inserts = append(settled.Inserts, in)
	}
	*v = settled
}

// All are the items with the ids of their elements.
func (l *Items[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for i, item := range l.view.Items {
			if !yield(l.view.IDs[i], item) {
				return
			}
		}
	}
}

// Entry opens the entry of the next item. It is sent whole.
func (l *Items[T]) Entry() {
	w := l.w
	if w.html {
		return
	}
	outer := &w.stack[len(w.stack)-1]
	l.mark = len(w.next)
	w.stack = append(w.stack, frame{template: outer.template, kind: kindEntry, fresh: w.fresh, slot: l.count, from: -1})
	w.fresh = true
	l.count++
	w.reach()
}

// EndEntry closes what Entry opened, and forgets what it wrote on the tape.
func (l *Items[T]) EndEntry() {
	w := l.w
	if w.html {
		w.buf = append(w.buf, w.statics[len(w.statics)-1]...)
		return
	}
	n := len(w.stack) - 1
	w.fresh = w.stack[n].fresh
	w.next = w.next[:l.mark]
	w.stack = w.stack[:n]
	w.opened = n
	w.closeObject()
	w.buf = append(w.buf, ',')
}

// End closes the loop.
func (l *Items[T]) End() {
	w := l.w
	if w.html {
		w.pop()
		return
	}
	n := len(w.stack) - 1
	f := &w.stack[n]
	w.seal(f.head)
	fresh := w.fresh
	w.fresh = f.fresh
	w.stack = w.stack[:n]
	if l.quiet {
		return
	}
	w.opened = n
	w.buf = append(w.buf, `"kc":`...)
	w.buf = strconv.AppendInt(w.buf, int64(l.count), 10)
	w.buf = append(w.buf, '}', ',')
	if fresh {
		w.reference(f.template)
	}
	w.buf = append(w.buf, `"stream":`...)
	w.buf = l.view.appendOps(w.buf)
	w.buf = append(w.buf, '}', ',')
	w.Sent(l.view.Sent)
}

// appendOps appends what the client is to do. Of the inserts the client takes
// the oldest last.
func (v *StreamView[T]) appendOps(dst []byte) []byte {
	quoted := func(s string) { dst = append(appendJSON(append(dst, '"'), s), '"') }
	dst = append(dst, '[')
	quoted(v.Ref)
	dst = append(dst, ',', '[')
	for i := len(v.Inserts) - 1; i >= 0; i-- {
		in := v.Inserts[i]
		dst = append(dst, '[')
		quoted(v.IDs[i])
		dst = strconv.AppendInt(append(dst, ','), int64(in.At), 10)
		if in.Limit == 0 {
			dst = append(dst, `,null`...)
		} else {
			dst = strconv.AppendInt(append(dst, ','), int64(in.Limit), 10)
		}
		if in.UpdateOnly {
			dst = append(dst, `,true]`...)
		} else {
			dst = append(dst, `,null]`...)
		}
		if i > 0 {
			dst = append(dst, ',')
		}
	}
	dst = append(dst, `],[`...)
	for i, id := range v.Deletes {
		if i > 0 {
			dst = append(dst, ',')
		}
		quoted(id)
	}
	dst = append(dst, ']')
	if v.Reset {
		dst = append(dst, `,true`...)
	}
	return append(dst, ']')
}
