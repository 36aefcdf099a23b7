package e2e

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// These tests hold the rules of the client's protocol that concern the whole
// way of a page, by the number that each rule has in the project's checklist.

// app is an App in this process, served over loopback.
type app struct {
	url    string
	called *views.Called
	gate   *views.Gate
}

func newApp(t *testing.T, change ...func(*bennu.Options)) *app {
	t.Helper()
	a := &app{called: new(views.Called), gate: &views.Gate{Entered: make(chan struct{}), Open: make(chan struct{})}}
	opts := bennu.Options{SecretKeyBase: secret, RootLayout: views.Root, Logger: slog.New(slog.DiscardHandler),
		Assets: os.DirFS("../examples/showcase/web/assets/dist")}
	for _, c := range change {
		c(&opts)
	}
	b := bennu.New(opts)
	page := func() live.View { return &views.Page{Called: a.called, Gate: a.gate} }
	b.Live("/page", page)
	b.Live("/again/{text}", page)
	b.Live("/other", func() live.View { return new(views.Other) })
	b.LiveSession("admin", func(g *bennu.Group) { g.Live("/admin", page) })
	b.Get("/plain", func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, "plain")
		return err
	})
	s := httptest.NewServer(b)
	a.url = s.URL
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := b.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		s.Close()
	})
	return a
}

// payload changes members of the join payload; nil takes one out.
func (v *visit) payload(change map[string]any) string {
	var m map[string]any
	if err := json.Unmarshal([]byte(v.joinPayload(0)), &m); err != nil {
		v.t.Fatal(err)
	}
	for k, x := range change {
		if x == nil {
			delete(m, k)
		} else {
			m[k] = x
		}
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// answer joins with a payload and returns the reply.
func (s *socket) answer(topic, payload string) reply {
	s.t.Helper()
	ref := s.next()
	s.send(ref, ref, topic, "phx_join", payload)
	f := s.read()
	if f.ref != ref {
		s.t.Fatalf("the join %s is answered with %s", ref, f.raw)
	}
	return f.reply(s.t)
}

func wantError(t *testing.T, r reply, response string) {
	t.Helper()
	if r.Status != "error" || string(r.Response) != response {
		t.Errorf("the join is answered with %s %.300s, want error %s", r.Status, r.Response, response)
	}
}

// upgrade asks for a socket and returns the status of the answer.
func upgrade(t *testing.T, site, origin, host string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(site, "http")+"/live/websocket?vsn=2.0.0", &websocket.DialOptions{HTTPHeader: header, Host: host})
	if conn != nil {
		conn.CloseNow()
	}
	if resp == nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

func TestItem03To05Origins(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, origin, host string
		allowed            []string
		want               int
	}{
		{"item 3: foreign", "http://evil.test", "", nil, 403},
		{"item 3: look-alike", "http://shop.test.evil.test", "shop.test", nil, 403},
		{"item 3: other port", "http://shop.test:81", "shop.test", nil, 403},
		{"item 4: none", "", "", nil, 101},
		{"item 5: null", "null", "", nil, 403},
		{"own", "http://shop.test", "shop.test", nil, 101},
		{"listed", "https://shop.test", "node1.internal", []string{"https://shop.test"}, 101},
		{"not listed", "https://node1.internal", "node1.internal", []string{"https://shop.test"}, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newApp(t, func(o *bennu.Options) { o.Origins = tt.allowed })
			if got := upgrade(t, a.url, tt.origin, tt.host); got != tt.want {
				t.Errorf("Origin %q at host %q: %d, want %d", tt.origin, tt.host, got, tt.want)
			}
		})
	}
}

func TestItem06And07CSRFAndExtraParams(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	for _, token := range []string{"", "wrong", v.csrf + "x"} {
		s := v.dial(token) // item 7: _mounts and the others in the URL are ignored
		wantError(t, s.answer("lv:"+v.id, v.joinPayload(0)), `{"reason":"stale"}`)
	}
	v.dial().join(v, 0)
}

