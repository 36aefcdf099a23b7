package bennu

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bennu/internal/transport"
	"bennu/live"
)

// Item 43: the status is shown once, the page itself is there again at the next
// request.
func TestReloadStatusIsShownOnce(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	b := newBrowser(t, app)
	b.cookies[reloadCookie] = app.reloadToken(http.StatusNotFound)
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

// A page that was open for more than 14 days is loaded anew.
func TestFault02Item47OldTokensAreStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := clickerApp(t, Options{})
		answer := ask(app, "GET", "/")
		html := answer.Body.String()
		back := httptest.NewRequest(http.MethodGet, "/", nil)
		for _, c := range answer.Result().Cookies() {
			back.AddCookie(c)
		}
		session := app.sessions.load(back)
		p := loadedPage{
			address: "http://localhost/", id: between(html, `<div id="`, `"`),
			session: between(html, `data-phx-session="`, `"`), static: between(html, `data-phx-static="`, `"`),
		}
		join := func() error {
			_, err := app.prepareJoin(p.id, transport.Join{
				Topic: "lv:" + p.id, Conn: &transport.Conn{Session: session},
				Payload: fmt.Appendf(nil, `{"url":%q,"params":{},"session":%q,"static":%q,"flash":"forged"}`, p.address, p.session, p.static),
			})
			return err
		}
		time.Sleep(viewTokenAge)
		if err := join(); err != nil {
			t.Errorf("after %v: %v, want a join", viewTokenAge, err)
		}
		time.Sleep(time.Second)
		var refused *live.JoinError
		if err := join(); !errors.As(err, &refused) || refused.Why != "stale" {
			t.Errorf("a second later: %v, want stale", err)
		}
	})
}

// The tokens are put together from parts; what comes back is read as JSON.
func TestTokensSayWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	const session = "a \"b\" <c> \\ \n ü"
	app.LiveSession(session, func(g *Group) { g.Live("/", func() live.View { return new(clicker) }) })
	html := ask(app, "GET", "/").Body.String()
	id := between(html, `<div id="`, `"`)
	var view viewToken
	err := app.verifyJSON(purposeView, between(html, `data-phx-session="`, `"`), viewTokenAge, &view)
	if owner := view.Owner; err != nil || len(owner) != 16 || view != (viewToken{id, owner, "bennu.clicker", session}) {
		t.Errorf("the view's token says %+v, %v; want the id %s and the session %q", view, err, id, session)
	}
	var static staticToken
	if err := app.verifyJSON(purposeStatic, between(html, `data-phx-static="`, `"`), viewTokenAge, &static); err != nil || static.ID != id || id == "" {
		t.Errorf("the static token says %+v, %v; want the id %s", static, err, id)
	}
}

func TestForgedReloadStatus(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value         string
		status        int
		levels, never string
	}{
		{"", 404, "", "WARN"}, // one of ours
		{"forged", 500, "WARN", "ERROR"},
		{strings.Repeat("x", 4000), 500, "WARN", "ERROR"},
	} {
		var log bytes.Buffer
		app := clickerApp(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if tt.value == "" {
			tt.value = app.reloadToken(404)
		}
		rec := ask(app, "GET", "/", "Cookie", reloadCookie+"="+tt.value)
		if rec.Code != tt.status || !strings.Contains(rec.Header().Get("Set-Cookie"), reloadCookie+"=; Path=/; Max-Age=0") {
			t.Errorf("cookie %.20q: status %d, Set-Cookie %q, want %d and the cookie deleted", tt.value, rec.Code, rec.Header()["Set-Cookie"], tt.status)
		}
		if !strings.Contains(log.String(), "level="+tt.levels) || strings.Contains(log.String(), "level="+tt.never) || log.Len() > 2000 {
			t.Errorf("cookie %.20q: log %s", tt.value, &log)
		}
	}
}
