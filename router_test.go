package bennu

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bennu/live"
)

// siteApp has a route of each kind.
func siteApp(t testing.TB, opts Options) *App {
	app := newTestApp(t, opts)
	app.Get("/", reply("front"))
	app.Get("/users/{id}", reply("user"))
	app.Get("/users/new", reply("new user"))
	app.Post("/users/{id}", reply("saved"))
	app.Put("/users/{id}", reply("put"))
	app.Patch("/users/{id}", reply("patched"))
	app.Delete("/users/{id}", reply("deleted"))
	app.Get("/docs/", reply("docs"))
	app.Get("/files/{path...}", func(w http.ResponseWriter, r *http.Request) error {
		return reply("file "+r.PathValue("path"))(w, r)
	})
	app.Get("/files/index", reply("index"))
	app.Get("/echo/{text}", func(w http.ResponseWriter, r *http.Request) error {
		return reply("echo "+r.PathValue("text"))(w, r)
	})
	app.Handle("/any", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "any ", r.Method) }))
	app.Handle("/tree/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "tree ", r.URL.Path) }))
	app.Handle("GET /metrics", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "metrics") }))
	app.Live("/count/{room}", func() live.View { return new(pathView) })
	app.Host("admin.shop.test", func(g *Group) {
		g.Get("/", reply("admin front"))
		g.Live("/panel", func() live.View { return new(clicker) })
	})
	app.Group("/shop/{shop}", Pipeline{}, func(g *Group) {
		g.Get("/", reply("shop"))
		g.Get("/items/{item}", func(w http.ResponseWriter, r *http.Request) error {
			return reply("item "+r.PathValue("item")+" of "+r.PathValue("shop"))(w, r)
		})
	})
	return app
}

func TestRouting(t *testing.T) {
	t.Parallel()
	app := siteApp(t, Options{})
	for _, tt := range []struct {
		method, target string
		status         int
		body           string // "" is not looked at
		header         string // "Name: value"
	}{
		{"GET", "/", 200, "front", ""},
		{"HEAD", "/", 200, "", ""},
		{"GET", "/nothing", 404, "", ""},
		{"POST", "/nothing", 404, "", ""},
		{"GET", "/users/7", 200, "user", ""},
		{"GET", "/users/new", 200, "new user", ""}, // the literal goes before the name
		{"POST", "/users/7", 200, "saved", ""},
		{"POST", "/users/new", 200, "saved", ""}, // the only POST that matches
		{"PUT", "/users/7", 200, "put", ""},
		{"PATCH", "/users/7", 200, "patched", ""},
		{"DELETE", "/users/7", 200, "deleted", ""},
		{"OPTIONS", "/users/7", 405, "", "Allow: DELETE, GET, HEAD, PATCH, POST, PUT"},
		{"POST", "/", 405, "", "Allow: GET, HEAD"},
		{"GET", "/users/", 404, "", ""},   // a name does not match nothing
		{"GET", "/users/7/", 404, "", ""}, // the whole path or nothing
		{"GET", "/docs/", 200, "docs", ""},
		{"GET", "/docs", 307, "", "Location: /docs/"},
		{"GET", "/docs/intro", 404, "", ""},
		{"GET", "/files/a/b.txt", 200, "file a/b.txt", ""},
		{"GET", "/files/index", 200, "index", ""},
		{"GET", "/files/", 200, "file ", ""},
		{"GET", "/echo/a%2Fb", 200, "echo a/b", ""}, // an encoded slash does not part
		{"GET", "/echo/a%20b%25", 200, "echo a b%", ""},
		{"GET", "/echo/%C3%A4", 200, "echo ä", ""},
		{"GET", "/echo/a/b", 404, "", ""},
		{"GET", "/%75sers/7", 200, "user", ""}, // an encoded letter is that letter
		{"GET", "/users//7", 307, "", "Location: /users/7"},
		{"GET", "/x/../users/7", 307, "", "Location: /users/7"},
		{"DELETE", "/any", 200, "any DELETE", ""},
		{"GET", "/tree/a/b", 200, "tree /tree/a/b", ""},
		{"GET", "/metrics", 200, "metrics", ""},
		{"POST", "/metrics", 405, "", "Allow: GET, HEAD"},
		{"GET", "/count/blue", 200, "", ""},
		{"GET", "http://admin.shop.test/", 200, "admin front", ""},
		{"GET", "http://admin.shop.test:4000/", 200, "admin front", ""},
		{"GET", "http://admin.shop.test/users/7", 200, "user", ""}, // of no host: for every host
		{"GET", "http://admin.shop.test/panel", 200, "", ""},
		{"GET", "http://shop.test/panel", 404, "", ""},
		{"POST", "http://admin.shop.test/panel", 405, "", "Allow: GET, HEAD"},
		{"GET", "/shop/blue", 200, "shop", ""},
		{"GET", "/shop/blue/items/a%2Fb", 200, "item a/b of blue", ""},
		{"GET", "/shop/blue/", 404, "", ""},
	} {
		rec := ask(app, tt.method, tt.target)
		if rec.Code != tt.status {
			t.Errorf("%s %s: status %d, want %d", tt.method, tt.target, rec.Code, tt.status)
		}
		if tt.body != "" && rec.Body.String() != tt.body {
			t.Errorf("%s %s: body %q, want %q", tt.method, tt.target, rec.Body, tt.body)
		}
		if name, value, ok := strings.Cut(tt.header, ": "); ok && rec.Header().Get(name) != value {
			t.Errorf("%s %s: header %s is %q, want %q", tt.method, tt.target, name, rec.Header().Get(name), value)
		}
	}
}

