package e2e

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
)

const title = "note[title]=Nile"

func TestSEC02FormOfThePageItself(t *testing.T) {
	t.Parallel()
	a := noting(t)
	v := get(t, a.url+"/page")
	if resp, body := v.post(a.url+"/notes", title); resp.StatusCode != 201 {
		t.Errorf("with the page's token: %s %s", resp.Status, body)
	}
	// A browser that says itself where the form is from needs no token: not even
	// a stale one is a fault then, and a page left open over night still works.
	v.csrf = "stale"
	if resp, body := v.post(a.url+"/notes", title, "Sec-Fetch-Site", "same-origin"); resp.StatusCode != 201 {
		t.Errorf("from the same origin, by the browser's own word: %s %s", resp.Status, body)
	}
}

func TestFault30SEC02FormOfAnotherSite(t *testing.T) {
	t.Parallel()
	a := noting(t)
	v := get(t, a.url+"/page")
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.test"},
		{"Origin", "null"},
	} {
		if resp, _ := v.post(a.url+"/notes", title, header...); resp.StatusCode != 403 {
			t.Errorf("with %q and a token that is right: %s, want 403", header, resp.Status)
		}
	}
}

func TestFault31SEC02FormWithAStaleToken(t *testing.T) {
	t.Parallel()
	a := noting(t)
	v := get(t, a.url+"/page")
	own := v.csrf
	for _, token := range []string{"", "forged", get(t, a.url+"/page").csrf} {
		v.csrf = token
		if resp, body := v.post(a.url+"/notes", title, "Accept", "text/html"); resp.StatusCode != 403 || !strings.Contains(body, "<html") {
			t.Errorf("with the token %.12q: %s, want 403 and its page:\n%s", token, resp.Status, body)
		}
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.client = &http.Client{Jar: jar}
	v.load() // a new session
	v.csrf = own
	if resp, _ := v.post(a.url+"/notes", title); resp.StatusCode != 403 {
		t.Errorf("with the token of a former session: %s, want 403", resp.Status)
	}
}
