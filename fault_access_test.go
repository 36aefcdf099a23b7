package bennu

import (
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/gobwas/ws/wsutil"

	"bennu/live"
)

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

// logins is an app whose users can be thrown out.
func logins(t *testing.T, opts Options, role *atomic.Bool, entered chan<- struct{}, leave <-chan struct{}) (*App, *httptest.Server) {
	t.Helper()
	opts.RootLayout, opts.SessionStore = headLayout, newMapStore()
	app := newTestApp(t, opts)
	app.Get("/login/{user}", func(w http.ResponseWriter, r *http.Request) error {
		Session(r).Renew()
		if err := SetIdentity(r, r.PathValue("user")); err != nil {
			return err
		}
		return reply(Identity(r))(w, r)
	})
	app.Live("/", func() live.View { return &guest{ruled{role: role}, entered, leave} })
	srv := httptest.NewServer(app)
	t.Cleanup(srv.Close)
	return app, srv
}

// guest is a view that can be kept at work.
type guest struct {
	ruled
	entered chan<- struct{}
	leave   <-chan struct{}
}

func (v *guest) Events() live.Events {
	events := v.ruled.Events()
	events["wait"] = live.Do(func(*live.Socket) error {
		v.entered <- struct{}{}
		<-v.leave
		return nil
	})
	events["count"] = live.Do(func(*live.Socket) error { v.entered <- struct{}{}; return nil })
	return events
}

// visit is a browser whose user logs in and opens the page.
func visit(t *testing.T, srv *httptest.Server, user string) (loadedPage, net.Conn) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	login, err := client.Get(srv.URL + "/login/" + user)
	if err != nil {
		t.Fatal(err)
	}
	login.Body.Close()
	p := load(t, client, srv.URL)
	conn, err := p.dial(t, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if answer := say(t, conn, p.join()); !strings.Contains(answer, `"status":"ok"`) {
		t.Fatalf("join: %s", answer)
	}
	return p, conn
}

func TestFault14LogOutEverywhere(t *testing.T) {
	t.Parallel()
	var role atomic.Bool
	role.Store(true)
	app, srv := logins(t, Options{}, &role, nil, nil)
	_, phone := visit(t, srv, "ann")
	_, desk := visit(t, srv, "ann")
	p, bob := visit(t, srv, "bob")
	if n := app.Disconnect(""); n != 0 {
		t.Errorf("Disconnect of nobody closed %d sockets", n)
	}
	if n := app.Disconnect("ann"); n != 2 {
		t.Errorf("Disconnect closed %d sockets, want ann's two", n)
	}
	for _, conn := range []net.Conn{phone, desk} {
		if code := closeCode(t, conn); code != 1001 {
			t.Errorf("closed with %d, want 1001", code)
		}
	}
	if answer := say(t, bob, `["1","2","lv:`+p.id+`","event",{"type":"click","event":"more","value":{}}]`); !strings.Contains(answer, `"1"`) {
		t.Errorf("bob's event is answered with %s", answer)
	}
}

// What has arrived and not begun is not handled any more.
func TestFault15EventsAfterDisconnect(t *testing.T) {
	t.Parallel()
	var role atomic.Bool
	role.Store(true)
	entered, leave := make(chan struct{}), make(chan struct{})
	app, srv := logins(t, Options{}, &role, entered, leave)
	p, conn := visit(t, srv, "ann")
	write(t, conn, `["1","2","lv:`+p.id+`","event",{"type":"click","event":"wait","value":{}}]`)
	<-entered
	write(t, conn, `["1","3","lv:`+p.id+`","event",{"type":"click","event":"count","value":{}}]`)
	if n := app.Disconnect("ann"); n != 1 {
		t.Fatalf("Disconnect closed %d sockets, want 1", n)
	}
	close(leave)
	if err := app.Shutdown(t.Context()); err != nil { // which waits for the view
		t.Error(err)
	}
	select {
	case <-entered:
		t.Error("an event was handled after Disconnect")
	default:
	}
}

// closeCode is the code with which the server closes the connection, after all
// that it says before.
func closeCode(t *testing.T, conn net.Conn) int {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		_, err := wsutil.ReadServerText(conn)
		if closed, ok := errors.AsType[wsutil.ClosedError](err); ok {
			return int(closed.Code)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestIdentityHasAName(t *testing.T) {
	t.Parallel()
	if err := SetIdentity(httptest.NewRequest("GET", "/", nil), ""); err == nil || !strings.Contains(err.Error(), "users:7") {
		t.Errorf("SetIdentity of nobody: %v", err)
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
