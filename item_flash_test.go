package bennu

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/internal/transport"
	"bennu/live"
)

// noted is a view that shows its message.
type noted struct{ text string }

func (v *noted) Mount(s *live.Socket, _ live.Params) error { v.text = s.Flash(live.Info); return nil }

func (v *noted) Render() templ.Component { return templ.Raw("<p>message: " + v.text + "</p>") }

// The token that takes messages to the next page is good for a minute, in the
// browser's cookie and in a join; what is older harms nobody.
func TestItem41Item55Item124MessagesAreGoodForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := newTestApp(t, Options{})
		app.Live("/", func() live.View { return new(noted) })
		token := app.signFlash(map[string]string{live.Info: "saved"})

		page := func() (body string, deleted bool) {
			r := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
			r.AddCookie(&http.Cookie{Name: flashCookie, Value: token})
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			for _, c := range w.Result().Cookies() {
				deleted = deleted || c.Name == flashCookie && c.MaxAge < 0
			}
			return w.Body.String(), deleted
		}
		body, _ := page()
		back := httptest.NewRequest(http.MethodGet, "/", nil)
		first := ask(app, "GET", "/")
		html := first.Body.String()
		for _, c := range first.Result().Cookies() {
			back.AddCookie(c)
		}
		session := app.sessions.load(back)
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
