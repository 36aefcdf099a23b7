package bennu_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing/fstest"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/render"
)

// quiet are options for a program that is an example.
func quiet() bennu.Options {
	return bennu.Options{SecretKeyBase: strings.Repeat("an example's secret ", 4), Logger: slog.New(slog.DiscardHandler)}
}

// hello is a view without state.
type hello struct{}

// Render is a call of a template: templ page() { <h1>Hello</h1> }.
func (h *hello) Render() templ.Component { return page() }

// page is what bennu generate makes of the template, more or less.
func page() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, pageTemplate)
		w.End()
		return nil
	})
}

var pageTemplate = render.New(0xe8a_0001, render.Root, "<h1>Hello</h1>")

// get is what a browser would see.
func get(h http.Handler, target string) string {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w.Body.String()
}

// An App with a page that is a view, a plain handler and files.
func ExampleNew() {
	app := bennu.New(quiet())
	app.Live("/", func() live.View { return new(hello) })
	app.Get("/health", func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, "well")
		return err
	})
	app.Static("/static", fstest.MapFS{"robots.txt": {Data: []byte("User-agent: *")}})

	fmt.Println(strings.Contains(get(app, "/"), "<h1>Hello</h1>"))
	fmt.Println(get(app, "/health"))
	fmt.Println(get(app, "/static/robots.txt"))
	// Output:
	// true
	// well
	// User-agent: *
}

// A program that is configured by its environment and ends in good order.
func ExampleApp_ListenAndServe() {
	run := func(ctx context.Context) error {
		opts, err := bennu.FromEnv()
		if err != nil {
			return err
		}
		app := bennu.New(opts)
		app.Live("/", func() live.View { return new(hello) })
		return app.ListenAndServe(ctx) // until ctx ends, say by signal.NotifyContext
	}
	_ = run
}

// An App as a part of an existing site.
func ExampleApp_ServeHTTP() {
	opts := quiet()
	opts.Prefix = "/admin"
	admin := bennu.New(opts)
	admin.Live("/", func() live.View { return new(hello) })

	mux := http.NewServeMux()
	mux.Handle("/admin/", admin)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "the site") })

	fmt.Println(get(mux, "/"))
	fmt.Println(strings.Contains(get(mux, "/admin/"), "<h1>Hello</h1>"))
	// Output:
	// the site
	// true
}

// Groups put a path and middleware before their routes.
func ExampleGroup_Group() {
	members := bennu.Pipeline{Name: "members", Use: []func(http.Handler) http.Handler{
		func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if bennu.Session(r).Get("user") == "" {
					http.Error(w, "members only", http.StatusForbidden)
					return // the request ends here
				}
				next.ServeHTTP(w, r)
			})
		},
	}}
	app := bennu.New(quiet())
	app.Group("/team", members, func(g *bennu.Group) {
		g.Live("/", func() live.View { return new(hello) })
		g.Live("/{name}", func() live.View { return new(hello) })
	})

	fmt.Print(get(app, "/team/ann"))
	for _, rt := range app.Routes() {
		fmt.Println(rt, rt.Pipelines)
	}
	// Output:
	// members only
	// GET /live/websocket []
	// GET /live/longpoll []
	// POST /live/longpoll []
	// GET /team [members]
	// GET /team/{name} [members]
}

// An app's own page for all errors, and its own JSON.
func ExampleErrorPages() {
	opts := quiet()
	opts.Errors = bennu.ErrorPages{
		// Usually a template: return ui.Error(status, p).
		HTML: func(status int, p bennu.Page, err error) templ.Component {
			return templ.Raw(fmt.Sprintf("<h1>%d</h1><a href=%q>Home</a>", status, p.Path("/")))
		},
		JSON: func(status int, err error) any { return map[string]int{"code": status} },
	}
	app := bennu.New(opts)
	app.Get("/orders/{id}", func(w http.ResponseWriter, r *http.Request) error {
		return fmt.Errorf("order %s: %w", r.PathValue("id"), bennu.NotFound)
	})

	fmt.Println(get(app, "/orders/7"))
	// Output: <h1>404</h1><a href="/">Home</a>
}
