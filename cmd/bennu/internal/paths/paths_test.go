package paths

import (
	"fmt"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bennu"
)

// app writes a module named shop and returns its directory. Files whose names do
// not say otherwise get their package clause from their directory.
func app(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "go.mod", "module shop\n")
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func plan(t *testing.T, dir string) Plan {
	t.Helper()
	p, err := Make(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// functions are the helpers in a text: their names, parameters and paths.
func functions(t *testing.T, text []byte) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, o := range strings.Split(string(text), "\nfunc ")[1:] {
		head, body, _ := strings.Cut(o, " string {")
		if strings.HasPrefix(head, "Mount(") || strings.HasPrefix(head, "Asset(") {
			continue
		}
		body, _, _ = strings.Cut(strings.TrimSpace(body), "\n")
		body = strings.TrimSuffix(body, " }")
		body = strings.TrimPrefix(body, "return app.Path(")
		body = strings.TrimSuffix(strings.TrimSuffix(body, ", query)"), ", nil)")
		head = strings.NewReplacer(", query ...Query", "", "query ...Query", "").Replace(head)
		all = append(all, head+" "+body)
	}
	if f.Name.Name == "" {
		t.Error("no package")
	}
	return all
}

// one is the only file of a plan that has nothing to complain about.
func one(t *testing.T, p Plan) []byte {
	t.Helper()
	if len(p.Files) != 1 || len(p.Problems) > 0 {
		t.Fatalf("plan %v, problems %v, want one file", p.Files, p.Problems)
	}
	return p.Files[0].Text
}

const shop = `// Package web is a website.
package web

import (
	"embed"
	"net/http"

	"bennu"
	"bennu/live"

	"shop/web/admin"
	"shop/web/posts"
)

//go:embed img robots.txt
var files embed.FS

const archive = "/archive"

// New registers everything.
//
//bennu:paths
func New(opts bennu.Options, store Store) *bennu.App {
	app := bennu.New(opts)
	app.Static("/static", files)
	app.Static("/", files)
	app.Live("/", func() live.View { return &posts.Index{Store: store} })
	app.Live("/posts", func() live.View { return &posts.Index{Store: store} }, bennu.Title("Posts"))
	app.Live("/posts/{id}", func() live.View { return posts.NewShow(store) })
	app.Live("/posts/{id}/edit", func() live.View { v := new(posts.Edit); return v })
	app.Post("/posts/{post}", posts.Save)
	app.Get(archive+"/{year}/{month}", nil2)
	app.Get("/categories/{type}/boxes/{func}", nil2)
	app.Get("/{user}/{repo}/", nil2)
	//bennu:name Feed
	app.Get("/rss.xml", nil2)
	app.Get("/api/users.json", nil2) //bennu:name UsersAPI
	app.Get("/söng/{id}", nil2)
	app.Get("/404", nil2)
	app.Handle("GET /metrics", promhttp.Handler())
	app.Handle("/debug/", http.DefaultServeMux)
	app.Group("/admin", admins, func(g *bennu.Group) {
		g.Live("/", func() live.View { return new(admin.Index) })
		admin.Routes(g)
		g.LiveSession("team", func(s *bennu.Group) {
			s.Group("/teams/{team}", bennu.Pipeline{}, members)
		})
	})
	app.Host("status.shop.test", func(g *bennu.Group) { g.Get("/", status) })
	more(app)
	app.Health()
	late := app
	routes := func(g *bennu.Group) { g.Get("/late", nil2) }
	late.Group("", bennu.Pipeline{}, routes)
	for _, name := range names {
		app.Get("/x/"+name, nil2)
	}
	return app
}

func members(g *bennu.Group) { g.Live("/members", func() live.View { return new(broken.Thing) }) }

func more(a *bennu.App) { a.Delete("/posts/{id}", func(http.ResponseWriter, *http.Request) error { return nil }) }

// Nobody calls it with a group.
func unused(g *bennu.Group) { g.Get("/unused", nil2) }
`

func shopFiles() map[string]string {
	return map[string]string{
		"web/web.go":          shop,
		"web/img/a-b.svg":     "",
		"web/img/.hidden":     "",
		"web/robots.txt":      "",
		"web/posts/posts.go":  "package posts\n\nimport \"shop/web/paths\"\n\ntype Index struct{ Store any }\n\ntype Show struct{}\n\nfunc NewShow(any) *Show { return nil }\n\ntype Edit struct{}\n\nvar stale = paths.Gone()\n",
		"web/admin/routes.go": "package admin\n\nimport \"bennu\"\n\ntype Index struct{}\n\nfunc Routes(g *bennu.Group) { g.Get(\"/export.csv\", Export); g.Get(\"/sign-in\", nil) }\n",
	}
}

// Routes are read through groups, functions and packages, of an app that does not
// compile, and each has the helper that its path says.
func TestHelpersOfRoutes(t *testing.T) {
	t.Parallel()
	dir := app(t, shopFiles())
	p := plan(t, dir)
	text := one(t, p)
	want := []string{
		`Admin() "/admin"`,
		`AdminExportCSV() "/admin/export.csv"`,
		`AdminSignIn() "/admin/sign-in"`,
		`AdminTeamMembers(team any) "/admin/teams/"+route.Segment(team)+"/members"`,
		`ArchiveYearMonth(year any, month any) "/archive/"+route.Segment(year)+"/"+route.Segment(month)`,
		`CategoryBox(typeValue any, funcValue any) "/categories/"+route.Segment(typeValue)+"/boxes/"+route.Segment(funcValue)`,
		`Debug(path string) "/debug/"+route.Rest(path)`,
		`Feed() "/rss.xml"`,
		`Img(path string) "/img/"+route.Rest(path)`,
		`ImgABSVG() "/img/a-b.svg"`,
		`Late() "/late"`,
		`Livez() "/livez"`,
		`Metrics() "/metrics"`,
		`Path404() "/404"`,
		`Post(id any) "/posts/"+route.Segment(id)`,
		`PostEdit(id any) "/posts/"+route.Segment(id)+"/edit"`,
		`Posts() "/posts"`,
		`Readyz() "/readyz"`,
		`RobotsTxt() "/robots.txt"`,
		`Root() "/"`,
		`Static(path string) "/static/"+route.Rest(path)`,
		`StaticImgABSVG() "/static/img/a-b.svg"`,
		`StaticRobotsTxt() "/static/robots.txt"`,
		`SöngID(id any) "/s%C3%B6ng/"+route.Segment(id)`,
		`UserRepo(user any, repo any) "/"+route.Segment(user)+"/"+route.Segment(repo)+"/"`,
		`UsersAPI() "/api/users.json"`,
	}
	got := functions(t, text)
	if !slices.Equal(got, want) {
		for i := range max(len(got), len(want)) {
			g, w := "", ""
			if i < len(got) {
				g = got[i]
			}
			if i < len(want) {
				w = want[i]
			}
			if g != w {
				t.Errorf("got  %s\nwant %s", g, w)
			}
		}
	}
	for _, line := range []string{
		"// Code generated by bennu from the routes of ../web.go. DO NOT EDIT.\n",
		"// Post is /posts/{id}: the page of posts.Show, POST by posts.Save, DELETE.\n",
		"// PostEdit is /posts/{id}/edit: the page of posts.Edit.\n",
		"// Root is /: the page of posts.Index, GET by status; on status.shop.test.\n",
		"// Static is a file below /static.\n",
		"// RobotsTxt is /robots.txt, a static file.\n",
		"// Debug is /debug/{path...}: any method by http.DefaultServeMux.\n",
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("the file has no line %s", line)
		}
	}
	if len(p.Notes) != 1 || !strings.Contains(p.Notes[0].Message, "made at run time") || !strings.Contains(p.Notes[0].Source, `"/x/"+name`) {
		t.Errorf("notes %v, want one of the path in the loop", p.Notes)
	}
}

