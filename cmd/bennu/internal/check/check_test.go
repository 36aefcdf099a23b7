package check

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/paths"
	"bennu/internal/templgen"
)

var update = flag.Bool("update", false, "rewrite what the checks of testdata are to find")

// repository is the root of the framework, seen from here.
const repository = "../../../.."

// module makes a module named shop of the files of a directory, with its
// templates generated, and returns its path.
func module(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	framework, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(framework, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(mod), "module bennu\n", "module shop\n", 1) +
		"\nrequire bennu v0.0.0\n\nreplace bennu => " + framework + "\n"
	write(t, filepath.Join(dir, "go.mod"), text)
	sum, err := os.ReadFile(filepath.Join(framework, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.sum"), string(sum))
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func generate(t *testing.T, dir string) {
	t.Helper()
	r, err := templgen.Tree(t.Context(), dir)
	if err != nil || r.Failed() {
		t.Fatalf("the templates of the test cannot be generated: %v %v", err, r.Diagnostics)
	}
	plan, err := paths.Make(t.Context(), dir)
	if err != nil || len(plan.Problems) > 0 {
		t.Fatalf("the helpers of the test cannot be generated: %v %v", err, plan.Problems)
	}
	if err := plan.Write(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run is what the checks find, as text, below dir.
func run(t *testing.T, dir string, opt Options) string {
	t.Helper()
	found, err := Run(t.Context(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, dir, found)
}

func text(t *testing.T, dir string, found []Finding) string {
	t.Helper()
	var b strings.Builder
	for _, f := range found {
		file, err := filepath.Rel(dir, f.File)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s:%d:%d: ", filepath.ToSlash(file), f.Line, f.Col)
		if f.Note {
			b.WriteString("note: ")
		}
		fmt.Fprintf(&b, "%s [%s]\n", f.Message, f.Check)
		if f.Fix != "" {
			fmt.Fprintf(&b, "\tfix: %s\n", f.Fix)
		}
	}
	return b.String()
}

// Each directory of testdata/apps is a part of one program, whose findings are
// those of its file findings.txt, in every word and position.
func TestFindings(t *testing.T) {
	t.Parallel()
	dir := module(t, "testdata/apps")
	generate(t, dir)
	found, err := Run(t.Context(), dir, Options{Notes: true})
	if err != nil {
		t.Fatal(err)
	}
	byCase := map[string][]Finding{}
	for _, f := range found {
		rel, err := filepath.Rel(dir, f.File)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		byCase[name] = append(byCase[name], f)
	}
	cases, err := os.ReadDir("testdata/apps")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		golden(t, filepath.Join("testdata/apps", c.Name(), "findings.txt"), text(t, dir, byCase[c.Name()]))
		delete(byCase, c.Name())
	}
	for name, found := range byCase {
		t.Errorf("findings outside of the cases, in %s: %v", name, found)
	}
	// Every check has to have found something above, and something has to have
	// been left alone by it: see the lines without findings.
	seen := map[string]bool{checkGenerated: true}
	for _, f := range found {
		seen[f.Check] = true
	}
	for _, name := range Names {
		if !seen[name] {
			t.Errorf("no case has a finding of the check %q", name)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	if got == string(want) {
		return
	}
	missing, extra := difference(string(want), got), difference(got, string(want))
	t.Errorf("%s:\nnot found:\n%s\nfound beyond it:\n%s", path, strings.Join(missing, "\n"), strings.Join(extra, "\n"))
}

// difference are the lines of a that b does not have.
func difference(a, b string) []string {
	has := strings.Split(b, "\n")
	return slices.DeleteFunc(strings.Split(a, "\n"), func(line string) bool { return slices.Contains(has, line) })
}

// Whatever sends text as it is is listed, in templates and in Go.
func TestRaw(t *testing.T) {
	t.Parallel()
	dir := module(t, "testdata/apps/raw")
	generate(t, dir)
	const want = `raw.go:10:27: note: text goes out as a URL by templ.SafeURL [raw]
raw.go:10:50: note: text goes out as a URL by templ.SafeURL [raw]
raw.go:12:18: note: text goes out as HTML by templ.Raw, a constant [raw]
raw.go:14:34: note: text goes out as HTML by template.HTML [raw]
raw.go:14:57: note: text goes out as HTML by template.HTML [raw]
raw.templ:4:9: note: text goes out as HTML by templ.Raw [raw]
raw.templ:5:9: note: text goes out as HTML by templ.Raw, a constant [raw]
raw.templ:6:18: note: text goes out as a URL by templ.SafeURL [raw]
raw.templ:6:45: note: text goes out as a style by templ.SafeCSS [raw]
`
	if got := run(t, dir, Options{Raw: true}); got != want {
		t.Errorf("found\n%swant\n%s", got, want)
	}
}

// Helpers that were not written yet are laid over the program: what uses them
// compiles, and that they are missing is said once.
func TestHelpersThatAreMissing(t *testing.T) {
	t.Parallel()
	dir := module(t, "testdata/apps/link")
	for _, file := range []string{"web.go", "posts/posts.go", "posts/posts.templ"} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, file), strings.ReplaceAll(string(text), "shop/link/", "shop/"))
	}
	generate(t, dir)
	with := run(t, dir, Options{})
	if err := os.RemoveAll(filepath.Join(dir, "paths")); err != nil {
		t.Fatal(err)
	}
	missing := "paths/paths_gen.go:0:0: the file is missing [generated]\n\tfix: bennu generate\n"
	if got, want := run(t, dir, Options{}), missing+with; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
