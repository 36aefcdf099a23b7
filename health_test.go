package bennu

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bennu/supervisor"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := newTestApp(t, Options{Prefix: "/shop", Logger: slog.New(slog.NewTextHandler(log, nil))})
	var store, broker func(context.Context) error
	app.Health(
		HealthCheck{Name: "store", Check: func(ctx context.Context) error { return store(ctx) }},
		HealthCheck{Name: "broker", Check: func(ctx context.Context) error { return broker(ctx) }, Degrades: true},
	)
	fine := func(context.Context) error { return nil }
	away := func(context.Context) error { return errors.New("secret address") }
	for _, tt := range []struct {
		store, broker func(context.Context) error
		status        int
		body          string
	}{
		{fine, fine, 200, "ok\n"},
		{fine, away, 200, "degraded: broker\n"},
		{away, away, 503, "failing: store\n"},
		{func(context.Context) error { panic("boom") }, fine, 503, "failing: store\n"},
		{func(context.Context) error { runtime.Goexit(); return nil }, fine, 503, "failing: store\n"},
		{fine, fine, 200, "ok\n"},
	} {
		store, broker = tt.store, tt.broker
		got := ask(app, "GET", "/shop/readyz")
		if got.Code != tt.status || got.Body.String() != tt.body {
			t.Errorf("/readyz: %d %q, want %d %q", got.Code, got.Body, tt.status, tt.body)
		}
		if got.Header().Get("Set-Cookie") != "" || got.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("headers: %v", got.Header())
		}
		if got := ask(app, "GET", "/shop/livez"); got.Code != 200 || got.Body.String() != "ok\n" {
			t.Errorf("/livez: %d %q", got.Code, got.Body)
		}
	}
	for msg, want := range map[string]int{
		`msg="health check fails" check=store`: 1, `msg="health check fails" check=broker`: 1,
		`msg="health check passes again" check=store`: 1, "msg=request": 0,
	} {
		if n := strings.Count(log.String(), msg); n != want {
			t.Errorf("the log has %q %d times, want %d:\n%s", msg, n, want, log)
		}
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(app, "GET", "/shop/readyz"); got.Code != 503 || got.Body.String() != "stopping\n" {
		t.Errorf("after the end: %d %q", got.Code, got.Body)
	}
}

func TestHealthOfAnAppThatIsNotStarted(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	app.Health()
	app.Supervise(Worker{Name: "w", Run: func(ctx context.Context) error { <-ctx.Done(); return nil }})
	if got := ask(app, "GET", "/readyz"); got.Code != 503 || got.Body.String() != "starting\n" {
		t.Errorf("before the start: %d %q", got.Code, got.Body)
	}
	if !strings.Contains(log.String(), "call App.Start") {
		t.Errorf("the log lacks that workers do not run:\n%s", log)
	}
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(app, "GET", "/readyz"); got.Code != 200 {
		t.Errorf("after the start: %d %q", got.Code, got.Body)
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestHealthOfAnAppThatHasFailed(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{Workers: supervisor.Options{Intensity: supervisor.Intensity{Restarts: supervisor.NoRestarts}}})
	app.Health()
	fail := make(chan struct{})
	app.Supervise(Worker{Name: "w", Run: func(context.Context) error { <-fail; return errors.New("no") }})
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(fail)
	<-app.tree.Done()
	for _, path := range []string{"/livez", "/readyz"} {
		if got := ask(app, "GET", path); got.Code != 503 {
			t.Errorf("%s: %d %q, want 503", path, got.Code, got.Body)
		}
	}
}

// A check that hangs is failing, and does not pile up.
func TestCheckThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := newTestApp(t, Options{})
		free, calls := make(chan struct{}), new(atomic.Int32)
		app.Health(HealthCheck{Name: "store", Check: func(context.Context) error { calls.Add(1); <-free; return nil }})
		start := time.Now()
		for range 3 {
			if got := ask(app, "GET", "/readyz"); got.Code != 503 || got.Body.String() != "failing: store\n" {
				t.Errorf("%d %q", got.Code, got.Body)
			}
		}
		if took := time.Since(start); took != checkTimeout || calls.Load() != 1 {
			t.Errorf("%d calls in %v, want one in %v", calls.Load(), took, checkTimeout)
		}
		close(free)
		synctest.Wait()
		if got := ask(app, "GET", "/readyz"); got.Code != 200 {
			t.Errorf("%d %q", got.Code, got.Body)
		}
	})
}

// A probe whose client has gone is no news about the check.
func TestProbeThatIsGivenUp(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	app.Health(HealthCheck{Name: "store", Check: func(ctx context.Context) error { return ctx.Err() }})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil)
	app.ServeHTTP(httptest.NewRecorder(), r)
	if strings.Contains(log.String(), "health") {
		t.Errorf("log: %s", log)
	}
}

func TestHealthRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []HealthCheck{{Name: "x"}, {Check: func(context.Context) error { return nil }}} {
		if got := panicText(func() { newTestApp(t, Options{}).Health(c) }); !strings.Contains(got, "needs a Name and a Check") || !strings.Contains(got, "health_test.go") {
			t.Errorf("Health(%+v) panics with %q", c, got)
		}
	}
}
