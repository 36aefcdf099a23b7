package render

import (
	"context"
	"sync"
)

// Writer is the render in progress. Generated code calls it slot by slot, in
// the order of the template; the same calls write HTML or a diff. A Writer
// belongs to one render on one goroutine and must not be kept.
type Writer struct {
	html     bool            // HTML, not a diff
	ctx      context.Context // what templates see as ctx
	ready    bool            // ctx carries templ's values of this render
	memory   *diffContext    // of a diff: where ctx carries them, once it does
	children Func            // meant for the next component
	stack    []frame         // what is open, outermost first
	statics  []string        // HTML: of the innermost open template
	buf      []byte          // the output, after what the caller had in it
	spare    []byte          // scratch memory for one slot
	page     []byte          // memory for the output of Func.Render

	classes   []className // the class list being collected
	classSlot int

	snapshots []snapshotted // of the tracked lists that this render reads
	loops     []streamLoop  // the streams that were met

	// Of a diff only.
	tape
	message
	lists []list // the open ones, outermost first
	taken []bool // of the open lists that diverged: which old entries are used
}

// A frame is an open template, list, list entry or memo.
type frame struct {
	template *Template
	kind     kind
	fresh    bool // what Writer.fresh was outside of this frame
	slot     int  // slot in the enclosing template; of an entry its index
	from     int  // of an entry: its index in the last render, or -1
	head     int  // where its header stands in the tape being written
	end      int  // where it ends in the old tape, if the client has it
	outer    bool // of a memo: what watch returned
}

// moved reports whether an entry the client has is now at another index.
func (f *frame) moved() bool { return f.from >= 0 && f.from != f.slot }

type kind uint8

const (
	kindRoot kind = iota
	kindNode
	kindList
	kindEntry
	kindMemo
)

// Limits of what a pooled writer keeps. A page of a thousand rows fits.
const (
	maxKeptBytes = 256 << 10
	maxKeptWords = 64 << 10
	maxKeptItems = 4 << 10
)

var writers = sync.Pool{New: func() any { return new(Writer) }}

// newWriter returns a writer in which nothing is open.
func newWriter(ctx context.Context) *Writer {
	w := writers.Get().(*Writer)
	w.ctx = ctx
	return w
}

// release gives the writer back after a render that succeeded. One that failed
// or panicked is left to the garbage collector instead: it may have anything
// open. All but the memory is made anew, so no cursor can survive.
func (w *Writer) release() {
	clear(w.snapshots)
	clear(w.loops)
	*w = Writer{
		stack:     kept(w.stack, maxKeptItems),
		spare:     kept(w.spare, maxKeptBytes),
		page:      kept(w.page, maxKeptBytes),
		classes:   kept(w.classes, maxKeptItems),
		snapshots: kept(w.snapshots, maxKeptItems),
		loops:     kept(w.loops, maxKeptItems),
		lists:     kept(w.lists, maxKeptItems),
		taken:     kept(w.taken, maxKeptBytes),
		tape:      tape{next: kept(w.next, maxKeptWords), undo: kept(w.undo, maxKeptWords/2)},
		message:   w.message.emptied(),
	}
	writers.Put(w)
}

// kept returns s emptied, or nothing when it grew beyond the limit.
func kept[T any](s []T, limit int) []T {
	if cap(s) > limit {
		return nil
	}
	return s[:0]
}

// WithChildren sets the children of the component that is written next.
func (w *Writer) WithChildren(f Func) { w.children = f }

// TakeChildren returns the children given to the component being written, nil
// when there are none. A component calls it first of all.
func (w *Writer) TakeChildren() Func {
	f := w.children
	w.children = nil
	return f
}

// Children writes what TakeChildren returned into a slot.
func (w *Writer) Children(slot int, f Func) error {
	if f == nil {
		w.Empty(slot)
		return nil
	}
	return f(w, slot)
}
