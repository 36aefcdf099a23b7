package devlog

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2020, 1, 2, 12, 0, 0, 0, time.Local)

// rec is a record at noon.
func rec(level slog.Level, msg string, attrs ...slog.Attr) slog.Record {
	r := slog.NewRecord(noon, level, msg, 0)
	r.AddAttrs(attrs...)
	return r
}

const stack = `goroutine 7 [running]:
runtime/debug.Stack()
	/usr/lib/go/src/runtime/debug/stack.go:26 +0x5e
bennu/live.catch()
	/src/bennu/live/crash.go:33 +0x20
panic({0x6b1a40?, 0x7a5d30?})
	/usr/lib/go/src/runtime/panic.go:787 +0x132
shop/web/orders.(*Index).add(0x1, {0x2, 0x3})
	/home/ann/shop/web/orders/index.go:41 +0x1d
bennu/live.(*Process).handle(...)
	/src/bennu/live/handle.go:90
created by net/http.(*Server).Serve in goroutine 1
	/usr/lib/go/src/net/http/server.go:3454 +0x485`

func TestLines(t *testing.T) {
	t.Parallel()
	id, view := slog.String("request_id", "4f1c"), slog.String("view", "orders.Index")
	request := rec(slog.LevelInfo, "request", slog.String("method", "GET"), slog.String("path", "/orders"), id)
	processing := rec(slog.LevelInfo, "processing", view, slog.String("route", "/orders"),
		slog.Any("params", map[string][]string{"page": {"2"}}), slog.Any("pipelines", []string{"browser"}), id)
	sent := rec(slog.LevelInfo, "sent", slog.Int("status", 200), slog.Duration("dur", 3141592*time.Nanosecond), id)
	identity := []slog.Attr{view, slog.String("route", "/orders"), slog.String("id", "phx-1"), slog.Uint64("process", 7)}
	mount := rec(slog.LevelInfo, "mount", append(identity, slog.Bool("connected", true),
		slog.Duration("dur", 200*time.Microsecond), slog.String("transport", "websocket"))...)

	for _, tt := range []struct {
		name    string
		opt     Options
		records []slog.Record
		want    string
	}{
		{"a request is one line", Options{}, []slog.Record{request, processing, sent},
			`12:00:00 GET /orders 200 in 3.1ms by orders.Index params=map[page:[2]]`},
		{"without a view", Options{}, []slog.Record{request, sent}, `12:00:00 GET /orders 200 in 3.1ms`},
		{"that was cut off", Options{}, []slog.Record{request, rec(slog.LevelInfo, "sent", slog.Int("status", 0), slog.Duration("dur", time.Minute+40*time.Second), id, slog.Bool("cut_off", true))},
			`12:00:00 GET /orders 0 in 1m40s (cut off)`},
		{"the end of a request that nobody began", Options{}, []slog.Record{sent}, `12:00:00 sent status=200 dur=3.1ms`},
		{"a request without an id", Options{}, []slog.Record{rec(slog.LevelInfo, "request", slog.Int("n", 1))}, `12:00:00 request n=1`},
		{"a path from outside", Options{}, []slog.Record{
			rec(slog.LevelInfo, "request", slog.String("method", "GET"), slog.String("path", "/\x1b[2J\n12:00:00 x"), id), sent},
			`12:00:00 GET "/\x1b[2J\n12:00:00 x" 200 in 3.1ms`},
		{"a mount", Options{}, []slog.Record{mount}, `12:00:00 mount orders.Index over websocket in 200µs process=7`},
		{"a socket", Options{}, []slog.Record{rec(slog.LevelInfo, "connected", slog.String("transport", "longpoll"), slog.String("vsn", "2.0.0"),
			slog.String("peer", "::1"), slog.Duration("dur", 119*time.Microsecond), id)}, `12:00:00 connected over longpoll in 119µs`},
		{"in detail", Options{Level: slog.LevelDebug}, []slog.Record{request, sent}, `12:00:00 request method=GET path=/orders request_id=4f1c
12:00:00 sent status=200 dur=3.1ms request_id=4f1c`},
		{"an event", Options{Level: slog.LevelDebug}, []slog.Record{rec(slog.LevelDebug, "event", append(identity, slog.Any("state", slog.GroupValue(slog.Int("Count", 2))))...)},
			`12:00:00 DEBUG event view=orders.Index route=/orders id=phx-1 process=7 state.Count=2`},
		{"below the level", Options{Level: slog.LevelWarn}, []slog.Record{request, sent}, ``},
		{"an error", Options{}, []slog.Record{rec(slog.LevelError, "request failed", slog.String("path", "/"), slog.Any("err", errors.New("no \"price\"\nin euros\x1b[1m")), id)},
			"12:00:00 ERROR request failed: no \"price\"\n  in euros\\x1b[1m path=/"},
		{"a crash", Options{Dir: "/home/ann/shop"}, []slog.Record{rec(slog.LevelError, "view crashed", append(identity, slog.Any("err", errors.New("panic: no price")), slog.String("event", "add"), slog.String("stack", stack))...)},
			`12:00:00 ERROR view crashed: panic: no price view=orders.Index process=7 event=add
  web/orders/index.go:41  orders.(*Index).add
  /src/bennu/live/handle.go:90  live.(*Process).handle
  /usr/lib/go/src/net/http/server.go:3454  started by http.(*Server).Serve`},
		{"a text of several lines", Options{}, []slog.Record{rec(slog.LevelWarn, "odd", slog.String("sql", "SELECT 1\nFROM t"), slog.Int("n", 1))},
			"12:00:00 WARN odd n=1\n  sql:\n    SELECT 1\n    FROM t"},
		{"colours", Options{Color: true}, []slog.Record{request, sent},
			"\x1b[2m12:00:00\x1b[0m \x1b[1mGET /orders\x1b[0m \x1b[32m200\x1b[0m\x1b[2m in 3.1ms\x1b[0m"},
	} {
		var b strings.Builder
		h := New(&b, tt.opt)
		for _, r := range tt.records {
			if !h.Enabled(t.Context(), r.Level) {
				continue
			}
			if err := h.Handle(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.TrimSuffix(b.String(), "\n"); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestAttrsAndGroups(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	log := slog.New(New(&b, Options{}))
	one := log.With("a", 1)
	one.WithGroup("g").With("b", 2).WithGroup("").Info("two", "c", "x y", slog.Group("h", "d", true))
	one.Info("one")
	var got []string
	for line := range strings.Lines(b.String()) {
		_, text, _ := strings.Cut(strings.TrimSpace(line), " ") // without the time
		got = append(got, text)
	}
	want := `two a=1 g.b=2 g.c="x y" g.h.d=true|one a=1`
	if strings.Join(got, "|") != want {
		t.Errorf("%q, want %s", got, want)
	}
}

// Requests that nobody says the end of take no memory for ever.
func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	h := New(&bytes.Buffer{}, Options{})
	for n := range 3 * maxRequests {
		if err := h.Handle(t.Context(), rec(slog.LevelInfo, "request", slog.Int("request_id", n))); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(h.core.requests); n > maxRequests {
		t.Errorf("%d requests are remembered", n)
	}
}

func TestLinesOfManyAreWhole(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	h := New(&b, Options{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				slog.New(h).Log(context.Background(), slog.LevelInfo, "line", "n", 1)
			}
		})
	}
	all.Wait()
	if n := strings.Count(b.String(), " line n=1\n"); n != 400 {
		t.Errorf("%d whole lines, want 400", n)
	}
}

// Not parallel: the environment is one.
func TestColor(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = null.Close() }()
	if Color(&bytes.Buffer{}) || Color(file) || Color(null) {
		t.Error("colours for what is no terminal")
	}
	if terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0); err == nil { // where there is one
		defer func() { _ = terminal.Close() }()
		if !Color(terminal) {
			t.Error("no colours on a terminal")
		}
		t.Setenv("NO_COLOR", "1")
		if Color(terminal) {
			t.Error("colours in spite of NO_COLOR")
		}
	}
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "dumb")
	if Allowed() {
		t.Error("colours in spite of TERM=dumb")
	}
}
