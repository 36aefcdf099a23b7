package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// A scanner walks one JSON text from left to right. It accepts exactly what
// RFC 8259 and encoding/json accept, nested at most MaxDepth deep. The first
// error stays; methods then return their zero value.
type scanner struct {
	data []byte
	pos  int
	err  error
}

// fail notes what was expected at the current position.
func (s *scanner) fail(want string) {
	if s.err != nil {
		return
	}
	got := "the end"
	if s.pos < len(s.data) {
		got = fmt.Sprintf("%q", s.data[s.pos])
	}
	s.err = &SyntaxError{s.pos, want, got}
}

// peek skips white space and returns the byte that follows, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// take consumes c, after white space, or fails wanting what c is called.
func (s *scanner) take(c byte, want string) bool {
	if s.err != nil {
		return false
	}
	if s.peek() != c || s.pos == len(s.data) {
		s.fail(want)
		return false
	}
	s.pos++
	return true
}

// end fails unless only white space is left.
func (s *scanner) end() {
	if s.err != nil {
		return
	}
	s.peek()
	if s.pos < len(s.data) {
		s.fail("the end")
	}
}

// skipString moves over a string, whose opening quote is at the current
// position, and reports whether it holds a backslash.
func (s *scanner) skipString() (escaped bool) {
	i := s.pos + 1
	for {
		i = plain(s.data, i)
		if i >= len(s.data) {
			s.pos = len(s.data)
			s.fail("the end of a string")
			return escaped
		}
		switch s.data[i] {
		case '"':
			s.pos = i + 1
			return escaped
		case '\\':
			escaped = true
			n := escapeLen(s.data[i:])
			if n == 0 {
				s.pos = i
				s.fail("an escape sequence")
				return escaped
			}
			i += n
		default:
			s.pos = i
			s.fail("no control character in a string")
			return escaped
		}
	}
}

// plain is the first index from i on that holds a quote, a backslash or a
// control character, or len(b). It looks at eight bytes at a time: for each of
// the three classes the subtraction borrows into the top bit of a byte that
// belongs to it, and a byte above 0x7f belongs to none.
func plain(b []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for i+8 <= len(b) {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, slash := w^ones*'"', w^ones*'\\'
		if ((w-ones*0x20)&^w|(quote-ones)&^quote|(slash-ones)&^slash)&tops != 0 {
			break
		}
		i += 8
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < 0x20 || c == '"' || c == '\\' {
			return i
		}
	}
	return i
}

// escapeLen is the length of the escape sequence that b starts with, 0 if
// there is none.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(b) < 6 {
			return 0
		}
		for _, c := range b[2:6] {
			if !(c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'f') {
				return 0
			}
		}
		return 6
	}
	return 0
}

// text reads a string and returns its value: a part of the data when it has no
// escape sequence, which is the usual case. It is never nil without an error.
func (s *scanner) text(want string) []byte {
	if s.err != nil {
		return nil
	}
	if s.peek() != '"' {
		s.fail(want)
		return nil
	}
	start := s.pos
	escaped := s.skipString()
	if s.err != nil {
		return nil
	}
	if !escaped {
		return s.data[start+1 : s.pos-1 : s.pos-1]
	}
	var v string
	if err := json.Unmarshal(s.data[start:s.pos], &v); err != nil {
		s.pos = start
		s.fail(want)
		return nil
	}
	return []byte(v)
}

// textOrNull is text, or nil for null.
func (s *scanner) textOrNull(want string) []byte {
	if s.err == nil && s.peek() == 'n' {
		s.literal("null")
		return nil
	}
	return s.text(want)
}

// literal moves over one of the three words of JSON.
func (s *scanner) literal(word string) {
	if len(s.data)-s.pos < len(word) || string(s.data[s.pos:s.pos+len(word)]) != word {
		s.fail(word)
		return
	}
	s.pos += len(word)
}

// number moves over a number that starts at the current position.
func (s *scanner) number() {
	if s.data[s.pos] == '-' {
		s.pos++
	}
	if s.pos < len(s.data) && s.data[s.pos] == '0' {
		s.pos++
	} else {
		s.digits()
	}
	if s.pos < len(s.data) && s.data[s.pos] == '.' {
		s.pos++
		s.digits()
	}
	if s.pos < len(s.data) && s.data[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.data) && (s.data[s.pos] == '+' || s.data[s.pos] == '-') {
			s.pos++
		}
		s.digits()
	}
}

// digits moves over one digit or more.
func (s *scanner) digits() {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos]-'0' <= 9 {
		s.pos++
	}
	if s.pos == start {
		s.fail("a digit")
	}
}

// value reads any value and returns its text. Outer is how deep the value
// already stands in the message.
//
// It is a loop, not a recursion, so that no message can grow the stack of the
// goroutine that reads a connection: the kinds of the open brackets are bits of
// one word, 1 for an object, the innermost last.
func (s *scanner) value(outer int) []byte {
	if s.err != nil {
		return nil
	}
	c := s.peek()
	start, level := s.pos, 0
	var kinds uint64
	for {
		switch c {
		case '{', '[':
			if level++; outer+level > MaxDepth {
				s.err = fmt.Errorf("wire: offset %d: more than %d levels: %w", s.pos, MaxDepth, ErrDepth)
				return nil
			}
			s.pos++
			kinds <<= 1
			closing := byte(']')
			if c == '{' {
				kinds |= 1
				closing = '}'
			}
			if c = s.peek(); c != closing {
				if kinds&1 == 1 {
					c = s.key(c)
				}
				if s.err != nil {
					return nil
				}
				continue
			}
		case '"':
			s.skipString()
		case 't':
			s.literal("true")
		case 'f':
			s.literal("false")
		case 'n':
			s.literal("null")
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			s.number()
		default:
			s.fail("a value")
		}
		if s.err != nil {
			return nil
		}
		// A value is complete, or an empty pair of brackets is about to close.
		for level > 0 {
			c = s.peek()
			object := kinds&1 == 1
			if c == ',' {
				s.pos++
				c = s.peek()
				if object {
					c = s.key(c)
				}
				break
			}
			if object && c != '}' || !object && c != ']' {
				s.fail("a comma or the closing bracket")
				break
			}
			s.pos++
			level--
			kinds >>= 1
		}
		if s.err != nil {
			return nil
		}
		if level == 0 {
			return s.data[start:s.pos:s.pos]
		}
	}
}

// key moves over the key of a member, which starts with c, and its colon, and
// returns the first byte of the member's value.
func (s *scanner) key(c byte) byte {
	if c != '"' {
		s.fail("a key")
		return 0
	}
	s.skipString()
	if !s.take(':', "a colon") {
		return 0
	}
	return s.peek()
}
