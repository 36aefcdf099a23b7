package assets

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const packageJSON = `{"private": true}`

func lockfile(packages string) string {
	return `{"lockfileVersion": 3, "packages": {"": {}` + packages + `}}`
}

func TestInstalledComparesTheLockWithWhatIsThere(t *testing.T) {
	t.Parallel()
	const (
		a1      = `, "node_modules/a": {"version": "1.0.0", "integrity": "sha512-a1"}`
		a2      = `, "node_modules/a": {"version": "2.0.0", "integrity": "sha512-a2"}`
		forged  = `, "node_modules/a": {"version": "1.0.0", "integrity": "sha512-zz"}`
		mac     = `, "node_modules/mac": {"version": "1.0.0", "optional": true}`
		mac2    = `, "node_modules/mac": {"version": "2.0.0", "optional": true}`
		bundled = `, "node_modules/wasm/node_modules/b": {"version": "1.0.0", "inBundle": true}`
	)
	for _, tt := range []struct {
		name, want, have string
		current          bool
	}{
		{"the same", a1, a1, true},
		{"other version", a2, a1, false},
		{"other content", a1, forged, false},
		{"missing", a1, "", false},
		{"another system's", a1 + mac, a1, true},
		{"ours, old", a1 + mac2, a1 + mac, false},
		{"bundled in one that is not here", a1 + bundled, a1, true},
	} {
		p := project(t, map[string]string{
			"app.js": "", "package.json": packageJSON,
			"package-lock.json":               lockfile(tt.want),
			"node_modules/.package-lock.json": lockfile(tt.have),
		})
		if got, err := p.installed(); err != nil || got != tt.current {
			t.Errorf("%s: installed = %v, %v, want %v", tt.name, got, err, tt.current)
		}
	}
}

func TestSetupErrorsSayTheFix(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"no lock", map[string]string{"app.js": "", "package.json": packageJSON}, []string{"package-lock.json is missing", "npm install"}},
		{"broken lock", map[string]string{"app.js": "", "package.json": packageJSON, "package-lock.json": "{"}, []string{"package-lock.json"}},
	} {
		_, err := project(t, tt.files).Setup(t.Context(), &bytes.Buffer{})
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: Setup = %v, want %q in it", tt.name, err, want)
			}
		}
	}
}

// Not parallel: the PATH belongs to the process.
func TestSetupRunsNPMOnce(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	p := project(t, map[string]string{
		"app.js": "", "package.json": packageJSON,
		"package-lock.json": lockfile(`, "node_modules/a": {"version": "1.0.0"}`),
	})
	_, err := p.Setup(t.Context(), &bytes.Buffer{})
	for _, want := range []string{"npm is not on the PATH", "https://nodejs.org", "apt install nodejs npm"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without npm: Setup = %v, want %q in it", err, want)
		}
	}

	npm := filepath.Join(bin, "npm")
	script := "#!/bin/sh\necho \"npm $@\"\necho '" + lockfile(`, "node_modules/a": {"version": "1.0.0"}`) + "' > node_modules/.package-lock.json\n"
	if err := os.WriteFile(npm, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		var out bytes.Buffer
		got, err := p.Setup(t.Context(), &out)
		if err != nil || got != want {
			t.Errorf("Setup %d = %v, %v, want %v", i, got, err, want)
		}
		if want && !strings.HasPrefix(out.String(), "npm ci --ignore-scripts") {
			t.Errorf("npm was called as %q", out.String())
		}
	}

	if err := os.WriteFile(npm, []byte("#!/bin/sh\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(p.path("node_modules", ".package-lock.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Setup(t.Context(), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "npm ci in "+p.Dir) {
		t.Errorf("npm fails: Setup = %v", err)
	}
}

func TestSetupWithoutPackagesIsNothing(t *testing.T) {
	t.Parallel()
	if got, err := project(t, map[string]string{"app.js": ""}).Setup(t.Context(), &bytes.Buffer{}); got || err != nil {
		t.Errorf("Setup = %v, %v", got, err)
	}
}
