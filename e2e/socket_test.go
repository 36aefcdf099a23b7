package e2e

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

func TestFault26Item03ForeignOrigins(t *testing.T) {
	t.Parallel()
	listed := []string{"https://shop.test"}
	for _, tt := range []struct {
		name, origin, host string
		allowed            []string
		want               int
	}{
		{"foreign", "http://evil.test", "", nil, 403},
		{"look-alike", "http://shop.test.evil.test", "shop.test", nil, 403},
		{"other port", "http://shop.test:81", "shop.test", nil, 403},
		{"own", "http://shop.test", "shop.test", nil, 101},
		{"listed", "https://shop.test", "node1.internal", listed, 101},
		{"not listed", "https://node1.internal", "node1.internal", listed, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t, func(o *bennu.Options) { o.Origins = tt.allowed })
			if got := upgrade(t, a.url, tt.origin, tt.host); got != tt.want {
				t.Errorf("Origin %q at host %q: %d, want %d", tt.origin, tt.host, got, tt.want)
			}
		})
	}
}

func TestFault27Item04NoOriginIsNoFault(t *testing.T) {
	t.Parallel()
	if got := upgrade(t, newApp(t).url, "", ""); got != 101 {
		t.Errorf("without Origin: %d, want 101", got)
	}
}

func TestFault27Item05OriginNullIsForeign(t *testing.T) {
	t.Parallel()
	if got := upgrade(t, newApp(t).url, "null", ""); got != 403 {
		t.Errorf("Origin: null: %d, want 403", got)
	}
}

func TestFault29Item06WrongCSRFTokenMakesJoinsStale(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	for _, token := range []string{"", "wrong", v.csrf + "x", get(t, a.url+"/page").csrf} {
		s := v.dial(token)
		wantError(t, s.answer("lv:"+v.id, v.joinPayload(0)), `{"reason":"stale"}`)
	}
}

// The address of the socket has _mounts, _live_referer=undefined and others.
func TestItem07ExtraParamsAreIgnored(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page")
	v.dial().join(v, 0)
}

func TestCrashLeavesOtherTopicsOfTheSocketAlone(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	s := v.dial()
	first := s.join(v, 0)
	// A second page of the same browser on the same socket.
	resp, err := v.client.Get(a.url + "/page")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	w := &visit{t: t, url: v.url, client: v.client, body: string(body)}
	w.read()
	second := s.join(w, 0)
	if f := first.push("panic", `{}`); f.event != "phx_error" || f.topic != first.topic {
		t.Fatalf("%s, want phx_error of the first topic", f.raw)
	}
	if f := second.push("set", `{"text":"still here"}`); !strings.Contains(f.raw, "still here") {
		t.Errorf("%s, want the second view at work", f.raw)
	}
}

func TestShutdownTellsClientsToComeBack(t *testing.T) {
	t.Parallel()
	b := bennu.New(bennu.Options{SecretKeyBase: secret, RootLayout: views.Root, Logger: slog.New(slog.DiscardHandler)})
	b.Live("/page", func() live.View { return new(views.Page) })
	s := httptest.NewServer(b)
	defer s.Close()
	v := get(t, s.URL+"/page")
	j := v.dial().join(v, 0)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	closed := make(chan error, 1)
	go func() {
		_, _, err := j.conn.Read(ctx)
		closed <- err
	}()
	if err := b.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	select {
	case err := <-closed:
		if got := websocket.CloseStatus(err); got != websocket.StatusServiceRestart {
			t.Errorf("the socket was closed with %v (%v), want 1012", got, err)
		}
	case <-time.After(patience):
		t.Error("the socket stays open")
	}
}
