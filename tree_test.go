package bennu

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bennu/supervisor"
)

// notes are what workers and hooks did, in order.
type notes struct {
	mu   sync.Mutex
	text []string
}

func (n *notes) add(text string) { n.mu.Lock(); n.text = append(n.text, text); n.mu.Unlock() }

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.text, " ")
}

func (n *notes) worker(name string) Worker {
	return Worker{
		Name:  name,
		Start: func(context.Context) error { n.add("+" + name); return nil },
		Run:   func(ctx context.Context) error { <-ctx.Done(); n.add("-" + name); return nil },
	}
}

func TestWorkersRunAroundTheServer(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := clickerApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	var n notes
	app.Supervise(n.worker("store"), n.worker("mail"))
	app.OnDrain(func(context.Context) { n.add("goodbye") })
	app.OnDrain(func(context.Context) { panic("goodbye") })
	s := serve(t, app)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	p := load(t, client, s.url+"/")
	if got := n.String(); got != "+store +mail" {
		t.Errorf("when a page comes: %s", got)
	}
	conn, err := p.dial(t, "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := say(t, conn, p.join()); !strings.Contains(got, `"status":"ok"`) {
		t.Fatalf("join: %s", got)
	}
	tree := app.Tree().String()
	for _, want := range []string{"app ", "├─ workers ", "│  ├─ store ", "│  └─ mail ", "├─ requests ", "├─ views ", "1 views", "├─ sockets ", "1 open", "└─ listener ", "127.0.0.1:"} {
		if !strings.Contains(tree, want) {
			t.Errorf("the tree lacks %q:\n%s", want, tree)
		}
	}
	if err := app.Workers().StartChild(t.Context(), n.worker("guest")); err != nil {
		t.Error(err)
	}
	s.stop()
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the socket: %v", err)
	}
	conn.Close()
	if err := <-s.done; err != nil {
		t.Errorf("Serve = %v", err)
	}
	if got := n.String(); got != "+store +mail +guest goodbye -guest -mail -store" {
		t.Errorf("all: %s", got)
	}
	for _, want := range []string{"├─ workers", "worker=app/workers/mail", "drain hook panicked", "msg=drained sockets=1"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
	if err := app.Serve(t.Context(), newPipeListener()); err == nil || !strings.Contains(err.Error(), "started already") {
		t.Errorf("a second Serve = %v", err)
	}
}

func TestWorkerThatCannotStartEndsTheStart(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	var n notes
	gone := errors.New("no such database")
	app.Supervise(n.worker("mail"), Worker{Name: "store", Start: func(context.Context) error { return gone }})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	err = app.Serve(t.Context(), l)
	if !errors.Is(err, gone) || !strings.Contains(err.Error(), `app/workers: "store" did not start: no such database`) {
		t.Errorf("Serve = %v", err)
	}
	if got := n.String(); got != "+mail -mail" {
		t.Errorf("%s", got)
	}
	if conn, err := net.Dial("tcp", l.Addr().String()); err == nil {
		conn.Close()
		t.Error("the port is open")
	}
}

func TestStopWhileAWorkerStarts(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	begun := make(chan struct{})
	app.Supervise(Worker{Name: "slow", Start: func(ctx context.Context) error { close(begun); <-ctx.Done(); return ctx.Err() }})
	s := serve(t, app)
	<-begun
	s.stop()
	if err := <-s.done; err != nil {
		t.Errorf("Serve = %v, want nil: it was asked to stop", err)
	}
}

func TestWorkerThatCrashesComesBack(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	crash, runs := make(chan bool), make(chan bool, 10)
	app.Supervise(Worker{Name: "prices", Run: func(ctx context.Context) error {
		runs <- true
		select {
		case <-crash:
			panic("no prices")
		case <-ctx.Done():
			return nil
		}
	}})
	app.Post("/crash", func(http.ResponseWriter, *http.Request) error { crash <- true; return nil })
	changed := make(chan struct{}, 1)
	defer app.WatchTree(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})()
	s := serve(t, app)
	<-runs
	for range 3 { // OTP would give up at the fourth; an app that serves pages does not
		crash <- true
		<-runs
	}
	<-changed
	w := app.Tree().Children[0].Children[0]
	if w.Restarts != 3 || w.Err != "panic: no prices" {
		t.Errorf("%+v", w)
	}
	s.stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
	if n := strings.Count(log.String(), `msg="worker crashed, and is restarted" worker=app/workers/prices err="panic: no prices"`); n != 3 {
		t.Errorf("%d lines:\n%s", n, log)
	}
}

