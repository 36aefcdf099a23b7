package livetest_test

import (
	"bytes"
	"log"
	"log/slog"
	"strings"
	"testing"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// Not parallel: the logger of all programs is one.
func TestTestsAreQuiet(t *testing.T) {
	if testing.Verbose() {
		t.Skip("go test -v shows everything")
	}
	var out bytes.Buffer
	old := log.Writer()
	log.SetOutput(&out)
	defer log.SetOutput(old)
	app := bennu.New(bennu.Options{Dev: true})
	app.Live("/", func() live.View { return new(Counter) })
	livetest.Mount(t, app, "/").Close()
	slog.Warn("this one is shown")
	if got := out.String(); strings.Contains(got, "INFO") || !strings.HasSuffix(got, "WARN this one is shown\n") {
		t.Errorf("the output of a quiet test:\n%s", got)
	}
}
