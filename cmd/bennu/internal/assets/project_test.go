package assets

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// project writes the files into a directory of their own. A package "greet"
// stands in node_modules.
func project(t *testing.T, files map[string]string) Project {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"node_modules/greet/package.json": `{"name": "greet", "module": "greet.mjs"}`,
		"node_modules/greet/greet.mjs":    "export const greet = (name) => console.log(`hello ${name}`)\n",
	})
	write(t, dir, files)
	p, err := Open(dir)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return p
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOpenWantsSomethingToBuild(t *testing.T) {
	t.Parallel()
	_, err := Open(t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "expected app.js, app.ts or app.css") {
		t.Errorf("Open of an empty directory = %v", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"web/assets", "assets"} {
		app := t.TempDir()
		if _, ok := Find(app); ok {
			t.Errorf("Find in an empty app found something")
		}
		write(t, app, map[string]string{place + "/app.js": ""})
		p, ok := Find(app)
		if want := filepath.Join(app, place); !ok || p.Dir != want {
			t.Errorf("Find = %q, %v, want %q", p.Dir, ok, want)
		}
	}
}

func TestUsesTailwind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  bool
	}{
		{"dev dependency", map[string]string{"app.css": "", "package.json": `{"devDependencies": {"@tailwindcss/cli": "4.3.3"}}`}, true},
		{"dependency", map[string]string{"app.css": "", "package.json": `{"dependencies": {"@tailwindcss/cli": "4.3.3"}}`}, true},
		{"no style sheet", map[string]string{"app.js": "", "package.json": `{"dependencies": {"@tailwindcss/cli": "4.3.3"}}`}, false},
		{"other packages", map[string]string{"app.css": "", "package.json": `{"dependencies": {"greet": "1"}}`}, false},
		{"no package.json", map[string]string{"app.css": ""}, false},
	} {
		got, err := project(t, tt.files).UsesTailwind()
		if err != nil || got != tt.want {
			t.Errorf("%s: UsesTailwind = %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
	p := project(t, map[string]string{"app.css": "", "package.json": "{"})
	if _, err := p.UsesTailwind(); err == nil || !strings.Contains(err.Error(), "package.json") {
		t.Errorf("broken package.json: %v, want an error that names it", err)
	}
}
