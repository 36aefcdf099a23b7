package bennu

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// upgradeText is a request that opens a socket, with a header changed.
func upgradeText(address, query, change, to string) string {
	text := "GET " + address + "?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	return strings.Replace(text, change, to, 1)
}

func TestSocketRefusals(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := clickerApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	srv := httptest.NewServer(app)
	defer srv.Close()
	for _, tt := range []struct {
		name, request string
		status        int
		page          bool // there is a body for people
	}{
		{"a page's address", upgradeText("/live/websocket", "vsn=2.0.0", "Connection: Upgrade\r\nUpgrade: websocket\r\n", ""), 426, true},
		{"another version of the protocol", upgradeText("/live/websocket", "vsn=1.0.0", "", ""), 403, false},
		{"another version of WebSocket", upgradeText("/live/websocket", "vsn=2.0.0", "Version: 13", "Version: 8"), 426, true},
		{"a bad key", upgradeText("/live/websocket", "vsn=2.0.0", "dGhlIHNhbXBsZSBub25jZQ==", "x"), 400, true},
		{"HEAD", upgradeText("/live/websocket", "vsn=2.0.0", "GET", "HEAD"), 405, false},
		{"a foreign origin", upgradeText("/live/websocket", "vsn=2.0.0", "Connection", "Origin: https://evil.test\r\nConnection"), 403, false},
	} {
		nc, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := nc.Write([]byte(tt.request)); err != nil {
			t.Fatal(err)
		}
		method, _, _ := strings.Cut(tt.request, " ")
		resp, err := http.ReadResponse(bufio.NewReader(nc), &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		h := resp.Header
		if resp.StatusCode != tt.status || (resp.ContentLength > 0) != tt.page && method != "HEAD" {
			t.Errorf("%s: %s with %d bytes, want %d", tt.name, resp.Status, resp.ContentLength, tt.status)
		}
		if h.Get("X-Request-Id") == "" || h.Get("Content-Security-Policy") == "" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s lacks the headers that all answers have: %v", tt.name, h)
		}
		nc.Close()
	}
	if text := log.String(); strings.Contains(text, "msg=connected") {
		t.Errorf("a refusal is logged as connected:\n%s", text)
	}
}

func TestSocketIsLoggedWhenOpen(t *testing.T) {
	t.Parallel()
	log := new(lines)
	app := clickerApp(t, Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	srv := httptest.NewServer(app)
	defer srv.Close()
	nc, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	query := url.Values{
		"_csrf_token": {"SECRET1"}, "_live_referer": {"https://shop.test/reset?token=SECRET2"}, "_track_static[0]": {"SECRET3"},
		"_mounts": {"2"}, "_mount_attempts": {"1"}, "zone": {"Europe/Rome"}, "token": {"SECRET4"}, "vsn": {"2.0.0"},
	}
	if _, err := nc.Write([]byte(upgradeText("/live/websocket", query.Encode(), "", ""))); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(nc), nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v, want 101", resp, err)
	}
	// The line is written after the answer.
	waitFor(t, "the line", func() bool { return strings.Contains(log.String(), "msg=connected") })
	text := log.String()
	id := resp.Header.Get("X-Request-Id")
	for _, want := range []string{"msg=connected", "transport=websocket", "vsn=2.0.0", "_mounts:[2]", "_mount_attempts:[1]", "zone:[Europe/Rome]", "peer=127.0.0.1", "request_id=" + id} {
		if id == "" || !strings.Contains(text, want) {
			t.Errorf("%s is not in the log:\n%s", want, text)
		}
	}
	if strings.Contains(text, "SECRET") {
		t.Errorf("a secret is in the log:\n%s", text)
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
