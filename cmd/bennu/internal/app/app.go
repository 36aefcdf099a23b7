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

// Find looks for the app that dir is in: dir itself or the nearest directory
// above it, up to that of go.mod, which is a main package or has one below cmd/.
// main names the directory of the main package, seen from dir.
func Find(dir, main string) (App, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return App{}, err
	}
	if info, err := os.Stat(abs); err != nil || !info.IsDir() {
		return App{}, fmt.Errorf("--dir %s is not a directory", dir)
	}
	var a App
	if a.Root = moduleRoot(abs); a.Root == "" {
		return App{}, fmt.Errorf("there is no go.mod in %s nor above it: is this the app's directory? --dir names another one, "+
			"and `bennu new` makes an app", abs)
	}
	if a.Module, err = modulePath(a.Root); err != nil {
		return App{}, err
	}
	if a.Dir, a.Main, err = locate(abs, a.Root, main); err != nil {
		return App{}, err
	}
	if p, ok := assets.Find(a.Dir); ok {
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

// locate is the directory of the app around dir, which is not above root, and
// that of its main package.
func locate(dir, root, asked string) (app, main string, err error) {
	if asked != "" {
		return locateAsked(dir, root, asked)
	}
	for at := dir; ; at = filepath.Dir(at) {
		main, err := findMain(at)
		switch {
		case err != nil:
			return "", "", err
		case main == at && filepath.Base(filepath.Dir(at)) == "cmd" && at != root && filepath.Dir(at) != root:
			return filepath.Dir(filepath.Dir(at)), main, nil // in cmd/shop of shop
		case main != "":
			return at, main, nil
		case at == root:
			return "", "", fmt.Errorf("no package main in %s nor below %s: is this the app's directory? --dir and --main name others",
				dir, filepath.Join(root, "cmd"))
		}
	}
}

// locateAsked is locate for a main package that was named. The app is in the
// nearest directory that holds it.
func locateAsked(dir, root, asked string) (app, main string, err error) {
	main = asked
	if !filepath.IsAbs(main) {
		main = filepath.Join(dir, main)
	}
	if !isMain(main) {
		return "", "", fmt.Errorf("--main %s: no package main in %s", asked, main)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if rel, err := filepath.Rel(at, main); err == nil && filepath.IsLocal(rel) {
			return at, main, nil
		}
		if at == root {
			return dir, main, nil // elsewhere, with the parts of this one
		}
	}
}

// findMain is the directory of the main package of an app in dir: dir, or the
// only one below cmd/, "" for none.
func findMain(dir string) (string, error) {
	if isMain(dir) {
		return dir, nil
	}
	candidates, err := filepath.Glob(filepath.Join(dir, "cmd", "*"))
	if err != nil {
		return "", err
	}
	var found []string
	for _, c := range candidates {
		if isMain(c) && !isFile(filepath.Join(c, "go.mod")) { // else it is of another module
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return "", nil
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
