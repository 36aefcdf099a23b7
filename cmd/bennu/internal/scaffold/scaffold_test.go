package scaffold

import (
	"bytes"
	"encoding/json"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bennu/internal/templgen"
)

// here is the framework that these tests are part of.
func here(t *testing.T) string {
	t.Helper()
	dir, err := FindFramework(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// tree is what is below a directory: path to text.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || d.IsDir() {
			files[filepath.ToSlash(name)+"/"] = ""
			return err
		}
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// SEED-01: one command writes a whole app. That it compiles and runs is shown
// by the tests of the command.
func TestSEED01FilesOfAnApp(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	dir := filepath.Join(parent, "my-shop")
	name, err := App{Dir: dir, Module: "example.com/my-shop", Framework: here(t)}.Write(t.Context())
	if err != nil || name != "my-shop" {
		t.Fatalf("Write = %q, %v", name, err)
	}
	files := tree(t, dir)
	for _, name := range []string{
		".gitignore", "AGENTS.md", "README.md", "go.mod", "go.sum", "cmd/my-shop/main.go", "myshop.go",
		"web/routes.go", "web/paths/paths_gen.go", "web/ui/layout.templ", "web/ui/layout_templ.go", "web/static/favicon.svg",
		"web/live/counter/counter.go", "web/live/counter/counter.templ", "web/live/counter/counter_templ.go", "web/live/counter/counter_test.go",
		"web/assets/app.js", "web/assets/app.css", "web/assets/package.json", "web/assets/package-lock.json", "web/assets/dist/.keep",
		"web/kit/doc.go", "web/kit/modal.templ", "web/kit/modal_templ.go", "web/kit/modal.go", "web/kit/table.templ",
	} {
		if _, ok := files[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
	// A notice is hidden without the style sheet, which shows each at its time.
	for notice, class := range map[string]string{"when-lost": "phx-client-error", "when-crashed": "phx-server-error"} {
		if css := "main:has(> ." + class + ") ~ .toast > ." + notice; !strings.Contains(files["web/assets/app.css"], css) {
			t.Errorf("app.css has not %s", css)
		}
		if tag := `<p class="` + notice + ` alert alert-warning shadow-lg" hidden>`; !strings.Contains(files["web/ui/layout.templ"], tag) {
			t.Errorf("layout.templ has not %s", tag)
		}
	}
	framework := here(t)
	for name, text := range files {
		if strings.Contains(text, "[[.") || strings.HasSuffix(name, ".tmpl") || strings.Contains(name, "NAME") || strings.Contains(name, "PACKAGE") {
			t.Errorf("%s was not filled in:\n%s", name, text)
		}
		if strings.HasSuffix(name, ".go") {
			formatted, err := format.Source([]byte(text))
			if err != nil || string(formatted) != text {
				t.Errorf("%s is not as gofmt wants it (%v)", name, err)
			}
		}
		if name == "go.mod" {
			text = strings.Replace(text, "\nreplace bennu => "+framework+"\n", "\n", 1)
		}
		for _, path := range []string{framework, parent, os.TempDir(), filepath.Dir(framework)} {
			if len(path) > 1 && strings.Contains(text, path) {
				t.Errorf("%s has a path of this machine, %s", name, path)
			}
		}
	}
	if r, err := templgen.Check(t.Context(), dir); err != nil || r.Failed() || len(r.Written) > 0 || len(r.Diagnostics) > 0 {
		t.Errorf("the generated files: %+v, %v, want all current and no warning", r, err)
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
		t.Errorf("beside the app there is %v, %v, want nothing", entries, err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o055 != 0o055 {
		t.Errorf("the app's directory is %v, %v, want it readable as others are", info.Mode(), err)
	}
}

// TestPackagesAreThoseOfTheShowcase holds that apps get what the browser tests
// of the framework run with.
func TestPackagesAreThoseOfTheShowcase(t *testing.T) {
	t.Parallel()
	files, err := render(names{"showcase", "showcase", "showcase", "Showcase"})
	if err != nil {
		t.Fatal(err)
	}
	showcase := filepath.Join(here(t), "examples", "showcase")
	for _, name := range []string{"web/assets/package.json", "web/assets/package-lock.json", "web/assets/css/heroicons.js"} {
		want, err := os.ReadFile(filepath.Join(showcase, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(files[name], want) {
			t.Errorf("%s is not that of the showcase: copy the one that was changed over the other", name)
		}
	}
	var pkg struct{ Name string }
	if err := json.Unmarshal(files["web/assets/package.json"], &pkg); err != nil || pkg.Name != "showcase-assets" {
		t.Errorf("package.json: name %q, %v", pkg.Name, err)
	}
}

// TOOL-23: what the rules for helpers show is Go. That it fits the API is shown
// by the app's own files, which it repeats.
func TestTOOL23CodeInTheRulesParses(t *testing.T) {
	t.Parallel()
	files, err := render(names{"shop", "shop", "shop", "Shop"})
	if err != nil {
		t.Fatal(err)
	}
	_, code, ok := strings.Cut(string(files["AGENTS.md"]), "```go\n")
	code, _, end := strings.Cut(code, "```")
	if _, err := format.Source([]byte(code)); err != nil || !ok || !end || strings.Contains(code, "```") {
		t.Errorf("the code is %v:\n%s", err, code)
	}
}

func TestAnEmptyDirectoryAndAFreshRepositoryAreFilled(t *testing.T) {
	t.Parallel()
	for _, inside := range [][]string{nil, {".git"}} {
		dir := filepath.Join(t.TempDir(), "shop")
		for _, name := range append([]string{""}, inside...) {
			if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		before, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (App{Dir: dir, Framework: here(t)}).Write(t.Context()); err != nil {
			t.Errorf("with %v: %v", inside, err)
			continue
		}
		after, err := os.Stat(dir)
		if err != nil || !os.SameFile(before, after) {
			t.Errorf("with %v: the directory is another one now (%v), which a shell that stands in it does not see", inside, err)
		}
		if _, ok := tree(t, dir)["web/routes.go"]; !ok {
			t.Errorf("with %v: no app was written", inside)
		}
	}
}

// TestRefusals: each mistake is told with what to do about it, and nothing is
// written anywhere.
func TestRefusals(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"module/go.mod": "module other\n", "module/sub/a.txt": "", "module/nested/go.mod": "module nested\n", "space/go.work": "go 1.26\n",
		"full/notes.txt": "mine", "file": "", "free/.keep": "",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	framework := here(t)
	before := tree(t, root)
	for _, tt := range []struct {
		name string
		app  App
		want []string
	}{
		{"in a module", App{Dir: "module/shop"}, []string{"inside the module of " + filepath.Join(root, "module/go.mod"), "make it outside, say at " + filepath.Join(root, "shop")}},
		{"deep in a module", App{Dir: "module/sub/shop"}, []string{filepath.Join(root, "module/go.mod"), "say at " + filepath.Join(root, "shop")}},
		{"in a module in a module", App{Dir: "module/nested/shop"}, []string{filepath.Join(root, "module/nested/go.mod"), "say at " + filepath.Join(root, "shop")}},
		{"in a workspace", App{Dir: "space/shop"}, []string{"inside the workspace of " + filepath.Join(root, "space/go.work"), "which does not know it", "say at"}},
		{"over files", App{Dir: "full", Module: "shop"}, []string{"is not empty (there is notes.txt): nothing was written", "choose another directory"}},
		{"over a file", App{Dir: "file", Module: "shop"}, []string{"is there already and is no directory"}},
		{"below a file", App{Dir: "file/shop"}, []string{"is a file"}},
		{"below nothing", App{Dir: "none/shop"}, []string{"there is no directory " + filepath.Join(root, "none"), "mkdir -p " + filepath.Join(root, "none")}},
		{"bad name", App{Dir: "free/My Shop"}, []string{"small letters, digits", `"my-shop" would do`}},
		{"bad module", App{Dir: "free/shop", Module: "a b"}, []string{"--module \"a b\" is no module path"}},
		{"no framework", App{Dir: "free/shop", Framework: filepath.Join(root, "none")}, []string{"go.mod"}},
	} {
		app := tt.app
		app.Dir = filepath.Join(root, app.Dir)
		if app.Framework == "" {
			app.Framework = framework
		}
		_, err := app.Write(t.Context())
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\nwant %q", tt.name, err, want)
			}
		}
	}
	after := tree(t, root)
	if len(before) != len(after) {
		t.Errorf("refusals left %d entries, want the %d from before", len(after), len(before))
	}
}

func TestMoveTakesBackWhatItDid(t *testing.T) {
	t.Parallel()
	from, to := t.TempDir(), t.TempDir()
	for _, name := range []string{"a", "b/x", "z/1"} {
		for _, dir := range []string{from, to} {
			if dir == to && name != "z/1" {
				continue
			}
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := move(from, to); err == nil {
		t.Fatal("move over a directory that has files succeeded")
	}
	got := tree(t, to)
	if len(got) != 3 {
		t.Errorf("the target has %v, want z/1 alone, as before", got)
	}
	if _, ok := tree(t, from)["b/x"]; !ok {
		t.Error("what was moved did not come back")
	}
}

func TestFindFramework(t *testing.T) {
	t.Parallel()
	real := here(t)
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "go.mod"), []byte("module bennu/cmd // not it\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := FindFramework(t.Context(), real); err != nil || got != real {
		t.Errorf("asked for %s: %s, %v", real, got, err)
	}
	for _, asked := range []string{other, t.TempDir(), filepath.Join(other, "none")} {
		if _, err := FindFramework(t.Context(), asked); err == nil || !strings.Contains(err.Error(), "--framework "+asked) ||
			!strings.Contains(err.Error(), `a go.mod that says "module bennu"`) {
			t.Errorf("asked for %s: %v", asked, err)
		}
	}
	place := func(dir string) func() string { return func() string { return dir } }
	if got, err := firstFramework(place(""), place("bennu/cmd"), place(other), place(real+"/"), place(other)); err != nil || got != real {
		t.Errorf("the first that has it: %s, %v, want %s", got, err, real)
	}
	_, err := firstFramework(place(""), place(other))
	if err == nil || !strings.Contains(err.Error(), "give their directory with --framework DIR") {
		t.Errorf("none: %v, want the fix", err)
	}
	if compiledFrom() != real {
		t.Errorf("compiled from %s, want %s", compiledFrom(), real)
	}
}

func TestGoMod(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "the frame work")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod": "module bennu\n\ngo 1.30.1\n\nrequire github.com/a-h/templ v1.0.0\n\nrequire (\n\tgolang.org/x/net v0.9.0 // a word\n\tgithub.com/a-h/parse v0.1.0 // indirect\n\texample.com/a v1.1.1\n)\n",
		"go.sum": "github.com/a-h/parse v0.1.0 h1:x=\ngolang.org/x/net v0.9.0 h1:y=\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := readFramework(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := "module shop\n\ngo 1.30.1\n\nrequire (\n\tbennu v0.0.0\n\tgithub.com/a-h/templ v1.0.0\n)\n\nrequire (\n" +
		"\texample.com/a v1.1.1 // indirect\n\tgolang.org/x/net v0.9.0 // indirect\n)\n\nreplace bennu => \"" + dir + "\"\n"
	if got := string(f.appModule("shop")); got != want {
		t.Errorf("go.mod:\n%s\nwant:\n%s", got, want)
	}
	if got := string(f.appSums()); got != "golang.org/x/net v0.9.0 h1:y=\n" {
		t.Errorf("go.sum:\n%s", got)
	}
	if !slices.ContainsFunc(f.requires, func(r [2]string) bool { return direct[r[0]] }) {
		t.Errorf("%v names no module that an app imports itself", f.requires)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module bennu\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readFramework(dir); err == nil || !strings.Contains(err.Error(), "names no version of Go") {
		t.Errorf("without a go line: %v", err)
	}
}
