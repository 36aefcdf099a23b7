package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"bennu"
	"bennu/cmd/bennu/internal/app"
)

func testRoutes() []app.Route {
	return []app.Route{
		{Route: bennu.Route{Method: "GET", Path: "/", View: "home.Page", Handler: "home.Page", LiveSession: "default", Pipelines: []string{"browser", "staff"}, Source: "web/routes.go:9"}, Pattern: "GET /{$}"},
		{Route: bennu.Route{Method: "GET", Path: "/users/{id}", View: "users.Show", Handler: "users.Show", LiveSession: "members", Source: "web/routes.go:10"}, Pattern: "GET /users/{id}"},
		{Route: bennu.Route{Method: "POST", Path: "/users", Handler: "web.create", Source: "web/routes.go:11"}, Pattern: "POST /users"},
		{Route: bennu.Route{Host: "admin.shop.test", Path: "/{path...}", Handler: "admin.Mux", Source: "web/routes.go:12"}, Pattern: "admin.shop.test/{path...}"},
	}
}

// TOOL-13: the table, and the route of one address.
func TestTOOL13Routes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := printRoutes(&out, testRoutes()); err != nil {
		t.Fatal(err)
	}
	want := `METHOD  PATH                       PIPELINES       ANSWERED BY                        REGISTERED AT
GET     /                          browser, staff  live home.Page                     web/routes.go:9
GET     /users/{id}                -               live users.Show (session members)  web/routes.go:10
POST    /users                     -               web.create                         web/routes.go:11
any     admin.shop.test/{path...}  -               admin.Mux                          web/routes.go:12
`
	if out.String() != want {
		t.Errorf("printed\n%swant\n%s", &out, want)
	}
	for info, want := range map[string]string{
		"/":                             "GET / []",
		"http://localhost:4000/?page=2": "GET / []",
		"/users/a%2Fb":                  "GET /users/{id} [[id a/b]]",
		"POST:/users":                   "POST /users []",
		"HEAD:/users/7":                 "GET /users/{id} [[id 7]]",
		"//admin.shop.test/a/b":         "admin.shop.test/{path...} [[path a/b]]",
		"/users":                        "",
		"/nowhere":                      "",
		"DELETE:/":                      "",
	} {
		r, err := requestOf(info)
		if err != nil {
			t.Errorf("requestOf(%q): %v", info, err)
			continue
		}
		got := ""
		if rt, values, ok := matchRoute(testRoutes(), r); ok {
			got = fmt.Sprint(rt.String(), " ", values)
		}
		if got != want {
			t.Errorf("--info %s: %q, want %q", info, got, want)
		}
	}
	for _, info := range []string{"users", "%zz", "GET", "GET:users", ":", "http://localhost"} {
		if r, err := requestOf(info); err == nil || !strings.Contains(err.Error(), "expected a path or a URL") {
			t.Errorf("requestOf(%q) = %+v, %v, want a refusal", info, r, err)
		}
	}
	if r, err := requestOf(""); r != nil || err != nil {
		t.Errorf("no --info: %v, %v", r, err)
	}
}
