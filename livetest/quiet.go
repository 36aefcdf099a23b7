package livetest

import (
	"log/slog"
	"sync"
	"testing"
)

// quiet keeps the App's everyday lines (requests, mounts) out of the output of
// tests whose App has no logger of its own: of slog's default logger, warnings
// and errors are left. `go test -v` shows all, and so does a program that has
// called [slog.SetDefault].
var quiet = sync.OnceFunc(func() {
	if !testing.Verbose() {
		slog.SetLogLoggerLevel(slog.LevelWarn)
	}
})