func TestRoutingBelowPrefix(t *testing.T) {
	t.Parallel()
	app := siteApp(t, Options{Prefix: "/admin"})
	for target, want := range map[string]int{
		"/admin/": 200, "/admin": 307, "/admin/users/7": 200, "/admin/tree/x": 200, "/admin/shop/blue": 200,
		"/": 404, "/users/7": 404, "/administrator": 404,
	} {
		if got := ask(app, "GET", target).Code; got != want {
			t.Errorf("GET %s: status %d, want %d", target, got, want)
		}
	}
}

func TestCatchAllOfTheApp(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	app.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "all ", r.URL.Path) }))
	app.Get("/own", reply("own"))
	for target, want := range map[string]string{"/own": "own", "/other": "all /other", "/": "all /"} {
		if got := ask(app, "GET", target).Body.String(); got != want {
			t.Errorf("GET %s = %q, want %q", target, got, want)
		}
	}
}

func buy(http.ResponseWriter, *http.Request) error { return nil }

func TestRoutesAreListed(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{Prefix: "/admin"})
	app.Group("/team", Pipeline{Name: "browser"}, func(g *Group) {
		g.Group("", Pipeline{Name: "members"}, func(g *Group) {
			g.LiveSession("inside", func(g *Group) {
				g.Live("/{id}", func() live.View { return new(clicker) })
			})
		})
	})
	app.Host("shop.test", func(g *Group) { g.Post("/buy/", buy) })
	app.Static("/static", fstest.MapFS{})
	var got []string
	for _, rt := range app.Routes() {
		if !strings.Contains(rt.Source, ".go:") {
			t.Errorf("%s: source %q, want file:line", rt, rt.Source)
		}
		got = append(got, fmt.Sprintf("%s %v %s %s %s", rt, rt.Pipelines, rt.View, rt.LiveSession, rt.Handler))
	}
	want := []string{
		"GET /admin/live/websocket []   the socket of live pages",
		"GET /admin/live/longpoll []   the socket by long polling",
		"POST /admin/live/longpoll []   the socket by long polling",
		"GET /admin/team/{id} [browser members] bennu.clicker inside bennu.clicker",
		"POST shop.test/admin/buy/ []   bennu.buy",
		"GET /admin/static/{path...} []   static files",
	}
	if !slices.Equal(got, want) {
		t.Errorf("Routes:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPipelinesPartLiveSessions(t *testing.T) {
	t.Parallel()
	app := newTestApp(t, Options{})
	view := func() live.View { return new(clicker) }
	pass := []func(http.Handler) http.Handler{func(h http.Handler) http.Handler { return h }}
	app.Live("/open", view)
	app.Group("/a", Pipeline{}, func(g *Group) { g.Live("/", view) })
	app.Group("/b", Pipeline{Name: "browser", Use: pass}, func(g *Group) {
		g.Live("/", view)
		g.Group("/admin", Pipeline{Name: "admins", Use: pass}, func(g *Group) { g.Live("/", view) })
		g.LiveSession("named", func(g *Group) { g.Live("/named", view) })
	})
	app.Group("/c", Pipeline{Name: "browser", Use: pass}, func(g *Group) { g.Live("/", view) })
	app.Group("/d", Pipeline{Name: "browser admins"}, func(g *Group) { g.Live("/", view) })
	app.Group("/e", Pipeline{Name: "@admin.test"}, func(g *Group) { g.Live("/", view) })
	app.Host("admin.test", func(g *Group) { g.Live("/f", view) })
	app.Group("/g", Pipeline{Use: pass}, func(g *Group) {
		g.Get("/", reply("no live route"))
		g.LiveSession("own", func(g *Group) { g.Live("/own", view) })
	})
	of := map[string]string{}
	for _, rt := range app.Routes() {
		of[rt.Path] = rt.LiveSession
	}
	for _, tt := range []struct {
		one, other string
		same       bool
	}{
		{"/open", "/a", true}, {"/b", "/c", true},
		{"/open", "/b", false}, {"/b", "/b/admin", false}, {"/b", "/b/named", false},
		{"/b/admin", "/d", false}, {"/e", "/f", false}, {"/open", "/f", false},
	} {
		if got := of[tt.one] == of[tt.other]; got != tt.same || of[tt.one] == "" || of[tt.other] == "" {
			t.Errorf("%s is in session %q, %s in %q; want the same: %v", tt.one, of[tt.one], tt.other, of[tt.other], tt.same)
		}
	}
	if of["/open"] != defaultLiveSession || of["/b/named"] != "named" || of["/b/admin"] != "default browser admins" || of["/g/own"] != "own" {
		t.Errorf("sessions %q", of)
	}
}

type wrongMount struct{ clicker }

func (*wrongMount) Mount(live.Params) error { return nil }

func TestWrongRegistrations(t *testing.T) {
	t.Parallel()
	view := func() live.View { return new(clicker) }
	for _, tt := range []struct {
		name string
		do   func(*App)
		want []string
	}{
		{"conflict", func(a *App) {
			a.Get("/a/{x}", reply(""))
			a.Live("/a/{y}", view)
		}, []string{`Live("/a/{y}") (`, "router_test.go:", "conflicts with GET /a/{x} (", "matches the same requests"}},
		{"overlap", func(a *App) {
			a.Get("/{x}/b", reply(""))
			a.Get("/a/{y}", reply(""))
		}, []string{"GET /a/{y} (", "conflicts with GET /{x}/b (", `both match some paths, like "/a/b"`}},
		{"the socket's place", func(a *App) { a.Get("/live/websocket", reply("")) }, []string{"conflicts with GET /live/websocket"}},
		{"no slash", func(a *App) { a.Get("users", reply("")) }, []string{`GET users (`, `must begin with "/"`}},
		{"method in the path", func(a *App) { a.Get("GET /users", reply("")) }, []string{`must begin with "/"`}},
		{"broken pattern", func(a *App) { a.Get("/a/{", reply("")) }, []string{"bad wildcard"}},
		{"nil handler", func(a *App) { a.Post("/a", nil) }, []string{"POST /a (", "the handler is nil"}},
		{"nil http.Handler", func(a *App) { a.Handle("/a", nil) }, []string{"the handler is nil"}},
		{"nil factory", func(a *App) { a.Live("/a", nil) }, []string{"the factory is nil"}},
		{"nil view", func(a *App) { a.Live("/a", func() live.View { return nil }) }, []string{"the view is nil"}},
		{"one view for all", func(a *App) {
			one := new(noted)
			a.Live("/a", func() live.View { return one })
		}, []string{"router_test.go:", "returns the same bennu.noted each time, which all pages would share", "func() live.View { return new(bennu.noted) }"}},
		{"nil mount hook", func(a *App) { a.Live("/a", view, OnMount(nil)) }, []string{"hook 1 of OnMount is nil, want a func(*live.Socket, live.Params) error"}},
		{"nil option", func(a *App) { a.Live("/a", view, Title("A"), nil) }, []string{`Live("/a") (`, `option 2 is nil, want one such as bennu.Title("Orders")`}},
		{"group without routes", func(a *App) { a.Group("/a", Pipeline{}, nil) }, []string{`Group("/a") (`, "want a function that registers the routes, a func(*bennu.Group), got nil"}},
		{"host without routes", func(a *App) { a.Host("a.test", nil) }, []string{`Host("a.test") (`, "a func(*bennu.Group), got nil"}},
		{"live session without routes", func(a *App) { a.LiveSession("a", nil) }, []string{`LiveSession("a") (`, "a func(*bennu.Group), got nil"}},
		{"drain without a function", func(a *App) { a.OnDrain(nil) }, []string{"OnDrain (", "want a func(context.Context), got nil"}},
		{"wrong callback", func(a *App) { a.Live("/a", func() live.View { return new(wrongMount) }) },
			[]string{"router_test.go:", "want Mount(*live.Socket, live.Params) error, found Mount(live.Params) error"}},
		{"nested without a name", func(a *App) { a.Nested("", view) }, []string{"router_test.go:", "the name is empty"}},
		{"nested twice", func(a *App) { a.Nested("clock", view); a.Nested("clock", view) }, []string{`Nested("clock") (`, "the name is taken"}},
		{"nested with a wrong callback", func(a *App) { a.Nested("clock", func() live.View { return new(wrongMount) }) },
			[]string{`Nested("clock") (`, "found Mount(live.Params) error"}},
		{"live route behind a nameless pipeline", func(a *App) {
			a.Group("/a", Pipeline{Use: []func(http.Handler) http.Handler{halt}}, func(g *Group) {
				g.Group("/b", Pipeline{Name: "inner"}, func(g *Group) { g.Live("/c", view) })
			})
		}, []string{`Live("/c") (`, "router_test.go:", "a pipeline that has no name", `bennu.Pipeline{Name: "members"`}},
		{"nil files", func(a *App) { a.Static("/a", nil) }, []string{"the file system is nil"}},
		{"prefix without slash", func(a *App) { a.Group("a", Pipeline{}, func(*Group) {}) }, []string{`prefix "a" must begin`}},
		{"prefix with a slash at its end", func(a *App) { a.Group("/a/", Pipeline{}, func(*Group) {}) }, []string{"must not end"}},
		{"prefix that takes all", func(a *App) { a.Group("/{a...}", Pipeline{}, func(*Group) {}) }, []string{"must not take the rest"}},
		{"host with a port", func(a *App) { a.Host("shop.test:80", func(*Group) {}) }, []string{"without a port"}},
		{"host in a host", func(a *App) {
			a.Host("a.test", func(g *Group) { g.Host("b.test", func(*Group) {}) })
		}, []string{`inside Host("a.test")`}},
		{"live session in a live session", func(a *App) {
			a.LiveSession("a", func(g *Group) { g.LiveSession("b", func(*Group) {}) })
		}, []string{`inside LiveSession("a")`}},
		{"live session twice", func(a *App) {
			a.LiveSession("a", func(*Group) {})
			a.LiveSession("a", func(*Group) {})
		}, []string{"already registered at ", "router_test.go:"}},
		{"live session without a name", func(a *App) { a.LiveSession("", func(*Group) {}) }, []string{"want a name"}},
		{"live session by a name of ours", func(a *App) { a.LiveSession("default", func(*Group) {}) }, []string{"want a name"}},
		{"nil middleware", func(a *App) {
			a.Group("/a", Pipeline{Name: "p", Use: []func(http.Handler) http.Handler{nil}}, func(g *Group) { g.Get("/", reply("")) })
		}, []string{`pipeline "p": Use[0] is nil`}},
		{"after the first request", func(a *App) {
			ask(a, "GET", "/")
			a.Get("/late", reply(""))
		}, []string{"GET /late (", "registered after the first request"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := panicText(func() { tt.do(newTestApp(t, Options{})) })
			if strings.Count(got, "bennu: ") != 1 {
				t.Errorf("panic %q, want one \"bennu: \" before it all", got)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("panic %q, want it to contain %q", got, want)
				}
			}
		})
	}
}

