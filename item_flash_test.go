package bennu

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/internal/transport"
	"bennu/live"
	"bennu/render"
)

// noted is a view that shows its message.
type noted struct{ text string }

func (v *noted) Mount(s *live.Socket, _ live.Params) error { v.text = s.Flash(live.Info); return nil }

func (v *noted) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, notedTemplate)
		w.Str(0, v.text)
		w.End()
		return nil
	})
}

var notedTemplate = render.New(0x907ed, render.Root, "<p>message: ", "</p>")

// The token that takes messages to the next page is good for a minute, in the
// browser's cookie and in a join; what is older harms nobody.
func TestItem41Item55Item124MessagesAreGoodForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := newTestApp(t, Options{})
		app.Live("/", func() live.View { return new(noted) })
		first := ask(app, "GET", "/")
		html, mine := first.Body.String(), first.Result().Cookies()
		session := sessionOf(app, mine)
		token := app.signFlash(session, map[string]string{live.Info: "saved"})

		page := func() (body string, deleted bool) {
			w := askWith(app, "/", append(mine, &http.Cookie{Name: flashCookie, Value: token})...)
			return w.Body.String(), takesBack(w, flashCookie)
		}
		body, _ := page()
		id := between(html, `<div id="`, `"`)
		join := func() map[string]string {
			t.Helper()
			spec, err := app.prepareJoin(id, transport.Join{
				Topic: "lv:" + id, Conn: &transport.Conn{Session: session},
				Payload: fmt.Appendf(nil, `{"redirect":"http://localhost/","params":{},"session":%q,"static":%q,"flash":%q}`,
					between(html, `data-phx-session="`, `"`), between(html, `data-phx-static="`, `"`), token),
			})
			if err != nil {
				t.Fatal(err)
			}
			return spec.Flash
		}
		if !strings.Contains(body, "message: saved") {
			t.Errorf("at once: %s, want the message", body)
		}
		time.Sleep(flashTokenAge)
		if flashTokenAge != time.Minute || join()[live.Info] != "saved" {
			t.Errorf("a join after %v has the messages %v", flashTokenAge, join())
		}
		time.Sleep(time.Second)
		if got := join(); len(got) != 0 {
			t.Errorf("a join a second later has the messages %v, want none", got)
		}
		if body, deleted := page(); strings.Contains(body, "saved") || !deleted {
			t.Errorf("cookie deleted: %v; the page:\n%s\nwant no message and the cookie taken back", deleted, body)
		}
	})
}

