package bennu

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"bennu/live"
)

// note is a middleware that writes its name before and after.
func note(name string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, name, " ")
			next.ServeHTTP(w, r)
			fmt.Fprint(w, " ", name)
		})
	}
}

// halt is a middleware that answers by itself.
func halt(http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "halted")
	})
}

func TestPipelinesRunOuterToInner(t *testing.T) {
	t.Parallel()
	type middleware = []func(http.Handler) http.Handler
	app := newTestApp(t, Options{})
	app.Group("/a", Pipeline{Name: "outer", Use: middleware{note("1"), note("2")}}, func(g *Group) {
		g.Group("/b", Pipeline{Name: "inner", Use: middleware{note("3")}}, func(g *Group) {
			g.Get("/", reply("b"))
			g.Live("/live", func() live.View { return new(clicker) })
			g.Handle("/tree/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "tree") }))
		})
		g.Group("/c", Pipeline{Name: "closed", Use: middleware{halt, note("4")}}, func(g *Group) {
			g.Get("/", reply("c"))
		})
		g.Get("/after", reply("after")) // groups do not leak into what follows
	})
	app.Get("/outside", reply("outside"))
	for target, want := range map[string]string{
		"/a/b": "1 2 3 b 3 2 1", "/a/b/tree/x": "1 2 3 tree 3 2 1", "/a/c": "1 2 halted 2 1", "/a/after": "1 2 after 2 1", "/outside": "outside",
	} {
		if got := ask(app, "GET", target).Body.String(); got != want {
			t.Errorf("GET %s = %q, want %q", target, got, want)
		}
	}
	got := ask(app, "GET", "/a/b/live").Body.String()
	if !strings.HasPrefix(got, "1 2 3 <!DOCTYPE") || !strings.HasSuffix(got, "</html> 3 2 1") {
		t.Errorf("GET /a/b/live = %q, want the page inside 1 2 3", got)
	}
}

func TestPipelineSeesTheSession(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	members := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if Session(r).Get("user") == "" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	app.Post("/login", func(w http.ResponseWriter, r *http.Request) error {
		if err := Session(r).Put("user", "ann"); err != nil {
			return err
		}
		return Redirect(w, r, "/inside")
	})
	app.Group("/inside", Pipeline{Name: "members", Use: []func(http.Handler) http.Handler{members}}, func(g *Group) {
		g.Get("/", reply("inside"))
	})
	b := newBrowser(t, app)
	if resp, _ := b.get("/inside"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("without a session: status %d, want 403", resp.StatusCode)
	}
	if resp := b.do(formPost("/login", nil)); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("login: status %d, want 303", resp.StatusCode)
	}
	if resp, body := b.get("/inside"); resp.StatusCode != http.StatusOK || body != "inside" {
		t.Errorf("with a session: status %d, body %q, want 200, inside", resp.StatusCode, body)
	}
}
