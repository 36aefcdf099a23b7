package e2e

import (
	"encoding/json"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"bennu"
)

const stale = `{"reason":"stale"}`

func TestItem45TokensOfThePageJoin(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page?text=hello")
	j := v.dial().join(v, 0) // which looks at the version
	if got := zip(t, j.rendered, shared(j.rendered)); got != v.inner {
		t.Errorf("the join renders\n%s\nwant all of the page\n%s", got, v.inner)
	}
}

func TestFault05Item46TokensOfAnotherElement(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	v, w := get(t, a.url+"/page"), get(t, a.url+"/page")
	s := v.dial()
	wantError(t, s.answer("lv:"+v.id, v.payload(map[string]any{"session": w.session})), stale)
	wantError(t, s.answer("lv:"+v.id, v.payload(map[string]any{"static": w.static})), stale)
	wantError(t, s.answer("lv:"+w.id, v.payload(nil)), stale)
}

// That they are good for 14 days is held beside the signer, with a clock of its own.
func TestFault01Item47EditedTokens(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page")
	flip := func(token string) string {
		c := byte('A')
		if token[len(token)/2] == c {
			c = 'B'
		}
		return token[:len(token)/2] + string(c) + token[len(token)/2+1:]
	}
	s := v.dial()
	for name, change := range map[string]map[string]any{
		"one bit":           {"session": flip(v.session)},
		"one bit of static": {"static": flip(v.static)},
		"another purpose":   {"session": v.static},
		"static's purpose":  {"static": v.session},
		"nothing":           {"session": ""},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, s.answer("lv:"+v.id, v.payload(change)), stale) })
	}
}

func TestItem48NoSessionToken(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page")
	s := v.dial()
	for _, session := range []any{nil, 7, json.RawMessage("null"), []string{v.session}} {
		wantError(t, s.answer("lv:"+v.id, v.payload(map[string]any{"session": session})), stale)
	}
}

func TestItem49NoStaticToken(t *testing.T) {
	t.Parallel()
	v := get(t, newApp(t).url+"/page")
	if r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"static": json.RawMessage("null")})); r.Status != "ok" {
		t.Errorf("%s %s, want ok", r.Status, r.Response)
	}
}

func TestTokenOfAnotherSecretIsStale(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := newApp(t, func(o *bennu.Options) { o.SecretKeyBase = strings.Repeat("another secret ", 5) })
	v, w := get(t, a.url+"/page"), get(t, b.url+"/page")
	wantError(t, v.dial().answer("lv:"+w.id, v.payload(map[string]any{"session": w.session, "static": w.static})), stale)
}

func TestFault03PageOfARetiredSecretJoins(t *testing.T) {
	t.Parallel()
	old := newApp(t)
	rotated := newApp(t, func(o *bennu.Options) {
		o.SecretKeyBase, o.RetiredSecrets = strings.Repeat("the newest secret ", 5), []string{secret}
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
