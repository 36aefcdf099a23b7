package wire

import (
	"errors"
	"fmt"
)

// Limits on what a client may send. They are far above what the official
// client produces.
const (
	// MaxDepth is how deep arrays and objects of a message may nest, the
	// message itself included.
	MaxDepth = 64
	// MaxRef bounds join_ref and ref, in bytes.
	MaxRef = 64
	// MaxName bounds topic and event, in bytes: what a binary frame can carry.
	MaxName = 255
)

// ErrDepth is wrapped by errors for messages that nest deeper than [MaxDepth].
var ErrDepth = errors.New("nested too deeply")

// errNotUTF8 is the error for a payload that is no text.
var errNotUTF8 = errors.New("wire: payload: want UTF-8, got other bytes")

// A SyntaxError tells where a message stops being what it should be.
type SyntaxError struct {
	Offset int    // in bytes from the start of what was parsed
	Want   string // what would have been right there
	Got    string // what stood there: a quoted character or "the end"
}

// Error is the sentence "wire: offset 3: want X, got Y".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("wire: offset %d: want %s, got %s", e.Offset, e.Want, e.Got)
}

// A FieldError tells which member of a message has a wrong value.
type FieldError struct {
	Field string // as on the wire: "join_ref", "event", "params._mounts"
	Want  string
	Got   string
}

// Error is the sentence "wire: field: want X, got Y".
func (e *FieldError) Error() string {
	return fmt.Sprintf("wire: %s: want %s, got %s", e.Field, e.Want, e.Got)
}

// tooLong is the error for a header field above its limit.
func tooLong(field string, n, limit int) error {
	return &FieldError{field, fmt.Sprintf("at most %d bytes", limit), fmt.Sprint(n)}
}

// kind names the sort of a JSON value by its first byte, for errors.
func kind(raw []byte) string {
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}
