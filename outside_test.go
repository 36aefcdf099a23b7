package bennu

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/live"
)

// islandsApp serves pages of its own and of a router around it.
func islandsApp(t *testing.T) (*App, *httptest.Server) {
	t.Helper()
	app := newTestApp(t, Options{RootLayout: headLayout})
	app.Nested("clicker", func() live.View { return new(clicker) })
	app.Live("/", func() live.View { return new(clicker) })
	app.Get("/plain", func(w http.ResponseWriter, r *http.Request) error {
		return app.Page(w, r, http.StatusOK, "Plain", live.Nested("clicker", "one", nil))
	})
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.Handle("GET /foreign", app.Island("clicker", "Foreign", nil))
	mux.Handle("/around", app.Around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := Session(r).Put("seen", "here"); err != nil {
			t.Error(err)
		}
		io.WriteString(w, "around")
	})))
	mux.Handle("GET /broken", app.Island("nobody", "Broken", nil))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return app, srv
}

// TestIslandsJoin shows live views on pages that are none, of this App and of a
// router around it.
func TestCORE25IslandsJoin(t *testing.T) {
	t.Parallel()
	_, srv := islandsApp(t)
	for _, path := range []string{"/plain", "/foreign"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		p := load(t, &http.Client{Jar: jar}, srv.URL+path) // whose first view is the island
		conn, err := p.dial(t, srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if answer := say(t, conn, p.join()); !strings.Contains(answer, `"status":"ok"`) {
			t.Fatalf("%s: the join is answered with %s", path, answer)
		}
		if answer := say(t, conn, `["1","2","lv:`+p.id+`","event",{"type":"click","event":"more","value":{}}]`); !strings.Contains(answer, `"1"`) {
			t.Errorf("%s: an event is answered with %s", path, answer)
		}
		// Its token leads to no page by live navigation, and is good in this browser alone.
		again, err := p.dial(t, srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if answer := say(t, again, strings.Replace(p.join(), `"url"`, `"redirect"`, 1)); !strings.Contains(answer, `"stale"`) {
			t.Errorf("%s: a navigation with it is answered with %s", path, answer)
		}
		if jar, err = cookiejar.New(nil); err != nil {
			t.Fatal(err)
		}
		stranger := load(t, &http.Client{Jar: jar}, srv.URL+"/")
		stranger.id, stranger.session, stranger.static = p.id, p.session, p.static
		other, err := stranger.dial(t, srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if answer := say(t, other, stranger.join()); !strings.Contains(answer, `"stale"`) {
			t.Errorf("%s: a stranger joins with %s", path, answer)
		}
	}
}

func TestAroundHasTheLayers(t *testing.T) {
	t.Parallel()
	_, srv := islandsApp(t)
	resp, err := http.Get(srv.URL + "/around")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for _, name := range []string{"X-Request-Id", "Content-Security-Policy", "Set-Cookie"} {
		if resp.Header.Get(name) == "" {
			t.Errorf("no header %s: %v", name, resp.Header)
		}
	}
	foreign, err := http.NewRequest(http.MethodPost, srv.URL+"/around", nil)
	if err != nil {
		t.Fatal(err)
	}
	foreign.Header.Set("Origin", "https://elsewhere.test")
	if resp, err := http.DefaultClient.Do(foreign); err != nil {
		t.Fatal(err)
	} else if resp.Body.Close(); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %s, want 403", resp.Status)
	}
	if resp, err := http.Get(srv.URL + "/broken"); err != nil {
		t.Fatal(err)
	} else if resp.Body.Close(); resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("an island that nobody registered: %s, want 500", resp.Status)
	}
}

// A root layout has islands too: they are no part of the page's view.
func TestIslandInTheRootLayout(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{RootLayout: func(Page) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			page := templ.GetChildren(ctx)
			if err := live.Nested("clicker", "bar", nil).Render(templ.ClearChildren(ctx), w); err != nil {
				return err
			}
			return page.Render(ctx, w)
		})
	}})
	app.Nested("clicker", func() live.View { return new(clicker) })
	app.Live("/", func() live.View { return new(clicker) })
	body := ask(app, "GET", "/").Body.String()
	if !regexp.MustCompile(`<div id="bar" data-phx-session="[^"]+" data-phx-static="[^"]+">`).MatchString(body) || !strings.Contains(body, "data-phx-main") {
		t.Errorf("the page is\n%s", body)
	}
}
