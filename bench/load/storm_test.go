package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"bennu"
	"bennu/bench/internal/counter"
	"bennu/bench/internal/traffic"
	"bennu/live"
)

// stormPort, in the environment of this test's program, makes it the server of
// the storm: two processes, of which one is killed.
const stormPort = "BENNU_STORM_PORT"

const stormMounts = 8

func TestMain(m *testing.M) {
	if port := os.Getenv(stormPort); port != "" {
		if err := serveStorm(port); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveStorm serves a counter that takes a while to mount, and ends the process
// when more of them mount at a time than the limits say.
func serveStorm(port string) error {
	app := bennu.New(bennu.Options{
		SecretKeyBase: strings.Repeat("0123456789abcdef", 4), Addr: "127.0.0.1:" + port,
		Limits: bennu.Limits{Mounts: stormMounts}, Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	app.Live("/counter", func() live.View { return new(slowCounter) })
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return app.ListenAndServe(ctx)
}

type slowCounter struct{ counter.Counter }

var mounting atomic.Int32

func (c *slowCounter) Mount(s *live.Socket, _ live.Params) error {
	if !s.Connected() {
		return nil
	}
	if n := mounting.Add(1); n > stormMounts {
		fmt.Fprintf(os.Stderr, "%d views mount at a time, want at most %d\n", n, stormMounts)
		os.Exit(3)
	}
	defer mounting.Add(-1)
	time.Sleep(time.Millisecond) // what a database takes
	return nil
}

// freePort is one that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Faults, row 96: the server is killed and started again, and all clients come
// back by themselves. How fast is for the soak to say.
func TestFault96ReconnectStorm(t *testing.T) {
	t.Parallel()
	n := 200
	if testing.Short() {
		n = 20
	}
	port := freePort(t)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, failed bytes.Buffer
	address := fmt.Sprintf("http://127.0.0.1:%d/counter", port)
	status := run(t.Context(), []string{"storm", "-json", "-url", address, "-n", strconv.Itoa(n), "-within", "5m", "--",
		"env", fmt.Sprintf("%s=%d", stormPort, port), program}, &out, &failed)
	if status != 0 {
		t.Fatalf("status %d:\n%s%s", status, out.String(), failed.String())
	}
	var r traffic.Stormed
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Back != n || r.Attempts < int64(n) || r.BackSeconds <= 0 || r.Rejoin.Max <= 0 {
		t.Errorf("report %s, %v, want all %d back", out.String(), err, n)
	}
	if text := failed.String(); strings.Contains(text, "level=ERROR") {
		t.Errorf("the server logged:\n%s", text)
	}
}

// A server that ends by itself, or never serves, is reported.
func TestStormWithoutAServer(t *testing.T) {
	t.Parallel()
	var out, failed bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if status := run(ctx, []string{"storm", "-url", "http://127.0.0.1:1/", "-n", "1", "--", "sleep", "100"}, &out, &failed); status != 1 {
		t.Errorf("a server that does not serve: status %d, %s", status, failed.String())
	}
	failed.Reset()
	if status := run(t.Context(), []string{"storm", "-url", "http://127.0.0.1:1/", "-n", "1", "--", "/no/such/program"}, &out, &failed); status != 1 || !strings.Contains(failed.String(), "/no/such/program") {
		t.Errorf("no program: status %d, %s", status, failed.String())
	}
	failed.Reset()
	if status := run(t.Context(), []string{"storm", "-n", "1"}, &out, &failed); status != 2 || !strings.Contains(failed.String(), "-- bin/showcase") {
		t.Errorf("no command: status %d, %s", status, failed.String())
	}
}
