package bennu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// sessionApp reads and writes the session as its paths say.
func sessionApp(w http.ResponseWriter, r *http.Request) {
	s := Session(r)
	switch r.URL.Path {
	case "/put":
		if err := s.Put("user", r.FormValue("v")); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	case "/login":
		s.Renew()
		if err := s.Put("user", r.FormValue("v")); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	case "/logout":
		s.Clear()
	case "/late":
		fmt.Fprint(w, "first byte, ")
		fmt.Fprint(w, s.Put("user", "late"))
		return
	case "/silent":
		if err := s.Put("user", "silent"); err != nil {
			panic(err)
		}
		return // no byte is written
	case "/token":
		fmt.Fprint(w, CSRFToken(r))
		return
	}
	fmt.Fprint(w, s.Get("user"))
}

func TestSessionSurvivesBetweenRequests(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, newWebStack(t, sessionConfig{}, nil, sessionApp).handler)

	if resp, body := b.get("/"); body != "" || len(resp.Cookies()) != 0 {
		t.Errorf("a first visit answers %q with cookies %v, want nothing", body, resp.Cookies())
	}
	resp, _ := b.get("/put?v=anna")
	if got := resp.Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("a response with a cookie has Cache-Control %q", got)
	}
	line := resp.Header.Get("Set-Cookie")
	for _, want := range []string{"_bennu_session=", "; Path=/;", "; HttpOnly", "; SameSite=Lax"} {
		if !strings.Contains(line, want) {
			t.Errorf("Set-Cookie = %q, want %q in it", line, want)
		}
	}
	if strings.Contains(line, "Secure") || strings.Contains(line, "anna") {
		t.Errorf("Set-Cookie = %q over plain HTTP", line)
	}
	if resp, body := b.get("/"); body != "anna" || len(resp.Cookies()) != 0 {
		t.Errorf("the next request answers %q with cookies %v, want anna and none", body, resp.Cookies())
	}
	if resp, _ := b.get("/put?v=anna"); len(resp.Cookies()) != 0 {
		t.Error("an unchanged value sets the cookie again")
	}
	if resp, _ := b.get("/logout"); len(resp.Cookies()) != 1 || resp.Cookies()[0].MaxAge >= 0 {
		t.Errorf("an emptied session sets %v, want the cookie taken back", resp.Cookies())
	}
	if _, body := b.get("/"); body != "" {
		t.Errorf("after logout the session holds %q", body)
	}
	b.get("/silent")
	if _, body := b.get("/"); body != "silent" {
		t.Errorf("a response without a body left %q, want silent", body)
	}
}

func TestSessionCookieIsConfigured(t *testing.T) {
	t.Parallel()
	h := newWebStack(t, sessionConfig{name: "shop", path: "/admin/", https: func(*http.Request) bool { return true }}, nil, sessionApp).handler
	resp, _ := newBrowser(t, h).get("/put?v=1")
	line := resp.Header.Get("Set-Cookie")
	if !strings.HasPrefix(line, "shop=") || !strings.Contains(line, "; Path=/admin;") || !strings.Contains(line, "; Secure") {
		t.Errorf("Set-Cookie = %q", line)
	}
	r := httptest.NewRequest("GET", "https://shop.test/put?v=1", nil) // has r.TLS
	resp = newBrowser(t, newWebStack(t, sessionConfig{}, nil, sessionApp).handler).do(r)
	if line := resp.Header.Get("Set-Cookie"); !strings.Contains(line, "; Secure") {
		t.Errorf("over TLS Set-Cookie = %q, want Secure", line)
	}
}

