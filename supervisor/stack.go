package supervisor

import (
	"bytes"
	"runtime"
	"strconv"
)

// What a stuck child is at is seen from its goroutine's stack alone, and Go
// gives another goroutine's stack to nobody, only the stacks of all. That stops
// the program for about two milliseconds for each thousand goroutines, which is
// why it is done only when somebody is past help, for the first few of a time,
// and not at all in a very large program.
const (
	mostGoroutines = 100_000
	maxDump        = 64 << 20
	maxStack       = 8 << 10
)

// goroutineID is how dumps call a goroutine; 0 is none.
type goroutineID uint64

// ownGoroutine is the caller's. It costs a microsecond.
func ownGoroutine() goroutineID {
	var b [64]byte
	return readGoroutine(b[:runtime.Stack(b[:], false)])
}

// readGoroutine reads the head of a stack, "goroutine 12 [running]:".
func readGoroutine(stack []byte) goroutineID {
	rest, _ := bytes.CutPrefix(stack, []byte("goroutine "))
	number, _, _ := bytes.Cut(rest, []byte(" "))
	id, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil {
		return 0
	}
	return goroutineID(id)
}

// stack is where the goroutine is, "" if that was not found.
func (id goroutineID) stack() string {
	n := runtime.NumGoroutine()
	if id == 0 || n > mostGoroutines {
		return ""
	}
	dump := make([]byte, min(64<<10+n*2<<10, maxDump))
	for g := range bytes.SplitSeq(dump[:runtime.Stack(dump, true)], []byte("\n\n")) {
		if readGoroutine(g) == id {
			return string(g[:min(len(g), maxStack)])
		}
	}
	return ""
}
