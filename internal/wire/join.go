package wire

import (
	"fmt"
	"unicode/utf8"
)

// A Join is the payload of a phx_join on a view's topic. Strings are empty
// when the client sent null or nothing; all of them are its own claims until
// the tokens are verified.
type Join struct {
	// URL is the page's address when the view was not reached by a live
	// navigation; Redirect is it when it was, at every later rejoin as well.
	// Children and sticky views send neither, a hostile client may send both.
	URL      string
	Redirect string
	// Session, Static and Flash are the tokens that the page was drawn with.
	Session string
	Static  string
	Flash   string
	// Sticky says that the element outlives its page.
	Sticky bool
	// Params are the connect params as a JSON object, nil when absent, those
	// below included. [Object] walks them.
	Params []byte
	// CSRFToken is the member _csrf_token of the params.
	CSRFToken string
	// Mounts counts the joins of this view object that succeeded before,
	// MountAttempts the attempts since.
	Mounts        int
	MountAttempts int
	// TrackStatic lists the addresses of tracked assets that the page has.
	TrackStatic []string
	// Referer is the page before a live navigation.
	Referer string
}

// maxTracked bounds TrackStatic.
const maxTracked = 1024

// ParseJoin reads the payload of a phx_join. What it returns shares no memory
// with the payload, Params excepted. Unknown members are ignored, invalid UTF-8 is
// refused as by [ParseEvent].
func ParseJoin(payload []byte) (Join, error) {
	if !utf8.Valid(payload) {
		return Join{}, errNotUTF8
	}
	var j Join
	err := Object(payload, func(key, value []byte) error {
		switch string(key) {
		case "url":
			return stringField(&j.URL, "url", value)
		case "redirect":
			return stringField(&j.Redirect, "redirect", value)
		case "session":
			return stringField(&j.Session, "session", value)
		case "static":
			return stringField(&j.Static, "static", value)
		case "flash":
			return stringField(&j.Flash, "flash", value)
		case "sticky":
			return boolField(&j.Sticky, "sticky", value)
		case "params":
			return j.params(value)
		}
		return nil
	})
	if err != nil {
		return Join{}, err
	}
	return j, nil
}

// params reads the members of the connect params that the client itself adds.
func (j *Join) params(raw []byte) error {
	j.Params, j.CSRFToken, j.Mounts, j.MountAttempts, j.TrackStatic, j.Referer = nil, "", 0, 0, nil, ""
	if string(raw) == "null" {
		return nil
	}
	if raw[0] != '{' {
		return &FieldError{"params", "an object", kind(raw)}
	}
	j.Params = raw
	return Object(raw, func(key, value []byte) error {
		switch string(key) {
		case "_csrf_token":
			return stringField(&j.CSRFToken, "params._csrf_token", value)
		case "_live_referer":
			return stringField(&j.Referer, "params._live_referer", value)
		case "_mounts":
			return countField(&j.Mounts, "params._mounts", value)
		case "_mount_attempts":
			return countField(&j.MountAttempts, "params._mount_attempts", value)
		case "_track_static":
			return listField(&j.TrackStatic, "params._track_static", value)
		}
		return nil
	})
}

func stringField(dst *string, field string, raw []byte) error {
	text, ok := textOf(raw, true)
	if !ok {
		return &FieldError{field, "a string or null", kind(raw)}
	}
	*dst = string(text)
	return nil
}

func boolField(dst *bool, field string, raw []byte) error {
	switch string(raw) {
	case "true":
		*dst = true
	case "false", "null":
		*dst = false
	default:
		return &FieldError{field, "true or false", kind(raw)}
	}
	return nil
}

// countField reads an integer that cannot be negative.
func countField(dst *int, field string, raw []byte) error {
	n, ok := Int(raw)
	if string(raw) == "null" {
		n, ok = 0, true
	}
	if !ok || n < 0 {
		return &FieldError{field, "an integer of 0 or more", kind(raw)}
	}
	*dst = n
	return nil
}

// listField reads a list of strings.
func listField(dst *[]string, field string, raw []byte) error {
	*dst = nil
	if string(raw) == "null" {
		return nil
	}
	if raw[0] != '[' {
		return &FieldError{field, "a list of strings", kind(raw)}
	}
	s := scanner{data: raw, pos: 1}
	if s.peek() == ']' {
		return nil
	}
	for {
		item := s.text("a string")
		if s.err != nil {
			return &FieldError{field, "a list of strings", "another item"}
		}
		if len(*dst) == maxTracked {
			return &FieldError{field, fmt.Sprintf("at most %d items", maxTracked), "more"}
		}
		*dst = append(*dst, string(item))
		if s.peek() != ',' {
			return nil
		}
		s.pos++
	}
}
