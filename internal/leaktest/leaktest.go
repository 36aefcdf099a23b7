// Package leaktest fails a package's tests when they leave goroutines behind.
package leaktest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long goroutines may take to end after the last test.
const patience = 5 * time.Second

// Main runs the tests of a package, to be called by its TestMain:
//
//	func TestMain(m *testing.M) { leaktest.Main(m, "bennu/pubsub") }
//
// Afterwards no goroutine may run code whose name begins with one of the
// prefixes.
func Main(m *testing.M, prefixes ...string) {
	code := m.Run()
	if left := leaked(prefixes); code == 0 && left != "" {
		fmt.Fprintf(os.Stderr, "goroutines left behind:\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

// leaked is the stacks of the goroutines that are still there after they had
// some time to end.
func leaked(prefixes []string) string {
	for deadline := time.Now().Add(patience); ; {
		var left []string
		buf := make([]byte, 4<<20)
		buf = buf[:runtime.Stack(buf, true)]
		for g := range strings.SplitSeq(string(buf), "\n\n") {
			if meant(g, prefixes) {
				left = append(left, g)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return strings.Join(left, "\n\n")
		}
		runtime.Gosched()
	}
}

// meant reports whether a goroutine runs such code and is not the one that asks.
func meant(stack string, prefixes []string) bool {
	if strings.Contains(stack, "leaktest.leaked") {
		return false
	}
	for _, prefix := range prefixes {
		if strings.Contains(stack, "\n"+prefix) {
			return true
		}
	}
	return false
}
