package bennu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"bennu/live"
	"bennu/render"
)

// headLayout is a root layout with what a page's script needs.
func headLayout(p Page) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := fmt.Fprintf(w, "<html><head><title>%s</title>", p.Title()); err != nil {
			return err
		}
		if err := p.Head().Render(ctx, w); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "<script src=%q></script></head><body>", p.Asset("app.js")); err != nil {
			return err
		}
		if err := templ.GetChildren(ctx).Render(ctx, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</body></html>")
		return err
	})
}

func clickerApp(t testing.TB, opts Options) *App {
	opts.RootLayout = headLayout
	app := newTestApp(t, opts)
	app.Live("/", func() live.View { return new(clicker) }, Title("Clicks"))
	app.Live("/rooms/{room}", func() live.View { return new(pathView) })
	return app
}

// page is a live page as a browser has loaded it.
type loadedPage struct {
	address, cookies, csrf, livePath, id, session, static string
}

func load(t *testing.T, client *http.Client, address string) loadedPage {
	t.Helper()
	resp, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: status %d, %v: %s", address, resp.StatusCode, err, body)
	}
	var cookies []string
	for _, c := range resp.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	html := string(body)
	return loadedPage{
		address: resp.Request.URL.String(), cookies: strings.Join(cookies, "; "),
		csrf: between(html, `name="csrf-token" content="`, `"`), livePath: between(html, `name="live-path" content="`, `"`),
		id: between(html, ` id="`, `"`), session: between(html, `data-phx-session="`, `"`), static: between(html, `data-phx-static="`, `"`),
	}
}

// dial opens the page's socket; the error has the status of a refusal.
func (p loadedPage) dial(t *testing.T, origin string) (net.Conn, error) {
	t.Helper()
	u, err := url.Parse(p.address)
	if err != nil {
		t.Fatal(err)
	}
	header := ws.HandshakeHeaderHTTP{"Cookie": {p.cookies}}
	if origin != "" {
		header["Origin"] = []string{origin}
	}
	dialer := ws.Dialer{Header: header, Timeout: 10 * time.Second}
	conn, _, _, err := dialer.Dial(context.Background(),
		"ws://"+u.Host+p.livePath+"/websocket?vsn=2.0.0&_csrf_token="+url.QueryEscape(p.csrf))
	return conn, err
}

// say sends a frame and returns the next one from the server.
func say(t *testing.T, conn net.Conn, frame string) string {
	t.Helper()
	write(t, conn, frame)
	return read(t, conn)
}

// write sends a frame.
func write(t *testing.T, conn net.Conn, frame string) {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := wsutil.WriteClientText(conn, []byte(frame)); err != nil {
		t.Fatal(err)
	}
}

