package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"bennu"
	"bennu/livetest"
)

// site is the website without built scripts and styles.
func site() *bennu.App { return New(bennu.Options{Dev: true}) }

func get(t *testing.T, app http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:4000"+path, nil)
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w
}

func TestPagesAreLive(t *testing.T) {
	t.Parallel()
	app := site()
	for path, title := range map[string]string{
		"/": "Bennu: live pages, plain Go", "/counter": "Counter · Bennu",
		"/table": "Table · Bennu", "/inspect": "Inspect · Bennu",
		"/dashboard": "Dashboard · Bennu", "/nested": "Nested · Bennu", "/pair": "Pair · Bennu",
		"/feed": "Feed · Bennu", "/todo": "Todo · Bennu", "/tabs/autumn": "Autumn · Tabs · Bennu", "/reorder": "Reorder · Bennu",
		"/cursors": "Cursors · Bennu", "/system": "System · Bennu",
		"/music": "Music · Bennu", "/music/long-dusk": "The Long Dusk · Bennu",
	} {
		v := livetest.Mount(t, app, path)
		if got := v.Title(); got != title {
			t.Errorf("%s has the title %q, want %q", path, got, title)
		}
	}
}

var href = regexp.MustCompile(`<a [^>]*href="([^"#]+)"`)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	app := site()
	seen := map[string]bool{}
	for _, path := range []string{"/", "/counter", "/table", "/inspect", "/dashboard", "/nested", "/pair", "/feed", "/todo", "/tabs/spring", "/reorder", "/cursors", "/system", "/music", "/music/high-water"} {
		for _, m := range href.FindAllStringSubmatch(get(t, app, path).Body.String(), -1) {
			to := strings.ReplaceAll(m[1], "&amp;", "&")
			switch {
			case strings.HasPrefix(to, "?"):
				to = path + to
			case !strings.HasPrefix(to, "/"):
				to = "/" + to
			}
			if seen[to] {
				continue
			}
			seen[to] = true
			if got := get(t, app, to).Code; got != http.StatusOK {
				t.Errorf("%s links to %s, which answers %d", path, m[1], got)
			}
		}
	}
	if len(seen) < 5 {
		t.Errorf("found links to %d addresses, want the pages and one with params", len(seen))
	}
}

func TestErrorPageLooksLikeTheOthers(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:4000/nest", nil)
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	site().ServeHTTP(w, r)
	if w.Code != http.StatusNotFound {
		t.Errorf("a page that does not exist answers %d, want 404", w.Code)
	}
	for _, want := range []string{"has flown", `href="/counter"`, "404"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the error page lacks %q:\n%s", want, w.Body)
		}
	}
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	w := get(t, site(), "/static/favicon.svg")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("the icon is answered by %d with type %q", w.Code, w.Header().Get("Content-Type"))
	}
}
