package pubsub

import (
	"fmt"
	"net/http"
	"unicode"
	"unicode/utf8"
)

const (
	// MaxName is how many bytes the name of a topic has at most.
	MaxName = 512
	maxNode = 64
	// shown is how much of a name that is no good an error shows.
	shown = 60
)

// A NameError says what is wrong with the name of a topic. Its HTTP status is
// 400: names that are no good come from outside.
type NameError struct {
	Name string
	Want string // what is expected
}

func (e *NameError) Error() string {
	name := e.Name
	if len(name) > shown {
		name = name[:shown] + "…"
	}
	return fmt.Sprintf("pubsub: topic %q: %s", name, e.Want)
}

// HTTPStatus is 400.
func (e *NameError) HTTPStatus() int { return http.StatusBadRequest }

// CheckName says whether a topic can have this name. The error is a [*NameError].
func CheckName(name string) error {
	switch {
	case name == "":
		return &NameError{name, "want a name, got none"}
	case len(name) > MaxName:
		return &NameError{name, fmt.Sprintf("want at most %d bytes, got %d", MaxName, len(name))}
	}
	for i, r := range name {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(name[i:]); n == 1 {
				return &NameError{name, fmt.Sprintf("want UTF-8, got byte %#x at %d", name[i], i)}
			}
		}
		if !unicode.IsPrint(r) {
			return &NameError{name, fmt.Sprintf("want printable characters and spaces, got %U at %d", r, i)}
		}
	}
	return nil
}

// checkNode says whether a node can have this name, which carriers put into
// subjects, channels and names of queues.
func checkNode(name string) error {
	if name == "" || len(name) > maxNode {
		return fmt.Errorf("pubsub: node name %.80q: want 1 to %d of a-z, A-Z, 0-9, - and _, got %d bytes", name, maxNode, len(name))
	}
	for i, c := range []byte(name) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return fmt.Errorf("pubsub: node name %.80q: want a-z, A-Z, 0-9, - and _, got %q at %d", name, c, i)
		}
	}
	return nil
}
