package form

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	// ErrSyntax is in the chain of every error about input that is no JSON or
	// no URL-encoded text at all. Browsers do not send such input.
	ErrSyntax = errors.New("malformed input")
	// ErrLimit is in the chain of every error about input above the limits of
	// this package; an HTTP handler answers it with status 413.
	ErrLimit = errors.New("input above the limits")
)

// FieldError says what is wrong with one value.
type FieldError struct {
	// Path is the name of the value as the client sent it, in the notation of
	// HTML forms: "number", "user[name]", "items[3][price]". It is "" when the
	// whole payload is meant.
	Path string
	// Value is the text that came, shortened to some tens of bytes; "" when
	// nothing came.
	Value string
	// Message says what was expected and what came:
	// expected a whole number, got "abc".
	Message string
}

// Error is the path and the message.
func (e FieldError) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return e.Path + ": " + e.Message
}

// Errors are all the values of one input that did not fit, in the order in
// which they came; missing ones follow. What fitted has been decoded
// nevertheless.
type Errors []FieldError

// Error lists the first few errors.
func (e Errors) Error() string {
	const shown = 5
	var b strings.Builder
	b.WriteString("form: ")
	for i, f := range e[:min(len(e), shown)] {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.Error())
	}
	if len(e) > shown {
		fmt.Fprintf(&b, "; and %d more", len(e)-shown)
	}
	return b.String()
}

// Get is the first error of this path, and whether there is one.
func (e Errors) Get(path string) (FieldError, bool) {
	for _, f := range e {
		if f.Path == path {
			return f, true
		}
	}
	return FieldError{}, false
}

// problems collects errors while a value is decoded.
type problems struct{ list Errors }

// add notes one error, up to a number that nobody reads to the end.
func (p *problems) add(at *place, value, message string) {
	if len(p.list) < maxErrors {
		p.list = append(p.list, FieldError{Path: at.String(), Value: value, Message: message})
	}
}

// mismatch notes that text came where something else was expected.
func (p *problems) mismatch(at *place, want string, text []byte) {
	value := shorten(text)
	p.add(at, value, "expected "+want+", got "+strconv.Quote(value))
}

// misplaced notes that a list or an object came where something else was expected.
func (p *problems) misplaced(at *place, want, got string) {
	p.add(at, "", "expected "+want+", got "+got)
}

// err is the collected errors as an error, nil when there are none.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return p.list
}

// shorten cuts text from outside to a length that fits into a message.
func shorten(text []byte) string {
	const limit = 48
	if len(text) <= limit {
		return strings.ToValidUTF8(string(text), "\uFFFD")
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return strings.ToValidUTF8(string(text[:cut]), "\uFFFD") + "…"
}

// place is where a value stands: a chain of frames on the stack, from the
// innermost out, put into words only when something is wrong there.
type place struct {
	up    *place
	name  []byte // key of an object or a segment of a name; empty for []
	index int    // position in a JSON list, when name is nil
}

// String is the place in the notation of HTML forms.
func (p *place) String() string {
	if p == nil {
		return ""
	}
	var chain [maxDepth + 1]*place
	n := 0
	for ; p != nil && n < len(chain); p = p.up {
		chain[n] = p
		n++
	}
	var b strings.Builder
	for i := n - 1; i >= 0; i-- {
		segment := strconv.Itoa(chain[i].index)
		if chain[i].name != nil {
			segment = shorten(chain[i].name)
		}
		if i == n-1 {
			b.WriteString(segment)
			continue
		}
		b.WriteString("[" + segment + "]")
	}
	return b.String()
}
