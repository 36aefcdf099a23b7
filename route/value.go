package route

import (
	"encoding"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// Param is a value that says itself how it stands in an address. A post may be
// known there by its id and title:
//
//	func (p Post) Param() string { return fmt.Sprintf("%d-%s", p.ID, p.Slug) }
//
// It is called on the goroutine that makes the address.
type Param interface {
	Param() string
}

// Segment is a value as one segment of a path, escaped. An empty text becomes a
// blank, and of "." and "..", which browsers take for directories, the dots are
// escaped twice: such addresses reach their route, which finds nothing there.
// It panics for a value of another kind than the package comment names.
func Segment(value any) string {
	s, ok := text(value)
	if !ok {
		panic(fmt.Sprintf("route: %T cannot be a part of a path: want a string, an integer, or a type with a method Param() string", value))
	}
	return segment(s)
}

func segment(s string) string {
	switch s {
	case "":
		return "%20"
	case ".":
		return "%252E"
	case "..":
		return "%252E%252E"
	}
	return url.PathEscape(s)
}

// Rest is a path of any number of segments, for a wildcard such as {path...}.
// Slashes divide it; empty segments are left out, but for the last one.
func Rest(path string) string {
	var b strings.Builder
	b.Grow(len(path))
	for i, n := 0, len(path); i < n; {
		end := strings.IndexByte(path[i:], '/')
		if end < 0 {
			b.WriteString(segment(path[i:]))
			break
		}
		if end > 0 {
			b.WriteString(segment(path[i : i+end]))
			b.WriteByte('/')
		}
		i += end + 1
	}
	return b.String()
}

// text is a value in words. What a type says of itself goes before its kind.
func text(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case Param:
		if isNil(v) {
			return "", false
		}
		return v.Param(), true
	case encoding.TextMarshaler:
		if isNil(v) {
			return "", false
		}
		b, err := v.MarshalText()
		return string(b), err == nil
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.String:
		return v.String(), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10), true
	}
	if v, ok := value.(fmt.Stringer); ok && !isNil(v) {
		return v.String(), true
	}
	return "", false
}

// isNil reports a pointer to nothing, whose methods would panic.
func isNil(value any) bool {
	v := reflect.ValueOf(value)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