// askWith asks for a page with these cookies.
func askWith(app *App, path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

// sessionOf is the session that these cookies are of.
func sessionOf(app *App, cookies []*http.Cookie) *live.Session {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return app.sessions.load(r)
}

// takesBack reports whether a response deletes a cookie.
func takesBack(w *httptest.ResponseRecorder, name string) bool {
	return slices.ContainsFunc(w.Result().Cookies(), func(c *http.Cookie) bool { return c.Name == name && c.MaxAge < 0 })
}

// A token says nothing to another browser, be it planted as its cookie or sent
// with its join, nor to the same browser after a login.
func TestFault04Item41FlashTokenOfAnotherSession(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Live("/", func() live.View { return new(noted) })
	app.Get("/login", func(w http.ResponseWriter, r *http.Request) error {
		Session(r).Renew()
		if err := Session(r).Put("user", "1"); err != nil {
			return err
		}
		return reply("in")(w, r)
	})
	first := ask(app, "GET", "/")
	mine := slices.Clip(first.Result().Cookies())
	token := app.signFlash(sessionOf(app, mine), map[string]string{live.Info: "for one alone"})
	flash := &http.Cookie{Name: flashCookie, Value: token}
	cookie := func(w *httptest.ResponseRecorder) []*http.Cookie { return w.Result().Cookies() }
	for name, tt := range map[string]struct {
		cookies []*http.Cookie
		want    bool
	}{
		"its own":            {append(mine, flash), true},
		"behind another one": {append(mine, &http.Cookie{Name: flashCookie, Value: "planted"}, flash), true},
		"another browser":    {append(cookie(ask(app, "GET", "/")), flash), false},
		"a first visit":      {[]*http.Cookie{flash}, false},
		"after a login":      {append(cookie(askWith(app, "/login", mine...)), flash), false},
		"far behind others":  {append(mine, &http.Cookie{Name: flashCookie, Value: "1"}, &http.Cookie{Name: flashCookie, Value: "2"}, &http.Cookie{Name: flashCookie, Value: "3"}, &http.Cookie{Name: flashCookie, Value: "4"}, flash), false},
	} {
		w := askWith(app, "/", tt.cookies...)
		if shown := strings.Contains(w.Body.String(), "message: for one alone"); w.Code != http.StatusOK || shown != tt.want || !takesBack(w, flashCookie) {
			t.Errorf("%s: status %d, shown %v, taken back %v; want it shown %v and taken back\n%s", name, w.Code, shown, takesBack(w, flashCookie), tt.want, w.Body)
		}
	}
	for name, tt := range map[string]struct {
		page *httptest.ResponseRecorder
		want string
	}{
		"its own": {first, "for one alone"},
		"another": {ask(app, "GET", "/"), ""},
	} {
		html := tt.page.Body.String()
		id := between(html, `<div id="`, `"`)
		spec, err := app.prepareJoin(id, transport.Join{
			Topic: "lv:" + id, Conn: &transport.Conn{Session: sessionOf(app, tt.page.Result().Cookies())},
			Payload: fmt.Appendf(nil, `{"redirect":"http://localhost/","params":{},"session":%q,"static":%q,"flash":%q}`,
				between(html, `data-phx-session="`, `"`), between(html, `data-phx-static="`, `"`), token),
		})
		if err != nil || spec.Flash[live.Info] != tt.want {
			t.Errorf("the join of %s: messages %v, %v; want %q", name, spec.Flash, err, tt.want)
		}
	}
}

// A view may send the browser to a handler that logs in, or only knows the way:
// the message is shown on the page that this leads to.
func TestMessagesOutlastRedirects(t *testing.T) {
	t.Parallel()
	for path, h := range map[string]Handler{
		"/way": func(w http.ResponseWriter, r *http.Request) error { return Redirect(w, r, "/") },
		"/moved": func(w http.ResponseWriter, r *http.Request) error {
			http.Redirect(w, r, "/", http.StatusMovedPermanently)
			return nil
		},
		"/login": func(w http.ResponseWriter, r *http.Request) error {
			Session(r).Renew()
			if err := Session(r).Put("user", "1"); err != nil {
				return err
			}
			return Redirect(w, r, "/")
		},
		"/says": func(w http.ResponseWriter, r *http.Request) error {
			if err := PutFlash(r, live.Info, "later"); err != nil {
				return err
			}
			return Redirect(w, r, "/")
		},
		"/shown": func(w http.ResponseWriter, r *http.Request) error {
			Flash(r, live.Info)
			return Redirect(w, r, "/")
		},
		"/file": reply("no page"),
	} {
		app := newTestApp(t, Options{})
		app.Live("/", func() live.View { return new(noted) })
		app.Get(path, h)
		want := map[string]string{"/says": "later", "/shown": "", "/file": ""}
		mine := slices.Clip(ask(app, "GET", "/").Result().Cookies())
		token := app.signFlash(sessionOf(app, mine), map[string]string{live.Info: "saved"})
		w := askWith(app, path, append(mine, &http.Cookie{Name: flashCookie, Value: token})...)
		if !takesBack(w, flashCookie) {
			t.Errorf("%s leaves the cookie: %v", path, w.Result().Cookies())
		}
		for _, c := range w.Result().Cookies() {
			if c.Name == defaultCookieName {
				mine = []*http.Cookie{c}
			}
		}
		message, expected := want[path]
		if !expected {
			message = "saved"
		}
		w = askWith(app, "/", mine...)
		if !strings.Contains(w.Body.String(), "<p>message: "+message+"</p>") {
			t.Errorf("after %s the page shows %q, want %q", path, between(w.Body.String(), "<p>message: ", "</p>"), message)
		}
		for _, c := range w.Result().Cookies() {
			if c.Name == defaultCookieName {
				mine = []*http.Cookie{c}
			}
		}
		if w = askWith(app, "/", mine...); !strings.Contains(w.Body.String(), "<p>message: </p>") {
			t.Errorf("after %s the message is shown twice: %s", path, w.Body)
		}
	}
}
