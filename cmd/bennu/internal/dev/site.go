package dev

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bennu/cmd/bennu/internal/assets"
)

// Config is what `bennu dev` was asked for.
type Config struct {
	Dir   string    // the app's directory; "" is the current one
	Main  string    // the main package, relative to Dir; "" finds it
	Addr  string    // where to listen; "" is :4000
	Watch []string  // more directories to watch
	Args  []string  // arguments for the app
	Out   io.Writer // where our own lines and npm's go; nil is standard output
	// Stdout and Stderr get the app's output unchanged; nil are our own.
	Stdout, Stderr io.Writer
}

// app is where everything of one app is found. All paths are absolute.
type app struct {
	dir     string
	main    string          // directory of the main package
	assets  *assets.Project // nil when the app has none
	work    string          // our own files, ignored by git
	watched []string        // trees to watch, dir first
	module  string          // the directory of go.mod, "" when there is none
}

// findApp looks up what the configuration leaves open.
func findApp(cfg Config) (app, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return app{}, err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return app{}, fmt.Errorf("--dir %s is not a directory", cfg.Dir)
	}
	a := app{dir: dir, work: filepath.Join(dir, ".bennu"), watched: []string{dir}}
	if a.main, err = findMain(dir, cfg.Main); err != nil {
		return app{}, err
	}
	a.module = moduleRoot(dir)
	if p, ok := assets.Find(dir); ok {
		a.assets = &p
	}
	for _, w := range cfg.Watch {
		w, err := filepath.Abs(w)
		if err != nil {
			return app{}, err
		}
		if info, err := os.Stat(w); err != nil || !info.IsDir() {
			return app{}, fmt.Errorf("--watch %s is not a directory", w)
		}
		a.watched = append(a.watched, w)
	}
	return a, nil
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

// moduleRoot is the nearest directory upwards that has a go.mod.
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

// packageDir is the directory of a package of the app's module, "" for others.
func (a app) packageDir(importPath string) string {
	text, err := os.ReadFile(filepath.Join(a.module, "go.mod"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "module" {
			continue
		}
		if rest, ok := strings.CutPrefix(importPath, strings.Trim(f[1], "\"")); ok && (rest == "" || rest[0] == '/') {
			return filepath.Join(a.module, filepath.FromSlash(rest))
		}
		return ""
	}
	return ""
}

// besides are directories that are watched for the files of the module alone.
func (a app) besides() []string {
	if a.module == "" {
		return nil
	}
	return []string{a.module}
}

func (a app) binary() string { return filepath.Join(a.work, "bin", "app") }
func (a app) dist() string   { return filepath.Join(a.work, "dist") }

// relative is how messages name a file of the app.
func (a app) relative(path string) string {
	if rel, err := filepath.Rel(a.dir, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}

// prepare makes our directory with an empty place for bundles.
func (a app) prepare() error {
	if err := os.RemoveAll(a.dist()); err != nil {
		return err
	}
	for _, dir := range []string{a.dist(), filepath.Dir(a.binary())} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(a.work, ".gitignore"), []byte("*\n"), 0o644)
}

// secret is a key that stays the same from one build to the next, so that
// sessions and open pages do. It is made at the first start.
func (a app) secret() (string, error) {
	file := filepath.Join(a.work, "secret")
	text, err := os.ReadFile(file)
	if err == nil && len(text) >= 64 {
		return string(text), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	key := make([]byte, 64)
	if _, err := rand.Read(key); err != nil {
		return "", err
	}
	fresh := base64.RawURLEncoding.EncodeToString(key)
	return fresh, os.WriteFile(file, []byte(fresh), 0o600)
}