// read is the next frame from the server.
func read(t *testing.T, conn net.Conn) string {
	t.Helper()
	answer, err := wsutil.ReadServerText(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func (p loadedPage) join() string {
	return fmt.Sprintf(`["1","1","lv:%s","phx_join",{"url":%q,"params":{"_csrf_token":%q,"_mounts":0},"session":%q,"static":%q,"sticky":false}]`,
		p.id, p.address, p.csrf, p.session, p.static)
}

func TestLivePageOverHTTPAndSocket(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, prefix string
		mount        func(http.Handler) http.Handler
	}{
		{"alone", "", func(h http.Handler) http.Handler { return h }},
		{"in a mux below a prefix", "/admin", func(h http.Handler) http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/admin/", h)
			mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the rest") })
			return mux
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := clickerApp(t, Options{Prefix: tt.prefix, Assets: builtAssets()})
			srv := httptest.NewServer(tt.mount(app))
			defer srv.Close()
			defer func() {
				if err := app.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			}()

			p := load(t, srv.Client(), srv.URL+tt.prefix+"/")
			if p.livePath != tt.prefix+"/live" || p.id == "" || p.session == "" || p.csrf == "" || p.cookies == "" {
				t.Fatalf("the page says %+v", p)
			}
			conn, err := p.dial(t, srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if got := say(t, conn, p.join()); !strings.Contains(got, `"status":"ok"`) || !strings.Contains(got, `"s":["<output id=\"count\">`) && !strings.Contains(got, `output id`) {
				t.Fatalf("join: %s", got)
			}
			click := fmt.Sprintf(`["1","2","lv:%s","event",{"type":"click","event":"more","value":{"value":""}}]`, p.id)
			want := fmt.Sprintf(`["1","2","lv:%s","phx_reply",{"status":"ok","response":{"diff":{"0":"1"}}}]`, p.id)
			if got := say(t, conn, click); got != want {
				t.Errorf("click: %s, want %s", got, want)
			}

			if got := ask(srv.Config.Handler, "GET", tt.prefix+"/assets/app-1A2B.js").Body.String(); got != "let built" {
				t.Errorf("the asset is %q", got)
			}
			room := load(t, srv.Client(), srv.URL+tt.prefix+"/rooms/a%2Fb")
			other, err := room.dial(t, "")
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			if got := say(t, other, room.join()); !strings.Contains(got, `"room=a/b;"`) {
				t.Errorf("join of a room: %s, want the part of its path", got)
			}
		})
	}
}

func TestCookieStaysBelowThePrefix(t *testing.T) {
	t.Parallel()
	h := ask(clickerApp(t, Options{Prefix: "/admin"}), "GET", "/admin/").Header()
	if got := h.Get("Set-Cookie"); !strings.Contains(got, "; Path=/admin;") {
		t.Errorf("Set-Cookie: %s, want the path /admin", got)
	}
}

func TestPathsBelowThePrefix(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/admin"} {
		app := newTestApp(t, Options{Prefix: prefix})
		app.Get("/old", func(w http.ResponseWriter, r *http.Request) error { return Redirect(w, r, app.Path("/new?a=b")) })
		if got := ask(app, "GET", app.Path("/old")).Header().Get("Location"); got != prefix+"/new?a=b" {
			t.Errorf("prefix %q: to %q", prefix, got)
		}
	}
}

func TestSocketOfAForeignPage(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	srv := httptest.NewServer(app)
	defer srv.Close()
	p := load(t, srv.Client(), srv.URL+"/")
	if _, err := p.dial(t, "https://evil.test"); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("foreign origin: %v, want 403", err)
	}
	p.csrf = "wrong"
	conn, err := p.dial(t, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := say(t, conn, p.join()); !strings.Contains(got, `"reason":"stale"`) {
		t.Errorf("a join without the CSRF token: %s, want stale", got)
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSocketPathAnswersPlainRequests(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	srv := httptest.NewServer(app)
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL + "/live/websocket?vsn=2.0.0")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode < 400 || resp.StatusCode >= 500 {
		t.Errorf("a GET that is no upgrade: status %d, want 4xx", resp.StatusCode)
	}
	if rec := ask(app, "POST", "/live/websocket"); rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("a POST: status %d, want 405", rec.Code)
	}
}

