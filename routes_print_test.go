package bennu

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bennu/live"
	"bennu/token"
)

// TestRoutesArePrintedInPlaceOfServing sets the environment, so it runs alone.
func TestRoutesArePrintedInPlaceOfServing(t *testing.T) {
	app := New(Options{SecretKeyBase: token.NewSecret(), Prefix: "/shop", Addr: "256.0.0.1:0"})
	app.Get("/", func(http.ResponseWriter, *http.Request) error { return nil })
	app.Group("/admin", Pipeline{Name: "admins"}, func(g *Group) {
		g.Live("/users/{id}", func() live.View { return new(pathView) })
	})
	file := filepath.Join(t.TempDir(), "routes.json")
	t.Setenv(routesEnv, file)
	if err := app.ListenAndServe(t.Context()); err != nil {
		t.Fatalf("ListenAndServe = %v, want nil: the address is no address, so nothing may listen", err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []routeLine
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := []struct{ pattern, route, pipeline, view string }{
		{"GET /shop/live/websocket", "GET /shop/live/websocket", "", ""},
		{"GET /shop/live/longpoll", "GET /shop/live/longpoll", "", ""},
		{"POST /shop/live/longpoll", "POST /shop/live/longpoll", "", ""},
		{"GET /shop/{$}", "GET /shop/", "", ""},
		{"GET /shop/admin/users/{id}", "GET /shop/admin/users/{id}", "admins", "bennu.pathView"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d routes, want %d:\n%s", len(got), len(want), text)
	}
	for i, w := range want {
		g := got[i]
		if g.Pattern != w.pattern || g.String() != w.route || strings.Join(g.Pipelines, ",") != w.pipeline || g.View != w.view ||
			i > 0 && !strings.Contains(g.Source, "routes_print_test.go:") {
			t.Errorf("route %d: %+v, want %+v", i, g, w)
		}
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Serve(t.Context(), l); err != nil {
		t.Errorf("Serve = %v", err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("Serve left its listener open")
	}
	t.Setenv(routesEnv, filepath.Join(file, "not", "there"))
	if err := app.ListenAndServe(t.Context()); err == nil || !strings.Contains(err.Error(), routesEnv) {
		t.Errorf("a file that cannot be written: %v, want its variable named", err)
	}
}
