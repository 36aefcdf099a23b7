package render

import "strconv"

// list is a list being written.
type list struct {
	count int // entries so far

	// What the client has of it: entries of the old tape from start to end,
	// the first expected ones of which have been passed unless diverged.
	absent     bool // nothing: it is opened by its first entry
	start, end int
	oldCount   int
	expected   int // index of the old entry at the tape's position

	// How its entries are found once they do not come in the old order.
	diverged bool
	taken    int // where the marks of the old entries begin in Writer.taken
	scanned  int // entries looked at so far
	index    map[uint64]oldEntry
	moved    bool // an entry is at another index than before

	// Of the list of a tracked loop; see track.
	tracked        bool
	reads, version uint64
	outer          bool // what watch returned
}

// For opens a list in a slot; t is the body of the loop. Between For and EndFor
// stand Entry, the slots of t and EndEntry for each round.
func (w *Writer) For(slot int, t *Template) {
	if w.html {
		w.static(slot)
		w.stack = append(w.stack, frame{template: t})
		w.statics = t.statics
		return
	}
	f := frame{template: t, kind: kindList, fresh: w.fresh, slot: slot}
	l := list{taken: len(w.taken)}
	if l.absent = w.fresh || w.old[w.pos] != t.fingerprint; !l.absent {
		f.head, f.end = w.enter(t.fingerprint)
		l.oldCount = int(w.old[w.pos])
		w.pos++
		l.start, l.end = w.pos, f.end
		if w.forked {
			w.next = append(w.next, 0)
		}
	}
	w.stack = append(w.stack, f)
	w.lists = append(w.lists, l)
}

// EntryIndex opens the next entry of a loop without keys: its index is its key.
func (w *Writer) EntryIndex() {
	if !w.html {
		w.Entry(uint64(w.lists[len(w.lists)-1].count))
	}
}

// Entry opens the next entry of the list. Entries are followed by their key
// when they move. A key may occur twice: then only its first entry is followed
// and the other is sent as a new one.
func (w *Writer) Entry(key uint64) {
	if w.html {
		return
	}
	l, outer := &w.lists[len(w.lists)-1], &w.stack[len(w.stack)-1]
	if l.absent && l.count == 0 {
		outer.head, _ = w.enter(outer.template.fingerprint)
		w.next = append(w.next, 0)
		if l.tracked {
			w.next = append(w.next, l.reads, l.version)
		}
	}
	f := frame{template: outer.template, kind: kindEntry, fresh: w.fresh, slot: l.count, from: -1}
	l.count++
	if !w.fresh {
		f.from = w.match(l, key)
	}
	if f.from < 0 {
		w.fork()
		w.fresh = true
		f.head = len(w.next)
		w.next = append(w.next, key, 0)
	} else {
		f.end = w.pos + 2 + entryLength(w.old[w.pos+1])
		f.head = w.header(key)
	}
	w.stack = append(w.stack, f)
}

// EndEntry closes what Entry opened.
func (w *Writer) EndEntry() {
	if w.html {
		w.buf = append(w.buf, w.statics[len(w.statics)-1]...)
		return
	}
	n := len(w.stack) - 1
	f := &w.stack[n]
	w.seal(f.head)
	if w.fresh {
		w.reach()
		w.fresh = f.fresh
	} else if w.pos != f.end {
		w.astray(f)
	}
	w.stack = w.stack[:n]
	moved := f.moved()
	if moved {
		w.lists[len(w.lists)-1].moved = true
	}
	if w.opened <= n {
		if moved { // as it was, elsewhere
			w.reach()
			w.key(f.slot)
			w.buf = strconv.AppendInt(w.buf, int64(f.from), 10)
			w.buf = append(w.buf, ',')
		}
		return
	}
	w.opened = n
	w.closeObject()
	if moved {
		w.buf = append(w.buf, ']')
	}
	w.buf = append(w.buf, ',')
}

// EndFor closes what For opened.
func (w *Writer) EndFor() {
	if w.html {
		w.pop()
		return
	}
	n, m := len(w.stack)-1, len(w.lists)-1
	f, l := &w.stack[n], &w.lists[m]
	l.index = nil
	w.lists = w.lists[:m]
	w.taken = w.taken[:l.taken]
	asked := l.tracked && w.asked(l.outer)
	if l.absent && l.count == 0 { // without entries the client needs no list
		w.stack = w.stack[:n]
		w.Empty(f.slot)
		return
	}
	if !w.fresh && w.pos != l.end { // the rest is gone
		w.fork()
		w.pos = l.end
	}
	w.seal(f.head)
	if w.forked {
		w.next[f.head+2] = uint64(l.count)
	}
	if w.fresh || l.count != l.oldCount || w.named(f) {
		w.reach()
	}
	if asked {
		w.replace(f.head+3, UnknownReads)
	}
	w.stack = w.stack[:n]
	if w.opened <= n {
		return
	}
	w.opened = n
	w.buf = append(w.buf, `"kc":`...)
	w.buf = strconv.AppendInt(w.buf, int64(l.count), 10)
	if l.moved {
		w.buf = append(w.buf, `,"km":true`...)
	}
	w.buf = append(w.buf, '}', ',')
	if w.fresh {
		w.reference(f.template)
		w.fresh = f.fresh
	}
	w.closeObject()
	w.buf = append(w.buf, ',')
}
