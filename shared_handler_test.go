package bennu

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"bennu/live"
)

func showOrder(http.ResponseWriter, *http.Request) error { return nil }
func saveOrder(http.ResponseWriter, *http.Request) error { return nil }

// orders has handlers as methods.
type orders struct{ table string }

func (o *orders) save(http.ResponseWriter, *http.Request) error { return nil }
func (o *orders) show(http.ResponseWriter, *http.Request) error { return nil }

// ServeHTTP makes it a handler itself.
func (o *orders) ServeHTTP(http.ResponseWriter, *http.Request) {}

// uncomparable is a handler that == would panic for.
type uncomparable []string

func (uncomparable) ServeHTTP(http.ResponseWriter, *http.Request) {}

func TestFault32GetAndPostShareAHandler(t *testing.T) {
	t.Parallel()
	o, other := &orders{"a"}, &orders{"b"}
	closure := reply("saved")
	plain := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, tt := range []struct {
		name  string
		enter func(a *App)
		want  int // warnings
	}{
		{"a function", func(a *App) { a.Get("/orders", saveOrder); a.Post("/orders", saveOrder) }, 1},
		{"at other paths, POST first", func(a *App) { a.Post("/orders", saveOrder); a.Get("/save", saveOrder) }, 1},
		{"PUT, PATCH and DELETE", func(a *App) {
			a.Get("/", saveOrder)
			a.Put("/", saveOrder)
			a.Patch("/", saveOrder)
			a.Delete("/", saveOrder)
		}, 3},
		{"a method", func(a *App) { a.Get("/", o.save); a.Post("/", o.save) }, 1},
		{"a closure", func(a *App) { a.Get("/", closure); a.Post("/", closure) }, 1},
		{"a handler", func(a *App) { a.Handle("GET /", o); a.Handle("POST /", o) }, 1},
		{"a function as a handler", func(a *App) { a.Handle("GET /", plain); a.Handle("POST /", plain) }, 1},
		{"in groups", func(a *App) {
			a.Group("/a", Pipeline{}, func(g *Group) { g.Get("/", saveOrder) })
			a.Group("/b", Pipeline{}, func(g *Group) { g.Post("/", saveOrder) })
		}, 1},

		{"two functions", func(a *App) { a.Get("/", showOrder); a.Post("/", saveOrder) }, 0},
		{"two methods", func(a *App) { a.Get("/", o.show); a.Post("/", o.save) }, 0},
		{"two closures of one function", func(a *App) { a.Get("/", reply("a")); a.Post("/", reply("b")) }, 0},
		{"two handlers of one type", func(a *App) { a.Handle("GET /", o); a.Handle("POST /", other) }, 0},
		{"no two can be compared", func(a *App) { a.Handle("GET /", uncomparable{}); a.Handle("POST /", uncomparable{}) }, 0},
		{"two that change", func(a *App) { a.Post("/", saveOrder); a.Put("/", saveOrder) }, 0},
		{"two that show", func(a *App) { a.Get("/", showOrder); a.Get("/again", showOrder) }, 0},
		{"all methods of a handler that knows them", func(a *App) { a.Handle("/tree/", o); a.Get("/", showOrder) }, 0},
		{"live pages", func(a *App) { a.Live("/", func() live.View { return new(clicker) }); a.Post("/", saveOrder) }, 0},
	} {
		var log bytes.Buffer
		tt.enter(newTestApp(t, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}))
		if got := strings.Count(log.String(), "level=WARN"); got != tt.want {
			t.Errorf("%s: %d warnings, want %d: %s", tt.name, got, tt.want, &log)
		}
		for _, text := range []string{"GET /", "shared_handler_test.go:", "handler of its own"} {
			if tt.want > 0 && !strings.Contains(log.String(), text) {
				t.Errorf("%s: the warning does not say %q: %s", tt.name, text, &log)
			}
		}
	}
}
