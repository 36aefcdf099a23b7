package bennu

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bennu/live"
)

// mover is a view that goes where its address says.
type mover struct{ clicker }

func (v *mover) HandleParams(s *live.Socket, p live.Params) error {
	switch to := p.Get("to"); p.Get("by") {
	case "navigate":
		s.Navigate(to)
	case "patch":
		s.Patch(to)
	case "redirect":
		s.Redirect(to)
	}
	return nil
}

// The table of addresses is the same for a handler's Redirect, for a return_to
// parameter that a handler checks, and for a view's ways to move on.
func TestFault34EveryWayOfMovingOn(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.Live("/move", func() live.View { return new(mover) })
	app.Get("/return", func(w http.ResponseWriter, r *http.Request) error {
		return Redirect(w, r, r.FormValue("return_to"))
	})
	for _, to := range notLocalPaths {
		for _, by := range []string{"/move?by=navigate&to=", "/move?by=patch&to=", "/move?by=redirect&to=", "/return?return_to="} {
			rec := ask(app, "GET", by+url.QueryEscape(to))
			if location := rec.Header().Get("Location"); rec.Code != http.StatusInternalServerError || location != "" {
				t.Errorf("%s%q: status %d to %q, want an error", by, to, rec.Code, location)
			}
		}
	}
	for _, to := range localPaths {
		for _, by := range []string{"/move?by=navigate&to=", "/move?by=redirect&to=", "/return?return_to="} {
			rec := ask(app, "GET", by+url.QueryEscape(to))
			if location := rec.Header().Get("Location"); rec.Code != http.StatusFound || location != escapeNonASCII(to) {
				t.Errorf("%s%q: status %d to %q, want 302 there", by, to, rec.Code, location)
			}
		}
	}
}

// No address that an answer names is made of the header Host, which comes from
// the client: links in mails and caches would lead to where it says.
func TestFault36HostIsInNoAddress(t *testing.T) {
	t.Parallel()
	app := siteApp(t, Options{Assets: builtAssets(), RootLayout: headLayout})
	defer func() {
		if err := app.Shutdown(context.Background()); err != nil { // of the long polls
			t.Error(err)
		}
	}()
	app.Live("/move", func() live.View { return new(mover) })
	app.Get("/go", func(w http.ResponseWriter, r *http.Request) error { return Redirect(w, r, "/users/7") })
	app.Get("/broken", func(http.ResponseWriter, *http.Request) error { return io.ErrUnexpectedEOF })
	for _, method := range []string{"GET", "HEAD", "POST", "DELETE", "OPTIONS"} {
		for _, target := range []string{
			"/", "/count/x", "/nothing", "/docs", "/docs/../users/7", "//users//7", "/go", "/broken", "/move?by=navigate&to=/go", "/move?by=redirect&to=/go",
			"/assets/app.js", "/live/websocket", "/live/longpoll", "/live/longpoll?vsn=2.0.0", "/tree", "*",
		} {
			for _, forged := range [][]string{nil, {"X-Forwarded-Host", "poison.test"}, {"Forwarded", "host=poison.test"}, {"X-Original-Host", "poison.test"}, {"X-Forwarded-Server", "poison.test"}} {
				r := httptest.NewRequest(method, "/", nil)
				r.URL = &url.URL{Path: strings.SplitN(target, "?", 2)[0]}
				if _, query, ok := strings.Cut(target, "?"); ok {
					r.URL.RawQuery = query
				}
				r.Host = "poison.test"
				if forged != nil {
					r.Host = "shop.test"
					r.Header.Set(forged[0], forged[1])
				}
				rec := httptest.NewRecorder()
				app.ServeHTTP(rec, r)
				for name, values := range rec.Header() {
					// The policy lets the page connect to the host that it came from; it is
					// read by the browser that named it.
					if text := strings.Join(values, "\n"); strings.Contains(text, "poison.test") && (name != "Content-Security-Policy" || forged != nil) {
						t.Errorf("%s %s with %v: %s: %s", method, target, forged, name, text)
					}
				}
				if strings.Contains(rec.Body.String(), "poison.test") {
					t.Errorf("%s %s with %v: body %s", method, target, forged, rec.Body)
				}
			}
		}
	}
}

// What users wrote ends in no header of its own, over a real connection.
func TestFault39NoHeaderOfTheUsersOwn(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.Get("/{what}", func(w http.ResponseWriter, r *http.Request) error {
		text := r.FormValue("text")
		switch r.PathValue("what") {
		case "redirect":
			return Redirect(w, r, "/"+text)
		case "external":
			return RedirectExternal(w, r, "https://pay.test/"+text)
		case "download":
			return Download(w, r, text, strings.NewReader("x"))
		case "flash":
			return PutFlash(r, "info", text)
		case "session":
			return Session(r).Put(text, text)
		case "status":
			return Status(http.StatusTeapot, fmt.Errorf("%s", text))
		case "header":
			w.Header().Set("X-Name", text) // which net/http cleans
		}
		return reply("fine")(w, r)
	})
	app.Live("/live/{text}", func() live.View { return new(pathView) })
	srv := httptest.NewServer(app)
	defer srv.Close()
	for _, text := range []string{"a\r\nInjected: yes", "a\nInjected: yes", "a\rInjected: yes", "\r\n\r\nInjected: yes", "a\x00\r\nInjected: yes", "\u560d\u560aInjected: yes", "a\u2028Injected: yes", "a%0d%0aInjected: yes"} {
		for _, what := range []string{"redirect", "external", "download", "flash", "session", "status", "header", "live/x"} {
			request := "GET /" + what + "?text=" + url.QueryEscape(text) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
			head := rawHead(t, srv.Listener.Addr().String(), request)
			for line := range strings.SplitSeq(head, "\n") {
				if strings.HasPrefix(strings.TrimSpace(line), "Injected") || strings.Contains(strings.TrimSuffix(line, "\r"), "\r") {
					t.Errorf("%s of %q answers with the header\n%s", what, text, head)
				}
			}
			if (what == "redirect" || what == "external") && strings.ContainsAny(text, "\r\n\x00") && !strings.HasPrefix(head, "HTTP/1.1 500") {
				t.Errorf("%s of %q is not refused:\n%s", what, text, head)
			}
		}
		// A client's own headers that come back.
		head := rawHead(t, srv.Listener.Addr().String(), "GET /header HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: "+strings.NewReplacer("\r", "%0d", "\n", "%0a", "\x00", "%00").Replace(text)+"\r\nConnection: close\r\n\r\n")
		if strings.Contains(head, "Injected") {
			t.Errorf("the request id comes back:\n%s", head)
		}
	}
}

// rawHead sends a request as it is and returns the head of the answer as it is.
func rawHead(t *testing.T, addr, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	var head strings.Builder
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadString('\n')
		head.WriteString(line)
		if err != nil || line == "\r\n" {
			return head.String()
		}
	}
}
