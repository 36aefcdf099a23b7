package bennu

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// poll is one request of long polling.
type pollAnswer struct {
	Status   int
	Token    *string
	Messages []string
}

// poller is a browser that can not open a WebSocket.
type poller struct {
	t      *testing.T
	client *http.Client
	page   loadedPage
	origin string
	token  string
}

func newPoller(t *testing.T, by http.RoundTripper, address string) *poller {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: by}
	t.Cleanup(client.CloseIdleConnections)
	return &poller{t: t, client: client, page: load(t, client, address)}
}

// ask sends a request and reads its answer.
func (p *poller) ask(method, body string) (*http.Response, pollAnswer) {
	p.t.Helper()
	u, err := url.Parse(p.page.address)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest(method, u.Scheme+"://"+u.Host+p.page.livePath+"/longpoll?_csrf_token="+url.QueryEscape(p.page.csrf)+"&vsn=2.0.0&token="+p.token, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-ndjson")
	}
	if p.origin != "" {
		r.Header.Set("Origin", p.origin)
	}
	resp, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	var a pollAnswer
	if method != http.MethodOptions || resp.ContentLength > 0 {
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
			p.t.Fatalf("%s: %s: %v", method, resp.Status, err)
		}
	}
	return resp, a
}

// open polls for the first time.
func (p *poller) open() {
	p.t.Helper()
	_, a := p.ask(http.MethodGet, "")
	if a.Status != 410 || a.Token == nil {
		p.t.Fatalf("the first poll: %+v, want 410 and a token", a)
	}
	p.token = *a.Token
}

// say posts a frame and returns the next message.
func (p *poller) say(frame string) string {
	p.t.Helper()
	if _, a := p.ask(http.MethodPost, frame); a.Status != 200 {
		p.t.Fatalf("POST: %+v", a)
	}
	_, a := p.ask(http.MethodGet, "")
	if a.Status != 200 || len(a.Messages) != 1 {
		p.t.Fatalf("a poll: %+v, want one message", a)
	}
	return a.Messages[0]
}

func TestLivePageByLongPolling(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/admin", "/http2"} {
		log := new(lines)
		app := clickerApp(t, Options{Prefix: prefix, Logger: slog.New(slog.NewTextHandler(log, nil))})
		srv := httptest.NewUnstartedServer(app)
		if prefix == "/http2" {
			srv.EnableHTTP2 = true
			srv.StartTLS()
		} else {
			srv.Start()
		}
		defer srv.Close()
		p := newPoller(t, srv.Client().Transport, srv.URL+prefix+"/")
		p.open()
		if got := p.say(p.page.join()); !strings.Contains(got, `"status":"ok"`) || !strings.Contains(got, `"rendered"`) {
			t.Fatalf("the join: %s", got)
		}
		for _, want := range []string{"1", "2"} {
			got := p.say(`["1","5","lv:` + p.page.id + `","event",{"type":"click","event":"more","value":{}}]`)
			if want := `{"status":"ok","response":{"diff":{"0":"` + want + `"}}}`; !strings.Contains(got, want) {
				t.Errorf("a click: %s, want %s", got, want)
			}
		}
		text := log.String()
		for _, want := range []string{"msg=connected transport=longpoll vsn=2.0.0", "connected=true", "transport=longpoll"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in the log:\n%s", want, text)
			}
		}
		if n := strings.Count(text, "msg=connected"); n != 1 || strings.Contains(text, "path="+prefix+"/live/longpoll") {
			t.Errorf("polls are logged one by one, or the opening %d times:\n%s", n, text)
		}
		if err := app.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestLongPollKeepsToOriginAndSession(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	srv := httptest.NewServer(app)
	defer srv.Close()

	// Another site's page gets nothing, not even leave to ask.
	foreign := newPoller(t, new(http.Transport), srv.URL+"/")
	foreign.origin = "https://evil.test"
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
		resp, a := foreign.ask(method, "")
		if resp.StatusCode != 200 || a.Status != 403 || a.Token != nil || resp.Header.Get("Access-Control-Allow-Headers") != "" {
			t.Errorf("%s from another site: %s %+v, headers %v", method, resp.Status, a, resp.Header)
		}
	}
	own := newPoller(t, new(http.Transport), srv.URL+"/")
	own.origin = srv.URL
	if resp, _ := own.ask(http.MethodOptions, ""); resp.StatusCode != 200 || resp.Header.Get("Access-Control-Allow-Methods") != "get, post, options" {
		t.Errorf("OPTIONS: %s, headers %v", resp.Status, resp.Header)
	}
	if resp, _ := own.ask(http.MethodGet, ""); resp.Header.Get("X-Request-Id") == "" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("an answer lacks the headers that all answers have: %v", resp.Header)
	}

	// A wrong CSRF token opens it without a session.
	stranger := newPoller(t, new(http.Transport), srv.URL+"/")
	good := stranger.page.csrf
	stranger.page.csrf = "wrong"
	stranger.open()
	if got := stranger.say(stranger.page.join()); !strings.Contains(got, `"reason":"stale"`) {
		t.Errorf("a join without the CSRF token: %s, want stale", got)
	}
	stranger.page.csrf, stranger.token = good, ""

	// The token is good in the browser that it was given to.
	stranger.open()
	thief := newPoller(t, new(http.Transport), srv.URL+"/")
	thief.token = stranger.token
	if _, a := thief.ask(http.MethodPost, stranger.page.join()); a.Status != 410 {
		t.Errorf("POST by another browser: %+v, want 410", a)
	}
	if _, a := thief.ask(http.MethodGet, ""); a.Status != 410 || *a.Token == stranger.token || len(a.Messages) != 0 {
		t.Errorf("GET by another browser: %+v, want a connection of its own", a)
	}
	if got := stranger.say(stranger.page.join()); !strings.Contains(got, `"status":"ok"`) {
		t.Errorf("the join after the theft: %s", got)
	}
	if rec := ask(app, "PUT", "/live/longpoll"); rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d, want 405", rec.Code)
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// A login in another tab renews the session: what the browser opened before is
// over, and begins anew with the new session.
func TestLongPollEndsWithItsSession(t *testing.T) {
	t.Parallel()
	app := clickerApp(t, Options{})
	app.Get("/login", func(w http.ResponseWriter, r *http.Request) error {
		Session(r).Renew()
		if err := Session(r).Put("user", "anna"); err != nil {
			return err
		}
		return reply("in")(w, r)
	})
	app.Get("/note", func(w http.ResponseWriter, r *http.Request) error {
		if err := Session(r).Put("note", "x"); err != nil {
			return err
		}
		return reply("noted")(w, r)
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	p := newPoller(t, new(http.Transport), srv.URL+"/")
	visit := func(path string) {
		t.Helper()
		resp, err := p.client.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	p.open()
	visit("/note")
	if got := p.say(p.page.join()); !strings.Contains(got, `"status":"ok"`) {
		t.Errorf("a join after the session changed: %s", got)
	}
	visit("/login")
	if _, a := p.ask(http.MethodPost, `[null,"9","phoenix","heartbeat",{}]`); a.Status != 410 {
		t.Errorf("POST after a login: %+v, want 410", a)
	}
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
