package render

import (
	"hash/maphash"
	"reflect"
	"sync"
	"time"
)

// What the body of a tracked loop reads besides its row is one word. While it
// stays the same, rows that did not change need not be written again.
const (
	UnknownReads uint64 = 0 // anything: all rows are written every time
	NoReads      uint64 = 1 // nothing
)

// Reads returns one word for all that the body of a loop reads:
//
//	render.Reads(
//		func(r uint64) uint64 { return render.Read(r, currency) },
//		func(r uint64) uint64 { return render.Read(r, v.Selected.ID) },
//	)
//
// The body may read things under a condition. One that runs into a nil pointer
// counts as the value nil: as long as it does, the body does not read it.
func Reads(all ...func(uint64) uint64) uint64 {
	reads := NoReads
	for _, read := range all {
		reads = readOne(reads, read)
	}
	return reads
}

func readOne(before uint64, read func(uint64) uint64) (after uint64) {
	defer func() {
		if recover() != nil { // read only selects fields; nothing of the user runs in it
			after = together(nilRead, before)
		}
	}()
	return read(before)
}

const nilRead = 0x6e696c

// Read adds a value to what was read so far. The values of slices, maps,
// pointers and functions can change without being another one; they make it
// UnknownReads, alone, in a struct and in an interface.
func Read[T any](reads uint64, v T) uint64 {
	if reads == UnknownReads {
		return UnknownReads
	}
	switch v := any(v).(type) {
	case string:
		return together(hashText(v), reads)
	case int:
		return together(uint64(v), reads)
	case bool:
		if v {
			return together(1, reads)
		}
		return together(0, reads)
	}
	t := reflect.TypeOf(v) // if T is an interface, of what it holds
	if t != nil && !isValue(t) {
		return UnknownReads
	}
	reads = together(maphash.Comparable(seed, t), reads)
	return together(maphash.Comparable(seed, any(v)), reads)
}

// together returns one word for two, UnknownReads if that is the second.
func together(x, reads uint64) uint64 {
	if reads == UnknownReads {
		return UnknownReads
	}
	return max(mix(x^secretA, reads^secretB), NoReads)
}

var (
	values   sync.Map // type → whether equal values of it stay equal
	timeType = reflect.TypeFor[time.Time]()
)

// isValue reports whether a type is made of numbers, strings and booleans
// alone.
func isValue(t reflect.Type) bool {
	if is, ok := values.Load(t); ok {
		return is.(bool)
	}
	is := madeOfValues(t)
	values.Store(t, is)
	return is
}

func madeOfValues(t reflect.Type) bool {
	if t == timeType { // its location is a pointer to what does not change
		return true
	}
	switch t.Kind() {
	case reflect.Array:
		return isValue(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !isValue(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice, reflect.UnsafePointer:
		return false
	}
	return true
}
