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

// problems collects errors while a value is decoded. A value notes its error
// without knowing where it stands; whoever read it for a member or an item puts
// that name before the path, so that input that fits pays nothing for paths.
// Until err is called, a path is all in brackets: [user][name].
type problems struct{ errs Errors }

// add notes one error, up to a number that nobody reads to the end.
func (p *problems) add(value, message string) {
	if len(p.errs) < maxErrors {
		p.errs = append(p.errs, FieldError{Value: value, Message: message})
	}
}

// mismatch notes that text came where something else was expected.
func (p *problems) mismatch(want string, text []byte) {
	value := shorten(text)
	p.add(value, "expected "+want+", got "+strconv.Quote(value))
}

// misplaced notes that a list or an object came where something else was expected.
func (p *problems) misplaced(want, got string) {
	p.add("", "expected "+want+", got "+got)
}

// inside says that all errors from number mark on belong to values inside name.
func (p *problems) inside(name []byte, mark int) {
	for i := mark; i < len(p.errs); i++ {
		p.errs[i].Path = "[" + shorten(name) + "]" + p.errs[i].Path
	}
}

// insideItem is inside for the items of a JSON list.
func (p *problems) insideItem(index, mark int) {
	if mark < len(p.errs) {
		p.inside(strconv.AppendInt(nil, int64(index), 10), mark)
	}
}

// err is the collected errors as an error, nil when there are none.
func (p *problems) err() error {
	if len(p.errs) == 0 {
		return nil
	}
	for i := range p.errs {
		if path := p.errs[i].Path; path != "" {
			first, rest, _ := strings.Cut(path[1:], "]")
			p.errs[i].Path = first + rest
		}
	}
	return p.errs
}

// shorten cuts text from outside to a length that fits into a message.
func shorten(text []byte) string {
	const limit = 48
	valid := strings.ToValidUTF8(string(text), "\uFFFD") // longer than what it stands for
	if len(valid) <= limit {
		return valid
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(valid[cut]) {
		cut--
	}
	return valid[:cut] + "…"
}
