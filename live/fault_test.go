package live

import (
	"strings"
	"testing"
	"testing/synctest"
)

// Faults, row 60: an event that the view does not have ends it like a crash,
// with a name in the log that is cut to a length.
func TestFault60UnknownEvent(t *testing.T) {
	for _, name := range []string{"", "none-such", strings.Repeat("n", 60_000), strings.Repeat("é", 30_000)} {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, new(counter), Spec{})
			r.out.take()
			r.want(r.event("7", name, `{}`), "fail")
			if log := r.log.String(); strings.Count(log, "level=ERROR") != 1 || len(log) > 2000 {
				t.Errorf("an event with a name of %d bytes makes a log of %d: %.300s", len(name), len(log), log)
			}
			r.stopped()
		})
	}
}
