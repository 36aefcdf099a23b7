package bennu

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"bennu/live"
)

// The tests of this file ask a real server, because a recorder shows other
// answers than a browser gets: it keeps the bodies of HEAD, believes lengths
// and can not be hijacked.

func TestWEB03BodiesThatCannotBeReadGetPages(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Post("/orders", func(w http.ResponseWriter, r *http.Request) error {
		var order struct{ Count int }
		if err := Bind(r, &order); err != nil {
			return err
		}
		return reply(strconv.Itoa(order.Count))(w, r)
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	const form = "application/x-www-form-urlencoded"
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
	}{
		{"good", form, "count=3", 200},
		{"too large", form, "count=3&x=" + strings.Repeat("x", maxBody), 413},
		{"a bad escape", form, "count=%zz", 400},
		{"no number", form, "count=many", 400},
		{"half JSON", "application/json", `{"count":`, 400},
		{"a type that nobody reads", "text/csv", "count", 415},
	} {
		for accept, want := range map[string]string{
			"text/html,*/*;q=0.8": "<!DOCTYPE html>", "application/json": `{"errors":{"detail":"`, "text/plain": fmt.Sprint(tt.status, " "),
		} {
			r, err := http.NewRequest("POST", srv.URL+"/orders", strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", tt.contentType)
			r.Header.Set("Accept", accept)
			resp, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body := bodyOf(t, resp)
			resp.Body.Close()
			if tt.status == 200 {
				want = "3"
			}
			if resp.StatusCode != tt.status || !strings.HasPrefix(body, want) {
				t.Errorf("%s for %s: status %d, %.80q; want %d, %q", tt.name, accept, resp.StatusCode, body, tt.status, want)
			}
			if strings.Contains(body, "many") || strings.Contains(body, "%zz") {
				t.Errorf("%s for %s: production shows %q", tt.name, accept, body)
			}
		}
	}
}

// HEAD has the header of GET and no body: the next answer on the connection
// stands right behind it.
func TestWEB04HeadOfPages(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(clickerApp(t, Options{}))
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, path := range []string{"/", "/rooms/7", "/nowhere"} {
		var answers [2]*http.Response
		for i, method := range []string{"HEAD", "GET"} {
			if _, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n", method, path); err != nil {
				t.Fatal(err)
			}
			resp, err := http.ReadResponse(in, &http.Request{Method: method})
			if err != nil {
				t.Fatalf("%s %s: %v", method, path, err)
			}
			n, err := io.Copy(io.Discard, resp.Body)
			if err != nil || (method == "GET") != (n > 0) || method == "GET" && n != resp.ContentLength {
				t.Errorf("%s %s: %d bytes, %v, Content-Length %d", method, path, n, err, resp.ContentLength)
			}
			resp.Body.Close()
			answers[i] = resp
		}
		head, get := answers[0], answers[1]
		if head.StatusCode != get.StatusCode || head.ContentLength != get.ContentLength || head.Header.Get("Content-Type") != "text/html; charset=utf-8" ||
			head.Header.Get("Cache-Control") != get.Header.Get("Cache-Control") || len(head.Header) != len(get.Header) {
			t.Errorf("HEAD %s: %d, header %v\nGET: %d, header %v", path, head.StatusCode, head.Header, get.StatusCode, get.Header)
		}
	}
}

func TestFault38SEC03SecureHeadersOnEveryKindOfAnswer(t *testing.T) {
	t.Parallel()
	app := siteApp(t, Options{Assets: builtAssets()})
	app.Static("/static", siteFiles(time.Time{}))
	app.Get("/go", func(w http.ResponseWriter, r *http.Request) error { return Redirect(w, r, "/") })
	app.Get("/json", func(w http.ResponseWriter, _ *http.Request) error { return JSON(w, http.StatusOK, 1) })
	app.Get("/file", func(w http.ResponseWriter, r *http.Request) error {
		return Download(w, r, "a.html", strings.NewReader("<p>"))
	})
	app.Get("/error", func(http.ResponseWriter, *http.Request) error { return io.ErrUnexpectedEOF })
	app.Get("/panic", func(http.ResponseWriter, *http.Request) error { panic("handler") })
	app.Get("/late", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, "begun")
		return errors.Join(err, http.NewResponseController(w).Flush(), io.ErrUnexpectedEOF)
	})
	app.Live("/gone", func() live.View { return new(gone) })
	srv := httptest.NewServer(app)
	defer srv.Close()
	defer func() {
		if err := app.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	upgrade := "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	for _, tt := range []struct {
		request, header string
		status          int
	}{
		{"GET /", "", 200},
		{"GET /count/x", "", 200},
		{"GET /nothing", "", 404},
		{"GET /nothing", "Accept: application/json\r\n", 404},
		{"GET /go", "", 302},
		{"GET /json", "", 200},
		{"GET /file", "", 200},
		{"GET /error", "", 500},
		{"GET /panic", "", 500},
		{"GET /late", "", 200},
		{"GET /gone", "", 410},
		{"HEAD /gone", "", 410},
		{"GET /static/site.css", "Range: bytes=900-\r\n", 416},
		{"GET /static/site.css", "If-None-Match: *\r\n", 304},
		{"GET /live/longpoll?vsn=2.0.0", "", 200},
		{"GET /live/longpoll?vsn=2.0.0", "Origin: https://evil.test\r\n", 200},
		{"POST /live/longpoll?vsn=2.0.0&token=x", "", 200},
		{"OPTIONS /live/longpoll", "", 200},
		{"DELETE /live/longpoll", "", 405},
		{"GET /static/site.css", "", 200},
		{"GET /assets/app-1A2B.js", "", 200},
		{"GET /static/none", "", 404},
		{"POST /static/site.css", "", 405},
		{"GET /docs/../x", "", 307},
		{"POST /users/7", "Origin: https://evil.test\r\n", 403},
		{"GET /live/websocket?vsn=2.0.0", "", 426},
		{"HEAD /live/websocket?vsn=2.0.0", "", 405},
		{"POST /live/websocket", "", 405},
		{"GET /live/websocket?vsn=1.0.0", upgrade, 403},
		{"GET /live/websocket?vsn=2.0.0", upgrade + "Origin: https://evil.test\r\n", 403},
		{"GET /live/websocket?vsn=2.0.0", upgrade + "Content-Length: 5\r\n", 400},
		{"GET /live/websocket?vsn=2.0.0", upgrade + "Transfer-Encoding: chunked\r\n", 400},
	} {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		request := tt.request + " HTTP/1.1\r\nHost: localhost\r\n" + tt.header
		if !strings.Contains(tt.header, "Connection:") {
			request += "Connection: close\r\n"
		}
		if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
			t.Fatal(err)
		}
		method, _, _ := strings.Cut(tt.request, " ")
		resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%s: %v", tt.request, err)
		}
		conn.Close()
		h := resp.Header
		if resp.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", tt.request, resp.StatusCode, tt.status)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'self'") ||
			h.Get("Referrer-Policy") == "" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: header %v", tt.request, h)
		}
	}
}

