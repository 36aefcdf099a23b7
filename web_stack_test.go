package bennu

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bennu/token"
)

// webStack is the App's layers around a handler, without the App.
type webStack struct {
	sessions *sessions
	handler  http.Handler
}

var testSecret = strings.Repeat("a secret for tests ", 4)

func testKeys(t testing.TB, secret string, retired ...string) *token.Keys {
	t.Helper()
	k, err := token.New(secret, retired...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// newWebStack builds the layers in the App's order; the configs may be zero.
func newWebStack(t testing.TB, cfg sessionConfig, list []string, h http.HandlerFunc) *webStack {
	t.Helper()
	if cfg.keys == nil {
		cfg.keys = testKeys(t, testSecret)
	}
	if cfg.log == nil {
		cfg.log = slog.New(slog.DiscardHandler)
	}
	headers, err := secureHeaders("")
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := newOrigins(list)
	if err != nil {
		t.Fatal(err)
	}
	s := newSessions(cfg)
	protect := csrf(csrfConfig{sessions: s, origins: allowed})
	return &webStack{s, requestID(0)(headers(methodOverride()(s.middleware(protect(h)))))}
}

// browser keeps cookies between requests to a handler.
type browser struct {
	t       testing.TB
	handler http.Handler
	cookies map[string]string
}

func newBrowser(t testing.TB, h http.Handler) *browser {
	return &browser{t: t, handler: h, cookies: map[string]string{}}
}

func (b *browser) do(r *http.Request) *http.Response {
	b.t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.handler.ServeHTTP(rec, r)
	resp := rec.Result()
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c.Value
	}
	return resp
}

func (b *browser) get(target string) (*http.Response, string) {
	b.t.Helper()
	resp := b.do(httptest.NewRequest("GET", target, nil))
	return resp, bodyOf(b.t, resp)
}

func bodyOf(t testing.TB, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// formPost is a POST of a form.
func formPost(target string, fields url.Values) *http.Request {
	r := httptest.NewRequest("POST", target, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}
