package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"bennu"
	"bennu/channel"
)

// Sockets of channels among the other routes of an App.

// echo answers "hold" when it is let go.
type echo struct{ began, hold chan bool }

func (e *echo) Join(*channel.Socket, channel.Params) error { return nil }

func (e *echo) Events() channel.Events {
	return channel.Events{
		"hold": channel.Do(func(s *channel.Socket) error { e.began <- true; <-e.hold; s.Reply("held"); return s.Context().Err() }),
		"echo": channel.On(func(s *channel.Socket, v any) error { s.Reply(v); return nil }),
	}
}

func echoes(began, hold chan bool) channel.Handler[bool] {
	return channel.Handler[bool]{Topics: channel.Topics[bool]{"echo": func(bool) channel.Channel { return &echo{began, hold} }}}
}

func quietApp(set func(*bennu.Options)) *bennu.App {
	o := bennu.Options{Dev: true, Logger: slog.New(slog.DiscardHandler)}
	if set != nil {
		set(&o)
	}
	return bennu.New(o)
}

const joinedEcho = `["1","1","echo","phx_reply",{"status":"ok","response":{}}]`

func TestSocketIsRegisteredRight(t *testing.T) {
	t.Parallel()
	good := func(bool) channel.Channel { return new(echo) }
	one := new(echo)
	for name, tt := range map[string]struct {
		path string
		h    bennu.SocketHandler
		want string
	}{
		"no handler":     {"/socket", nil, "want a channel.Handler"},
		"no topics":      {"/socket", channel.Handler[bool]{}, "Topics is empty"},
		"no factory":     {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"a": nil}}, "factory is nil"},
		"no channel":     {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"a": func(bool) channel.Channel { return nil }}}, "returned nil"},
		"the same":       {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"a": func(bool) channel.Channel { return one }}}, "the same e2e.echo each time"},
		"star inside":    {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"a*b": good}}, "in the middle"},
		"no pattern":     {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"": good}}, "a pattern is empty"},
		"heartbeats":     {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"phoenix": good}}, "the protocol's own"},
		"no path":        {"", echoes(nil, nil), "must begin with"},
		"slash":          {"/socket/", echoes(nil, nil), "not end with it"},
		"path of pages":  {"/live", echoes(nil, nil), "conflicts with"},
		"wrong method":   {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"a": func(bool) channel.Channel { return new(wrongEvents) }}}, "want Events() channel.Events"},
		"value receiver": {"/socket", channel.Handler[bool]{Topics: channel.Topics[bool]{"a": func(bool) channel.Channel { return byValue{} }}}, "pointer receiver"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, tt.want) || !strings.Contains(got, "channel_app_test.go") {
					t.Errorf("panic %s, want %q and the place in it", got, tt.want)
				}
			}()
			quietApp(nil).Socket(tt.path, tt.h)
		})
	}
}

type wrongEvents struct{}

func (*wrongEvents) Join(*channel.Socket, channel.Params) error { return nil }
func (*wrongEvents) Events() map[string]string                  { return nil }

type byValue struct{}

func (byValue) Join(*channel.Socket, channel.Params) error { return nil }
func (*byValue) Events() channel.Events                    { return nil }

