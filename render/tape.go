package render

import (
	"math"
	"slices"
)

// A view's memory of what its client shows is one slice of words, written in
// the order in which the templates write their slots:
//
//	text slot     the hash of the text, or the number itself
//	nested slot   fingerprint, length, then length words of the template
//	empty slot    0, 0
//	foreign slot  1, 1, the hash of its HTML
//	component     3, 1, its number
//	memo          2, length, key, then the words of the slot that it holds
//	list slot     fingerprint, length, count, then count entries
//	list entry    key, length, then length words of the loop body
//
// The next render walks the old tape in step with the templates. For
//
//	<p>{ name }</p> if on { <b>{ n }</b> }
//
// with name "ann", on and n = 3 it reads
//
//	[ fp(p) 4  hash("ann")  fp(b) 1  3 ]
//
// and while the structure stays, as when n becomes 4, the words are compared
// and replaced in place; the undo log can put them back. When the structure
// changes, as when on becomes false, the walked part of the old tape is copied
// once and the render goes on writing there, still reading the old one at pos.
type tape struct {
	old    []uint64
	pos    int      // in old: the next word to compare
	next   []uint64 // the tape being written, once forked
	forked bool
	fresh  bool // inside something the client does not have; implies forked
	undo   []change
}

type change struct {
	pos  int
	word uint64
}

// changed puts the word of the next slot on the tape and reports whether the
// client has to be told.
func (t *tape) changed(word uint64) bool {
	if t.fresh {
		t.next = append(t.next, word)
		return true
	}
	was := t.old[t.pos]
	if t.forked {
		t.next = append(t.next, word)
	} else if was != word {
		t.undo = append(t.undo, change{t.pos, was})
		t.old[t.pos] = word
	}
	t.pos++
	return was != word
}

// enter writes the header of a nested slot. If the client has something else in
// its place, that is passed over and fresh is set. It returns where the header
// stands and, unless fresh, where the slot ends in the old tape.
func (t *tape) enter(fingerprint uint64) (head, end int) {
	if !t.fresh {
		end = t.pos + 2 + int(t.old[t.pos+1])
		if t.old[t.pos] == fingerprint {
			return t.header(fingerprint), end
		}
		t.fork()
		t.pos = end
		t.fresh = true
	}
	head = len(t.next)
	t.next = append(t.next, fingerprint, 0)
	return head, 0
}

// header keeps a header that the old tape has at pos too.
func (t *tape) header(word uint64) (head int) {
	head = t.pos
	t.pos += 2
	if t.forked {
		head = len(t.next)
		t.next = append(t.next, word, 0)
	}
	return head
}

// seal writes the length into the header of a slot that ends here, below what
// own may have written there.
func (t *tape) seal(head int) {
	if t.forked {
		t.next[head+1] = t.next[head+1]&^math.MaxUint32 | uint64(len(t.next)-head-2)
	}
}

// own notes in the header of an entry which row of a tracked list it shows.
func (t *tape) own(head int, id uint64) {
	t.replace(head+1, id<<32|uint64(uint32(t.word(head+1))))
}

// word returns a word of the tape being written.
func (t *tape) word(pos int) uint64 {
	if t.forked {
		return t.next[pos]
	}
	return t.old[pos]
}

// replace puts another word in its place.
func (t *tape) replace(pos int, word uint64) {
	if t.forked {
		t.next[pos] = word
		return
	}
	if was := t.old[pos]; was != word {
		t.undo = append(t.undo, change{pos, was})
		t.old[pos] = word
	}
}

// keep passes over the old tape up to end, where the client has everything.
func (t *tape) keep(end int) {
	if t.forked {
		t.next = append(t.next, t.old[t.pos:end]...)
	}
	t.pos = end
}

// fork begins the next tape with what was walked so far.
func (t *tape) fork() {
	if !t.forked {
		t.forked = true
		t.next = append(t.next[:0], t.old[:t.pos]...)
	}
}

// rollback puts the old tape back as it was. What was replaced last is put back
// first, as a word may have been replaced twice.
func (t *tape) rollback() {
	for _, c := range slices.Backward(t.undo) {
		t.old[c.pos] = c.word
	}
}
