package bennu

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/live"
)

// missing is an error of a domain that carries a status without this package.
type missing struct{ id string }

func (e missing) Error() string { return "no order " + e.id }
func (missing) HTTPStatus() int { return http.StatusNotFound }

// failing is a view that fails in the ways that views can.
type failing struct{ how string }

func (v *failing) Mount(*live.Socket, live.Params) error {
	switch v.how {
	case "panic":
		panic("mount with <secret>")
	case "error":
		return errors.New("mount with <secret>")
	case "missing":
		return fmt.Errorf("page: %w", missing{"7"})
	}
	return nil
}

func (v *failing) Render() templ.Component {
	if v.how == "render" {
		panic("render with <secret>")
	}
	return templ.NopComponent
}

func failingApp(t testing.TB, opts Options) *App {
	app := newTestApp(t, opts)
	app.Get("/error", func(http.ResponseWriter, *http.Request) error { return errors.New("handler with <secret>") })
	app.Get("/panic", func(http.ResponseWriter, *http.Request) error { panic("handler with <secret>") })
	app.Get("/missing", func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("orders: %w", missing{"7"}) })
	app.Get("/forbidden", func(http.ResponseWriter, *http.Request) error {
		return Status(http.StatusForbidden, errors.New("not with <secret>"))
	})
	app.Get("/panic-missing", func(http.ResponseWriter, *http.Request) error { panic(missing{"7"}) })
	app.Get("/odd-status", func(http.ResponseWriter, *http.Request) error { return oddStatus{} })
	app.Post("/post", reply("posted"))
	for _, how := range []string{"panic", "error", "missing", "render"} {
		app.Live("/live/"+how, func() live.View { return &failing{how} })
	}
	return app
}

type oddStatus struct{}

func (oddStatus) Error() string   { return "odd" }
func (oddStatus) HTTPStatus() int { return 200 }

func TestErrorStatuses(t *testing.T) {
	t.Parallel()
	app := failingApp(t, Options{})
	for target, want := range map[string]int{
		"/error": 500, "/panic": 500, "/missing": 404, "/forbidden": 403, "/panic-missing": 404, "/odd-status": 500,
		"/live/panic": 500, "/live/error": 500, "/live/missing": 404, "/live/render": 500, "/nowhere": 404, "/post": 405,
	} {
		for _, accept := range []string{"text/html", "application/json", "text/plain"} {
			rec := ask(app, "GET", target, "Accept", accept)
			if rec.Code != want {
				t.Errorf("GET %s: status %d, want %d", target, rec.Code, want)
			}
			if got, _, _ := strings.Cut(rec.Header().Get("Content-Type"), ";"); got != accept {
				t.Errorf("GET %s as %s: Content-Type %q", target, accept, got)
			}
			if strings.Contains(rec.Body.String(), "secret") || strings.Contains(rec.Body.String(), "errors_test") {
				t.Errorf("GET %s as %s shows details in production: %s", target, accept, rec.Body)
			}
			h := rec.Header()
			if h.Get("Content-Security-Policy") == "" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || h.Get("X-Request-Id") == "" {
				t.Errorf("GET %s: headers %v, want those of every response and no-store", target, h)
			}
			if n := rec.Result().ContentLength; n != int64(rec.Body.Len()) {
				t.Errorf("GET %s: Content-Length %d, body has %d", target, n, rec.Body.Len())
			}
		}
	}
	if rec := ask(app, "HEAD", "/error"); rec.Code != 500 || rec.Body.Len() != 0 {
		t.Errorf("HEAD: status %d with %d bytes, want 500 without any", rec.Code, rec.Body.Len())
	}
}