func TestServeClosesSockets(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	s := serve(t, app)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	p := load(t, client, s.url+"/")
	conn, err := p.dial(t, "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := say(t, conn, p.join()); !strings.Contains(got, `"status":"ok"`) {
		t.Fatalf("join: %s", got)
	}
	s.stop()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	code := ws.StatusCode(0)
	for code == 0 { // what the view says last comes first
		h, err := ws.ReadHeader(conn)
		if err != nil {
			t.Fatal(err)
		}
		payload, err := io.ReadAll(io.LimitReader(conn, h.Length))
		if err != nil {
			t.Fatal(err)
		}
		if h.OpCode == ws.OpClose {
			code, _ = ws.ParseCloseFrameData(payload)
		}
	}
	if code != 1012 {
		t.Errorf("the socket is closed with %d, want 1012", code)
	}
	conn.Close()
	if err := <-s.done; err != nil {
		t.Errorf("Serve = %v", err)
	}
	if n := app.views.Views(); n != 0 {
		t.Errorf("%d views are left", n)
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	app := clickerApp(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	app.Group("/team", Pipeline{Name: "browser"}, func(g *Group) {
		g.Group("", Pipeline{Name: "members"}, func(g *Group) {
			g.Live("/{id}", func() live.View { return new(pathView) })
		})
	})
	ask(app, "GET", "/team/7?password=hunter2&page=3")
	order := []string{
		"msg=request method=GET path=/team/7", "request_id=", "msg=processing view=bennu.pathView route=/team/{id}", "page:[3]",
		"[REDACTED]", `pipelines="[browser members]"`, "msg=sent status=200",
	}
	rest := log.String()
	for _, want := range order {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Fatalf("the log lacks %q, or has it earlier:\n%s", want, &log)
		}
		rest = after
	}
	if strings.Contains(log.String(), "hunter2") {
		t.Error("the log shows a password")
	}
}

func TestLogsHideSecretPartsOfPaths(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	app := newTestApp(t, Options{Prefix: "/app", Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	app.Live("/reset/{token}", func() live.View { return new(pathView) })
	app.Live("/users/{id}/reset/{reset_token}", func() live.View { return new(failing) })
	app.Delete("/invites/{secret...}", func(http.ResponseWriter, *http.Request) error { return NotFound })
	app.Live("/plain/{id}", func() live.View { return new(pathView) })
	ask(app, "GET", "/app/reset/hunter2")
	ask(app, "HEAD", "/app/users/7/reset/hunter2")
	app.ServeHTTP(httptest.NewRecorder(), formPost("/app/invites/a/hunter2", url.Values{"_method": {"delete"}}))
	ask(app, "GET", "/app/plain/17")
	ask(app, "GET", "/app/"+strings.Repeat("x", 20<<10))
	for _, want := range []string{
		"path=/app/reset/[REDACTED] ", "path=/app/users/7/reset/[REDACTED] ", "path=/app/invites/[REDACTED] ", "path=/app/plain/17 ",
		`msg="request refused" method=DELETE path=/app/invites/[REDACTED] `,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if strings.Contains(log.String(), "hunter2") || log.Len() > 10<<10 {
		t.Errorf("%d bytes of log: %.5000s", log.Len(), &log)
	}
}

func TestRequestLogSaysWhatWasSent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want string
		handler    Handler
	}{
		{"nothing", "status=200", func(http.ResponseWriter, *http.Request) error { return nil }},
		{"a body", "status=200", reply("body")},
		{"a status", "status=204", func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(204); return nil }},
		{"hints first", "status=202", func(w http.ResponseWriter, _ *http.Request) error {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusAccepted)
			return nil
		}},
		{"an error", "status=404", func(http.ResponseWriter, *http.Request) error { return NotFound }},
		{"a panic", "status=500", func(http.ResponseWriter, *http.Request) error { panic("failed") }},
		{"cut off", "status=0 dur cut_off=true", func(http.ResponseWriter, *http.Request) error { panic(http.ErrAbortHandler) }},
		{"cut off amid", "status=200 dur cut_off=true", func(w http.ResponseWriter, _ *http.Request) error {
			_, _ = io.WriteString(w, "half")
			return errors.New("failed")
		}},
		{"taken over", "status=101", func(w http.ResponseWriter, _ *http.Request) error {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return err
			}
			return conn.Close()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log lines
			app := newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{
				ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
					if a.Key == "request_id" || a.Key == "dur" {
						return slog.String("dur", "")
					}
					return a
				},
			}))})
			app.Get("/", tt.handler)
			srv := httptest.NewServer(app)
			resp, err := srv.Client().Get(srv.URL)
			if err == nil {
				_, _ = io.Copy(io.Discard, resp.Body) // cut off or not
				resp.Body.Close()
			}
			waitFor(t, "the line", func() bool { return strings.Contains(log.String(), "msg=sent") })
			srv.Close()
			text := strings.NewReplacer(`dur="" dur=""`, "dur", "\n", " \n").Replace(log.String())
			if !strings.Contains(text, "msg=sent "+tt.want+" ") {
				t.Errorf("the log has no %q:\n%s", tt.want, text)
			}
		})
	}
}

