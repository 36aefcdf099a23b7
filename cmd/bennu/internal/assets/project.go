package assets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Project is a directory of sources for browsers.
type Project struct {
	// Dir is the absolute path of the directory.
	Dir string
}

// Open checks that dir has something to build.
func Open(dir string) (Project, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Project{}, fmt.Errorf("assets: %w", err)
	}
	p := Project{Dir: abs}
	if p.script() == "" && p.style() == "" {
		return Project{}, fmt.Errorf("assets: nothing to build in %s: expected app.js, app.ts or app.css there", dir)
	}
	return p, nil
}

// OpenPackages is Open for a directory that only needs its packages installed.
func OpenPackages(dir string) (Project, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return Project{}, fmt.Errorf("assets: %w", err)
	}
	p := Project{Dir: abs}
	if !isFile(p.path("package.json")) && p.script() == "" && p.style() == "" {
		return Project{}, fmt.Errorf("assets: nothing to install in %s: expected package.json there", dir)
	}
	return p, nil
}

// Find is the project of the app in appDir, at one of the usual places; ok is
// false when it has none.
func Find(appDir string) (p Project, ok bool) {
	for _, place := range []string{"web/assets", "assets"} {
		if p, err := Open(filepath.Join(appDir, place)); err == nil {
			return p, true
		}
	}
	return Project{}, false
}

// Dist is where production files go.
func (p Project) Dist() string { return p.path("dist") }

func (p Project) path(elem ...string) string {
	return filepath.Join(append([]string{p.Dir}, elem...)...)
}

// script is the name of the entry script, "" when there is none.
func (p Project) script() string { return p.first("app.js", "app.ts") }

// style is the name of the style sheet, "" when there is none.
func (p Project) style() string { return p.first("app.css") }

func (p Project) first(names ...string) string {
	for _, name := range names {
		if isFile(p.path(name)) {
			return name
		}
	}
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// UsesTailwind reports whether the style sheet is Tailwind's to build: there is
// one, and package.json names its command.
func (p Project) UsesTailwind() (bool, error) {
	if p.style() == "" {
		return false, nil
	}
	text, err := os.ReadFile(p.path("package.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("assets: %w", err)
	}
	var pkg struct {
		Dependencies, DevDependencies map[string]string
	}
	if err := json.Unmarshal(text, &pkg); err != nil {
		return false, fmt.Errorf("assets: %s: %w", p.path("package.json"), err)
	}
	const cli = "@tailwindcss/cli"
	return pkg.Dependencies[cli] != "" || pkg.DevDependencies[cli] != "", nil
}