func TestSocketStandsInGroupsAndPrefixes(t *testing.T) {
	t.Parallel()
	app := quietApp(func(o *bennu.Options) { o.Prefix = "/admin" })
	passed := make(chan string, 8)
	app.Group("/v1", bennu.Pipeline{Name: "keys", Use: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Key") == "" {
				http.Error(w, "no key", http.StatusUnauthorized)
				return
			}
			passed <- r.URL.Path
			next.ServeHTTP(w, r)
		})
	}}}, func(g *bennu.Group) { g.Socket("/socket", echoes(nil, nil)) })
	srv := httptest.NewServer(app)
	defer srv.Close()
	defer func() { _ = app.Shutdown(context.Background()) }()
	address := strings.Replace(srv.URL, "http", "ws", 1) + "/admin/v1/socket/websocket?vsn=2.0.0"
	if _, resp, err := websocket.Dial(t.Context(), address, nil); err == nil || resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without the key: %v, %v", resp, err)
	}
	conn, _, err := websocket.Dial(t.Context(), address, &websocket.DialOptions{HTTPHeader: http.Header{"X-Key": {"k"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	c := &wireClient{t, conn}
	c.ask(`["1","1","echo","phx_join",{}]`, joinedEcho)
	if path := <-passed; path != "/admin/v1/socket/websocket" {
		t.Errorf("the pipeline saw %s", path)
	}
	var routes []string
	for _, rt := range app.Routes() {
		if strings.Contains(rt.Path, "/v1/") {
			routes = append(routes, strings.TrimSpace(rt.Method+" "+rt.Path)+" "+rt.Handler)
		}
	}
	want := "GET /admin/v1/socket/websocket the socket of channels, /admin/v1/socket/longpoll channels by long polling"
	if got := strings.Join(routes, ", "); got != want {
		t.Errorf("routes %s, want %s", got, want)
	}
}

// The browser's session counts when the page's token comes along.
func TestSocketOfChannelsKnowsTheSession(t *testing.T) {
	t.Parallel()
	app := quietApp(nil)
	app.Get("/login", func(w http.ResponseWriter, r *http.Request) error {
		if err := bennu.SetIdentity(r, "users:7"); err != nil {
			return err
		}
		_, err := io.WriteString(w, bennu.CSRFToken(r))
		return err
	})
	seen := make(chan string, 1)
	app.Socket("/socket", channel.Handler[string]{
		Connect: func(c *channel.Conn) (string, error) {
			seen <- c.Identity + " " + fmt.Sprint(c.Session().Get("_identity") != "") + c.Param("_csrf_token")
			if c.Identity == "" {
				return "", errors.New("log in")
			}
			return c.Identity, nil
		},
		Topics: channel.Topics[string]{"echo": func(string) channel.Channel { return new(echo) }},
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	defer func() { _ = app.Shutdown(context.Background()) }()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	resp, err := browser.Get(srv.URL + "/login")
	if err != nil {
		t.Fatal(err)
	}
	token, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	dial := func(csrf string) (*websocket.Conn, error) {
		conn, _, err := websocket.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1)+"/socket/websocket?vsn=2.0.0&_csrf_token="+url.QueryEscape(csrf),
			&websocket.DialOptions{HTTPClient: browser})
		return conn, err
	}
	if _, err := dial("guess"); err == nil {
		t.Error("a socket that another page may have opened has the session's identity")
	}
	if got := <-seen; got != " false" {
		t.Errorf("without the token Connect sees %q", got)
	}
	conn, err := dial(string(token))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if got := <-seen; got != "users:7 true" {
		t.Errorf("with the token Connect sees %q", got)
	}
	c := &wireClient{t, conn}
	c.ask(`["1","1","echo","phx_join",{}]`, joinedEcho)
	if n := app.Disconnect("users:7"); n != 1 {
		t.Errorf("Disconnect ended %d sockets", n)
	}
	c.closed(websocket.StatusGoingAway)
}

// A page's socket is closed when nothing is joined in time, one of channels not.
func TestSocketOfChannelsNeedNotJoin(t *testing.T) {
	t.Parallel()
	app := quietApp(func(o *bennu.Options) { o.Limits.JoinTime = 20 * time.Millisecond })
	app.Socket("/socket", echoes(nil, nil))
	srv := httptest.NewServer(app)
	defer srv.Close()
	defer func() { _ = app.Shutdown(context.Background()) }()
	channels := dialChannels(t, srv.URL+"/socket", "")
	pages := dialChannels(t, srv.URL+"/live", "")
	pages.closed(websocket.StatusPolicyViolation)
	channels.ask(`["1","1","echo","phx_join",{}]`, joinedEcho)
}

func TestShutdownLetsChannelsFinish(t *testing.T) {
	t.Parallel()
	app := quietApp(nil)
	began, hold := make(chan bool), make(chan bool)
	app.Socket("/socket", echoes(began, hold))
	srv := httptest.NewServer(app)
	defer srv.Close()
	c := dialChannels(t, srv.URL+"/socket", "")
	c.ask(`["1","1","echo","phx_join",{}]`, joinedEcho)
	c.send(`["1","2","echo","hold",{}]`)
	<-began
	c.send(`["1","3","echo","echo",[7]]`)
	c.ask(`[null,"4","phoenix","heartbeat",{}]`, `[null,"4","phoenix","phx_reply",{"status":"ok","response":{}}]`)
	ended := make(chan error, 1)
	go func() { ended <- app.Shutdown(context.Background()) }()
	for { // until it has begun
		_, resp, err := websocket.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1)+"/socket/websocket?vsn=2.0.0", nil)
		if err != nil && resp != nil && resp.StatusCode == http.StatusServiceUnavailable {
			break
		}
	}
	close(hold)
	c.want(`["1","2","echo","phx_reply",{"status":"ok","response":"held"}]`, `["1","3","echo","phx_reply",{"status":"ok","response":[7]}]`)
	c.closed(websocket.StatusServiceRestart)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A long poll that was opened at one address is not good at another, where
// something else may stand before it.
func TestLongPollIsOfOneSocket(t *testing.T) {
	t.Parallel()
	app := quietApp(nil)
	app.Socket("/socket", echoes(nil, nil))
	app.Socket("/other", echoes(nil, nil))
	srv := httptest.NewServer(app)
	defer srv.Close()
	defer func() { _ = app.Shutdown(context.Background()) }()
	post := func(path, token string) string {
		resp, err := http.Post(srv.URL+path+"/longpoll?vsn=2.0.0&token="+url.QueryEscape(token), "application/x-ndjson", strings.NewReader(`["1","1","echo","phx_join",{}]`))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	resp, err := http.Get(srv.URL + "/socket/longpoll?vsn=2.0.0&token=mine") // a parameter of the app's
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), `"token":"`)
	token, _, ok := strings.Cut(rest, `"`)
	if !ok || token == "" {
		t.Fatalf("opened by %s", b)
	}
	for _, path := range []string{"/other", "/live"} {
		if got := post(path, token); !strings.Contains(got, `"status":410`) {
			t.Errorf("at %s: %s, want 410", path, got)
		}
	}
	if got := post("/socket", token); !strings.Contains(got, `"status":200`) {
		t.Errorf("at its own: %s, want 200", got)
	}
}
