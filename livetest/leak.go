package livetest

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"
)

// labelName is the pprof label of goroutines that run on behalf of a page.
const labelName = "livetest"

// leaked fails when goroutines that were started on behalf of the page run on.
// They get a moment to end: what they wait for has ended just now.
func (s *site) leaked(patience time.Duration) error {
	left := s.goroutines()
	for range 100 {
		if left == "" {
			return nil
		}
		runtime.Gosched()
		left = s.goroutines()
	}
	for pause := time.Millisecond; left != "" && patience > 0; pause *= 2 {
		timer := time.NewTimer(pause)
		<-timer.C
		patience -= pause
		left = s.goroutines()
	}
	if left == "" {
		return nil
	}
	return fmt.Errorf("goroutines that the page has started run on after it was left; let them end with the context of the view or of the request:\n%s\n(or set Options.AllowLeakedGoroutines)", left)
}

// goroutines are the stacks of the goroutines with the page's label.
func (s *site) goroutines() string {
	var all bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&all, 1); err != nil {
		return "" // not reached: a buffer takes all
	}
	var own []string
	label := fmt.Sprintf("%q:%q", labelName, s.mark)
	for stack := range strings.SplitSeq(all.String(), "\n\n") {
		if strings.Contains(stack, label) {
			own = append(own, shorten(stack, 2000))
		}
	}
	return strings.Join(own, "\n")
}
