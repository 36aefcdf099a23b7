package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const flashCookie = "__phoenix_flash__"

func TestItem40MovesInADeadMount(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	for by, to := range map[string]string{"navigate": "/lab/next", "redirect": "/lab/out"} {
		v := get(t, a.url+"/plain")
		v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		v.url = a.url + "/lab?" + url.Values{"by": {by}, "away": {to}, "text": {"saved & sent"}}.Encode()
		v.load()
		if got := v.response; got.StatusCode/100 != 3 || got.Header.Get("Location") != to {
			t.Errorf("%s in Mount: %d to %q, want a redirect to %s", by, got.StatusCode, got.Header.Get("Location"), to)
		}
		v.url = a.url + to
		if v.load(); !strings.Contains(v.body, "saved &amp; sent") {
			t.Errorf("%s: the next page does not show the message:\n%s", by, v.body)
		}
		if v.load(); strings.Contains(v.body, "saved") {
			t.Errorf("%s: the message is shown twice:\n%s", by, v.body)
		}
	}
}

// redirectFlash makes a page of a live view redirect with a message and returns
// the token that its browser is to put into the cookie, and the browser.
func redirectFlash(t *testing.T, a *app, message string) (token string, v *visit) {
	t.Helper()
	v = get(t, a.url+"/lab")
	_, f := v.dial().join(v, 0).event("ask", `{"do":"redirect","to":"/lab/out","text":`+text(message)+`}`, 0)
	var response struct{ Redirect struct{ To, Flash string } }
	if err := json.Unmarshal(f.reply(t).Response, &response); err != nil || response.Redirect.To != "/lab/out" || response.Redirect.Flash == "" {
		t.Fatalf("%s, want a redirect with a token (%v)", f.raw, err)
	}
	return response.Redirect.Flash, v
}

// withFlash asks for a page with that cookie and says what the page has kept
// of it.
func (v *visit) withFlash(token string) (kept []string) {
	v.t.Helper()
	u, err := url.Parse(v.url)
	if err != nil {
		v.t.Fatal(err)
	}
	v.client.Jar.SetCookies(u, []*http.Cookie{{Name: flashCookie, Value: token, Path: "/"}})
	v.load()
	for _, c := range v.client.Jar.Cookies(u) {
		if c.Name == flashCookie {
			kept = append(kept, c.Value)
		}
	}
	return kept
}

// That the cookie is good for a minute is held beside the signer, with a clock
// of its own.
func TestItem41ForgedFlashCookie(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	token, mine := redirectFlash(t, a, "the message")
	other := get(t, a.url+"/plain")
	for _, tt := range []struct {
		v      *visit
		forged string
	}{{other, token}, {mine, token[:len(token)-1]}, {mine, token + "A"}, {mine, "forged"}, {mine, mine.session}} {
		v, forged := tt.v, tt.forged
		v.url = a.url + "/lab/out"
		kept := v.withFlash(forged)
		if v.response.StatusCode != http.StatusOK || v.id == "" || strings.Contains(v.body, "the message") || strings.Contains(v.body, `id="info"`) {
			t.Errorf("with the cookie %q: %d\n%s\nwant the page without a message", forged, v.response.StatusCode, v.body)
		}
		if len(kept) != 0 {
			t.Errorf("the browser keeps the cookie %q", kept)
		}
	}
}

func TestItem42FlashCookieIsShownOnce(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	token, v := redirectFlash(t, a, "the message")
	v.url = a.url + "/lab/out"
	if kept := v.withFlash(token); !strings.Contains(v.body, "the message") || len(kept) != 0 {
		t.Errorf("cookies kept: %q; the page:\n%s\nwant the message, and none", kept, v.body)
	}
	if v.load(); strings.Contains(v.body, "the message") {
		t.Errorf("the message is shown twice:\n%s", v.body)
	}
}

func TestItem54FlashOfTheStaticToken(t *testing.T) {
	t.Parallel()
	a := labApp(t)
	v := get(t, a.url+"/plain")
	v.url = a.url + "/lab?" + url.Values{"by": {"navigate"}, "away": {"/lab/next"}, "text": {"handed over"}}.Encode()
	if v.load(); !strings.Contains(v.body, "handed over") {
		t.Fatalf("the page has no message:\n%s", v.body)
	}
	if j := v.dial().join(v, 0); strings.Count(j.frame.raw, "handed over") != 2 { // in the view and in its layout
		t.Errorf("the first join: %s, want the message", j.frame.raw)
	}
	if j := v.dial().join(v, 1); strings.Contains(j.frame.raw, "handed over") {
		t.Errorf("a later join: %s, want no message", j.frame.raw)
	}
}

func TestItem118FlashIsClearedBeforeParams(t *testing.T) {
	t.Parallel()
	a, _, j := joinLab(t, "/lab")
	if _, f := j.event("ask", `{"text":"old"}`, 0); !strings.Contains(f.raw, "old") {
		t.Fatalf("%s, want the message on the page", f.raw)
	}
	before, f := j.request("live_patch", `{"url":"`+a.url+`/lab?tab=two"}`)
	if d := f.diff(t); len(before) != 0 || !strings.Contains(text(d), `"two"`) || strings.Contains(f.raw, "old") {
		t.Errorf("%s%s, want a diff with the new tab, HandleParams saw no message", frames(before), f.raw)
	}
	if _, f = j.event("ask", `{}`, 0); f.response(t) != `{}` {
		t.Errorf("after the patch something is left to be told: %s", f.raw)
	}
}
