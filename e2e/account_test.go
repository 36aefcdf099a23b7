package e2e

import (
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"bennu/e2e/views"
	"bennu/live"
)

// accounts is an App whose pages belong to one user each.
func accounts(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	a.Get("/sign-in/{user}", views.SignIn)
	a.Live("/accounts/{user}", func() live.View { return new(views.Account) })
	return a
}

func TestSEC08PageOfAnotherUser(t *testing.T) {
	t.Parallel()
	a := accounts(t)
	ann := get(t, a.url+"/sign-in/ann")
	if ann.response.StatusCode != 200 || !strings.Contains(ann.inner, "buy reeds") {
		t.Fatalf("ann's own page: status %d\n%s", ann.response.StatusCode, ann.body)
	}
	// By HTTP: as if it did not exist.
	for _, user := range []string{"bob", "nobody"} {
		ann.url = a.url + "/accounts/" + user
		if ann.load(); ann.response.StatusCode != 404 || strings.Contains(ann.body, "feed the heron") {
			t.Errorf("ann asks for %s's page: status %d, want 404\n%s", user, ann.response.StatusCode, ann.body)
		}
	}
	if v := get(t, a.url+"/accounts/ann"); v.response.StatusCode != 404 {
		t.Errorf("a stranger asks for ann's page: status %d, want 404", v.response.StatusCode)
	}
}

// The tokens of a page do not stand for its user: the session does.
func TestFault04SEC08JoinOfAnotherUsersPage(t *testing.T) {
	t.Parallel()
	a := accounts(t)
	ann, bob := get(t, a.url+"/sign-in/ann"), get(t, a.url+"/sign-in/bob")
	for name, r := range map[string]reply{
		"by its address":  ann.dial().answer("lv:"+ann.id, ann.payload(map[string]any{"url": a.url + "/accounts/bob"})),
		"by a navigation": ann.redirected(a.url+"/accounts/bob", 0),
	} {
		if got := r.refusal(t); got.Reason != "reload" || got.Status != 404 || strings.Contains(string(r.Response), "heron") {
			t.Errorf("ann joins bob's page %s: %s, want reload with 404", name, r.Response)
		}
	}
	// A page's token is good in the browser that it was drawn for, and no other.
	wantError(t, ann.dial().answer("lv:"+bob.id, bob.payload(map[string]any{"url": a.url + "/accounts/bob"})), stale)
	// Signed out since the page was drawn.
	u, err := url.Parse(ann.url)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	cookies := ann.client.Jar.Cookies(u)
	ann.client.Jar = jar
	wantError(t, ann.dial().answer("lv:"+ann.id, ann.payload(nil)), stale)
	jar.SetCookies(u, cookies)
	ann.dial().join(ann, 0)
}

func TestSEC08EventAboutAnotherUsersRecord(t *testing.T) {
	t.Parallel()
	a := accounts(t)
	ann, bob := get(t, a.url+"/sign-in/ann"), get(t, a.url+"/sign-in/bob")
	j := ann.dial().join(ann, 0)
	if f := j.push("rewrite", `{"id":"2","text":"mine now"}`); !strings.Contains(f.raw, "not found") || strings.Contains(f.raw, "mine now") {
		t.Errorf("ann rewrites bob's note: %s, want not found", f.raw)
	}
	if f := j.push("rewrite", `{"id":"1","text":"reeds are here"}`); !strings.Contains(f.raw, "reeds are here") {
		t.Errorf("after that ann rewrites her own: %s", f.raw)
	}
	if bob.load(); !strings.Contains(bob.inner, "feed the heron") {
		t.Errorf("bob's page has become\n%s", bob.inner)
	}
}
