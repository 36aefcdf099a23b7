package bennu

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"bennu/internal/transport"
	"bennu/live"
)

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