func TestWritingIsDoneOnce(t *testing.T) {
	t.Parallel()
	dir := app(t, shopFiles())
	p := plan(t, dir)
	if got := p.Files[0].State(); got != "is missing" {
		t.Errorf("state %q", got)
	}
	if err := p.Write(); err != nil {
		t.Fatal(err)
	}
	if again := plan(t, dir); len(again.Files) > 0 {
		t.Errorf("the second time: %v", again.Files)
	}
	put(t, dir, "web/web.go", strings.Replace(shop, "/posts/{id}/edit", "/posts/{id}/change", 1))
	p = plan(t, dir)
	if got := one(t, p); !strings.Contains(string(got), "func PostChange(") || strings.Contains(string(got), "func PostEdit(") {
		t.Errorf("after a rename:\n%s", got)
	}
	if got := p.Files[0].State(); !strings.Contains(got, "out of date") {
		t.Errorf("state %q", got)
	}

	// Nobody asks for them any more, as far as one can see from there.
	put(t, dir, "web/web.go", strings.Replace(shop, "//bennu:paths", "//", 1))
	p = plan(t, filepath.Join(dir, "web"))
	if len(p.Files) != 1 || p.Files[0].Text != nil || !strings.Contains(p.Files[0].State(), "belongs to no routes") {
		t.Fatalf("plan %v, want the file removed", p.Files)
	}
	put(t, dir, "web/web.go", shop)
	if p := plan(t, filepath.Join(dir, "web", "paths")); len(p.Files) > 0 {
		t.Errorf("from the helpers' directory: %v, want nothing", p.Files)
	}
	put(t, dir, "web/web.go", strings.Replace(shop, "//bennu:paths", "//bennu:paths ../addr", 1))
	p = plan(t, dir)
	if len(p.Files) != 2 || p.Files[0].Path != filepath.Join(dir, "addr", FileName) || p.Files[1].Text != nil {
		t.Errorf("in another directory: %v, want a file there and the old one gone", p.Files)
	}
	if err := p.Write(); err != nil {
		t.Fatal(err)
	}
	if p := plan(t, dir); len(p.Files) > 0 {
		t.Errorf("after that: %v", p.Files)
	}
}