func TestDefaultErrorPages(t *testing.T) {
	t.Parallel()
	app := failingApp(t, Options{Prefix: "/admin"})
	page := ask(app, "GET", "/admin/error", "Accept", "text/html")
	nonce := between(page.Header().Get("Content-Security-Policy"), "style-src 'self' 'nonce-", "'")
	for _, want := range []string{
		"<!DOCTYPE html>", "500", "Internal Server Error", "prefers-color-scheme", `href="/admin/"`,
		page.Header().Get("X-Request-Id"), `<style nonce="` + nonce + `">`, "viewport",
	} {
		if nonce == "" || !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, page.Body)
		}
	}
	if got := ask(app, "GET", "/admin/nowhere", "Accept", "application/json").Body.String(); got != `{"errors":{"detail":"Not Found"}}`+"\n" {
		t.Errorf("JSON: %s", got)
	}
	if got := ask(app, "GET", "/admin/nowhere", "Accept", "text/plain").Body.String(); got != "404 Not Found\n" {
		t.Errorf("text: %q", got)
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	text, _, ok := strings.Cut(rest, to)
	if !ok {
		return ""
	}
	return text
}

func TestOwnErrorPages(t *testing.T) {
	t.Parallel()
	own := ErrorPages{
		HTML: func(status int, p Page, err error) templ.Component {
			return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				switch status {
				case 403:
					panic("the page panics")
				case 405:
					return errors.New("the page fails")
				}
				var m missing
				_, werr := fmt.Fprintf(w, "<p nonce=%q>own %d %v %s %s</p>", templ.GetNonce(ctx), status, errors.As(err, &m), p.Path("/x"), p.CSRFToken())
				return werr
			})
		},
		JSON: func(status int, err error) any {
			switch status {
			case 403:
				panic("the value panics")
			case 405:
				return func() {}
			}
			return map[string]any{"code": status, "missing": errors.As(err, new(missing))}
		},
	}
	app := failingApp(t, Options{Errors: own})
	body := ask(app, "GET", "/missing").Body.String()
	if !strings.Contains(body, "own 404 true /x ") || strings.Contains(body, `nonce=""`) || strings.Contains(body, "/x </p>") {
		t.Errorf("own page: %s, want its status, error, path, nonce and CSRF token", body)
	}
	if got := ask(app, "GET", "/missing", "Accept", "application/json").Body.String(); got != `{"code":404,"missing":true}`+"\n" {
		t.Errorf("own JSON: %s", got)
	}
	for target, want := range map[string]string{"/forbidden": "403", "/post": "405"} {
		if got := ask(app, "GET", target).Body.String(); !strings.Contains(got, "<!DOCTYPE html>") || !strings.Contains(got, want) {
			t.Errorf("a failing page for %s gives %s, want the standard one", target, got)
		}
		if got := ask(app, "GET", target, "Accept", "application/json").Body.String(); !strings.Contains(got, `{"errors":`) {
			t.Errorf("a failing value for %s gives %s, want the standard one", target, got)
		}
	}
	nothing := failingApp(t, Options{Errors: ErrorPages{HTML: func(int, Page, error) templ.Component { return nil }}})
	if got := ask(nothing, "GET", "/missing").Body.String(); !strings.Contains(got, "<!DOCTYPE html>") {
		t.Errorf("a page that is nil gives %s, want the standard one", got)
	}
}

func TestErrorClearsTheAnswerBegun(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Get("/", func(w http.ResponseWriter, r *http.Request) error {
		h := w.Header()
		for name, value := range map[string]string{
			"Content-Type": "text/csv", "Content-Encoding": "gzip", "Content-Disposition": "attachment", "Etag": `"1"`, "Content-Length": "3",
		} {
			h.Set(name, value)
		}
		if err := Session(r).Put("kept", "yes"); err != nil {
			return err
		}
		return errors.New("failed")
	})
	rec := ask(app, "GET", "/")
	h := rec.Header()
	if h.Get("Content-Encoding")+h.Get("Content-Disposition")+h.Get("Etag") != "" || h.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("headers %v, want none of the answer that did not come about", h)
	}
	if h.Get("Set-Cookie") == "" {
		t.Error("the session is not saved with an error page")
	}
}

