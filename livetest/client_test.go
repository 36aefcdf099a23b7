package livetest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bennu"
	"bennu/live"
	"bennu/livetest"
)

// newMembers is an app whose visitors log in with a form.
func newMembers() *bennu.App {
	app := newApp(io.Discard, bennu.Options{})
	app.Live("/members", func() live.View { return new(Greeter) })
	app.Post("/login", func(w http.ResponseWriter, r *http.Request) error {
		if err := bennu.Session(r).Put("name", r.FormValue("name")); err != nil {
			return err
		}
		return bennu.Redirect(w, r, "/hello")
	})
	app.Get("/hello", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, "<!DOCTYPE html><p>Hello "+bennu.Session(r).Get("name")+"</p>")
		return err
	})
	return app
}

func TestClient(t *testing.T) {
	t.Parallel()
	c := livetest.New(t, newMembers())
	if r := c.Get("/counter"); r.Status != http.StatusOK || !r.Has("#count", "0") {
		t.Errorf("GET = %d\n%s", r.Status, r.HTML())
	}
	r := c.Post("/login", url.Values{"name": {"Ann"}})
	if r.Status != http.StatusOK || r.URL.Path != "/hello" || r.Element("p").Text() != "Hello Ann" {
		t.Errorf("POST = %d at %s: %s", r.Status, r.URL, r.HTML())
	}
	if r := c.Get("/hello"); r.Text() != "Hello Ann" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		t.Errorf("GET = %q, %v", r.Text(), r.Header)
	}
	c.Mount("/members").RequireText("Ann in")
	if r := c.Get("/nothing"); r.Status != http.StatusNotFound {
		t.Errorf("GET of nothing = %d", r.Status)
	}
	evil := livetest.New(t, newMembers(), livetest.Options{Header: http.Header{"Origin": {"https://evil.test"}}})
	if r := evil.Post("/login", nil); r.Status != http.StatusForbidden {
		t.Errorf("POST from another site = %d", r.Status)
	}
}

func TestClientFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(t testing.TB)
		want string
	}{
		{"options", func(t testing.TB) { livetest.New(t, nil, livetest.Options{}, livetest.Options{}) }, "New takes one Options, got 2"},
		{"base", func(t testing.TB) { livetest.New(t, nil, livetest.Options{BaseURL: "ftp://x"}) }, "Options.BaseURL"},
		{"address", func(t testing.TB) { livetest.New(t, newMembers()).Get("http://[") }, "GET http://["},
		{"panic", func(t testing.TB) {
			livetest.New(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("at the page") })).Get("/")
		}, "at the page"},
		{"act", func(t testing.TB) { livetest.New(t, newMembers()).Get("/counter").Element("button", "+").Click() }, "sends nothing"},
		{"leak", func(t testing.TB) {
			stay := make(chan struct{})
			t.Cleanup(func() { close(stay) })
			livetest.New(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { go func() { <-stay }() }),
				livetest.Options{Deadline: 50 * time.Millisecond}).Get("/")
		}, "run on after it was left"},
	} {
		if got := livetest.FailureOf(t, tt.do); !strings.Contains(got, tt.want) {
			t.Errorf("%s: failed with %q, want in it %q", tt.name, got, tt.want)
		}
	}
}
