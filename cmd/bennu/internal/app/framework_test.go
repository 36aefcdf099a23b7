package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/problem"
)

// An app whose go.mod and framework do not fit is told what to do, and so is
// one that does not compile for that.
func TestCheckFramework(t *testing.T) {
	t.Parallel()
	framework := t.TempDir()
	writeFile(t, filepath.Join(framework, "go.mod"), "module bennu\n\ngo 1.26\n\nrequire (\n\tgithub.com/a-h/templ v0.3.1020\n)\n")
	for _, tt := range []struct{ name, mod, want string }{
		{"no framework", "", ""},
		{"the same", "require bennu v0.0.0\nrequire github.com/a-h/templ v0.3.1020\nreplace bennu => " + framework + "\n", ""},
		{"gone", "require bennu v0.0.0\nreplace bennu => /no/where\n",
			"go.mod replaces bennu by \"/no/where\", where it is not\nfix: write the directory of the framework into go.mod: go mod edit -replace bennu=DIR"},
		{"newer templ", "require bennu v0.0.0\nrequire github.com/a-h/templ v0.3.1100\nreplace bennu => " + framework + "\n",
			"the app has templ v0.3.1100 and the framework v0.3.1020, which has to be the same\nfix: go get github.com/a-h/templ@v0.3.1020"},
		{"templ replaced", "require bennu v0.0.0\nrequire github.com/a-h/templ v0.3.1100\nreplace bennu => " + framework +
			"\nreplace github.com/a-h/templ => /my/templ\n", ""},
		{"not a go.mod", "requires bennu\n", ""},
	} {
		a := program(t, "func main() { undefined() }\n")
		writeFile(t, filepath.Join(a.Root, "go.mod"), "module shop\n\ngo 1.26\n\n"+tt.mod)
		got := ""
		if err := a.CheckFramework(t.Context()); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		err := a.Compile(t.Context(), filepath.Join(t.TempDir(), "shop"), nil, nil)
		var failed *problem.Failure
		if tt.want != "" && (!errors.As(err, &failed) || failed.Problems[0].File != "go.mod" || failed.Problems[0].Message != tt.want) {
			t.Errorf("%s: compiled: %v, want %q first", tt.name, err, tt.want)
		}
		if tt.want == "" && (err == nil || strings.Contains(err.Error(), "fix: ")) {
			t.Errorf("%s: compiled: %v, want what go says", tt.name, err)
		}
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
