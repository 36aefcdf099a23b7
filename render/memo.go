package render

// Memo says that what stands in a slot depends on nothing but the key, which
// comes from [Key]. It reports whether the slot has to be written: that is
// followed by EndMemo. Otherwise the client has it already; the slot is done.
//
// For
//
//	@live.Memo(r.Version) {
//		<tr>…</tr>
//	}
//
// generated code says
//
//	if w.Memo(0, render.Key(r.Version)) {
//		w.Nest(0, row)
//		…
//		w.End()
//		w.EndMemo()
//	}
//
// On the tape a memo is a nested slot of its own kind around the one that it
// holds; in the message it cannot be seen.
func (w *Writer) Memo(slot int, key uint64) bool {
	if w.html {
		return true
	}
	if !w.fresh && w.old[w.pos] == memoSlot && w.old[w.pos+2] == key {
		w.keep(w.pos + 2 + int(w.old[w.pos+1]))
		w.rooted = w.rooted || slot < 0
		return false
	}
	f := frame{kind: kindMemo, fresh: w.fresh, slot: slot, outer: w.watch()}
	f.head, f.end = w.enter(memoSlot)
	w.changed(key)
	w.stack = append(w.stack, f)
	return true
}

// EndMemo closes what Memo opened.
func (w *Writer) EndMemo() {
	if w.html {
		return
	}
	n := len(w.stack) - 1
	f := &w.stack[n]
	w.seal(f.head)
	if w.asked(f.outer) {
		w.replace(f.head+2, hashWord(w.word(f.head+2))) // a key that is never found again
	}
	if w.fresh {
		w.fresh = f.fresh
	} else if w.pos != f.end {
		w.astray(f)
	}
	w.stack = w.stack[:n]
	w.opened = min(w.opened, n)
}

// Memo returns a component that renders its children unless the client has
// them from a render with the same key in the same place. It is live.Memo
// where the generator could not write the calls itself.
func Memo(key uint64) Component {
	return Func(func(w *Writer, slot int) error {
		children := w.TakeChildren()
		if !w.Memo(slot, key) {
			return nil
		}
		if err := w.Children(slot, children); err != nil {
			return err
		}
		w.EndMemo()
		return nil
	})
}