func TestItem36And37DeadRender(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	if n := strings.Count(v.body, "data-phx-main"); n != 1 || v.id == "" || v.session == "" || v.static == "" {
		t.Errorf("%d main elements, id %q, tokens %q and %q", n, v.id, v.session, v.static)
	}
	for _, name := range strings.Fields("component view id skip root-id ref-src ref-loading ref-lock stream teleported prune readonly disabled pid") {
		if strings.Contains(v.body, "data-phx-"+name+"=") {
			t.Errorf("the dead render has the client's own data-phx-%s", name)
		}
	}
	if strings.ContainsAny(v.session+v.static, `;, "'`) {
		t.Errorf("the tokens are not safe in cookies: %s %s", v.session, v.static)
	}
}

func TestItem43ReloadStatusCookie(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page?mount=live+missing")
	var refusal struct {
		Reason, Token string
		Status        int
	}
	if err := json.Unmarshal(v.dial().answer("lv:"+v.id, v.joinPayload(0)).Response, &refusal); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		token string
		want  int
	}{{refusal.Token, 404}, {"forged", 500}, {"", 500}} {
		req, _ := http.NewRequest(http.MethodGet, a.url+"/page", nil)
		req.AddCookie(&http.Cookie{Name: "__phoenix_reload_status__", Value: tt.token})
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		deleted := false
		for _, c := range resp.Cookies() {
			deleted = deleted || c.Name == "__phoenix_reload_status__" && c.MaxAge < 0
		}
		if resp.StatusCode != tt.want || !deleted {
			t.Errorf("with the token %.20q: %d, cookie deleted: %v; want %d and true", tt.token, resp.StatusCode, deleted, tt.want)
		}
	}
}

func TestItem44TextIsEscapedAlike(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	nasty := `<script>&"'` + "\x01é"
	v := get(t, a.url+"/page?text="+url.QueryEscape(nasty))
	j := v.dial().join(v, 0)
	live := zip(t, j.rendered, shared(j.rendered))
	if live != v.inner {
		t.Errorf("live and dead render differ:\n%q\n%q", live, v.inner)
	}
	if strings.Contains(live, "<script>") || !strings.Contains(html.UnescapeString(live), nasty) {
		t.Errorf("not escaped, or not the text: %q", live)
	}
}

func TestItem45To49Tokens(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v, w := get(t, a.url+"/page"), get(t, a.url+"/page")
	flip := func(token string) string {
		c := byte('A')
		if token[len(token)/2] == c {
			c = 'B'
		}
		return token[:len(token)/2] + string(c) + token[len(token)/2+1:]
	}
	s := v.dial()
	stale := `{"reason":"stale"}`
	for name, change := range map[string]map[string]any{
		"item 46: another page's token":  {"session": w.session},
		"item 46: another page's static": {"static": w.static},
		"item 47: one bit":               {"session": flip(v.session)},
		"item 47: one bit of static":     {"static": flip(v.static)},
		"item 47: another purpose":       {"session": v.static},
		"item 48: none":                  {"session": nil},
		"item 48: no string":             {"session": 7},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, s.answer("lv:"+v.id, v.payload(change)), stale) })
	}
	for name, change := range map[string]map[string]any{"item 45": {}, "item 49": {"static": json.RawMessage("null")}} {
		if r := v.dial().answer("lv:"+v.id, v.payload(change)); r.Status != "ok" {
			t.Errorf("%s: %s %s, want ok", name, r.Status, r.Response)
		}
	}
}

