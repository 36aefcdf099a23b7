package templgen

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ/parser/v2"
)

// A position is a place in a templ file as people and the Go compiler count:
// both from one, columns in bytes.
type position struct{ line, col int }

// A source is the text of a templ file.
type source struct {
	name  string // without directory
	text  string
	lines []int // offset at which each line begins
}

// newSource reads the line ends of Windows as those of Go: the same template
// gives the same Go wherever it was checked out.
func newSource(name, text string) *source {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	s := &source{name: name, text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// at returns the position of a byte of the text.
func (s *source) at(offset int) position {
	offset = min(max(offset, 0), len(s.text))
	n := sort.SearchInts(s.lines, offset+1) - 1
	return position{line: n + 1, col: offset - s.lines[n] + 1}
}

// skipSpace returns the offset of the first byte from offset on that is not
// whitespace.
func (s *source) skipSpace(offset int) int {
	offset = min(max(offset, 0), len(s.text))
	for offset < len(s.text) {
		r, n := utf8.DecodeRuneInString(s.text[offset:])
		if !unicode.IsSpace(r) {
			break
		}
		offset += n
	}
	return offset
}

// offset returns where the value of an expression begins. The parser cuts
// space from the front of some values without moving their range.
func (s *source) offset(e parser.Expression) int {
	from := min(max(int(e.Range.From.Index), 0), len(s.text))
	if strings.HasPrefix(s.text[from:], e.Value) {
		return from
	}
	return s.skipSpace(from)
}

// start returns the position of the first byte of an expression that is not
// whitespace.
func (s *source) start(e parser.Expression) position {
	if blank(e.Value) {
		return s.at(s.offset(e))
	}
	return s.at(s.skipSpace(int(e.Range.From.Index)))
}

// from returns the position of the first byte of a range that is not whitespace.
func (s *source) from(r parser.Range) position { return s.at(s.skipSpace(int(r.From.Index))) }
