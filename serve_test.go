package bennu

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// serving is an App that serves on a port of its own until the test stops it.
type serving struct {
	url  string
	stop context.CancelFunc
	done chan error
}

func serve(t *testing.T, app *App) *serving {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &serving{url: "http://" + l.Addr().String(), stop: stop, done: make(chan error, 1)}
	go func() { s.done <- app.Serve(ctx, l) }()
	t.Cleanup(stop)
	return s
}

// lines is a log that tests read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestServeFinishesWhatRuns(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil)), Prefix: "/admin"})
	begun, finish := make(chan struct{}), make(chan struct{})
	app.Get("/slow", func(w http.ResponseWriter, _ *http.Request) error {
		close(begun)
		<-finish
		return reply("finished")(w, nil)
	})
	s := serve(t, app)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()

	answer := make(chan string, 1)
	go func() {
		resp, err := client.Get(s.url + "/admin/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		answer <- fmt.Sprintf("%s %v", body, err)
	}()
	<-begun
	s.stop()
	waitFor(t, "the port is closed", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	select {
	case err := <-s.done:
		t.Fatalf("Serve returned %v while a request ran", err)
	default:
	}
	close(finish)
	if got := <-answer; got != "finished <nil>" {
		t.Errorf("the request that ran got %q", got)
	}
	if err := <-s.done; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
	for _, want := range []string{
		"msg=listening", "version=" + Version, "mode=production", "url=http://localhost:", "/admin/\n", "msg=stopping", "msg=stopped",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

// waitFor polls what no channel tells.
func waitFor(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !f(); {
		if time.Now().After(deadline) {
			t.Fatalf("after 10 s still not: %s", what)
		}
	}
}

func TestServeWaitsOnlySoLong(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{ShutdownTimeout: 50 * time.Millisecond})
	begun := make(chan struct{})
	app.Get("/stuck", func(_ http.ResponseWriter, r *http.Request) error {
		close(begun)
		<-r.Context().Done() // the end of the server cancels it
		return r.Context().Err()
	})
	s := serve(t, app)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-begun
	s.stop()
	if err := <-s.done; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}

func TestServeHandsOverToANewerBuild(t *testing.T) {
	t.Parallel()
	for _, end := range []string{`{"type":"handover"}` + "\n", ""} { // "" closes: `bennu dev` is gone
		log := new(lines)
		app := newTestApp(t, Options{Dev: true, Logger: slog.New(slog.NewTextHandler(log, nil))})
		app.Get("/", reply("front"))
		open, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listen, err := open.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		control, tell, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		hear, answer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		app.dev.pipes = &devPipes{listen: listen, control: control, answer: answer}
		done := make(chan error, 1)
		go func() { done <- app.ListenAndServe(t.Context()) }()
		ready, err := bufio.NewReader(hear).ReadString('\n')
		if err != nil || !strings.Contains(ready, `"ready"`) {
			t.Fatalf("the App says %q, %v, want ready", ready, err)
		}
		client := &http.Client{Transport: &http.Transport{}}
		resp, err := client.Get("http://" + open.Addr().String() + "/")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if _, err := io.WriteString(tell, end); err != nil {
			t.Fatal(err)
		}
		if end == "" {
			tell.Close()
		}
		if err := <-done; err != nil {
			t.Errorf("after %q: ListenAndServe = %v, want nil", end, err)
		}
		want := errDevGone.Error()
		if end != "" {
			want = errDevHandover.Error()
		}
		if !strings.Contains(log.String(), want) {
			t.Errorf("after %q the log lacks %q:\n%s", end, want, log)
		}
		client.CloseIdleConnections()
		for _, c := range []io.Closer{open, hear, tell} {
			_ = c.Close() // some are closed already
		}
	}
}

func TestServeReportsABrokenListener(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := newTestApp(t, Options{}).Serve(t.Context(), l); err == nil || !strings.Contains(err.Error(), "bennu: serve: ") {
		t.Errorf("Serve = %v, want the listener's error", err)
	}
}

func TestServeThatBreaksEndsWhatRuns(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	asked, answer := make(chan struct{}), make(chan struct{})
	app.Get("/slow", func(w http.ResponseWriter, r *http.Request) error {
		close(asked)
		<-answer
		return reply("whole")(w, r)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Serve(t.Context(), l) }()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	p := load(t, client, "http://"+l.Addr().String()+"/")
	conn, err := p.dial(t, "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := say(t, conn, p.join()); !strings.Contains(got, `"status":"ok"`) {
		t.Fatalf("join: %s", got)
	}
	got := make(chan string, 1)
	go func() {
		resp, err := client.Get("http://" + l.Addr().String() + "/slow")
		if err != nil {
			got <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			b = append(b, err.Error()...)
		}
		got <- string(b)
	}()
	<-asked
	l.Close() // under the server
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the socket: %v, want that the server closes it", err)
	}
	conn.Close()
	close(answer)
	if text := <-got; text != "whole" {
		t.Errorf("the request that ran got %q, want its answer", text)
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "bennu: serve: ") {
		t.Errorf("Serve = %v, want the listener's error", err)
	}
	if n := app.views.Views(); n != 0 {
		t.Errorf("%d views are left", n)
	}
}

func TestTakenPortIsNamed(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	err = newTestApp(t, Options{Addr: l.Addr().String()}).ListenAndServe(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"port " + port + " is taken by ", "PORT="} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q, want %q in it", err, want)
		}
	}
	if _, statErr := os.Stat("/proc/net/tcp"); statErr == nil && !strings.Contains(err.Error(), fmt.Sprintf("(process %d)", os.Getpid())) {
		t.Errorf("error %q, want this process in it", err)
	}
}

