package render

// Tracked is a list that knows which of its rows changed since when, so that a
// render touches no others. *live.Rows is one.
type Tracked[T any] interface {
	// Snapshot returns the rows as they are now. It may be called by any
	// number of renders at once.
	Snapshot() Snapshot[T]
}

// Snapshot is a state of a tracked list, which never changes.
type Snapshot[T any] interface {
	// Version identifies the list among all lists, and this state of it by a
	// number that grows with every change.
	Version() (list, version uint64)
	// Chunk returns the n-th part of the rows, nil behind the last one. Nobody
	// writes to it.
	Chunk(n int) []Row[T]
}

// Row is a row of a tracked list.
type Row[T any] struct {
	ID      uint64 // different from that of all other rows the list ever has, as far as its lower half tells
	Version uint64 // of the list when the row was changed for the last time
	Value   T
}

// A Loop is a tracked loop being written. For
//
//	for _, r := range live.Each(rows) {
//		<li>{ r.Name }</li>
//	}
//
// generated code says
//
//	l := render.Each(w, 1, item, rows, render.NoReads, false)
//	for l.Next() {
//		r := l.Row()
//		if l.EntryRow() {
//			w.Str(0, r.Name)
//			w.EndEntry()
//		}
//	}
//	l.End()
type Loop[T any] struct {
	w        *Writer
	snapshot Snapshot[T]
	chunk    []Row[T] // the one being walked
	chunks   int      // walked or being walked
	at       int      // rows of the chunk that were passed
	index    int      // of the row that Next stopped at
	trackedList
}

// trackedList is what a loop knows of the list that the client has.
type trackedList struct {
	usesIndex bool   // rows show their index
	known     bool   // rows have to be written only if they changed
	same      bool   // and none did
	since     uint64 // the version that the client has
}

// Each opens a list in a slot as For does and returns the loop over its rows;
// t is the body of the loop. reads tells what the body reads besides the row,
// see [Reads]; all rows are written when that changed. usesIndex says that the
// body reads the index of the row.
//
// All loops of one render see the rows as they were when the first of them
// began.
func Each[T any](w *Writer, slot int, t *Template, rows Tracked[T], reads uint64, usesIndex bool) Loop[T] {
	l := Loop[T]{w: w, snapshot: snapshotOf(w, rows), index: -1}
	w.For(slot, t)
	if !w.html {
		list, version := l.snapshot.Version()
		l.trackedList = w.track(together(list, reads), version)
		l.usesIndex = usesIndex
	}
	return l
}

// Next goes to the next row that may have to be written and reports whether
// there is one.
func (l *Loop[T]) Next() bool {
	if l.same {
		return false
	}
	for {
		if l.at == len(l.chunk) {
			if l.chunk = l.snapshot.Chunk(l.chunks); len(l.chunk) == 0 {
				return false
			}
			l.chunks++
			l.at = 0
		}
		if l.known {
			n := skip(l.w, &l.trackedList, l.chunk[l.at:])
			l.at += n
			l.index += n
			if n > 0 {
				continue
			}
		}
		l.at++
		l.index++
		return true
	}
}

// Index returns the index of the row.
func (l *Loop[T]) Index() int { return l.index }

// Row returns the row.
func (l *Loop[T]) Row() T { return l.chunk[l.at-1].Value }

// Entry opens the entry of the row, which is followed by the key when it
// moves. It reports whether the row has to be written; EndEntry of the writer
// closes it then.
func (l *Loop[T]) Entry(key uint64) bool {
	if l.w.html {
		return true
	}
	r := &l.chunk[l.at-1]
	return l.w.trackedEntry(&l.trackedList, key, r.ID, r.Version)
}

// EntryRow is Entry for a row without a key: the list knows who it is.
func (l *Loop[T]) EntryRow() bool { return l.Entry(l.chunk[l.at-1].ID) }

// End closes the list.
func (l *Loop[T]) End() { l.w.EndFor() }

// snapshotOf returns the snapshot of a list for this render.
func snapshotOf[T any](w *Writer, rows Tracked[T]) Snapshot[T] {
	for i := range w.snapshots {
		if s, ok := w.snapshots[i].is.(Snapshot[T]); ok && w.snapshots[i].of == any(rows) {
			return s
		}
	}
	s := rows.Snapshot()
	w.snapshots = append(w.snapshots, snapshotted{rows, s})
	return s
}

type snapshotted struct{ of, is any }

// skip passes over the rows at the front that the client has as they are, where
// the old tape has them next, and returns how many they are.
func skip[T any](w *Writer, t *trackedList, rows []Row[T]) int {
	l := &w.lists[len(w.lists)-1]
	if t.usesIndex && l.expected != l.count {
		return 0
	}
	n, pos := 0, w.pos
	old, end, since := w.old, l.end, t.since
passed:
	for n < len(rows) && pos < end {
		// Rows mostly have one length. Comparing it is guessed right by the CPU,
		// while adding the one that was read would wait for each read in turn.
		length := entryLength(old[pos+1])
		for n < len(rows) && pos < end && entryLength(old[pos+1]) == length {
			r := &rows[n]
			if r.Version > since || uint32(r.ID) != entryOwner(old[pos+1]) || l.diverged && w.isTaken(l, l.expected+n) {
				break passed
			}
			pos += 2 + length
			n++
		}
	}
	if n > 0 {
		w.keepEntries(l, n, pos)
	}
	return n
}
