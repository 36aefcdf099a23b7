package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const frameworkModule = "bennu"

// framework is what go.mod and go.sum of the framework say.
type framework struct {
	dir      string
	goLine   string      // the version of Go that it needs
	requires [][2]string // module and version, direct and indirect
	sums     []string    // lines
}

// generatorOnly are modules that the framework needs for bennu generate. No
// program has them in it, and so no app names them.
var generatorOnly = map[string]bool{"github.com/a-h/parse": true, "golang.org/x/tools": true}

// direct are the modules that the files of an app import themselves.
var direct = map[string]bool{"github.com/a-h/templ": true}

// readFramework reads the framework in dir. The app's own files are derived from
// its, so that both always agree on versions and no network is asked.
func readFramework(dir string) (framework, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return framework{}, err
	}
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		return framework{}, err
	}
	f := framework{dir: dir}
	block := ""
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case block == "" && len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		case words[0] == ")":
			block = ""
			continue
		case block != "":
			words = append([]string{block}, words...)
		}
		switch {
		case words[0] == "go" && len(words) == 2:
			f.goLine = words[1]
		case words[0] == "require" && len(words) == 3 && !generatorOnly[words[1]]:
			f.requires = append(f.requires, [2]string{words[1], words[2]})
		}
	}
	if f.goLine == "" {
		return framework{}, fmt.Errorf("%s names no version of Go", filepath.Join(dir, "go.mod"))
	}
	slices.SortFunc(f.requires, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	for line := range strings.Lines(string(sums)) {
		if module, _, _ := strings.Cut(line, " "); !generatorOnly[module] {
			f.sums = append(f.sums, line)
		}
	}
	return f, nil
}

// appModule is the go.mod of an app, as `go mod tidy` would leave it.
func (f framework) appModule(module string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "module %s\n\ngo %s\n\nrequire (\n\t%s v0.0.0\n", module, f.goLine, frameworkModule)
	for _, r := range f.requires {
		if direct[r[0]] {
			fmt.Fprintf(&b, "\t%s %s\n", r[0], r[1])
		}
	}
	b.WriteString(")\n\nrequire (\n")
	for _, r := range f.requires {
		if !direct[r[0]] {
			fmt.Fprintf(&b, "\t%s %s // indirect\n", r[0], r[1])
		}
	}
	fmt.Fprintf(&b, ")\n\nreplace %s => %s\n", frameworkModule, quoted(f.dir))
	return []byte(b.String())
}

// appSums is the go.sum of an app.
func (f framework) appSums() []byte { return []byte(strings.Join(f.sums, "")) }

// quoted is a path as go.mod wants it.
func quoted(dir string) string {
	if strings.ContainsAny(dir, " \"'`()[]{},;\t") || strings.Contains(dir, "//") {
		return strconv.Quote(dir)
	}
	return dir
}

// isFramework reports whether dir has the sources of the framework.
func isFramework(dir string) (bool, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "//")
		if words := strings.Fields(line); len(words) > 0 && words[0] == "module" {
			return len(words) == 2 && strings.Trim(words[1], `"`) == frameworkModule, nil
		}
	}
	return false, nil
}
