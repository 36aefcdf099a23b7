package dev

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bennu/cmd/bennu/internal/paths"
)

// kind is what has to be done when a file changes.
type kind uint8

const (
	ignored  kind = iota
	template      // generate, then as for source
	source        // go build, which knows best whether anything changes
	script        // esbuild
	style         // Tailwind, which watches by itself, or esbuild
	static        // copy
	packages      // npm
)

// embedded are the endings of files that programs embed. Others, such as the
// files of a database, change while the app runs and mean nothing.
var embedded = []string{".sql", ".html", ".tmpl", ".gotmpl", ".txt", ".json", ".yaml", ".yml", ".toml", ".md", ".csv", ".po"}

var scripts = []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".tsx"}

// classify says what a change of the file means.
func (s site) classify(path string) kind {
	name, ext := filepath.Base(path), filepath.Ext(path)
	switch {
	case strings.HasSuffix(path, separator):
		return source // a directory that went away
	case temporary(name), strings.HasSuffix(name, "_test.go"):
		return ignored
	case strings.HasSuffix(name, "_templ.go") && isFile(strings.TrimSuffix(path, "_templ.go")+".templ"):
		return ignored // ours; what it is made from is watched
	case name == paths.FileName:
		return ignored // ours, made in each build
	case name == "go.mod", name == "go.sum", name == "go.work":
		return source
	case !s.watches(path):
		return ignored
	case ext == ".templ":
		return template
	case ext == ".go":
		return source
	}
	if s.Assets != nil {
		if rel, err := filepath.Rel(s.Assets.Dir, path); err == nil && filepath.IsLocal(rel) {
			return classifyAsset(filepath.ToSlash(rel))
		}
		if slices.Contains(scripts, ext) {
			return script
		}
		if ext == ".css" {
			return style
		}
	}
	if slices.Contains(embedded, ext) {
		return source
	}
	return ignored
}

// watches reports whether the file lies in one of the trees.
func (s site) watches(path string) bool {
	return slices.ContainsFunc(s.watched, func(tree string) bool {
		rel, err := filepath.Rel(tree, path)
		return err == nil && filepath.IsLocal(rel)
	})
}

// classifyAsset is for files below the directory of assets.
func classifyAsset(rel string) kind {
	top, _, _ := strings.Cut(rel, "/")
	switch {
	case top == "dist", top == "node_modules":
		return ignored
	case top == "static":
		return static
	case rel == "package.json", rel == "package-lock.json":
		return packages
	case filepath.Ext(rel) == ".css":
		return style
	}
	return script // pictures and fonts too: the bundle may take them in
}

// temporary reports whether the name is one that editors use while they save.
func temporary(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") ||
		strings.HasSuffix(name, "~") || strings.HasSuffix(name, ".tmp")
}

// skipDir reports whether a directory has nothing to watch.
func (s site) skipDir(path string) bool {
	name := filepath.Base(path)
	switch {
	case slices.Contains(s.watched, path):
		return false
	case strings.HasPrefix(name, "."), name == "node_modules", name == "vendor", name == "testdata":
		return true
	case s.Assets != nil && path == s.Assets.Dist():
		return true
	}
	return path == filepath.Join(s.Dir, "bin")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
