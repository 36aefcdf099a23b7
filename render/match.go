package render

// A list remembers its entries only as they follow each other on the tape. As
// long as keys come in the old order the next entry is the one at the tape's
// position. When one does not, the list has diverged: from then on every old
// entry is marked when it is taken, because the client may be told to take it
// only once, and entries are searched for, ahead first, since most lists lose
// or gain a few entries and keep their order. When searching adds up, as after
// a sort, an index of all keys is made.

// indexAfter is how many times its own length a list is searched through
// before it is indexed, and indexFrom the length from which that pays.
const (
	indexAfter = 4
	indexFrom  = 32
)

// oldEntry is an entry of the last render: where it is on the tape, and its
// index.
type oldEntry struct{ pos, index int }

// match finds the old entry of a key, moves the tape there and returns its
// index, or -1 if the client has none that is still to be had.
func (w *Writer) match(l *list, key uint64) int {
	if w.pos < l.end && w.old[w.pos] == key && !w.isTaken(l, l.expected) {
		return w.take(l, oldEntry{w.pos, l.expected})
	}
	if w.pos >= l.end && !l.diverged { // all were taken in order
		w.diverge(l)
		return -1
	}
	e, ok := w.search(l, key)
	w.diverge(l)
	if !ok {
		return -1
	}
	w.fork()
	w.pos = e.pos
	return w.take(l, e)
}

func (w *Writer) take(l *list, e oldEntry) int {
	if l.diverged {
		w.taken[l.taken+e.index] = true
	}
	l.expected = e.index + 1
	return e.index
}

func (w *Writer) isTaken(l *list, index int) bool {
	return l.diverged && w.taken[l.taken+index]
}

// diverge begins to mark which old entries are taken: until now, all before
// the expected one.
func (w *Writer) diverge(l *list) {
	if l.diverged {
		return
	}
	l.diverged = true
	for i := range l.oldCount {
		w.taken = append(w.taken, i < l.expected)
	}
}

// search looks for a key ahead of the tape's position, then behind it.
func (w *Writer) search(l *list, key uint64) (oldEntry, bool) {
	if l.index == nil && l.oldCount >= indexFrom && l.scanned > indexAfter*l.oldCount {
		w.makeIndex(l)
	}
	if l.index != nil {
		e, ok := l.index[key]
		return e, ok && !w.isTaken(l, e.index)
	}
	if e, ok := w.scan(l, key, oldEntry{w.pos, l.expected}, l.end); ok {
		return e, true
	}
	if !l.diverged { // all that lies behind is taken
		return oldEntry{}, false
	}
	return w.scan(l, key, oldEntry{l.start, 0}, w.pos)
}

func (w *Writer) scan(l *list, key uint64, e oldEntry, end int) (oldEntry, bool) {
	for e.pos < end {
		l.scanned++
		if w.old[e.pos] == key && !w.isTaken(l, e.index) {
			return e, true
		}
		e = w.after(e)
	}
	return oldEntry{}, false
}

// after returns the entry that follows e on the old tape.
func (w *Writer) after(e oldEntry) oldEntry {
	return oldEntry{e.pos + 2 + entryLength(w.old[e.pos+1]), e.index + 1}
}

func (w *Writer) makeIndex(l *list) {
	l.index = make(map[uint64]oldEntry, l.oldCount)
	for e := (oldEntry{l.start, 0}); e.pos < l.end; e = w.after(e) {
		l.index[w.old[e.pos]] = e
	}
}