func TestItem50To53Routes(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	topic := "lv:" + v.id
	for name, change := range map[string]map[string]any{
		"item 50: another view":            {"url": a.url + "/other"},
		"item 50: another live session":    {"url": a.url + "/admin"},
		"item 50: no route":                {"url": a.url + "/nowhere"},
		"item 50: a long host":             {"url": "http://" + strings.Repeat("a", 300) + "/page"},
		"item 52: another live session":    {"url": nil, "redirect": a.url + "/admin"},
		"item 52: a plain route":           {"url": nil, "redirect": a.url + "/plain"},
		"neither url nor redirect":         {"url": nil},
		"an address that is none":          {"url": "http://%zz"},
		"an address that has no authority": {"url": "mailto:a@b"},
	} {
		t.Run(name, func(t *testing.T) {
			wantError(t, v.dial().answer(topic, v.payload(change)), `{"reason":"unauthorized"}`)
		})
	}
	for name, params := range map[string]any{"item 51": map[string]any{"_mounts": 0}, "item 53": map[string]any{"_mounts": 1}} {
		r := v.dial().answer(topic, v.payload(map[string]any{"url": nil, "redirect": a.url + "/other", "params": params}))
		if r.Status != "ok" || !strings.Contains(string(r.Response), `other`) || !strings.Contains(string(r.Response), `"container":["div",{}]`) {
			t.Errorf("%s: %s %s, want the other view and a container", name, r.Status, r.Response)
		}
	}
}

func TestItem56And57FailingMounts(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	for query, want := range map[string]string{"error": "join crashed", "panic": "join crashed", "missing": "reload"} {
		r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"url": a.url + "/page?mount=" + query}))
		var refusal struct {
			Reason, Token string
			Status        int
		}
		if err := json.Unmarshal(r.Response, &refusal); err != nil {
			t.Fatal(err)
		}
		if r.Status != "error" || refusal.Reason != want || want == "reload" && (refusal.Status != 404 || refusal.Token == "") {
			t.Errorf("mount=%s: %s %s, want %s", query, r.Status, r.Response, want)
		}
	}
}

func TestItem64ConnectParams(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"params": map[string]any{"tag": "from the script", "_mounts": 0}}))
	if r.Status != "ok" || !strings.Contains(string(r.Response), "from the script") {
		t.Errorf("%s %s, want the parameter on the page", r.Status, r.Response)
	}
}

func TestItem66RejoinStartsFromNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page?text=first")
	first := v.dial().join(v, 0)
	again := v.dial().join(v, 1)
	if got, want := zip(t, again.rendered, shared(again.rendered)), zip(t, first.rendered, shared(first.rendered)); got != want {
		t.Errorf("rejoin renders %s, want %s", got, want)
	}
}

func TestItem106TypesAreNotChecked(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	for _, typ := range []string{`null`, `"made up"`, `"hook"`} {
		ref := j.next()
		j.send(j.joinRef, ref, j.topic, "event", `{"type":`+typ+`,"event":"any","value":{"list":[1,{"deep":true}],"n":`+ref+`}}`)
		if f := j.read(); f.ref != ref || f.reply(t).Status != "ok" || !strings.Contains(f.raw, "deep:true") || !strings.Contains(f.raw, "n:"+ref) {
			t.Errorf("type %s: %s, want the raw value at the handler", typ, f.raw)
		}
	}
}

func TestItem107FormsAreDecoded(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	ref := j.next()
	j.send(j.joinRef, ref, j.topic, "event", `{"type":"form","event":"form","value":"user[name]=Ann+B&user[tags][]=x&user[tags][]=y&user[age]=abc","meta":{"_target":"user[name]"}}`)
	f := j.read()
	if !strings.Contains(f.raw, "{Name:Ann B Tags:[x y] Age:0} 1") {
		t.Errorf("%s, want the nested form and one error for the age", f.raw)
	}
}

func TestItem112ReservedNames(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	if f := j.push("lv:mine", `{}`); string(f.reply(t).Response) != `{}` || a.called.Count("lv:mine") != 0 {
		t.Errorf("%s, and the app's code ran %d times", f.raw, a.called.Count("lv:mine"))
	}
}

