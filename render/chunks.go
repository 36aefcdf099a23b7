package render

// A chunked list goes over the wire as a list of lists. In a plain list a row
// that is inserted on top moves all that follow, and each of them is told its
// new index; here only the rows of its chunk are, and the chunks behind it.
//
// Where a chunk begins is decided by the key of a row alone, so nothing has to
// be remembered and the same rows make the same chunks wherever they stand:
// with * for the keys that begin one,
//
//	a b *c d e *f g      [a b] [*c d e] [*f g]
//	x a b *c d e *f g    [x a b] [*c d e] [*f g]
//
// A chunk is found again by the key it begins with. Only the first one may
// begin without such a key and is then found as the one that does. When a row
// is inserted before it that begins a chunk, it becomes the chunk of that row:
//
//	*y a b *c d e *f g   [*y a b] [*c d e] [*f g]

// chunkBits makes one key in 32 begin a chunk.
const chunkBits = 5

// noKey is that of a first chunk which begins without a key of its own.
const noKey = 0

// chunkList is the list of chunks in every chunked loop. Each chunk has one
// slot, the list of its rows.
var chunkList = New(firstFree+1, 0, "", "")

// Chunks is a chunked loop being written.
type Chunks struct {
	w    *Writer
	body *Template
	open bool // a chunk is
	rows uint64
}

// Chunks opens a list in a slot as For does; t is the body of the loop. Each
// round is Entry of the result, the slots of t and EndEntry of the writer. End
// closes the list.
func (w *Writer) Chunks(slot int, t *Template) Chunks {
	if w.html {
		w.For(slot, t)
	} else {
		w.For(slot, chunkList)
	}
	return Chunks{w: w, body: t}
}

// Entry opens the next row, in a chunk of its own if its key begins one.
func (c *Chunks) Entry(key uint64) {
	w := c.w
	if w.html {
		return
	}
	c.rows++
	chunk := hashWord(key)
	begins := chunk>>(64-chunkBits) == 0
	if begins || !c.open {
		c.close()
		switch {
		case !begins:
			w.Entry(noKey)
		case w.inherits(chunk):
			w.Entry(noKey)
			w.fork()
			w.next[w.stack[len(w.stack)-1].head] = chunk
		default:
			w.Entry(chunk)
		}
		w.For(0, c.body)
		c.open = true
	}
	w.Entry(key)
}

// EntryIndex opens the next row of a loop without keys.
func (c *Chunks) EntryIndex() { c.Entry(c.rows) }

// inherits reports whether the next chunk, which is new to the client and the
// first one, takes the place of a first one that had no key. Both hold the same
// rows but for those on top.
func (w *Writer) inherits(chunk uint64) bool {
	l := &w.lists[len(w.lists)-1]
	if w.fresh || l.count > 0 || l.oldCount == 0 || w.old[w.pos] != noKey {
		return false
	}
	_, known := w.scan(l, chunk, w.after(oldEntry{w.pos, 0}), l.end)
	return !known
}

// End closes the list.
func (c *Chunks) End() {
	c.close()
	c.w.EndFor()
}

func (c *Chunks) close() {
	if c.open {
		c.open = false
		c.w.EndFor()
		c.w.EndEntry()
	}
}
