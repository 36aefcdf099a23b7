package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWEB10ARenamedRouteFailsTheBuild holds that no use of a helper outlives its
// route, in a template or in Go, and that the place of each is told.
func TestWEB10ARenamedRouteFailsTheBuild(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "shop")
	in := func(dir, name string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	must := func(out string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return out
	}
	edit := func(file, old, fresh string) {
		t.Helper()
		if err := replace(filepath.Join(dir, file), old, fresh); err != nil {
			t.Fatal(err)
		}
	}
	bennu := filepath.Join(root, "bin", "bennu")
	must(in(root, bennu, "new", dir, "--framework", root))

	// A page with an address of its own, a link to it, and a way there in Go. The
	// helper is used before it is written.
	edit("web/routes.go", "\treturn app\n", "\tapp.Live(\"/posts/{id}/edit\", func() live.View { return &counter.Page{Clicks: clicks} })\n\treturn app\n")
	edit("web/live/counter/counter.templ", "package counter\n", "package counter\n\nimport \"shop/web/paths\"\n")
	edit("web/live/counter/counter.templ", "<section class=\"pb-16\">", "<section class=\"pb-16\"><a href={ paths.PostEdit(7) }>Edit</a>")
	away := filepath.Join(dir, "web", "live", "counter", "away.go")
	text := "package counter\n\nimport (\n\t\"bennu/live\"\n\t\"shop/web/paths\"\n)\n\nfunc away(s *live.Socket) { s.Redirect(paths.PostEdit(\"a b\", paths.Query{\"tab\": 2})) }\n\nvar _ = away\n"
	if err := os.WriteFile(away, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := in(dir, bennu, "generate", "--check"); err == nil || !strings.Contains(out, "web/paths/paths_gen.go is out of date") {
		t.Errorf("generate --check before it was generated: %v\n%s", err, out)
	}
	if out := must(in(dir, bennu, "generate")); !strings.Contains(out, "wrote web/paths/paths_gen.go") {
		t.Errorf("generate says\n%s", out)
	}
	must(in(dir, "go", "vet", "./..."))
	must(in(dir, bennu, "generate", "--check"))
	must(in(dir, bennu, "check"))

	// The build itself writes the helpers anew.
	edit("web/routes.go", "/posts/{id}/edit", "/articles/{id}/edit")
	out, err := in(dir, bennu, "routes")
	if err == nil {
		t.Fatalf("the app compiles though /posts/{id}/edit is gone:\n%s", out)
	}
	for _, want := range []string{"web/live/counter/counter.templ:", "web/live/counter/away.go:8", "undefined: paths.PostEdit"} {
		if !strings.Contains(out, want) {
			t.Errorf("the compiler says\n%swant %q in it", out, want)
		}
	}

	edit("web/live/counter/counter.templ", "PostEdit", "ArticleEdit")
	edit("web/live/counter/away.go", "PostEdit", "ArticleEdit")
	must(in(dir, bennu, "generate"))
	must(in(dir, "go", "vet", "./..."))

	// So it is with a static file.
	if err := os.Rename(filepath.Join(dir, "web/static/favicon.svg"), filepath.Join(dir, "web/static/icon.svg")); err != nil {
		t.Fatal(err)
	}
	must(in(dir, bennu, "generate"))
	if out, err := in(dir, "go", "build", "./..."); err == nil || !strings.Contains(out, "undefined: paths.StaticFaviconSVG") || !strings.Contains(out, "layout.templ:") {
		t.Errorf("go build after a file was renamed: %v\n%s", err, out)
	}
}
