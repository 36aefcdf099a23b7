package devreload

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

func TestMain(m *testing.M) {
	code := m.Run()
	http.DefaultClient.CloseIdleConnections()
	if code == 0 && !settled() {
		buf := make([]byte, 1<<20)
		_, _ = os.Stderr.Write(buf[:runtime.Stack(buf, true)])
		code = 1
	}
	os.Exit(code)
}

// settled reports whether no goroutine of this package is left.
func settled() bool {
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		buf := make([]byte, 1<<20)
		stacks := string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "devreload.(*") {
			return true
		}
		runtime.Gosched()
	}
	return false
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// page is a browser's end of the socket.
type page struct {
	t    *testing.T
	conn net.Conn
	in   io.Reader
}

func open(t *testing.T, srv *httptest.Server) *page {
	t.Helper()
	conn, buffered, _, err := ws.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1)+Path+"socket")
	if err != nil {
		t.Fatalf("Dial: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	p := &page{t: t, conn: conn, in: conn}
	if buffered != nil {
		p.in = bufferedFirst(buffered, conn)
	}
	return p
}

func bufferedFirst(r *bufio.Reader, conn net.Conn) io.Reader {
	head := make([]byte, r.Buffered())
	n, _ := r.Read(head)
	return io.MultiReader(strings.NewReader(string(head[:n])), conn)
}

func (p *page) frame() ws.Frame {
	p.t.Helper()
	if err := p.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		p.t.Fatal(err)
	}
	f, err := readFrame(p.in)
	if err != nil {
		p.t.Fatalf("readFrame: %v", err)
	}
	return f
}

func readFrame(r io.Reader) (f ws.Frame, err error) {
	if f.Header, err = ws.ReadHeader(r); err != nil {
		return f, err
	}
	f.Payload = make([]byte, min(f.Header.Length, 1<<20))
	_, err = io.ReadFull(r, f.Payload)
	return f, err
}

func (p *page) message() Message {
	p.t.Helper()
	var m Message
	f := p.frame()
	if err := json.Unmarshal(f.Payload, &m); err != nil {
		p.t.Fatalf("message %q: %v", f.Payload, err)
	}
	return m
}

func serve(t *testing.T, h *Hub) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(func() { h.Close(); srv.Close() })
	return srv
}

func TestBrowserHearsTheBuildFirst(t *testing.T) {
	t.Parallel()
	h := New(quiet())
	got := open(t, serve(t, h)).message()
	if got.Type != Hello || got.Build == "" || got.Build != h.build {
		t.Errorf("first message = %+v, want hello of build %q", got, h.build)
	}
	if other := New(quiet()); other.build == h.build {
		t.Errorf("two hubs have the same build %q", h.build)
	}
}

func TestErrorIsKeptForLaterBrowsersUntilOK(t *testing.T) {
	t.Parallel()
	h := New(quiet())
	srv := serve(t, h)
	early := open(t, srv)
	early.message()
	h.Send(ErrorMessage([]Problem{
		{Tool: "go", File: "web/a.templ", Line: 3, Col: 7, Message: "undefined: x", Source: "\t{ x }"},
		{Tool: "go", Message: "second"},
	}))
	late := open(t, srv)
	late.message()
	for name, p := range map[string]*page{"early": early, "late": late} {
		m := p.message()
		if m.Type != Error || m.File != "web/a.templ" || m.Line != 3 || m.Source != "\t{ x }" || len(m.More) != 1 {
			t.Errorf("%s browser got %+v", name, m)
		}
	}
	h.Send(ErrorMessage(nil))
	if m := early.message(); m.Type != OK {
		t.Errorf("after the fix: %+v, want ok", m)
	}
	h.Send(Message{Type: CSS})
	fresh := open(t, srv)
	fresh.message()
	h.Send(Message{Type: Reload})
	if m := fresh.message(); m.Type != Reload {
		t.Errorf("a browser that came after the fix got %+v, want only what is sent from then on", m)
	}
}

func TestForeignOriginIsRefused(t *testing.T) {
	t.Parallel()
	srv := serve(t, New(quiet()))
	for origin, want := range map[string]int{
		"https://evil.example":       http.StatusForbidden,
		"http://evil." + srv.URL[7:]: http.StatusForbidden,
		"null":                       http.StatusForbidden,
		"http://%zz":                 http.StatusForbidden,
		srv.URL:                      http.StatusSwitchingProtocols,
		strings.ToUpper("https://") + srv.URL[7:]: http.StatusSwitchingProtocols,
	} {
		dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP{"Origin": {origin}}, OnStatusError: func(int, []byte, io.Reader) {}}
		conn, _, _, err := dialer.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1)+Path+"socket")
		got := http.StatusSwitchingProtocols
		if status, ok := err.(ws.StatusError); ok {
			got = int(status)
		} else if err != nil {
			t.Errorf("Origin %q: %v", origin, err)
		}
		if got != want {
			t.Errorf("Origin %q: status %d, want %d", origin, got, want)
		}
		if conn != nil {
			_ = conn.Close()
		}
	}
}

func TestCloseSendsWhatWasQueued(t *testing.T) {
	t.Parallel()
	h := New(quiet())
	srv := serve(t, h)
	p := open(t, srv)
	p.message()
	h.Send(Message{Type: Reload})
	done := make(chan struct{})
	go func() { defer close(done); h.Close() }()
	if m := p.message(); m.Type != Reload {
		t.Errorf("got %+v, want the queued reload", m)
	}
	if f := p.frame(); f.Header.OpCode != ws.OpClose {
		t.Errorf("got opcode %v, want close", f.Header.OpCode)
	}
	_ = p.conn.Close()
	<-done

	res, err := http.Get(srv.URL + Path + "socket")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a closed hub answers %d, want %d", res.StatusCode, http.StatusServiceUnavailable)
	}
}

func TestPingIsAnsweredAndLargeFramesEndTheSocket(t *testing.T) {
	t.Parallel()
	p := open(t, serve(t, New(quiet())))
	p.message()
	if err := ws.WriteFrame(p.conn, ws.MaskFrame(ws.NewPingFrame([]byte("hi")))); err != nil {
		t.Fatal(err)
	}
	if f := p.frame(); f.Header.OpCode != ws.OpPong || string(f.Payload) != "hi" {
		t.Errorf("got %v %q, want a pong with the ping's payload", f.Header.OpCode, f.Payload)
	}
	if err := ws.WriteHeader(p.conn, ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	if _, err := readFrame(p.in); err == nil {
		t.Error("the socket stayed open after a frame of a terabyte was announced")
	}
}

func TestScriptIsServed(t *testing.T) {
	t.Parallel()
	srv := serve(t, New(quiet()))
	for path, want := range map[string]int{"client.js": 200, "socket": 426, "other": 404} {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, srv.URL+Path+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if path == "socket" && res.StatusCode >= 400 {
			continue // any refusal will do for what is no upgrade
		}
		if res.StatusCode != want {
			t.Errorf("GET %s = %d, want %d", path, res.StatusCode, want)
		}
	}
}

func TestSnippetIsEscaped(t *testing.T) {
	t.Parallel()
	h := New(quiet())
	got := h.Snippet(`/a"b`, `n"1`)
	want := `<script defer src="/a&#34;b/bennu/live_reload/client.js" data-build="` + h.build + `" nonce="n&#34;1"></script>`
	if got != want {
		t.Errorf("Snippet = %s\nwant      %s", got, want)
	}
	if got := h.Snippet("", ""); strings.Contains(got, "nonce") {
		t.Errorf("without a nonce: %s", got)
	}
}
