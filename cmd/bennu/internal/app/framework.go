package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// templModule is the module of templates. Its version is the framework's: what
// bennu generate writes is compiled with it.
const templModule = "github.com/a-h/templ"

// Mismatch is an app that cannot be compiled with its framework, and how to
// mend that.
type Mismatch struct{ Text, Fix string }

func (m *Mismatch) Error() string { return m.Text + "\nfix: " + m.Fix }

// Framework is what go.mod says of the framework and of what comes with it.
type Framework struct {
	Dir   string    // where it is, "" when go.mod does not name it
	Templ string    // the app's version of templ, "" when it is replaced or not there
	Wrong *Mismatch // what is wrong with Dir
	Newer *Mismatch // what is wrong with Templ
}

// goRunner runs the go command in a directory and returns what it prints.
type goRunner func(ctx context.Context, dir, name string, args ...string) (string, error)

// Framework looks up the app's framework. An error is of the go command, about
// a go.mod that it cannot read.
func (a App) Framework(ctx context.Context, run goRunner) (Framework, error) {
	// -e: what is not there is told from what is wrong by what is printed.
	said, err := run(ctx, a.Root, "go", "list", "-m", "-e", "-f",
		"{{.Path}}\t{{.Dir}}\t{{if .Replace}}replaced{{else}}{{.Version}}{{end}}", "bennu", templModule)
	if err != nil {
		return Framework{}, err
	}
	var f Framework
	for line := range strings.Lines(said) {
		words := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		switch {
		case len(words) != 3:
		case words[0] == "bennu":
			f.Dir = words[1]
		case words[0] == templModule && words[2] != "replaced":
			f.Templ = words[2]
		}
	}
	if f.Dir == "" {
		f.Wrong = &Mismatch{"go.mod does not name the framework", "name it in go.mod: `require bennu v0.0.0` and `replace bennu => DIR`"}
		return f, nil
	}
	mod, err := os.ReadFile(filepath.Join(f.Dir, "go.mod"))
	if err != nil {
		f.Wrong = &Mismatch{fmt.Sprintf("go.mod replaces bennu by %q, where it is not", f.Dir),
			"write the directory of the framework into go.mod: go mod edit -replace bennu=DIR"}
		return f, nil
	}
	if want := required(string(mod), templModule); want != "" && f.Templ != "" && f.Templ != want {
		f.Newer = &Mismatch{fmt.Sprintf("the app has templ %s and the framework %s, which has to be the same", f.Templ, want),
			fmt.Sprintf("go get %s@%s", templModule, want)}
	}
	return f, nil
}

// CheckFramework is the error about an app that cannot be compiled with its
// framework. What go itself says of go.mod is left to the commands that need it.
func (a App) CheckFramework(ctx context.Context) error {
	f, err := a.Framework(ctx, func(ctx context.Context, _, _ string, args ...string) (string, error) {
		return a.goTool(ctx, args...)
	})
	switch {
	case err != nil || f.Dir == "":
		return nil
	case f.Wrong != nil:
		return f.Wrong
	case f.Newer != nil:
		return f.Newer
	}
	return nil
}

// required is the version of a module that a go.mod requires, "" for none.
func required(mod, module string) string {
	for line := range strings.Lines(mod) {
		words := strings.Fields(line)
		if i := slices.Index(words, module); i >= 0 && i <= 1 && i+1 < len(words) && (i == 0 || words[0] == "require") {
			return words[i+1]
		}
	}
	return ""
}
