package bennu

import (
	"fmt"
	"strings"

	"bennu/live"
)

// maxCauses bounds how many errors of a chain a page shows.
const maxCauses = 20

// isPlain reports an error that says nothing but its text and what it wraps.
func isPlain(err error) bool {
	switch err.(type) {
	case *statusError, *live.PanicError:
		return true
	}
	pkg := strings.TrimPrefix(fmt.Sprintf("%T", err), "*")
	return strings.HasPrefix(pkg, "fmt.") || strings.HasPrefix(pkg, "errors.")
}

// errorType is what an error is called: the type of the first one in its chain
// that has a type of its own, or else "error".
func errorType(err error) string {
	found := "error"
	eachError(err, func(err error) bool {
		if !isPlain(err) {
			found = fmt.Sprintf("%T", err)
			return false
		}
		return true
	})
	return found
}

// causes are the errors in the chain of an error, from the one that it wraps
// to the first one. Those that only hand another one on are left out.
func causes(err error) []debugRow {
	var list []debugRow
	last := err.Error()
	eachError(err, func(err error) bool {
		text := err.Error()
		if text == last {
			return true
		}
		last = text
		name := "error"
		if !isPlain(err) {
			name = fmt.Sprintf("%T", err)
		}
		list = append(list, debugRow{name, cut(text, maxMessage)})
		return len(list) < maxCauses
	})
	return list
}

// eachError calls visit with an error and with what it wraps, depth first,
// until visit returns false. A chain that has no end is cut.
func eachError(err error, visit func(error) bool) {
	left := 10 * maxCauses
	var walk func(error) bool
	walk = func(err error) bool {
		if err == nil {
			return true
		}
		if left--; left < 0 || !visit(err) {
			return false
		}
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			return walk(wrapper.Unwrap())
		case interface{ Unwrap() []error }:
			for _, err := range wrapper.Unwrap() {
				if !walk(err) {
					return false
				}
			}
		}
		return true
	}
	walk(err)
}
