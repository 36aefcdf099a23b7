package e2e

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// Tests called TestItem… hold the rules of the client's protocol that concern
// the whole way of a page, by the number that each rule has in the project's
// checklist.

// app is an App in this process, served over loopback.
type app struct {
	*bennu.App
	url    string
	called *views.Called
	gate   *views.Gate
}

// newApp serves the views of the tests until the test ends. A test may add
// routes before it asks for any.
func newApp(t *testing.T, change ...func(*bennu.Options)) *app {
	t.Helper()
	a := &app{called: new(views.Called), gate: &views.Gate{Entered: make(chan struct{}), Open: make(chan struct{})}}
	opts := bennu.Options{SecretKeyBase: secret, RootLayout: views.Root, Logger: slog.New(slog.DiscardHandler),
		Assets: os.DirFS("../examples/showcase/web/assets/dist")}
	for _, c := range change {
		c(&opts)
	}
	a.App = bennu.New(opts)
	page := func() live.View { return &views.Page{Called: a.called, Gate: a.gate} }
	a.Live("/page", page)
	a.Live("/again/{text}", page)
	a.Live("/other", func() live.View { return new(views.Other) }, bennu.Title("Other"))
	a.Live("/slots", func() live.View { return new(views.Slots) })
	a.LiveSession("admin", func(g *bennu.Group) { g.Live("/admin", page) })
	a.Get("/plain", func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, "plain")
		return err
	})
	s := httptest.NewServer(a)
	a.url = s.URL
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := a.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		s.Close()
	})
	return a
}

// upgrade asks for a socket and returns the status of the answer.
func upgrade(t *testing.T, site, origin, host string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(site, "http")+"/live/websocket?vsn=2.0.0", &websocket.DialOptions{HTTPHeader: header, Host: host})
	if conn != nil {
		conn.CloseNow()
	}
	if resp == nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}