// An edited cookie is an empty session and is replaced.
func TestFault11EditedSessionCookieIsReplaced(t *testing.T) {
	t.Parallel()
	stack := newWebStack(t, sessionConfig{}, nil, sessionApp)
	b := newBrowser(t, stack.handler)
	b.get("/put?v=anna")
	good := b.cookies[defaultCookieName]
	for i := range len(good) {
		edited := []byte(good)
		edited[i] ^= 1
		for _, path := range []string{"/", "/put?v=bert"} {
			b.cookies[defaultCookieName] = string(edited)
			resp, body := b.get(path)
			if strings.Contains(body, "anna") {
				t.Fatalf("with byte %d edited the session still holds %q", i, body)
			}
			if len(resp.Cookies()) != 1 {
				t.Fatalf("with byte %d edited GET %s sets %v, want the cookie replaced", i, path, resp.Cookies())
			}
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", defaultCookieName+"="+string(edited))
		if stack.sessions.load(r) != nil {
			t.Fatalf("with byte %d edited the socket finds a session", i)
		}
	}
}

func TestSocketLoadsSession(t *testing.T) {
	t.Parallel()
	stack := newWebStack(t, sessionConfig{}, nil, sessionApp)
	b := newBrowser(t, stack.handler)
	b.get("/put?v=anna")
	_, masked := b.get("/token")
	r := httptest.NewRequest("GET", "/live/websocket", nil)
	if stack.sessions.load(r) != nil {
		t.Error("a request without cookie has a session")
	}
	// A foreign cookie of the same name comes first, as a sub-domain can arrange.
	r.Header.Set("Cookie", defaultCookieName+"=evil; "+defaultCookieName+"="+b.cookies[defaultCookieName])
	s := stack.sessions.load(r)
	if s == nil || s.Get("user") != "anna" || !verifyCSRF(s, masked) {
		t.Errorf("load = %q", s.Get("user"))
	}
}

// Sessions signed with a retired secret are good and signed anew.
func TestFault03SessionOfRetiredSecretIsSignedAnew(t *testing.T) {
	t.Parallel()
	next := strings.Repeat("the next secret ", 5)
	old := newBrowser(t, newWebStack(t, sessionConfig{keys: testKeys(t, testSecret)}, nil, sessionApp).handler)
	old.get("/put?v=anna")
	during := newBrowser(t, newWebStack(t, sessionConfig{keys: testKeys(t, next, testSecret)}, nil, sessionApp).handler)
	during.cookies = maps.Clone(old.cookies)
	if resp, body := during.get("/"); body != "anna" || len(resp.Cookies()) != 1 {
		t.Errorf("with a retired secret the session is %q and sets %v, want anna and a new cookie", body, resp.Cookies())
	}
	after := newBrowser(t, newWebStack(t, sessionConfig{keys: testKeys(t, next)}, nil, sessionApp).handler)
	after.cookies = maps.Clone(during.cookies)
	if resp, body := after.get("/"); body != "anna" || len(resp.Cookies()) != 0 {
		t.Errorf("with the new secret the session is %q and sets %v", body, resp.Cookies())
	}
	after.cookies = maps.Clone(old.cookies)
	if _, body := after.get("/"); body != "" {
		t.Errorf("with the old secret gone the session is %q", body)
	}
}

func TestSessionExpiresByDisuse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBrowser(t, newWebStack(t, sessionConfig{}, nil, sessionApp).handler)
		b.get("/put?v=anna")
		for range 5 { // in use now and then, far beyond the age of one cookie
			time.Sleep(sessionAge - time.Hour)
			if resp, body := b.get("/"); body != "anna" || len(resp.Cookies()) != 1 {
				t.Fatalf("a session in use is %q and sets %v", body, resp.Cookies())
			}
		}
		if resp, _ := b.get("/"); len(resp.Cookies()) != 0 {
			t.Error("a fresh cookie is set again")
		}
		time.Sleep(sessionAge + time.Hour)
		if _, body := b.get("/"); body != "" {
			t.Errorf("a session out of use is %q", body)
		}
	})
}

