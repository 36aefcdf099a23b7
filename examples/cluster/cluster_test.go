//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asApp has the test's own program be the app that is run.
const asApp = "CLUSTER_TEST_APP"

func TestMain(m *testing.M) {
	if os.Getenv(asApp) == "" {
		os.Exit(m.Run())
	}
	if err := app(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// app answers with its name until it is asked to stop.
func app() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if os.Getenv(asApp) == "fails" {
		return fmt.Errorf("%s does not start", os.Getenv("BENNU_NODE"))
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		return err
	}
	s := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, os.Getenv("BENNU_NODE"), len(os.Getenv("SECRET_KEY_BASE")), os.Getenv("BENNU_NODES"))
	})}
	context.AfterFunc(ctx, func() { _ = s.Close() })
	_ = s.Serve(l)
	fmt.Println("stopped in good order")
	return nil
}

// screen is what the command writes.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// Three nodes are started, one is killed, the page goes on, and all are gone at
// the end.
func TestNodeIsKilled(t *testing.T) {
	t.Setenv(asApp, "1")
	out := new(screen)
	addr := free(t)
	if err := run(t.Context(), []string{"-program", os.Args[0], "-addr", addr, "-kill", "-again", "1ms"}, out); err != nil {
		t.Errorf("run: %v\n%s", err, out)
	}
	for _, want := range []string{`with 3 nodes: node-1 \d+, node-2 [1-9]\d*, node-3 \d+; 0 failed`, `kill -9 \d+, which is node-2`, `right after it: node-1 .*; 0 failed`,
		`node-2  \| has ended: signal: killed`, `node-2  \| is started again`, `when it is back: .*; 0 failed`, `the pages went on`} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if n := strings.Count(out.String(), "stopped in good order"); n != 3 {
		t.Errorf("%d nodes stopped in good order at the end, want 3:\n%s", n, out)
	}
}

func TestStopByContext(t *testing.T) {
	t.Setenv(asApp, "1")
	ctx, stop := context.WithCancel(t.Context())
	out := new(screen)
	addr := free(t)
	done := make(chan error)
	go func() { done <- run(ctx, []string{"-program", os.Args[0], "-addr", addr, "-nodes", "2"}, out) }()
	if !wait(t.Context(), func() bool { return strings.Contains(out.String(), "node-2 is lost with: kill -9 ") }) {
		t.Fatal(out)
	}
	resp, err := http.Get("http://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.HasPrefix(string(body), resp.Header.Get(nodeHeader)+" 128 127.0.0.1:") {
		t.Errorf("a node answers %q, %v", body, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("run = %v", err)
	}
	if n := strings.Count(out.String(), "has ended: exit status 0"); n != 2 {
		t.Errorf("%d have ended:\n%s", n, out)
	}
}

func TestMistakes(t *testing.T) {
	t.Setenv(asApp, "fails")
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for want, args := range map[string][]string{
		"takes flags only":    {"what"},
		"want 1 to 16":        {"-program", os.Args[0], "-nodes", "0"},
		"`make build` leaves": {"-program", "/none"},
		"by -addr":            {"-program", os.Args[0], "-addr", busy.Addr().String()},
		"at least two":        {"-program", os.Args[0], "-addr", "127.0.0.1:0", "-kill", "-nodes", "1"},
	} {
		if err := run(t.Context(), args, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want an error with %q", args, err, want)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard); err != nil {
		t.Errorf("-h: %v", err)
	}
	n := &node{name: "node-1", program: "/none", out: &printer{w: io.Discard}}
	if err := n.run(t.Context(), 0, time.Second); err == nil || !strings.Contains(err.Error(), "node-1: ") {
		t.Errorf("a program that is not there: %v", err)
	}
	if err := n.kill(); err == nil {
		t.Error("killed what does not run")
	}
}

func free(t *testing.T) string {
	t.Helper()
	all, err := freePorts(1)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// nodesOf are backends that answer with their names, ready or not.
func nodesOf(t *testing.T, names ...string) *balancer {
	t.Helper()
	b := newBalancer()
	for _, name := range names {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Upgrade") != "" {
				w.Header().Set("Upgrade", "echo")
				w.Header().Set("Connection", "Upgrade")
				w.WriteHeader(http.StatusSwitchingProtocols)
				conn, both, err := w.(http.Hijacker).Hijack()
				if err != nil {
					return
				}
				defer conn.Close()
				_ = both.Flush()
				_, _ = io.Copy(conn, both)
				return
			}
			body, _ := io.ReadAll(r.Body)
			fmt.Fprint(w, name, " ", r.Host, " ", r.Header.Get("X-Forwarded-For") != "", " ", string(body))
		}))
		t.Cleanup(s.Close)
		n := &backend{name: name, addr: s.Listener.Addr().String()}
		n.ready.Store(true)
		b.nodes = append(b.nodes, n)
	}
	return b
}

