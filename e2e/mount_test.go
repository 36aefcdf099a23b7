package e2e

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// adminApp is an App that lives below /admin.
func adminApp() *bennu.App {
	app := bennu.New(bennu.Options{
		SecretKeyBase: secret, Prefix: "/admin", RootLayout: views.Root, Logger: slog.New(slog.DiscardHandler),
		Assets: fstest.MapFS{
			"manifest.json": {Data: []byte(`{"app.js":"app-1A2B.js"}`)}, "app-1A2B.js": {Data: []byte("let built")},
		},
	})
	page := func() live.View { return new(views.Page) }
	app.Live("/", page)
	app.Live("/again/{text}", page)
	app.Get("/plain", func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, "plain")
		return err
	})
	app.Post("/flash", func(w http.ResponseWriter, r *http.Request) error {
		if err := bennu.PutFlash(r, "info", "kept"); err != nil {
			return err
		}
		return bennu.Redirect(w, r, "/admin/flash")
	})
	app.Get("/flash", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, bennu.Flash(r, "info"))
		return err
	})
	return app
}

// routers are ways to mount an App in somebody else's site.
var routers = map[string]func(app http.Handler) http.Handler{
	"chi Mount": func(app http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Use(middleware.Recoverer, middleware.Compress(5))
		r.Get("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "site") })
		r.Mount("/admin", app)
		return r
	},
	"chi Handle": func(app http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Get("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "site") })
		r.Group(func(r chi.Router) {
			r.Use(middleware.Logger)
			r.Handle("/admin", app)
			r.Handle("/admin/*", app)
		})
		return r
	},
	"the standard mux": func(app http.Handler) http.Handler {
		m := http.NewServeMux()
		m.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "site") })
		m.Handle("/admin/", app)
		return m
	},
}

func TestWEB01MountedBelowAPrefix(t *testing.T) {
	middleware.DefaultLogger = middleware.RequestLogger(&middleware.DefaultLogFormatter{Logger: quietLog{}, NoColor: true})
	for name, mount := range routers {
		t.Run(name, func(t *testing.T) {
			app := adminApp()
			s := httptest.NewServer(mount(app))
			defer s.Close()
			defer func() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				if err := app.Shutdown(ctx); err != nil {
					t.Errorf("Shutdown: %v", err)
				}
			}()

			if v := get(t, s.URL+"/"); v.body != "site" {
				t.Errorf("/ is %q, want the site around the App", v.body)
			}
			if v := get(t, s.URL+"/admin"); v.response.Request.URL.Path != "/admin/" || v.id == "" {
				t.Errorf("/admin ends at %s, want the App's front page", v.response.Request.URL)
			}
			if v := get(t, s.URL+"/admin/nothing"); v.response.StatusCode != http.StatusNotFound {
				t.Errorf("/admin/nothing: status %d, want 404", v.response.StatusCode)
			}
			if v := get(t, s.URL+"/admin/plain"); v.body != "plain" {
				t.Errorf("/admin/plain is %q", v.body)
			}

			v := get(t, s.URL+"/admin/again/a%2Fb")
			if v.livePath != "/admin/live" || !strings.Contains(v.body, `src="/admin/assets/app-1A2B.js"`) {
				t.Errorf("the page says live-path %q and has no asset below the prefix:\n%s", v.livePath, v.body)
			}
			if a := get(t, s.URL+"/admin/assets/app-1A2B.js"); a.body != "let built" {
				t.Errorf("the asset is %q", a.body)
			}
			j := v.dial().join(v, 0)
			if f := j.push("set", `{"text":"changed"}`); !strings.Contains(f.raw, "changed") {
				t.Errorf("an event was answered with %s", f.raw)
			}

			// A session of the App stays below its prefix, and works there.
			resp, err := v.client.Post(s.URL+"/admin/flash", "application/x-www-form-urlencoded", strings.NewReader("_csrf_token="+v.csrf))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if b, err := io.ReadAll(resp.Body); string(b) != "kept" || err != nil {
				t.Errorf("after the form: %q, %v, want the flash", b, err)
			}
			site := *resp.Request.URL
			site.Path = "/"
			if cookies := v.client.Jar.Cookies(&site); len(cookies) > 0 {
				t.Errorf("the site around gets the cookies %v", cookies)
			}
		})
	}
}

// quietLog takes chi's request log.
type quietLog struct{}

func (quietLog) Print(...any) {}