func TestWhatCannotBeMade(t *testing.T) {
	t.Parallel()
	routes := func(lines string) string {
		return "package web\n\nimport \"bennu\"\n\n//bennu:paths\nfunc New(app *bennu.App) {\n" + lines + "\n}\n"
	}
	for _, tt := range []struct{ name, text, want string }{
		{"one name for two", routes("\tapp.Get(\"/docs\", h)\n\tapp.Get(\"/docs/\", h)"),
			"web.go:8:2: the helpers of /docs/ and /docs (web.go:7) would both be paths.Docs; give one of them a name of its own in a line above: //bennu:name DocsPage"},
		{"a taken name", routes("\tapp.Get(\"/query\", h)"),
			"web.go:7:2: the helper of /query would be paths.Query, which is another thing in that package; give it a name of its own in a line above: //bennu:name QueryPage"},
		{"no name", routes("\t//bennu:name my-docs\n\tapp.Get(\"/docs\", h)"),
			`web.go:8:2: "my-docs" is no name for the helper of /docs, want a Go name with a capital, as in //bennu:name Article`},
		{"no Go", routes("\tapp.Get(\"/docs\""), "web.go:7:17: missing ',' before newline in argument list"},
		{"a comment in the void", "package web\n\n//bennu:paths\n\nimport \"bennu\"\n\nfunc New(app *bennu.App) {}\n",
			"web.go:3:1: //bennu:paths stands above nothing"},
	} {
		dir := app(t, map[string]string{"web.go": tt.text})
		p := plan(t, dir)
		got := ""
		if len(p.Problems) > 0 {
			at := p.Problems[0]
			got = fmt.Sprintf("%s:%d:%d: %s", filepath.Base(at.File), at.Line, at.Col, at.Message)
		}
		if !strings.HasPrefix(got, tt.want) || len(p.Files) > 0 {
			t.Errorf("%s:\n got %s\nwant %s\nfiles %v, want none", tt.name, got, tt.want, p.Files)
		}
	}
}

// What is wrong with the sources leaves the file that is there alone.
func TestAMistakeTakesNoHelperAway(t *testing.T) {
	t.Parallel()
	dir := app(t, shopFiles())
	if err := plan(t, dir).Write(); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "web/web.go", shop+"\nfunc half(")
	if p := plan(t, dir); len(p.Files) > 0 || len(p.Problems) == 0 {
		t.Errorf("plan %+v, want a problem and no file", p)
	}
}

// The stub has all by which an App gets routes.
func TestTheStubIsWhole(t *testing.T) {
	t.Parallel()
	group := stubPackage().Scope().Lookup("Group").Type()
	methods := types.NewMethodSet(types.NewPointer(group))
	for m := range reflect.TypeFor[*bennu.Group]().Methods() {
		if methods.Lookup(nil, m.Name) == nil {
			t.Errorf("bennu.Group has a method %s, which the reader of routes does not know: add it to the stub and to register", m.Name)
		}
	}
}

func TestSingular(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"posts": "post", "categories": "category", "boxes": "box", "classes": "class", "matches": "match", "dishes": "dish",
		"houses": "house", "movies": "movie", "cookies": "cookie", "music": "music", "news": "news", "status": "status", "analysis": "analysis",
		"address": "address", "series": "series", "s": "s", "users": "user",
	} {
		if got := singular(word); got != want {
			t.Errorf("singular(%q) = %q, want %q", word, got, want)
		}
	}
}

// A function literal may call itself; what it registers is read once.
func TestFunctionLiteralsThatCallThemselves(t *testing.T) {
	t.Parallel()
	dir := app(t, map[string]string{"web/web.go": `package web

import "bennu"

//bennu:paths
func New(o bennu.Options) *bennu.App {
	app := bennu.New(o)
	var count func(n int)
	count = func(n int) {
		app.Get("/count", nil)
		if n > 0 {
			count(n - 1)
		}
	}
	count(3)
	var deep func(g *bennu.Group)
	deep = func(g *bennu.Group) {
		g.Get("/deep", nil)
		deep(g)
	}
	app.Group("/below", nil, deep)
	return app
}
`})
	got := functions(t, one(t, plan(t, dir)))
	if want := []string{`BelowDeep() "/below/deep"`, `Count() "/count"`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
