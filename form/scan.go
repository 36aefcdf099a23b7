package form

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON (RFC 8259) from bytes that come from outside. It accepts
// what encoding/json accepts, up to the limits, and reads invalid UTF-8 and
// lone surrogates as U+FFFD like it.
type scanner struct {
	data    []byte
	pos     int
	depth   int
	values  int
	scratch []byte // the last text that had escapes in it
}

// bad is the error of a text that goes wrong at the scanner's position.
func (s *scanner) bad(want string) error {
	if s.pos >= len(s.data) {
		return fmt.Errorf("form: JSON ends at byte %d, expected %s: %w", s.pos, want, ErrSyntax)
	}
	return fmt.Errorf("form: JSON at byte %d: expected %s, got %q: %w", s.pos, want, s.data[s.pos], ErrSyntax)
}

// peek skips white space and is the next byte, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\n', '\r', '\t':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// end checks that nothing but white space is left.
func (s *scanner) end() error {
	if s.peek(); s.pos < len(s.data) {
		return s.bad("the end")
	}
	return nil
}

// enter steps into an object or a list, past its bracket.
func (s *scanner) enter() error {
	if s.depth == maxDepth {
		return errTooDeep()
	}
	s.depth++
	s.pos++
	return nil
}

// leave steps out of an object or a list, past its bracket.
func (s *scanner) leave() {
	s.depth--
	s.pos++
}

// count counts one more value.
func (s *scanner) count() error {
	if s.values++; s.values > maxValues {
		return errTooMany("values", maxValues)
	}
	return nil
}

// key reads the key of an object's member and the colon behind it. The key
// stays valid while the member is read.
func (s *scanner) key() ([]byte, error) {
	if s.peek() != '"' {
		return nil, s.bad("a key in quotes")
	}
	own := s.scratch
	s.scratch = nil // so that an unescaped key is not overwritten by the value
	key, err := s.text()
	s.scratch = own
	if err != nil {
		return nil, err
	}
	if s.peek() != ':' {
		return nil, s.bad(`":"`)
	}
	s.pos++
	return key, nil
}

// next steps to the next item of an object or a list that ends with close;
// more is false when that is reached. first says that no item was read yet.
func (s *scanner) next(close byte, first bool) (more bool, err error) {
	switch c := s.peek(); {
	case c == close:
		return false, nil
	case first:
		return true, nil
	case c == ',':
		s.pos++
		if s.peek() == close {
			return false, s.bad("another item")
		}
		return true, nil
	case close == '}':
		return false, s.bad(`"," or "}"`)
	}
	return false, s.bad(`"," or "]"`)
}

// text reads a string, whose quote is next. The result is a part of the data
// or of scratch, valid until the next call.
func (s *scanner) text() ([]byte, error) {
	start := s.pos + 1
	var high byte
	for i := start; i < len(s.data); i++ {
		c := s.data[i]
		switch {
		case c == '"':
			s.pos = i + 1
			text := s.data[start:i]
			if high >= utf8.RuneSelf && !utf8.Valid(text) {
				s.scratch = appendValid(s.scratch[:0], text)
				return s.scratch, nil
			}
			return text, nil
		case c == '\\':
			s.pos = i
			s.scratch = append(s.scratch[:0], s.data[start:i]...)
			return s.escapedText()
		case c < ' ':
			s.pos = i
			return nil, s.bad("no control character in text")
		}
		high |= c
	}
	s.pos = len(s.data)
	return nil, s.bad("a closing quote")
}

// escapedText goes on with a string at its first backslash; what stood before
// is in scratch.
func (s *scanner) escapedText() ([]byte, error) {
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		switch {
		case c == '"':
			s.pos++
			if !utf8.Valid(s.scratch) {
				s.scratch = appendValid(make([]byte, 0, len(s.scratch)+8), s.scratch)
			}
			return s.scratch, nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return nil, err
			}
		case c < ' ':
			return nil, s.bad("no control character in text")
		default:
			s.scratch = append(s.scratch, c)
			s.pos++
		}
	}
	return nil, s.bad("a closing quote")
}

// escape reads one escape sequence into scratch.
func (s *scanner) escape() error {
	s.pos++
	if s.pos == len(s.data) {
		return s.bad("an escape")
	}
	c := s.data[s.pos]
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return s.escapedRune()
	default:
		return s.bad(`an escape, one of "\/bfnrtu`)
	}
	s.scratch = append(s.scratch, c)
	s.pos++
	return nil
}

// escapedRune reads the four digits behind \u, and the second half of a
// surrogate pair when one follows.
func (s *scanner) escapedRune() error {
	s.pos++
	r, ok := hex4(s.data[s.pos:])
	if !ok {
		return s.bad("four hexadecimal digits")
	}
	s.pos += 4
	if utf16.IsSurrogate(r) {
		rest := s.data[s.pos:]
		if len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
			if low, ok := hex4(rest[2:]); ok {
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					s.pos += 6
					s.scratch = utf8.AppendRune(s.scratch, pair)
					return nil
				}
			}
		}
		r = utf8.RuneError
	}
	s.scratch = utf8.AppendRune(s.scratch, r)
	return nil
}

// hex4 is the number that text begins with in four hexadecimal digits.
func hex4(text []byte) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range text[:4] {
		d, ok := unhex(c)
		if !ok {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}

func unhex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// number reads a number and is its text.
func (s *scanner) number() ([]byte, error) {
	start := s.pos
	if s.data[s.pos] == '-' {
		s.pos++
	}
	if s.pos < len(s.data) && s.data[s.pos] == '0' {
		s.pos++
	} else if !s.digits() {
		return nil, s.bad("a digit")
	}
	if s.pos < len(s.data) && s.data[s.pos] == '.' {
		s.pos++
		if !s.digits() {
			return nil, s.bad("a digit")
		}
	}
	if s.pos < len(s.data) && s.data[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.data) && (s.data[s.pos] == '+' || s.data[s.pos] == '-') {
			s.pos++
		}
		if !s.digits() {
			return nil, s.bad("a digit")
		}
	}
	return s.data[start:s.pos], nil
}

// digits skips digits and reports whether there were any.
func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && '0' <= s.data[s.pos] && s.data[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start
}

// word reads true, false or null.
func (s *scanner) word() ([]byte, error) {
	for _, w := range [...]string{"true", "false", "null"} {
		if rest := s.data[s.pos:]; len(rest) >= len(w) && string(rest[:len(w)]) == w {
			s.pos += len(w)
			return rest[:len(w)], nil
		}
	}
	return nil, s.bad("a value")
}

// skip reads past one value, checking it like any other.
func (s *scanner) skip() error {
	if err := s.count(); err != nil {
		return err
	}
	switch c := s.peek(); {
	case c == '"':
		_, err := s.text()
		return err
	case c == '{', c == '[':
		return s.skipAll(c)
	case c == '-', '0' <= c && c <= '9':
		_, err := s.number()
		return err
	}
	_, err := s.word()
	return err
}

// skipAll reads past the object or list that begins with open.
func (s *scanner) skipAll(open byte) error {
	close := open + 2 // in ASCII, of both kinds
	if err := s.enter(); err != nil {
		return err
	}
	for n := 0; ; n++ {
		more, err := s.next(close, n == 0)
		if err != nil {
			return err
		}
		if !more {
			s.leave()
			return nil
		}
		if open == '{' {
			if _, err := s.key(); err != nil {
				return err
			}
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}