func ask(t *testing.T, url, method, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "shop.test"
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func TestBalancer(t *testing.T) {
	t.Parallel()
	b := nodesOf(t, "a", "b", "c")
	front := httptest.NewServer(b.handler())
	defer front.Close()
	counts := map[string]int{}
	for range 30 {
		counts[ask(t, front.URL, "POST", "text")]++
	}
	if len(counts) != 3 || counts["a shop.test true text"] != 10 {
		t.Errorf("who has answered: %v, want each of three ten times, with host, address and body", counts)
	}
	poll := ask(t, front.URL+"/live/longpoll", "GET", "")
	for range 10 {
		if got := ask(t, front.URL+"/live/longpoll", "GET", ""); got != poll {
			t.Errorf("polls go to %q and %q", poll, got)
		}
	}

	// One that is not ready is passed over, and one that is gone is noticed.
	b.nodes[0].ready.Store(false)
	b.nodes[1].addr = free(t)
	for range 10 {
		if got := ask(t, front.URL, "POST", "text"); got != "c shop.test true text" {
			t.Errorf("answer %q, want that of c", got)
		}
	}
	if b.readyNodes() != 1 {
		t.Errorf("%d are ready, want one", b.readyNodes())
	}
	b.nodes[0].addr, b.nodes[2].addr = free(t), free(t)
	if got := ask(t, front.URL, "GET", ""); !strings.Contains(got, "no node answers") {
		t.Errorf("nobody is there: %q", got)
	}
	// A node that ends in the middle of an answer to a question is not asked again.
	broken := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer broken.Close()
	again := nodesOf(t, "a")
	again.nodes = append(again.nodes, &backend{name: "broken", addr: broken.Listener.Addr().String()})
	again.nodes[0].ready.Store(false)
	again.nodes[1].ready.Store(true)
	front2 := httptest.NewServer(again.handler())
	defer front2.Close()
	if got := ask(t, front2.URL, "POST", "order"); !strings.Contains(got, "no node answers") {
		t.Errorf("a POST that was lost is answered %q", got)
	}
	again.nodes[1].ready.Store(true)
	if got := ask(t, front2.URL, "GET", ""); !strings.HasPrefix(got, "a ") {
		t.Errorf("a GET that was lost is answered %q, want by the other node", got)
	}
}

func TestBalancerCarriesSockets(t *testing.T) {
	t.Parallel()
	front := httptest.NewServer(nodesOf(t, "a").handler())
	defer front.Close()
	conn, err := net.Dial("tcp", front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	read := bufio.NewReader(conn)
	resp, err := http.ReadResponse(read, nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get(nodeHeader) != "a" {
		t.Fatalf("%v, %v", resp, err)
	}
	fmt.Fprintln(conn, "hello")
	if line, err := read.ReadString('\n'); err != nil || line != "hello\n" {
		t.Errorf("%q, %v", line, err)
	}
}
