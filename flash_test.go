package bennu

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestFlashIsShownOnce(t *testing.T) {
	t.Parallel()
	put := func(r *http.Request, kind, message string) {
		t.Helper()
		if err := PutFlash(r, kind, message); err != nil {
			t.Error(err)
		}
	}
	h := newWebStack(t, sessionConfig{}, nil, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/save":
			put(r, "info", "first")
			put(r, "info", "saved")
			put(r, "error", "but look")
			if err := Redirect(w, r, "/"); err != nil {
				t.Error(err)
			}
			return
		case "/now":
			put(r, "info", "at once")
		case "/between":
			Flash(r, "info")
			put(r, "info", "for the next")
			w.WriteHeader(http.StatusNoContent)
			return
		case "/late":
			fmt.Fprint(w, "late ")
		}
		fmt.Fprintf(w, "%q %q %q", Flash(r, "info"), Flash(r, "error"), Flash(r, "info"))
	}).handler
	b := newBrowser(t, h)
	for _, step := range []struct{ path, want string }{
		{"/", `"" "" ""`},
		{"/save", ""},
		{"/late", `late "" "" ""`}, // too late to take it out of the session
		{"/", `"saved" "but look" "saved"`},
		{"/", `"" "" ""`},
		{"/now", `"at once" "" "at once"`},
		{"/", `"" "" ""`},
		{"/between", ""},
		{"/", `"for the next" "" "for the next"`},
	} {
		if _, body := b.get(step.path); body != step.want {
			t.Errorf("%s shows %s, want %s", step.path, body, step.want)
		}
	}
}

// Fault 114.
func TestRedact(t *testing.T) {
	t.Parallel()
	values := url.Values{}
	for name, secret := range map[string]bool{
		"password": true, "user[password]": true, "PASSWORD_confirmation": true, "_csrf_token": true, "api_key": true,
		"Authorization": true, "client_secret": true, "access_token": true, "X-Api-Key": true, "Cookie": true, "passphrase": true,
		"name": false, "user[name]": false, "page": false, "footprint": false, "pass": false, "key": false, "": false,
	} {
		values.Set(name, "the value")
		got := redactValues(values)
		want := "the value"
		if secret {
			want = redacted
		}
		if got.Get(name) != want {
			t.Errorf("redact: %q = %q, want %q", name, got.Get(name), want)
		}
		if values.Get(name) != "the value" {
			t.Errorf("redact changed its argument: %q", name)
		}
	}
}

// What a log shows of parameters is short, however long or many they are, and
// cuts no character in two.
func TestLoggedValuesAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 5000)
	values := url.Values{"q": {long, "short"}, long: {"x"}, "password": {long}, "tags": make([]string, 1000)}
	got := loggedValues(values)
	if v := got["q"]; len(v) != 2 || v[0] != strings.Repeat("é", 100)+"…" || v[1] != "short" {
		t.Errorf("a long value is shown as %q", v)
	}
	if v := got[strings.Repeat("é", 100)+"…"]; len(v) != 1 || got.Get("password") != redacted || len(got["tags"]) > maxLoggedValues || values.Get("q") != long {
		t.Errorf("shown as %q", got)
	}
	many := url.Values{}
	for i := range 1000 {
		many.Set(fmt.Sprint("key", i), "v")
	}
	if got := loggedValues(many); len(got) != maxLoggedValues+1 || got.Get("…") != "960 more" {
		t.Errorf("a thousand parameters are shown as %d, and %q", len(got), got.Get("…"))
	}
}
