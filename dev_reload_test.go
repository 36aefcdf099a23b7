//go:build unix

package bennu

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/a-h/templ"
	"github.com/gobwas/ws"

	"bennu/internal/devreload"
)

// devEnd is `bennu dev`'s end of the pipes.
type devEnd struct {
	t       *testing.T
	control *os.File
	answers *bufio.Reader
}

// startedByDev is the App's side with pipes, as if it was started by `bennu dev`.
func startedByDev(t *testing.T) (*devReload, *devEnd) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	controlRead, controlWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answerRead, answerWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _, _ = l.Close(), controlWrite.Close(), answerRead.Close() })
	log := slog.New(slog.DiscardHandler)
	d := &devReload{hub: devreload.New(log), prefix: "/admin", log: log, pipes: &devPipes{listen, controlRead, answerWrite}}
	return d, &devEnd{t, controlWrite, bufio.NewReader(answerRead)}
}

func (e *devEnd) tell(kind string) {
	e.t.Helper()
	if _, err := e.control.Write(devreload.Message{Type: kind}.AppendLine(nil)); err != nil {
		e.t.Fatal(err)
	}
}

func (e *devEnd) waitReady() {
	e.t.Helper()
	line, err := e.answers.ReadString('\n')
	if err != nil || strings.TrimSpace(line) != `{"type":"ready"}` {
		e.t.Fatalf("the App answers %q, %v, want ready", line, err)
	}
}

func TestDevReloadFollowsBennuDev(t *testing.T) {
	t.Parallel()
	d, dev := startedByDev(t)
	srv := httptest.NewServer(d.routes(http.NotFoundHandler()))
	defer srv.Close()
	conn, early, _, err := ws.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1)+"/admin/bennu/live_reload/socket")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	in := io.Reader(conn)
	if early != nil {
		head := make([]byte, early.Buffered())
		if _, err := io.ReadFull(early, head); err != nil {
			t.Fatal(err)
		}
		in = io.MultiReader(strings.NewReader(string(head)), conn)
	}
	hears := func(want string) {
		t.Helper()
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		head, err := ws.ReadHeader(in)
		if err != nil {
			t.Fatal(err)
		}
		text := make([]byte, head.Length)
		if _, err := io.ReadFull(in, text); err != nil {
			t.Fatal(err)
		}
		var m devreload.Message
		if err := json.Unmarshal(text, &m); err != nil || m.Type != want {
			t.Fatalf("the browser hears %q, %v, want %s", text, err, want)
		}
	}
	hears(devreload.Hello)

	handedOver := make(chan struct{})
	ended := make(chan error, 1)
	go func() { ended <- d.run(t.Context(), func() { close(handedOver) }) }()
	dev.waitReady()
	dev.tell(devreload.CSS)
	hears(devreload.CSS)
	if _, err := dev.control.WriteString("no JSON\n"); err != nil {
		t.Fatal(err)
	}
	dev.tell(devreload.Handover)
	hears(devreload.Reload)
	select {
	case <-handedOver: // before the browser was told
	default:
		t.Error("browsers were told to reload before the App stopped accepting")
	}
	if err := <-ended; !errors.Is(err, errDevHandover) {
		t.Errorf("run = %v, want %v", err, errDevHandover)
	}
	_ = conn.Close()
	d.close()
}

func TestDevReloadEndsWithBennuDevAndWithTheApp(t *testing.T) {
	t.Parallel()
	d, dev := startedByDev(t)
	ended := make(chan error, 1)
	go func() { ended <- d.run(t.Context(), func() { t.Error("handed over to nobody") }) }()
	dev.waitReady()
	if err := dev.control.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, errDevGone) {
		t.Errorf("bennu dev is gone: run = %v, want %v", err, errDevGone)
	}

	d, dev = startedByDev(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- d.run(ctx, func() {}) }()
	dev.waitReady()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("the App ends: run = %v, want nil", err)
	}
}

func TestDevReloadListensOnTheOpenPort(t *testing.T) {
	t.Parallel()
	d, _ := startedByDev(t)
	l, err := d.listener()
	if err != nil || l == nil {
		t.Fatalf("listener = %v, %v", l, err)
	}
	defer func() { _ = l.Close() }()
	accepted := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			err = c.Close()
		}
		accepted <- err
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if err := <-accepted; err != nil {
		t.Error(err)
	}
	d.pipes.close()
}

func TestDevReloadIsNothingInProduction(t *testing.T) {
	t.Parallel()
	var d *devReload
	if got := d.snippet("n"); got != "" {
		t.Errorf("snippet = %q", got)
	}
	if l, err := d.listener(); l != nil || err != nil {
		t.Errorf("listener = %v, %v", l, err)
	}
	w := httptest.NewRecorder()
	d.routes(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/bennu/live_reload/client.js", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("client.js: status %d, want 404", w.Code)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.run(ctx, nil); err != nil {
		t.Errorf("run = %v", err)
	}
	d.close()
}

// Not parallel: the environment belongs to the process.
func TestDevAssetsComeFromBennuDev(t *testing.T) {
	own := fstest.MapFS{"manifest.json": {Data: []byte("own")}}
	t.Setenv(devreload.EnvAssets, "")
	if text, err := devAssets(own).Open("manifest.json"); err != nil || text == nil {
		t.Errorf("without bennu dev: %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/app.js", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(devreload.EnvAssets, dir)
	f, err := devAssets(own).Open("app.js")
	if err != nil {
		t.Fatalf("with bennu dev: %v", err)
	}
	_ = f.Close()
}

// A whole page follows live reload, whoever renders it; a piece of one does not.
func TestHTMLOfHandlersReloadsInDevelopment(t *testing.T) {
	t.Parallel()
	for _, dev := range []bool{true, false} {
		app := newTestApp(t, Options{Dev: dev})
		for path, html := range map[string]string{"/page": "<body><p>whole</p></body>", "/piece": "<p>piece</p>"} {
			app.Get(path, func(w http.ResponseWriter, r *http.Request) error { return HTML(w, r, 200, templ.Raw(html)) })
		}
		if body := ask(app, "GET", "/page").Body.String(); strings.Contains(body, "/bennu/live_reload/client.js") != dev || !strings.HasSuffix(body, "</body>") {
			t.Errorf("development %v: the page is %q", dev, body)
		}
		if body := ask(app, "GET", "/piece").Body.String(); body != "<p>piece</p>" {
			t.Errorf("development %v: the piece is %q", dev, body)
		}
	}
}
