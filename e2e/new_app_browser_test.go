package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	for _, step := range []struct {
		dir  string
		args []string
	}{
		{root, []string{"new", dir, "--framework", root}},
		{dir, []string{"setup"}},
		{dir, []string{"build"}},
	} {
		cmd := exec.Command(bennu, step.args...)
		cmd.Dir = step.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("bennu %s: %v\n%s", strings.Join(step.args, " "), err, out)
		}
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
}