func TestErrorAfterTheAnswerHasBegun(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Get("/error", func(w http.ResponseWriter, _ *http.Request) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("failed")
	})
	app.Get("/panic", func(w http.ResponseWriter, _ *http.Request) error {
		_, _ = io.WriteString(w, "half")
		panic("failed")
	})
	app.Get("/abort", func(http.ResponseWriter, *http.Request) error { panic(http.ErrAbortHandler) })
	app.Get("/flushed", func(w http.ResponseWriter, _ *http.Request) error {
		if err := http.NewResponseController(w).Flush(); err != nil {
			return err
		}
		return errors.New("failed")
	})
	for _, target := range []string{"/error", "/panic", "/abort", "/flushed"} {
		func() {
			defer func() {
				if v := recover(); v != http.ErrAbortHandler {
					t.Errorf("GET %s: panic %v, want http.ErrAbortHandler", target, v)
				}
			}()
			ask(app, "GET", target)
		}()
	}
	srv := httptest.NewServer(app)
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL + "/error")
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	if err == nil {
		t.Error("the half answer looks whole to the client")
	}
}

func TestErrorOnHijackedConnection(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	for _, how := range []string{"error", "panic"} {
		app.Get("/"+how, func(w http.ResponseWriter, _ *http.Request) error {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return err
			}
			_, err = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
			if err = errors.Join(err, conn.Close()); err != nil {
				return err
			}
			if how == "panic" {
				panic("after the take-over")
			}
			return errors.New("after the take-over")
		})
	}
	srv := httptest.NewServer(app)
	defer srv.Close()
	for _, how := range []string{"error", "panic"} {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n", how); err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(bufio.NewReader(conn))
		if err != nil || !strings.HasSuffix(string(all), "\r\n\r\nok") {
			t.Errorf("%s: got %q, %v, want what the handler wrote and no more", how, all, err)
		}
		conn.Close()
	}
}

func TestErrorsAreLoggedOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		target string
		level  string // "" for no line above Debug
		want   []string
	}{
		{"/error", "ERROR", []string{"handler with", "request_id"}},
		{"/panic", "ERROR", []string{"panic: handler with", "stack", "errors_test.go"}},
		{"/live/panic", "ERROR", []string{"mount with", "stack"}},
		{"/missing", "", nil},
		{"/nowhere", "", nil},
		{"/post", "WARN", []string{"request refused", "https://evil.test", "request_id"}}, // by another site
	} {
		var log bytes.Buffer
		app := failingApp(t, Options{Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
		method := "GET"
		if tt.target == "/post" {
			method = "POST"
		}
		ask(app, method, tt.target, "Origin", "https://evil.test")
		if tt.level == "" {
			if log.Len() > 0 {
				t.Errorf("GET %s logs %s, want nothing", tt.target, &log)
			}
			continue
		}
		var line map[string]any
		if err := json.Unmarshal(log.Bytes(), &line); err != nil || line["level"] != tt.level {
			t.Errorf("GET %s logs %s, want one line of level %s", tt.target, &log, tt.level)
		}
		for _, want := range tt.want {
			if !strings.Contains(log.String(), want) {
				t.Errorf("GET %s logs %s, want %q in it", tt.target, &log, want)
			}
		}
	}
}

func TestErrorsOfClientsThatLeave(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	app.Get("/", func(_ http.ResponseWriter, r *http.Request) error { return fmt.Errorf("query: %w", r.Context().Err()) })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
	app.ServeHTTP(httptest.NewRecorder(), r)
	if log.Len() > 0 {
		t.Errorf("logged: %s", &log)
	}
}

func TestDevelopmentShowsRoutesWhenNoneMatches(t *testing.T) {
	t.Parallel()
	app := failingApp(t, Options{Dev: true})
	body := ask(app, "GET", "/nowhere?q=<script>").Body.String()
	for _, want := range []string{"/live/missing", "bennu.failing", "development only", "/nowhere"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if body := ask(failingApp(t, Options{}), "GET", "/nowhere").Body.String(); strings.Contains(body, "/live/missing") {
		t.Error("production lists the routes")
	}
}
