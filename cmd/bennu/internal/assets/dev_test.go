package assets

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/problem"
)

func TestDevBundlesWhatChanged(t *testing.T) {
	t.Parallel()
	p := project(t, sources)
	dist := t.TempDir()
	d, err := p.Dev(dist)
	if err != nil {
		t.Fatalf("Dev: %v", err)
	}
	defer d.Close()
	step := func(what string, files map[string]string, want Changed) {
		t.Helper()
		write(t, p.Dir, files)
		got, err := d.Bundle()
		if err != nil || got != want {
			t.Errorf("%s: Bundle = %+v, %v, want %+v", what, got, err, want)
		}
	}
	step("first", nil, Changed{Script: true, Style: true})
	step("nothing", nil, Changed{})
	step("script", map[string]string{"js/late.js": "export const late = 'soon'\n"}, Changed{Script: true})
	step("style", map[string]string{"css/base.css": "body { color: blue }\n"}, Changed{Style: true})

	script := read(t, filepath.Join(dist, "app.js"))
	if !strings.Contains(script, "\n") || !strings.Contains(script, "//# sourceMappingURL=app.js.map") {
		t.Errorf("script is minified or has no map:\n%s", script)
	}
	if got, want := read(t, filepath.Join(dist, ManifestName)), "{\n  \"app.css\": \"app.css\",\n  \"app.js\": \"app.js\"\n}\n"; got != want {
		t.Errorf("manifest = %s, want %s", got, want)
	}
	if isFile(p.path("dist", "app.js")) {
		t.Error("development files went to dist, which is production's")
	}
}

func TestDevReportsAndRecovers(t *testing.T) {
	t.Parallel()
	p := project(t, sources)
	d, err := p.Dev(t.TempDir())
	if err != nil {
		t.Fatalf("Dev: %v", err)
	}
	defer d.Close()
	write(t, p.Dir, map[string]string{"app.js": "let x = 1\nlet x = 2\n"})
	_, err = d.Bundle()
	var f *problem.Failure
	if !errors.As(err, &f) || f.Problems[0].File != p.path("app.js") || f.Problems[0].Line != 2 || f.Problems[0].Col != 5 {
		t.Errorf("Bundle = %v, want a failure at app.js:2:5", err)
	}
	write(t, p.Dir, map[string]string{"app.js": "let x = 1\n"})
	if got, err := d.Bundle(); err != nil || !got.Script {
		t.Errorf("after the fix: Bundle = %+v, %v", got, err)
	}
}

func TestDevCopiesStaticFiles(t *testing.T) {
	t.Parallel()
	p := project(t, sources)
	dist := t.TempDir()
	d, err := p.Dev(dist)
	if err != nil {
		t.Fatalf("Dev: %v", err)
	}
	defer d.Close()
	for i, want := range []bool{true, false} {
		if got, err := d.CopyStatic(); err != nil || got != (Changed{Static: want}) {
			t.Errorf("CopyStatic %d = %+v, %v, want %v", i, got, err, want)
		}
	}
	if got := read(t, filepath.Join(dist, "images", "big.svg")); got != sources["static/images/big.svg"] {
		t.Error("the copy is not what was copied")
	}
}

func TestDevOfAStyleSheetAlone(t *testing.T) {
	t.Parallel()
	p := project(t, map[string]string{"app.css": "a{}"})
	d, err := p.Dev(t.TempDir())
	if err != nil {
		t.Fatalf("Dev: %v", err)
	}
	defer d.Close()
	if got, err := d.Bundle(); err != nil || got != (Changed{Style: true}) {
		t.Errorf("Bundle = %+v, %v", got, err)
	}
}
