package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// devShowcase runs `bennu dev` over a copy of the examples, so that a test may
// edit it.
func devShowcase(t *testing.T) (s *server, dir string) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	bennu := filepath.Join(root, "bin", "bennu")
	if _, err := os.Stat(bennu); err != nil {
		t.Fatalf("no command to test: %v; `make build` makes it", err)
	}
	module := filepath.Join(t.TempDir(), "examples")
	if err := copyTree(filepath.Join(root, "examples"), module); err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(module, "showcase")
	modules := "web/assets/node_modules"
	if err := os.Symlink(filepath.Join(root, "examples/showcase", modules), filepath.Join(dir, modules)); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(module, "go.mod"), "replace bennu => ..", "replace bennu => "+root)
	cmd := exec.Command(bennu, "dev", "--dir", dir, "--addr", "localhost:"+freePort(t))
	s = run(t, cmd, "GOWORK=off")
	line, _ := s.line(0, "ready in")
	_, s.url, _ = strings.Cut(line, "→ ")
	s.url = strings.TrimSuffix(strings.TrimSpace(s.url), "/")
	return s, dir
}

// copyTree copies a directory without what was installed or built.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.Name() == "node_modules":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		case filepath.Base(filepath.Dir(path)) == "dist" && d.Name() != ".keep":
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o644)
	})
}

// edit replaces text in a file as an editor does, and fails if it is not there.
func edit(t testing.TB, file, old, text string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), old) {
		t.Fatalf("%s does not contain %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(b), old, text, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestSEED03And18TheDevLoopInTheBrowser is one walk, because starting the loop
// is what costs.
func TestSEED03And18TheDevLoopInTheBrowser(t *testing.T) {
	s, dir := devShowcase(t)
	if !strings.HasPrefix(s.url, "http://localhost:") {
		t.Fatalf("the loop names %q as its address; its output:\n%s", s.url, s.text())
	}
	p := newTab(t)
	p.visit(s.url + "/counter")
	p.click(increase)
	p.waitText("#count", "2")
	if got := p.opened(); len(got) != 2 || !strings.Contains(strings.Join(got, "\n"), "/live_reload/socket") || !strings.Contains(strings.Join(got, "\n"), "/live/websocket") {
		t.Errorf("in development the page opened %v, want the live and the reload socket", got)
	}

	// A style, with a class that was never used before: no page load (SEED-04).
	p.do(chromedp.Evaluate[chromedp.Void](`void (window.sameDocument = true)`))
	css := filepath.Join(dir, "web", "assets", "app.css")
	f, err := os.OpenFile(css, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("\n#count { letter-spacing: 3px; }\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p.wait(`getComputedStyle(document.querySelector("#count")).letterSpacing === "3px"`)
	if p.js(`window.sameDocument`) != "true" || p.js(`document.querySelector("#count").textContent`) != "2" {
		t.Error("the new style came by a page load")
	}

	// A template.
	templ := filepath.Join(dir, "web", "counter", "counter.templ")
	edit(t, templ, `id="count"`, `id="count" title="from the template" data-new="w-[123px]"`)
	p.wait(`document.querySelector("#count[title='from the template']")`)
	p.wait(`document.querySelector("[data-phx-main].phx-connected")`)

	// Go.
	edit(t, filepath.Join(dir, "web", "counter", "counter.go"), "c.Count += by.Number", "c.Count += 50 * by.Number")
	p.wait(`document.querySelector("[data-phx-main].phx-connected") && window.sameDocument === undefined`)
	mark := s.mark()
	s.line(0, "counter.go", "running")
	_ = mark
	p.wait(`document.querySelector("[data-phx-main].phx-connected")`)
	p.click(increase)
	p.waitText("#count", "100")

	// A mistake is shown with its place, and goes away when it is mended.
	edit(t, templ, "{ c.Count }", "{ c.Cuont }")
	p.wait(`document.documentElement.outerHTML.includes("counter.templ") || [...document.querySelectorAll("*")].some(e => e.shadowRoot && e.shadowRoot.textContent.includes("counter.templ"))`)
	p.waitText("#count", "100")
	edit(t, templ, "{ c.Cuont }", "{ c.Count }")
	p.wait(`![...document.querySelectorAll("*")].some(e => e.shadowRoot && e.shadowRoot.textContent.includes("counter.templ"))`)
	p.errors()
}