func TestWrongAddress(t *testing.T) {
	t.Parallel()
	err := newTestApp(t, Options{Addr: "nowhere"}).ListenAndServe(t.Context())
	if err == nil || !strings.Contains(err.Error(), `bennu: listen on "nowhere"`) {
		t.Errorf("ListenAndServe = %v", err)
	}
}

func TestListeners(t *testing.T) {
	t.Parallel()
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0
   1: 0100007F:0FA0 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0
   3: short
`
	if got := fmt.Sprint(listeners(table, 4000)); got != "[4711]" {
		t.Errorf("listeners = %v, want [4711]", got)
	}
}

// pipeListener hands out connections of net.Pipe, for which time can be fake.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	l.conns <- server
	return client
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// Not parallel: a bubble of synctest has no parallel tests.
func TestFault24SlowRequestsAreCutOff(t *testing.T) {
	for _, tt := range []struct {
		name, send string
		after      time.Duration
	}{
		{"half a header", "POST / HTTP/1.1\r\nHost: loc", 5 * time.Second},
		{"nothing", "", 5 * time.Second},
		{"half a body", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf", time.Minute},
		{"no second request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 2 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				app := newTestApp(t, Options{})
				app.Get("/", reply("front"))
				app.Post("/", func(w http.ResponseWriter, r *http.Request) error {
					_, err := io.Copy(io.Discard, r.Body)
					return Status(http.StatusRequestTimeout, err)
				})
				l := newPipeListener()
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan error, 1)
				go func() { done <- app.Serve(ctx, l) }()
				conn, start := l.dial(), time.Now()
				if _, err := io.WriteString(conn, tt.send); err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, conn); err != nil {
					t.Errorf("reading: %v", err)
				}
				if took := time.Since(start).Round(time.Second); took != tt.after {
					t.Errorf("cut off after %v, want %v", took, tt.after)
				}
				conn.Close()
				stop()
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestHeadersHaveALimit(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	s := serve(t, app)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// The server answers before it has read all, so the write may fail.
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nX: "+strings.Repeat("x", 2*maxHeader)+"\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("status %d, want 431", resp.StatusCode)
		}
	} else if !errors.Is(err, io.ErrUnexpectedEOF) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("error %v", err)
	}
	s.stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}
