package bennu

import (
	"encoding/base64"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

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

// A server's clock is set an hour back, or forth: pages and sessions of before
// are good within the minute of tokens, and what is too new leads to a fresh
// page, not to a loop.
func TestFault08ClockOfTokensJumps(t *testing.T) {
	for _, tt := range []struct {
		ahead time.Duration // of the clock that made the page
		want  string        // of the join by the other clock
	}{{-time.Hour, ""}, {time.Minute, ""}, {time.Hour, "stale"}} {
		var page *drawn
		at := func(ahead time.Duration, f func()) {
			synctest.Test(t, func(*testing.T) {
				time.Sleep(2*time.Hour + ahead)
				f()
			})
		}
		at(tt.ahead, func() { page = draw(t, clickerApp(t, Options{}), "/") })
		at(0, func() {
			app := clickerApp(t, Options{}) // the same secret
			page.app, page.browser.handler = app, app
			if err := page.join("url", page.address, page.session, page.static); tt.want == "" && err != nil || tt.want != "" && !refusedAs(err, tt.want) {
				t.Errorf("made %v ahead: the join says %v, want %q", tt.ahead, err, tt.want)
			}
			again := draw(t, app, "/") // what the client does then
			if err := again.join("url", again.address, again.session, again.static); err != nil {
				t.Errorf("made %v ahead: the fresh page's join says %v", tt.ahead, err)
			}
		})
	}
}

// Times that are compared keep their monotonic reading: what loses it is called
// nowhere but where time becomes text or a token.
func TestFault08TimeoutsDoNotFollowTheClock(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{ // file and function
		"internal/transport/websocket.go Unix": true, // a deadline that has passed, to wake a reader
		"token/token.go UnixMilli":             true, // the age of tokens is the clock's, see TestFault07TokensFromTheFuture
		"static.go UnixNano":                   true, // of a file's change, in its ETag
	}
	loses := map[string]bool{"Unix": true, "UnixMilli": true, "UnixMicro": true, "UnixNano": true, "Round": true, "Truncate": true, "UTC": true, "Local": true, "AddDate": true}
	checked := 0
	for _, dir := range []string{".", "token", "live", "internal/transport", "internal/wire"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			checked++
			ast.Inspect(parsed, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				f, ok := call.Fun.(*ast.SelectorExpr)
				if !ok || !loses[f.Sel.Name] {
					return true
				}
				if place := filepath.ToSlash(file) + " " + f.Sel.Name; !allowed[place] {
					t.Errorf("%s: %s drops the monotonic reading of a time; if it is not compared with another, allow it here", fset.Position(call.Pos()), f.Sel.Name)
				}
				return true
			})
		}
	}
	if checked < 50 {
		t.Errorf("only %d files were looked at", checked)
	}
}

// The cookie is the whole session unless the app keeps them in a store: with
// one, a copy opens nothing once its owner has logged out.
func TestFault14CopiedCookieAfterLogOut(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{SessionStore: newMapStore()})
	app.Get("/session/{what}", func(w http.ResponseWriter, r *http.Request) error {
		switch s := Session(r); r.PathValue("what") {
		case "login":
			s.Renew()
			if err := s.Put("user", "anna"); err != nil {
				return err
			}
		case "logout":
			s.Clear()
		}
		return reply(Session(r).Get("user"))(w, r)
	})
	b := newBrowser(t, app)
	b.get("/session/login")
	d := draw(t, app, "/")
	d.browser.cookies = b.cookies
	_, html := b.get("/")
	d.id, d.csrf = between(html, `<div id="`, `"`), between(html, `name="csrf-token" content="`, `"`)
	d.session, d.static = between(html, `data-phx-session="`, `"`), between(html, `data-phx-static="`, `"`)
	d.browser = newBrowser(t, app)
	d.browser.cookies = maps.Clone(b.cookies)
	if err := d.join("url", d.address, d.session, d.static); err != nil {
		t.Fatalf("before the log-out the copy joins with %v", err)
	}
	b.get("/session/logout")
	if _, body := d.browser.get("/session/show"); body != "" {
		t.Errorf("after the log-out the copy opens the session of %q", body)
	}
	d.browser.cookies = maps.Clone(b.cookies)
	if err := d.join("url", d.address, d.session, d.static); !refusedAs(err, "stale") {
		t.Errorf("after the log-out the page joins with %v, want stale", err)
	}
}

// ruled is a view that only those with a role may use. It asks for the role at
// each event, since it can be taken away while the page is open.
type ruled struct {
	clicker
	role *atomic.Bool
}

