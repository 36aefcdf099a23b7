package js

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Selector is a CSS selector: the command is for all elements of the page that
// it matches. Self is the element that the commands are on, and what Closest and
// Inner return starts from that one.
type Selector string

// Self is the element that the commands are on.
const Self Selector = ""

// The client's two other ways to look for elements are written as pseudo-classes
// that CSS does not have.
const (
	closest = ":closest("
	inner   = ":inner("
)

// Closest is the nearest element around the one that the commands are on, or
// that one itself, that matches the selector; none if there is no such element.
func Closest(selector Selector) Selector { return scope(closest, selector) }

// Inner are the elements inside the one that the commands are on that match the
// selector.
func Inner(selector Selector) Selector { return scope(inner, selector) }

func scope(kind string, selector Selector) Selector {
	if selector == Self || selector.scoped() {
		panic(fmt.Sprintf("js: %s%s): want a CSS selector, such as \".menu\"", kind[1:], selector))
	}
	return Selector(kind) + selector + ")"
}

// ID is the selector of the element with this id, whatever characters it has.
func ID(id string) Selector {
	if id == "" {
		panic("js: ID: the id is empty")
	}
	return Selector(append([]byte{'#'}, identifier(id)...))
}

// Having is the selector of elements whose attribute has exactly this value,
// whatever characters it has: Having("data-user", name).
func Having(attribute, value string) Selector {
	if attribute == "" {
		panic("js: Having: the attribute has no name")
	}
	b := append([]byte{'['}, identifier(attribute)...)
	return Selector(append(quoted(append(b, '='), value), ']'))
}

func (s Selector) scoped() bool {
	return strings.HasPrefix(string(s), closest) || strings.HasPrefix(string(s), inner)
}

// to writes the elements that a command is for.
func (w writer) to(s Selector) writer {
	text := string(s)
	switch {
	case s == Self:
		return w
	case strings.HasPrefix(text, closest) && strings.HasSuffix(text, ")"):
		return append(append(w.name("to"), '{').text("closest", text[len(closest):len(text)-1]), '}')
	case strings.HasPrefix(text, inner) && strings.HasSuffix(text, ")"):
		return append(append(w.name("to"), '{').text("inner", text[len(inner):len(text)-1]), '}')
	}
	return w.text("to", text)
}

// identifier escapes a CSS identifier, as CSSOM says for CSS.escape
// (https://drafts.csswg.org/cssom/#serialize-an-identifier).
func identifier(text string) []byte {
	b := make([]byte, 0, len(text)+8)
	for i, r := range text {
		digit := r >= '0' && r <= '9'
		switch {
		case r == 0:
			b = utf8.AppendRune(b, utf8.RuneError)
		case r < 0x20, r == 0x7f, digit && (i == 0 || i == 1 && text[0] == '-'):
			b = fmt.Appendf(b, "\\%x ", r)
		case r == '-' && len(text) == 1:
			b = append(b, `\-`...)
		case r >= utf8.RuneSelf, r == '-', r == '_', digit, r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, '\\', byte(r))
		}
	}
	return b
}

// quoted appends a CSS string.
func quoted(b []byte, text string) []byte {
	b = append(b, '"')
	for _, r := range text {
		switch {
		case r == 0:
			b = utf8.AppendRune(b, utf8.RuneError)
		case r < 0x20, r == 0x7f:
			b = fmt.Appendf(b, "\\%x ", r)
		case r == '"', r == '\\':
			b = append(b, '\\', byte(r))
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