func TestItem113RepliesInOrderDuringASlowHandler(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	var refs []string
	send := func(event, value string) {
		ref := j.next()
		refs = append(refs, ref)
		j.send(j.joinRef, ref, j.topic, "event", `{"type":"click","event":"`+event+`","value":`+value+`}`)
	}
	send("wait", `{}`)
	<-a.gate.Entered
	send("set", `{"text":"a"}`)
	send("set", `{"text":"b"}`)
	j.send("", "h1", "phoenix", "heartbeat", `{}`)
	if f := j.read(); f.ref != "h1" || f.topic != "phoenix" {
		t.Errorf("while a handler blocks the heartbeat is answered with %s", f.raw)
	}
	close(a.gate.Open)
	for _, ref := range refs {
		if f := j.read(); f.ref != ref || f.reply(t).Status != "ok" {
			t.Errorf("got %s, want the reply to %s", f.raw, ref)
		}
	}
}

func TestItem119PatchToAnotherPlaceIsANavigation(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	j := v.dial().join(v, 0)
	ref := j.next()
	j.send(j.joinRef, ref, j.topic, "live_patch", `{"url":"`+a.url+`/other"}`)
	if f := j.read(); f.ref != ref || string(f.reply(t).Response) != `{"link_redirect":true}` {
		t.Errorf("%s, want link_redirect", f.raw)
	}
}

func TestExpiredTokenIsStale(t *testing.T) {
	t.Parallel()
	// A token's age is counted from its signing; one of another secret stands in
	// for any that the ring does not know.
	a := newApp(t)
	b := newApp(t, func(o *bennu.Options) { o.SecretKeyBase = strings.Repeat("x", 64) })
	v, w := get(t, a.url+"/page"), get(t, b.url+"/page")
	w.id, w.url = v.id, v.url
	wantError(t, v.dial().answer("lv:"+v.id, v.payload(map[string]any{"session": w.session})), `{"reason":"stale"}`)
}

func TestRetiredSecretIsAccepted(t *testing.T) {
	t.Parallel()
	old := newApp(t)
	rotated := newApp(t, func(o *bennu.Options) {
		o.SecretKeyBase, o.RetiredSecrets = strings.Repeat("y", 64), []string{secret}
	})
	v := get(t, old.url+"/page")
	// The page was drawn by the old node; its socket opens at the new one.
	u, _ := url.Parse(old.url)
	n, _ := url.Parse(rotated.url)
	jar, _ := cookiejar.New(nil)
	jar.SetCookies(n, v.client.Jar.Cookies(u))
	v.client.Jar, v.url = jar, rotated.url+"/page"
	v.dial().join(v, 0)
}

func TestCrashLeavesOtherTopicsOfTheSocketAlone(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v := get(t, a.url+"/page")
	s := v.dial()
	first := s.join(v, 0)
	// A second page of the same browser on the same socket.
	resp, err := v.client.Get(a.url + "/page")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	w := &visit{t: t, url: v.url, client: v.client, body: string(body)}
	w.read()
	second := s.join(w, 0)
	if f := first.push("panic", `{}`); f.event != "phx_error" || f.topic != first.topic {
		t.Fatalf("%s, want phx_error of the first topic", f.raw)
	}
	if f := second.push("set", `{"text":"still here"}`); !strings.Contains(f.raw, "still here") {
		t.Errorf("%s, want the second view at work", f.raw)
	}
}

func TestShutdownTellsClientsToComeBack(t *testing.T) {
	t.Parallel()
	b := bennu.New(bennu.Options{SecretKeyBase: secret, RootLayout: views.Root, Logger: slog.New(slog.DiscardHandler)})
	b.Live("/page", func() live.View { return new(views.Page) })
	s := httptest.NewServer(b)
	defer s.Close()
	v := get(t, s.URL+"/page")
	j := v.dial().join(v, 0)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	closed := make(chan error, 1)
	go func() {
		_, _, err := j.conn.Read(ctx)
		closed <- err
	}()
	if err := b.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	select {
	case err := <-closed:
		if got := websocket.CloseStatus(err); got != websocket.StatusServiceRestart {
			t.Errorf("the socket was closed with %v (%v), want 1012", got, err)
		}
	case <-time.After(patience):
		t.Error("the socket stays open")
	}
}