func (v *ruled) Mount(*live.Socket, live.Params) error { return v.check() }

func (v *ruled) check() error {
	if !v.role.Load() {
		return Status(http.StatusForbidden, errors.New("this visitor has no role"))
	}
	return nil
}

func (v *ruled) Events() live.Events {
	return live.Events{"more": live.Do(func(*live.Socket) error {
		if err := v.check(); err != nil {
			return err
		}
		v.N++
		return nil
	})}
}

func (v *ruled) Render() templ.Component { return v.clicker.Render() }

func TestFault15RoleTakenWhileAViewIsOpen(t *testing.T) {
	t.Parallel()
	var role atomic.Bool
	role.Store(true)
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.Live("/", func() live.View { return &ruled{role: &role} })
	srv := httptest.NewServer(app)
	defer srv.Close()
	p := load(t, srv.Client(), srv.URL)
	conn, err := p.dial(t, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if answer := say(t, conn, p.join()); !strings.Contains(answer, `"status":"ok"`) {
		t.Fatalf("join: %s", answer)
	}
	more := func(ref string) string {
		return say(t, conn, `["1","`+ref+`","lv:`+p.id+`","event",{"type":"click","event":"more","value":{}}]`)
	}
	if answer := more("2"); !strings.Contains(answer, `"1"`) {
		t.Fatalf("with the role an event is answered with %s", answer)
	}
	role.Store(false)
	if answer := more("3"); !strings.Contains(answer, `"phx_error"`) {
		t.Errorf("without it: %s, want the view ended", answer)
	}
	if answer := say(t, conn, p.join()); !strings.Contains(answer, `"reason":"reload"`) || !strings.Contains(answer, `"status":403`) {
		t.Errorf("and it comes back: %s, want reload with 403", answer)
	}
}

func TestFault17JoinsOfWhatIsNoLiveRoute(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	app.Get("/plain", reply("plain"))
	app.Post("/form", reply("form"))
	app.Static("/static", siteFiles(time.Time{}))
	d := draw(t, app, "/")
	for _, address := range []string{
		"http://localhost/nowhere", "http://localhost/plain", "http://localhost/form", "http://localhost/static/site.css",
		"http://localhost/live/websocket", "http://localhost//", "http://localhost/..//", "http://localhost/rooms/", "http://localhost/rooms/a/b",
		"javascript:alert(1)", "mailto:a@b", "http:%2f", "http://[::1", "http://a b/", "://", "http://" + strings.Repeat("a", 254) + "/",
		"http://localhost/" + strings.Repeat("a/", 100_000), "\x00", "http://localhost/%zz", "http://localhost/rooms/%00%2e%2e/x",
	} {
		for _, key := range []string{"url", "redirect"} {
			if err := d.join(key, address, d.session, d.static); !refusedAs(err, "unauthorized") && !refusedAs(err, "stale") {
				t.Errorf("%s %.60q: %v, want a refusal that loads the page anew", key, address, err)
			}
		}
	}
}

// listed is a view whose address has to make sense.
type listed struct{ clicker }

func (v *listed) Mount(_ *live.Socket, p live.Params) error {
	var at struct {
		Page int
		Tags []string
	}
	err := p.Decode(&at)
	v.N = at.Page
	return err
}

func TestFault18ParamsThatDoNotFit(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.Live("/list", func() live.View { return new(listed) })
	srv := httptest.NewServer(app)
	defer srv.Close()
	p := load(t, srv.Client(), srv.URL+"/list?page=3")
	conn, err := p.dial(t, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, query := range []string{
		"page=x", "page=1e9999", "page=99999999999999999999", "page[a]=1", "tags[999999999]=a",
		strings.Repeat("tags[]=a&", 5_000), "tags" + strings.Repeat("[a]", 1000) + "=1", "page=" + strings.Repeat("9", 20_000),
	} {
		if resp, err := http.Get(srv.URL + "/list?" + query); err != nil || resp.StatusCode != http.StatusBadRequest {
			t.Errorf("GET ?%.20s: %v, %v, want status 400", query, resp.Status, err)
		} else {
			resp.Body.Close()
		}
		p.address = srv.URL + "/list?" + query
		if answer := say(t, conn, p.join()); !strings.Contains(answer, `"reason":"reload"`) || !strings.Contains(answer, `"status":400`) {
			t.Errorf("join ?%.20s: %.300s, want reload with 400", query, answer)
		}
	}
	p.address = srv.URL + "/list?page=3"
	if answer := say(t, conn, p.join()); !strings.Contains(answer, `"0":"3"`) {
		t.Errorf("after that the page itself joins with %s", answer)
	}
}
