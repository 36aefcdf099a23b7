package bennu

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"bennu/internal/transport"
	"bennu/live"
)

// drawn is a page that was drawn for a browser, without a server between.
type drawn struct {
	app             *App
	browser         *browser
	address, id     string
	session, static string
	csrf            string
}

func draw(t testing.TB, app *App, target string) *drawn {
	t.Helper()
	b := newBrowser(t, app)
	resp, html := b.get("http://localhost" + target)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: status %d", target, resp.StatusCode)
	}
	return &drawn{
		app: app, browser: b, address: "http://localhost" + target, id: between(html, `<div id="`, `"`),
		session: between(html, `data-phx-session="`, `"`), static: between(html, `data-phx-static="`, `"`),
		csrf: between(html, `name="csrf-token" content="`, `"`),
	}
}

// conn is the page's socket, as the App opens it.
func (d *drawn) conn() *transport.Conn {
	r := httptest.NewRequest(http.MethodGet, "/live/websocket?_csrf_token="+url.QueryEscape(d.csrf), nil)
	for name, value := range d.browser.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return d.app.connection(r, d.app.sessions.load(r), "websocket")
}

// join is what the App says to a join with these tokens; key is url or redirect.
func (d *drawn) join(key, address, session, static string) error {
	_, err := d.app.prepareJoin(d.id, transport.Join{
		Topic: "lv:" + d.id, Conn: d.conn(),
		Payload: fmt.Appendf(nil, `{%q:%q,"params":{},"session":%q,"static":%q}`, key, address, session, static),
	})
	return err
}

// refusedAs tells whether a join was refused for this reason.
func refusedAs(err error, why string) bool {
	refused, ok := errors.AsType[*live.JoinError](err)
	return ok && refused.Why == why && len(refused.Error()) < 1000
}

func TestFault01ForgedViewTokensAreStale(t *testing.T) {
	t.Parallel()
	d := draw(t, clickerApp(t, Options{}), "/")
	if err := d.join("url", d.address, d.session, d.static); err != nil {
		t.Fatalf("with its own tokens: %v", err)
	}
	for name, good := range map[string]string{"session": d.session, "static": d.static} {
		raw, err := base64.RawURLEncoding.DecodeString(good)
		if err != nil {
			t.Fatal(err)
		}
		for i := range len(raw) * 8 {
			raw[i/8] ^= 1 << (i % 8)
			forged := base64.RawURLEncoding.EncodeToString(raw)
			raw[i/8] ^= 1 << (i % 8)
			session, static := d.session, forged
			if name == "session" {
				session, static = forged, d.static
			}
			if err := d.join("url", d.address, session, static); !refusedAs(err, "stale") {
				t.Fatalf("%s token with bit %d flipped: %v, want stale", name, i, err)
			}
		}
	}
}

// Each token of an App stands in the place of each other one.
func TestFault06TokensOfAnotherPurpose(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	d := draw(t, app, "/")
	owner := d.browser.owner(app)
	tokens := map[string]string{
		"view": d.session, "static": d.static, "reload status": app.reloadToken(owner)(404), "CSRF": d.csrf,
		"session cookie": d.browser.cookies[defaultCookieName],
		"of an app":      app.keys.Sign("reset password", []byte(`{"i":"`+d.id+`","o":"`+owner+`","v":"bennu.clicker","s":"default"}`)),
		"encrypted":      app.keys.Encrypt(purposeView, []byte(`{"i":"`+d.id+`","o":"`+owner+`","v":"bennu.clicker","s":"default"}`)),
	}
	for name, tok := range tokens {
		if err := d.join("url", d.address, tok, d.static); name != "view" && !refusedAs(err, "stale") {
			t.Errorf("the token %s as the view's: %v, want stale", name, err)
		}
		if err := d.join("url", d.address, d.session, tok); name != "static" && !refusedAs(err, "stale") {
			t.Errorf("the token %s as the static one: %v, want stale", name, err)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", defaultCookieName+"="+tok)
		if s := app.sessions.load(r); name != "session cookie" && s != nil {
			t.Errorf("the token %s is a session", name)
		}
		r.Header.Set("Cookie", defaultCookieName+"="+d.browser.cookies[defaultCookieName]+"; "+reloadCookie+"="+tok)
		rec := httptest.NewRecorder()
		app.ServeHTTP(rec, r)
		want := 500
		if name == "reload status" {
			want = 404
		}
		if rec.Code != want {
			t.Errorf("the token %s as a reload status: %d, want %d", name, rec.Code, want)
		}
		forged := *d
		forged.csrf = tok
		if got := forged.conn().Session; name != "CSRF" && got != nil {
			t.Errorf("the token %s opens a socket with a session", name)
		}
	}
}