// A session over 4 kB is an error, never cut.
func TestFault12SessionTooLargeForACookie(t *testing.T) {
	t.Parallel()
	large := "/put?v=" + strings.Repeat("x", 4000)

	var log bytes.Buffer
	prod := newBrowser(t, newWebStack(t, sessionConfig{log: slog.New(slog.NewTextHandler(&log, nil))}, nil, sessionApp).handler)
	prod.get("/put?v=anna")
	if resp, _ := prod.get(large); resp.StatusCode != http.StatusOK || len(resp.Cookies()) != 0 {
		t.Errorf("in production status %d and cookies %v, want 200 and none", resp.StatusCode, resp.Cookies())
	}
	if !strings.Contains(log.String(), "session not saved") || !strings.Contains(log.String(), "browsers keep 4096") || strings.Contains(log.String(), "xxx") {
		t.Errorf("log = %q", log.String())
	}
	if _, body := prod.get("/"); body != "anna" {
		t.Errorf("the former session is %q, want anna", body)
	}

	dev := newBrowser(t, newWebStack(t, sessionConfig{dev: true}, nil, sessionApp).handler)
	defer func() {
		err, _ := recover().(error)
		if !errors.Is(err, errSessionTooLarge) || !strings.Contains(err.Error(), "Options.SessionStore") {
			t.Errorf("in development = %v, want errSessionTooLarge", err)
		}
	}()
	dev.get(large)
}

func TestSessionAfterTheHeader(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, newWebStack(t, sessionConfig{}, nil, sessionApp).handler)
	resp, body := b.get("/late")
	if !strings.Contains(body, "header is already written") || len(resp.Cookies()) != 0 {
		t.Errorf("Put after the first byte = %q", body)
	}
}

// In the app: an error page in development, an answer without the cookie in
// production.
func TestFault12SessionTooLargeInAnApp(t *testing.T) {
	t.Parallel()
	for dev, want := range map[bool]int{false: http.StatusOK, true: http.StatusInternalServerError} {
		app := newTestApp(t, Options{Dev: dev})
		app.Get("/put", func(w http.ResponseWriter, r *http.Request) error {
			if err := Session(r).Put("large", strings.Repeat("x", 5000)); err != nil {
				return err
			}
			return reply("saved")(w, r)
		})
		rec := ask(app, "GET", "/put")
		if rec.Code != want || rec.Header().Get("Set-Cookie") != "" || dev && !strings.Contains(rec.Body.String(), "Options.SessionStore") {
			t.Errorf("Dev %v: status %d, Set-Cookie %q, body %.300s; want %d", dev, rec.Code, rec.Header().Get("Set-Cookie"), rec.Body, want)
		}
	}
}

// A login renews the session and drops what was planted before.
func TestFault13LoginRenewsSession(t *testing.T) {
	t.Parallel()
	store := newMapStore()
	stack := newWebStack(t, sessionConfig{store: store}, nil, sessionApp)
	attacker := newBrowser(t, stack.handler)
	attacker.get("/put?v=planted")
	_, planted := attacker.get("/token")

	victim := newBrowser(t, stack.handler)
	victim.cookies = maps.Clone(attacker.cookies)
	victim.get("/login?v=victim")
	if _, body := victim.get("/"); body != "victim" {
		t.Errorf("after login the session is %q", body)
	}
	if _, body := attacker.get("/"); body != "" {
		t.Errorf("the cookie from before the login opens %q", body)
	}
	r := httptest.NewRequest("GET", "/", nil)
	for name, value := range victim.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if s := stack.sessions.load(r); s == nil || verifyCSRF(s, planted) {
		t.Error("the CSRF token from before the login is good after it")
	}
}

// Without a store the planted cookie stays what it was, a session of nobody;
// the victim's own is another one.
func TestFault13LoginRenewsSessionInTheCookie(t *testing.T) {
	t.Parallel()
	stack := newWebStack(t, sessionConfig{}, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cart" {
			if err := Session(r).Put("cart", r.FormValue("v")); err != nil {
				panic(err)
			}
		}
		if r.URL.Path == "/session" {
			fmt.Fprint(w, Session(r).Encoded())
			return
		}
		sessionApp(w, r)
	})
	attacker := newBrowser(t, stack.handler)
	attacker.get("/cart?v=planted")
	_, token := attacker.get("/token")
	victim := newBrowser(t, stack.handler)
	victim.cookies = maps.Clone(attacker.cookies)
	victim.get("/login?v=victim")
	if _, session := victim.get("/session"); strings.Contains(session, "planted") || !strings.Contains(session, "victim") {
		t.Errorf("after the login the session is %s", session)
	}
	if _, session := attacker.get("/session"); strings.Contains(session, "victim") {
		t.Errorf("the planted cookie opens %s", session)
	}
	r := httptest.NewRequest("GET", "/", nil)
	for name, value := range victim.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if s := stack.sessions.load(r); s == nil || verifyCSRF(s, token) {
		t.Error("the CSRF token from before the login is good after it")
	}
}