// gone is a view of what is there no more.
type gone struct{ clicker }

func (*gone) Mount(*live.Socket, live.Params) error { return Status(http.StatusGone, nil) }

// visits is a view that counts its browser's visits in the session.
type visits struct {
	pathView
	late error // of a change while connected
}

func (v *visits) Mount(s *live.Socket, _ live.Params) error {
	n := 0
	if _, err := s.Session().Decode("visits", &n); err != nil {
		return err
	}
	v.params = live.NewParams([]live.PathValue{{Name: "visits", Value: strconv.Itoa(n)}}, "")
	if s.Connected() {
		v.late = s.Session().Put("visits", n+1)
		return nil
	}
	return s.Session().Put("visits", n+1)
}

func (v *visits) Render() templ.Component {
	if v.late != nil {
		v.params = live.NewParams([]live.PathValue{{Name: "refused", Value: "yes"}}, "")
	}
	return v.pathView.Render()
}

func TestMountOfTheDeadRenderChangesTheSession(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.Live("/", func() live.View { return new(visits) })
	srv := httptest.NewServer(app)
	defer srv.Close()
	client := srv.Client()
	var cookie string
	for n := range 3 {
		r, err := http.NewRequest("GET", srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body := bodyOf(t, resp)
		resp.Body.Close()
		set := resp.Cookies()
		if len(set) != 1 || !strings.Contains(body, fmt.Sprintf("visits=%d;", n)) {
			t.Fatalf("visit %d: cookies %v, page %s", n, set, body)
		}
		cookie = set[0].Name + "=" + set[0].Value
	}

	p := load(t, client, srv.URL)
	conn, err := p.dial(t, "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := say(t, conn, p.join()); !strings.Contains(got, "refused=yes;") {
		t.Errorf("a change while connected: %s, want that Put refuses it", got)
	}
	conn.Close()
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