func TestMatchLive(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/admin"} {
		app := siteApp(t, Options{Prefix: prefix})
		for _, tt := range []struct {
			address string // {p} is the prefix
			pattern string // "" for no live route
			values  string
		}{
			{"http://shop.test{p}/count/blue", "/count/{room}", "room=blue;"},
			{"http://shop.test{p}/count/blue?a=b#c", "/count/{room}", "room=blue;"},
			{"http://shop.test{p}/count/a%2Fb%20c", "/count/{room}", "room=a/b c;"},
			{"{p}/count/blue", "/count/{room}", "room=blue;"},
			{"http://shop.test{p}/count//blue", "", ""}, // HTTP redirects
			{"http://shop.test{p}/count/blue/", "", ""},
			{"http://shop.test{p}/panel", "", ""}, // of another host
			{"http://admin.shop.test{p}/panel", "/panel", ""},
			{"http://admin.shop.test:4000{p}/panel", "/panel", ""},
			{"http://shop.test{p}/users/7", "", ""}, // no live route
			{"http://shop.test{p}/", "", ""},
			{"http://shop.test{p}", "", ""},
			{"http://shop.test/other/count/blue", "", ""},
			{"mailto:count/blue", "", ""},
			{"*", "", ""},
		} {
			address := strings.ReplaceAll(tt.address, "{p}", prefix)
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			rt, values, ok := app.matchLive(u)
			if ok != (tt.pattern != "") || ok && rt.pattern != tt.pattern {
				t.Errorf("matchLive(%q) = %v, %v, want %q", address, rt, ok, tt.pattern)
				continue
			}
			text := ""
			for _, v := range values {
				text += v.Name + "=" + v.Value + ";"
			}
			if text != tt.values {
				t.Errorf("matchLive(%q) has the values %q, want %q", address, text, tt.values)
			}
		}
	}
}

func BenchmarkMatchLive(b *testing.B) {
	app := siteApp(b, Options{})
	u, err := url.Parse("http://shop.test/count/blue")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := app.matchLive(u); !ok {
			b.Fatal("no match")
		}
	}
}
