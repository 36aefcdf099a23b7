package templgen

import (
	"fmt"
	"strconv"
	"strings"
)

// A block is what becomes one render.Template: constant strings with slots
// between them.
type block struct {
	name    string // of the variable that holds it
	root    bool   // it is exactly one element; see isRoot
	statics []string
	kinds   []byte
	cur     strings.Builder // constant text since the last slot
}

// static adds constant HTML.
func (b *block) static(html ...string) {
	for _, s := range html {
		b.cur.WriteString(s)
	}
}

// slot ends the constant text and returns the number of a new slot.
func (b *block) slot(kind byte) int {
	b.statics = append(b.statics, b.cur.String())
	b.cur.Reset()
	b.kinds = append(b.kinds, kind)
	return len(b.kinds) - 1
}

// begin opens a block. Its number counts the blocks of the template from one,
// in the order in which they open.
func (t *template) begin(root bool) *block {
	b := &block{name: fmt.Sprintf("bennuT_%s_%d", t.name, len(t.blocks)+1), root: root && t.rawText == 0}
	t.blocks = append(t.blocks, b)
	return b
}

// declare writes the variable of a block.
func (f *file) declare(b *block) {
	statics := append(b.statics, b.cur.String())
	b.statics, b.cur = statics, strings.Builder{}
	flags := "0"
	if b.root {
		flags = "bennurender.Root"
	}
	f.out.printf("var %s = bennurender.New(%#x, %s", b.name, b.fingerprint(f), flags)
	for _, s := range statics {
		f.out.printf(", %s", quote(s))
	}
	f.out.printf(")\n")
}

// quote writes a Go string, without escapes where they would only hide quotes.
func quote(s string) string {
	if strings.Contains(s, `"`) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}