// With an intensity, a worker that keeps failing ends the server, which then
// says why, and lets its pages go in good order.
func TestWorkersCanFailTheApp(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{Workers: supervisor.Options{Intensity: supervisor.Intensity{Restarts: 1}}})
	broken, crash := errors.New("broken"), make(chan bool)
	app.Supervise(Worker{Name: "prices", Run: func(context.Context) error { <-crash; return broken }})
	s := serve(t, app)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	p := load(t, client, s.url+"/")
	conn, err := p.dial(t, "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := say(t, conn, p.join()); !strings.Contains(got, `"status":"ok"`) {
		t.Fatalf("join: %s", got)
	}
	crash <- true
	crash <- true
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the socket: %v", err)
	}
	conn.Close()
	if err := <-s.done; !errors.Is(err, broken) || !strings.Contains(err.Error(), `"prices" has ended, after 1 restarts of children within 5s already: broken`) {
		t.Errorf("Serve = %v", err)
	}
	if n := app.views.Views(); n != 0 {
		t.Errorf("%d views are left", n)
	}
}

// OTP-07: views and workers that hang hold the end up no longer than the limit,
// and the log says which they were.
func TestFault102ExitsWithinTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := new(lines)
		app := newTestApp(t, Options{ShutdownTimeout: 10 * time.Second, Logger: slog.New(slog.NewTextHandler(log, nil))})
		free, cleaned := make(chan struct{}), false
		app.Supervise(
			Worker{Name: "good", Run: func(ctx context.Context) error {
				<-ctx.Done()
				time.Sleep(400 * time.Millisecond)
				cleaned = true
				return nil
			}},
			Worker{Name: "hung", Shutdown: time.Hour, Run: func(context.Context) error { neverMind(free); return nil }},
		)
		app.Get("/hang", func(http.ResponseWriter, *http.Request) error { <-free; return nil })
		l := newPipeListener()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- app.Serve(ctx, l) }()
		conn := l.dial()
		if _, err := io.WriteString(conn, "GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		start := time.Now()
		stop()
		if err := <-done; err != nil {
			t.Errorf("Serve = %v", err)
		}
		if took := time.Since(start); took != 9400*time.Millisecond { // 8 for requests, half of the rest for the one that hangs
			t.Errorf("it took %v, want 9.4 s of 10", took)
		}
		if !cleaned {
			t.Error("the worker beside the one that hangs had no time to clean up")
		}
		for _, want := range []string{"requests cut off", `msg="worker is stuck" worker=app/workers/hung`, "neverMind", `\"app/workers/hung\" is stuck: it has not returned 1s after`, "msg=stopped"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %q:\n%s", want, log)
			}
		}
		close(free)
		conn.Close()
		synctest.Wait()
	})
}

func neverMind(free chan struct{}) { <-free }

// /readyz says no while the App still accepts.
func TestFault102NotReadyBeforeItStopsAccepting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := newTestApp(t, Options{ShutdownDelay: 5 * time.Second})
		app.Health()
		l := newPipeListener()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- app.Serve(ctx, l) }()
		ready := func() string {
			conn := l.dial()
			defer conn.Close()
			if _, err := io.WriteString(conn, "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(conn)
			if err != nil {
				t.Fatal(err)
			}
			status, _, _ := bytes.Cut(b, []byte("\r\n"))
			return string(status)
		}
		if got := ready(); got != "HTTP/1.1 200 OK" {
			t.Errorf("at work: %s", got)
		}
		start := time.Now()
		stop()
		synctest.Wait()
		if got := ready(); got != "HTTP/1.1 503 Service Unavailable" {
			t.Errorf("about to stop: %s", got)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("it served on for %v, want 5 s", took)
		}
	})
}

func TestSuperviseRefuses(t *testing.T) {
	t.Parallel()
	run := func(ctx context.Context) error { <-ctx.Done(); return nil }
	app := newTestApp(t, Options{})
	app.Supervise(Worker{Name: "a", Run: run})
	for _, tt := range []struct {
		worker Worker
		want   string
	}{
		{Worker{Name: "a", Run: run}, `two children are called "a"`},
		{Worker{Run: run}, "no Name"},
		{Worker{Name: "b"}, "no Run"},
	} {
		if got := panicText(func() { app.Supervise(tt.worker) }); !strings.Contains(got, tt.want) || !strings.Contains(got, "tree_test.go:") {
			t.Errorf("Supervise panics with %q, want %q and the place", got, tt.want)
		}
	}
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := panicText(func() { app.Supervise(Worker{Name: "c", Run: run}) }); !strings.Contains(got, "after the start") {
		t.Errorf("after the start: %q", got)
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if got := panicText(func() { newTestApp(t, Options{Workers: supervisor.Options{Strategy: 9}}) }); !strings.Contains(got, "Options.Workers") {
		t.Errorf("a strategy that is none: %q", got)
	}
}
