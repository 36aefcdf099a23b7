package templgen

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
)

// Kinds of slots, as far as package render lays them out differently.
const (
	kindText    = 't' // one word
	kindNested  = 'n' // a template, a component or nothing
	kindList    = 'l' // the entries of a loop
	kindTracked = 'e' // the entries of a loop over live.Each
)

// fingerprint identifies a block: by the place where it stands, because two
// blocks with equal text may have their slots evaluated differently, and by
// its text and kinds of slots, because a page in a browser may have been
// written by an older build. Nothing of the machine goes in.
func (b *block) fingerprint(f *file) uint64 {
	h := sha256.New()
	for _, s := range []string{f.packageName, f.src.name, b.name, string(b.kinds)} {
		writeString(h, s)
	}
	fmt.Fprintf(h, "%v %d\n", b.root, len(b.statics))
	for _, s := range b.statics {
		writeString(h, s)
	}
	sum := binary.BigEndian.Uint64(h.Sum(nil))
	return sum | 1<<63 // small numbers are reserved by package render
}

// writeString writes s so that no two lists of strings give the same bytes.
func writeString(w io.Writer, s string) {
	fmt.Fprintf(w, "%d:%s\n", len(s), s)
}