func TestMethodOverrideReachesRoutes(t *testing.T) {
	t.Parallel()
	app := siteApp(t, Options{})
	for method, want := range map[string]string{"DELETE": "deleted", "put": "put", "PATCH": "patched", "GET": "saved", "": "saved"} {
		rec := httptest.NewRecorder()
		app.ServeHTTP(rec, formPost("/users/7", url.Values{"_method": {method}}))
		if rec.Body.String() != want {
			t.Errorf("_method=%s: %d %q, want %q", method, rec.Code, rec.Body, want)
		}
	}
}

func TestFault30ForgedRequestsGetTheErrorPage(t *testing.T) {
	t.Parallel()
	app := siteApp(t, Options{})
	r := formPost("/users/7", nil)
	r.Header.Set("Origin", "https://evil.test")
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, r)
	if rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), "<!DOCTYPE html>") {
		t.Errorf("status %d, body %.60q, want 403 and the error page", rec.Code, rec.Body)
	}
}

func TestFault28DevelopmentServesLocalNamesOnly(t *testing.T) {
	t.Parallel()
	app := siteApp(t, Options{Dev: true, Origins: []string{"//phone.test"}})
	for host, want := range map[string]int{
		"localhost:4000": 200, "127.0.0.1:4000": 200, "[::1]:4000": 200, "app.localhost": 200, "phone.test:4000": 200,
		"evil.test": 403, "localhost.evil.test": 403,
	} {
		for target, good := range map[string]int{
			"/": 200, "/bennu/live_reload/client.js": 200, "/live/websocket?vsn=2.0.0": 426, "/live/longpoll?vsn=1.0.0": 200,
		} {
			r := httptest.NewRequest("GET", target, nil)
			r.Host = host
			rec := httptest.NewRecorder()
			app.ServeHTTP(rec, r)
			if want == 200 && rec.Code == good {
				continue
			}
			if rec.Code != want {
				t.Errorf("GET %s of host %s: status %d, want %d", target, host, rec.Code, want)
			}
		}
	}
	if rec := ask(siteApp(t, Options{}), "GET", "http://any.test/"); rec.Code != 200 {
		t.Errorf("production: status %d for any host, want 200", rec.Code)
	}
}

// ownLayout is a root layout written as generated code would be.
func ownLayout(p Page) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, layoutTemplate)
		if err := w.Comp(0, p.Head()); err != nil {
			return err
		}
		w.Str(1, p.Title())
		w.Str(2, p.Asset("app.js"))
		if err := w.Children(3, children); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

var layoutTemplate = render.New(0x1a40, 0, `<!DOCTYPE html><html lang="en"><head>`, `<title>`, `</title><script src="`, `"></script></head><body>`, `</body></html>`)

// BenchmarkDeadRender is a page from request to response without the server:
// of a browser that comes for the first time and of one that comes again.
func BenchmarkDeadRender(b *testing.B) {
	app := newTestApp(b, Options{RootLayout: ownLayout, Assets: builtAssets()})
	app.Live("/", func() live.View { return new(clicker) }, Title("Clicks"))
	first := httptest.NewRequest("GET", "/", nil)
	again := httptest.NewRequest("GET", "/", nil)
	cookie, _, _ := strings.Cut(ask(app, "GET", "/").Header().Get("Set-Cookie"), ";")
	again.Header.Set("Cookie", cookie)
	for name, r := range map[string]*http.Request{"first": first, "again": again} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				app.ServeHTTP(nullWriter{make(http.Header, 12)}, r)
			}
		})
	}
}
