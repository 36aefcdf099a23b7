package form

import "fmt"

// Everything decoded here comes from outside. The limits bound the work and
// the memory that one input can ask for, whatever type it is decoded into.
const (
	maxDepth  = 16     // levels of nesting
	maxKeys   = 1000   // members of one JSON object, pairs of one query
	maxItems  = 1000   // items of one list, and the highest index is one less
	maxValues = 10_000 // values of one JSON text, those in lists included
	maxErrors = 100    // errors that are reported
)

func errTooDeep() error {
	return fmt.Errorf("form: nested deeper than %d levels: %w", maxDepth, ErrLimit)
}

func errTooMany(what string, limit int) error {
	return fmt.Errorf("form: more than %d %s: %w", limit, what, ErrLimit)
}