// mapStore is a session store in memory.
type mapStore struct {
	sessions map[string]string
	err      error
	next     int
	value    func(id string) string // of the cookie; nil: the id
}

func newMapStore() *mapStore { return &mapStore{sessions: map[string]string{}} }

func (m *mapStore) Load(_ context.Context, value string) (string, bool, error) {
	return m.sessions[value], false, m.err
}

func (m *mapStore) Save(_ context.Context, former, session string) (string, error) {
	if former == "" {
		m.next++
		former = fmt.Sprint("id-", m.next)
	}
	m.sessions[former] = session
	if m.value != nil {
		return m.value(former), m.err
	}
	return former, m.err
}

func (m *mapStore) Delete(_ context.Context, value string) error {
	delete(m.sessions, value)
	return m.err
}

func TestSessionStoreOfOnesOwn(t *testing.T) {
	t.Parallel()
	store := newMapStore()
	b := newBrowser(t, newWebStack(t, sessionConfig{store: store}, nil, sessionApp).handler)
	b.cookies[defaultCookieName] = "chosen-by-the-client"
	b.get("/put?v=anna")
	if b.cookies[defaultCookieName] != "id-1" || len(store.sessions) != 1 {
		t.Errorf("cookie %q, stored %v; want an id of the store", b.cookies[defaultCookieName], store.sessions)
	}
	b.get("/put?v=bert")
	if _, body := b.get("/"); body != "bert" || b.cookies[defaultCookieName] != "id-1" {
		t.Errorf("session %q under %q", body, b.cookies[defaultCookieName])
	}
	b.get("/logout")
	if len(store.sessions) != 0 || b.cookies[defaultCookieName] != "" {
		t.Errorf("after logout stored %v, cookie %q", store.sessions, b.cookies[defaultCookieName])
	}
	store.sessions["odd"] = "not a session"
	b.cookies[defaultCookieName] = "odd"
	if _, body := b.get("/"); body != "" {
		t.Errorf("a stored text that is no session = %q", body)
	}
}

func TestFailingSessionStore(t *testing.T) {
	t.Parallel()
	store := newMapStore()
	store.err = errors.New("the database is away")
	h := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/static":
			fmt.Fprint(w, "no session needed")
		case "/token": // an error page that the layout draws asks for it
			fmt.Fprintf(w, "token %q flash %q", CSRFToken(r), Flash(r, "info"))
		default:
			sessionApp(w, r)
		}
	}
	stack := newWebStack(t, sessionConfig{store: store}, nil, h)
	b := newBrowser(t, stack.handler)
	b.cookies[defaultCookieName] = "id-1"
	if _, body := b.get("/static"); body != "no session needed" {
		t.Errorf("a page that asks for no session = %q", body)
	}
	if _, body := b.get("/token"); body != `token "" flash ""` {
		t.Errorf("a page with token and flash = %q", body)
	}
	r := httptest.NewRequest("GET", "/live/websocket", nil)
	r.Header.Set("Cookie", defaultCookieName+"=id-1")
	if stack.sessions.load(r) != nil {
		t.Error("the socket finds a session")
	}
	for _, cookie := range []string{"id-1", ""} { // fails to load, fails to save
		b.cookies[defaultCookieName] = cookie
		func() {
			defer func() {
				err, _ := recover().(error)
				if !errors.Is(err, store.err) || cookie != "" && statusOf(err) != http.StatusServiceUnavailable {
					t.Errorf("with cookie %q = %v, want the store's error", cookie, err)
				}
			}()
			b.get("/put?v=anna")
		}()
	}
}

