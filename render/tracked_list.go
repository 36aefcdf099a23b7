package render

import "strconv"

// The list of a tracked loop has two more words on the tape behind its count:
// what the rows depended on, and the version of the list. Both equal, nothing
// is to be done. The first one equal, rows of that version or older are passed
// over.
//
// Which row an entry shows cannot be told by its key, which may occur twice, so
// half of the ID of the row stands above the length of its entry.

func entryLength(word uint64) int   { return int(uint32(word)) }
func entryOwner(word uint64) uint32 { return uint32(word >> 32) }

// track follows For with the words of a tracked list.
func (w *Writer) track(reads, version uint64) trackedList {
	l := &w.lists[len(w.lists)-1]
	l.tracked, l.reads, l.version, l.outer = true, reads, version, w.watch()
	if l.absent {
		return trackedList{}
	}
	t := trackedList{since: w.old[w.pos+1]}
	t.known = reads != UnknownReads && reads == w.old[w.pos]
	w.changed(reads)
	w.changed(version)
	l.start = w.pos
	if t.same = t.known && version == t.since; t.same {
		w.keep(l.end)
		l.count, l.expected = l.oldCount, l.oldCount
	}
	return t
}

// trackedEntry opens an entry and reports whether it has to be written. If the
// client has it as it is, it is passed over and closed.
func (w *Writer) trackedEntry(t *trackedList, key, id, version uint64) bool {
	w.Entry(key)
	f := &w.stack[len(w.stack)-1]
	has := f.from >= 0 && t.known && version <= t.since && entryOwner(w.old[w.pos-1]) == uint32(id)
	w.own(f.head, id)
	if !has || t.usesIndex && f.moved() {
		return true
	}
	w.keep(f.end)
	w.EndEntry()
	return false
}

// keepEntries passes over the next n entries of the old tape, which end at pos.
func (w *Writer) keepEntries(l *list, n, pos int) {
	w.keep(pos)
	if l.diverged {
		for i := range n {
			w.taken[l.taken+l.expected+i] = true
		}
	}
	if l.expected != l.count {
		l.moved = true
		w.reach()
		for i := range n {
			w.key(l.count + i)
			w.buf = strconv.AppendInt(w.buf, int64(l.expected+i), 10)
			w.buf = append(w.buf, ',')
		}
	}
	l.expected += n
	l.count += n
}
