package bennu

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// owner is whom a browser's pages are drawn for.
func (b *browser) owner(app *App) string {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return ownerOf(app.sessions.load(r))
}

// The status is shown once, the page itself is there again at the next request.
func TestItem43ReloadStatusIsShownOnce(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	b := newBrowser(t, app)
	b.get("/")
	b.cookies[reloadCookie] = app.reloadToken(b.owner(app))(http.StatusNotFound)
	if resp, body := b.get("/"); resp.StatusCode != http.StatusNotFound || !strings.Contains(body, "404") {
		t.Errorf("with the cookie: status %d, %.80q, want the page of 404", resp.StatusCode, body)
	}
	if _, kept := b.cookies[reloadCookie]; kept {
		t.Error("the cookie is kept")
	}
	if resp, body := b.get("/"); resp.StatusCode != http.StatusOK || !strings.Contains(body, "count") {
		t.Errorf("after that: status %d, %.80q, want the page", resp.StatusCode, body)
	}
}

// What another host of the domain plants there can not be deleted from here.
func TestForgedReloadStatusIsNoLoop(t *testing.T) {
	t.Parallel()
	attacker := newBrowser(t, nil)
	for name, value := range map[string]func(app *App, b *browser) string{
		"forged":                func(*App, *browser) string { return "forged" },
		"long":                  func(*App, *browser) string { return strings.Repeat("x", 4000) },
		"of another purpose":    func(app *App, _ *browser) string { return app.keys.Sign(purposeView, []byte(`{"s":404}`)) },
		"of another browser":    func(app *App, _ *browser) string { return app.reloadToken(attacker.owner(app))(404) },
		"of a browser unknown":  func(app *App, _ *browser) string { return app.reloadToken("")(404) },
		"no client error":       func(app *App, b *browser) string { return app.reloadToken(b.owner(app))(200) },
		"no JSON":               func(app *App, _ *browser) string { return app.keys.Sign(purposeReload, []byte("404")) },
		"more than one, forged": func(*App, *browser) string { return "a; " + reloadCookie + "=b" },
	} {
		var log bytes.Buffer
		app := clickerApp(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		attacker.handler, attacker.cookies = app, map[string]string{}
		attacker.get("/")
		b := newBrowser(t, app)
		b.get("/")
		planted := value(app, b)
		ask := func() *http.Response {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Cookie", reloadCookie+"="+planted)
			return b.do(r)
		}
		resp := ask()
		if body := bodyOf(t, resp); resp.StatusCode != 500 || !strings.Contains(body, "500") || !strings.Contains(strings.Join(resp.Header["Set-Cookie"], "\n"), reloadCookie+"=; Path=/; Max-Age=0") {
			t.Errorf("%s: status %d, Set-Cookie %q, want 500 and the cookie deleted", name, resp.StatusCode, resp.Header["Set-Cookie"])
		}
		if !strings.Contains(log.String(), "level=WARN") || strings.Contains(log.String(), "level=ERROR") || log.Len() > 4000 {
			t.Errorf("%s: log %s", name, &log)
		}
		for range 3 {
			if resp := ask(); resp.StatusCode != 200 || !strings.Contains(bodyOf(t, resp), "count") {
				t.Errorf("%s: with the cookie kept, status %d, want the page", name, resp.StatusCode)
			}
		}
		// The client's own token works beside it, wherever it stands.
		planted += "; " + reloadCookie + "=" + app.reloadToken(b.owner(app))(http.StatusGone)
		if resp := ask(); resp.StatusCode != http.StatusGone {
			t.Errorf("%s: with a token of ours beside it, status %d, want 410", name, resp.StatusCode)
		}
	}
}

func TestManyReloadCookiesAreNotTried(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	b := newBrowser(t, app)
	b.get("/")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", strings.Repeat(reloadCookie+"=x; ", maxReloadCookies)+reloadCookie+"="+app.reloadToken(b.owner(app))(404))
	if resp := b.do(r); resp.StatusCode != 500 {
		t.Errorf("status %d, want the fifth cookie not looked at", resp.StatusCode)
	}
}