// Package net/http is the measure.
func TestSessionCookieLine(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/admin/"} {
		for _, https := range []bool{false, true} {
			s := newSessions(sessionConfig{keys: testKeys(t, testSecret), name: "shop", path: path})
			want := http.Cookie{Name: "shop", Value: "a-b_c.d", Path: s.path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: https}
			if got, err := s.cookieLine(want.Value, https); got != want.String() || err != nil {
				t.Errorf("line %q, %v, want %q", got, err, want.String())
			}
			got, err := s.cookieLine("", https)
			c, parsed := http.ParseSetCookie(got)
			if err != nil || parsed != nil || c.Name != "shop" || c.Value != "" || c.MaxAge != -1 || c.Expires.Unix() != 1 || c.Path != s.path || c.Secure != https {
				t.Errorf("line %q, %v, %v, want one that takes the cookie back", got, err, parsed)
			}
		}
	}
}

func TestFault39UnfitCookieValueIsRefused(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"a\r\nSet-Cookie: b=c", "a;b", "a,\"b", "a,b", "a b", "ä", `"a"`, ""} {
		store := newMapStore()
		store.value = func(string) string { return value }
		h := newWebStack(t, sessionConfig{store: store}, nil, sessionApp).handler
		func() {
			defer func() {
				err, _ := recover().(error)
				if err == nil || !strings.Contains(err.Error(), "SessionStore") {
					t.Errorf("a cookie with the value %q: %v, want an error", value, err)
				}
			}()
			newBrowser(t, h).get("/put?v=anna")
		}()
	}
}

func TestSessionOutsideAnApp(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/", nil)
	if s := Session(r); s != nil || CSRFToken(r) != "" || Flash(r, "info") != "" || RequestID(r) != "" || Nonce(r.Context()) != "" {
		t.Errorf("outside an App there is a session %v or a token", s)
	}
	if err := PutFlash(r, "info", "hello"); err == nil || !strings.Contains(err.Error(), "no session here") {
		t.Errorf("PutFlash = %v", err)
	}
}

// The writer around the response keeps what the server's own can do.
func TestSessionWriterPassesOn(t *testing.T) {
	t.Parallel()
	stack := newWebStack(t, sessionConfig{}, nil, func(w http.ResponseWriter, r *http.Request) {
		if err := Session(r).Put("user", "anna"); err != nil {
			t.Error(err)
		}
		switch r.URL.Path {
		case "/flush":
			fmt.Fprint(w, "a")
			w.(http.Flusher).Flush()
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Errorf("Flush = %v", err)
			}
		case "/hints":
			w.WriteHeader(http.StatusEarlyHints)
			if err := Session(r).Put("user", "after the hints"); err != nil {
				t.Error(err)
			}
		case "/copy":
			if _, err := io.Copy(w, strings.NewReader("copied")); err != nil {
				t.Error(err)
			}
		case "/deadline":
			if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
				t.Errorf("SetWriteDeadline = %v", err)
			}
		case "/hijack":
			conn, rw, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Errorf("Hijack = %v", err)
				return
			}
			fmt.Fprint(rw, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhijacked")
			if err := rw.Flush(); err != nil {
				t.Error(err)
			}
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
			if err := Session(r).Put("user", "late"); err == nil {
				t.Error("after Hijack the session takes values")
			}
		}
	})
	srv := httptest.NewServer(stack.handler)
	defer srv.Close()
	for path, cookies := range map[string]int{"/flush": 1, "/hints": 1, "/copy": 1, "/deadline": 1, "/hijack": 0} {
		resp, err := srv.Client().Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Cookies()) != cookies {
			t.Errorf("%s sets %v, want %d cookies", path, resp.Cookies(), cookies)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

func FuzzSessionCookie(f *testing.F) {
	stack := newWebStack(f, sessionConfig{}, nil, sessionApp)
	b := newBrowser(f, stack.handler)
	b.get("/put?v=anna")
	good := b.cookies[defaultCookieName]
	f.Add(defaultCookieName + "=" + good)
	f.Add(defaultCookieName + "=; " + defaultCookieName + "=" + good[1:])
	f.Add("a=b")
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", header)
		// Other processes of the fuzzer sign the same session at other times.
		if s := stack.sessions.load(r); s != nil && s.Get("user") != "anna" {
			t.Errorf("Cookie %q opens a session that nobody signed: %q", header, s.Encoded())
		}
	})
}
