// Package app is the app that a command works on: where its parts are, and how
// its program is made.
package app

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"bennu/cmd/bennu/internal/assets"
)

// App is where the parts of an app are. All paths are absolute.
type App struct {
	// Dir is the app's directory, where its commands are called.
	Dir string
	// Main is the directory of its main package.
	Main string
	// Root is the directory of its go.mod.
	Root string
	// Module is the module path that go.mod names.
	Module string
	// Assets are its scripts and styles, nil when it has none.
	Assets *assets.Project
}

// Find looks for the app in dir. main names the directory of the main package,
// seen from there; empty is dir itself, or the only one below cmd/.
func Find(dir, main string) (App, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return App{}, err
	}
	if info, err := os.Stat(abs); err != nil || !info.IsDir() {
		return App{}, fmt.Errorf("--dir %s is not a directory", dir)
	}
	a := App{Dir: abs}
	if a.Root = moduleRoot(abs); a.Root == "" {
		return App{}, fmt.Errorf("there is no go.mod in %s nor above it: is this the app's directory? --dir names another one, "+
			"and `bennu new` makes an app", abs)
	}
	if a.Module, err = modulePath(a.Root); err != nil {
		return App{}, err
	}
	if a.Main, err = findMain(abs, main); err != nil {
		return App{}, err
	}
	if p, ok := assets.Find(abs); ok {
		a.Assets = &p
	}
	return a, nil
}

// Name is what the app's program is called: after the directory of its main
// package.
func (a App) Name() string { return filepath.Base(a.Main) }

// Relative is how messages name a file of the app.
func (a App) Relative(path string) string {
	if rel, err := filepath.Rel(a.Dir, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}

// findMain is the directory of the main package: the one asked for, the app's
// own, or the only one below cmd/.
func findMain(dir, asked string) (string, error) {
	if asked != "" {
		path := asked
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if !isMain(path) {
			return "", fmt.Errorf("--main %s: no package main in %s", asked, path)
		}
		return path, nil
	}
	if isMain(dir) {
		return dir, nil
	}
	candidates, err := filepath.Glob(filepath.Join(dir, "cmd", "*"))
	if err != nil {
		return "", err
	}
	var found []string
	for _, c := range candidates {
		if isMain(c) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("no package main in %s nor below %s: is this the app's directory? --dir and --main name others",
			dir, filepath.Join(dir, "cmd"))
	case 1:
		return found[0], nil
	}
	names := make([]string, len(found))
	for i, f := range found {
		names[i] = "cmd/" + filepath.Base(f)
	}
	return "", fmt.Errorf("there are several programs: choose one with --main %s", strings.Join(names, " or --main "))
}

func isMain(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return false
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
		if err == nil && f.Name.Name == "main" {
			return true
		}
	}
	return false
}

// moduleRoot is the nearest directory upwards that has a go.mod, "" for none.
func moduleRoot(dir string) string {
	for !isFile(filepath.Join(dir, "go.mod")) {
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
	return dir
}

// modulePath is what the go.mod of a directory calls its module.
func modulePath(root string) (string, error) {
	file := filepath.Join(root, "go.mod")
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "//")
		if words := strings.Fields(line); len(words) == 2 && words[0] == "module" {
			return strings.Trim(words[1], "\"`"), nil
		}
	}
	return "", fmt.Errorf("%s names no module: expected a line such as \"module example.com/shop\"", file)
}

// packageDir is the directory of a package of the app's module, "" for others.
func (a App) packageDir(importPath string) string {
	rest, ok := strings.CutPrefix(importPath, a.Module)
	if !ok || rest != "" && rest[0] != '/' {
		return ""
	}
	return filepath.Join(a.Root, filepath.FromSlash(rest))
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
