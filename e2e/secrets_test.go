package e2e

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// TestSEC11NoSecretInTheLogOfASession is a whole visit with secrets in each
// place where there can be some, with the log at its most talkative.
func TestSEC11NoSecretInTheLogOfASession(t *testing.T) {
	t.Parallel()
	a, log := peeking(t)
	a.Get("/remember", func(w http.ResponseWriter, r *http.Request) error {
		if err := bennu.Session(r).Put("card", "hunter2-session"); err != nil {
			return err
		}
		return bennu.Redirect(w, r, "/peek?token=hunter2-query&user[password]=hunter2-nested&word=plain")
	})
	a.Live("/reset/{token}", func() live.View { return &views.Peek{Log: slog.New(slog.DiscardHandler)} })
	reset := get(t, a.url+"/reset/hunter2-path")
	reset.dial().join(reset, 0)
	v := get(t, a.url+"/remember?api_key=hunter2-key")
	if v.response.StatusCode != http.StatusOK {
		t.Fatalf("status %d", v.response.StatusCode)
	}

	// A connect that names the page where the visitor was before.
	referer := url.QueryEscape(a.url + "/reset?token=hunter2-referer")
	s := v.dialWith("&api_key=hunter2-connect&_live_referer="+referer, v.csrf)
	r := s.answer("lv:"+v.id, v.payload(map[string]any{
		"url":    a.url + "/peek?token=hunter2-join",
		"params": map[string]any{"_csrf_token": v.csrf, "_mounts": 0, "password": "hunter2-param"},
	}))
	if r.Status != "ok" {
		t.Fatalf("join: %s %s", r.Status, r.Response)
	}
	j := &joined{socket: s, joinRef: s.last(), topic: "lv:" + v.id}
	form := func(event, value string) frame {
		ref := j.next()
		j.send(j.joinRef, ref, j.topic, "event", `{"type":"form","event":"`+event+`","value":"`+value+`"}`)
		return j.read()
	}
	if f := form("sign in", "user[name]=bea&user[password]=hunter2-form"); !strings.Contains(f.raw, "bea") {
		t.Fatalf("sign in: %s", f.raw)
	}
	// A payload that does not fit, and one of no event: both are logged.
	if f := j.push("pay", `{"amount":"1","card_number":"hunter2-4111"}`); f.event != "phx_error" {
		t.Fatalf("pay with a wrong number: %s, want the end of the view", f.raw)
	}
	j = s.join(v, 1)
	if f := j.push("hunter3", `{"password":"hunter2-unknown"}`); f.event != "phx_error" {
		t.Fatalf("an unknown event: %s, want the end of the view", f.raw)
	}

	text := log.String()
	for _, seen := range []string{"word:[plain]", "state.Card.Holder=bea", "event=pay", "hunter3", "msg=connected"} {
		if !strings.Contains(text, seen) {
			t.Errorf("the log does not have %s, so it does not show what this test is about", seen)
		}
	}
	secrets := []string{"hunter2", v.csrf, v.session, v.static}
	u, err := url.Parse(v.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(u) {
		secrets = append(secrets, c.Value)
	}
	for _, secret := range secrets {
		for line := range strings.Lines(text) {
			if strings.Contains(line, secret) {
				t.Errorf("%.20q stands in the line %s", secret, line)
			}
		}
	}
}
