package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestSEED01ANewAppInTheBrowser makes an app, sets it up, builds it, takes the
// binary elsewhere, and clicks it in Chromium.
func TestSEED01ANewAppInTheBrowser(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	bennu := filepath.Join(root, "bin", "bennu")
	dir := filepath.Join(t.TempDir(), "shop")
	addCrash := func() {
		for _, err := range []error{
			replace(filepath.Join(dir, "web/live/counter/counter.templ"), "Back to zero</button>", "Back to zero</button><button id=\"crash\" phx-click=\"crash\">crash</button>"),
			replace(filepath.Join(dir, "web/live/counter/counter.go"), "live.Events{", "live.Events{\"crash\": live.Do(func(*live.Socket) error { panic(\"on purpose\") }), "),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, step := range []struct {
		dir  string
		args []string
		then func()
	}{
		{root, []string{"new", dir, "--framework", root}, addCrash},
		{dir, []string{"setup"}, func() {}},
		{filepath.Join(dir, "web", "live"), []string{"build"}, func() {}}, // from within
	} {
		cmd := exec.Command(bennu, step.args...)
		cmd.Dir = step.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("bennu %s: %v\n%s", strings.Join(step.args, " "), err, out)
		}
		step.then()
	}
	elsewhere := filepath.Join(t.TempDir(), "program")
	if err := os.Rename(filepath.Join(dir, "bin", "shop"), elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	s := run(t, exec.Command(elsewhere), "PORT=0", "SECRET_KEY_BASE="+secret)
	line, _ := s.line(0, "msg=listening")
	p := newTab(t)
	p.visit(strings.TrimSuffix(field(t, line, "url"), "/") + "/")
	before := p.js(`document.querySelector("[data-phx-main]").innerText`)
	p.click(`[data-phx-main] button[phx-click]:last-of-type`)
	p.wait(`document.querySelector("[data-phx-main]").innerText !== ` + "`" + before + "`")
	if n := len(p.opened()); n != 1 {
		t.Errorf("the app's page opened %d sockets, want one", n)
	}
	if p.js(`getComputedStyle(document.querySelector("[data-phx-main] button")).cursor`) != "pointer" {
		t.Error("the app's page is not styled")
	}

	for _, width := range []int64{320, 375, 768, 1280} {
		p.do(chromedp.EmulateViewport(width, 844))
		// A box that sticks out of its place may still be within the screen.
		if out := p.js(`[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right >
			document.querySelector("main").getBoundingClientRect().right - 23).map(e => e.outerHTML.slice(0, 100)).join("\n")`); out != "" {
			t.Errorf("on a screen of %d these stick out: %s", width, out)
		}
	}

	// A crash and a lost connection are told, each in its own words, and both
	// notices go by themselves.
	notice := func(class string) string {
		return `(getComputedStyle(document.querySelector("` + class + `")).display !== "none")`
	}
	p.js(`(window.told = "", new MutationObserver(() => { if ` + notice(".when-crashed") + ` window.told = "crashed" })
		.observe(document.querySelector("[data-phx-main]"), {attributes: true}))`)
	if p.js(notice(".when-crashed")+" || "+notice(".when-lost")) != "false" {
		t.Error("a notice is shown though all is well")
	}
	p.click("#crash")
	p.wait(`window.told === "crashed" && ` + connected + ` && !` + notice(".when-crashed"))
	p.wait(`document.querySelector("#count").textContent === "0"`) // a fresh view
	p.errors()                                                     // the client tells of the crash
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	p.wait(notice(".when-lost") + ` && !` + notice(".when-crashed"))
	p.errors()
}
