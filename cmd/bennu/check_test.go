package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/check"
)

// A fresh app has nothing to find, and a mistake in it is told with its line,
// its fix and the exit status.
func TestCheckAFreshApp(t *testing.T) {
	t.Parallel()
	dir := newApp(t, "shop")
	does(t, "generate", dir)
	goTool(t, dir, "mod", "tidy")
	if status, stdout, stderr := cli(t, "check", dir); status != 0 || stdout != "" || stderr != "" {
		t.Errorf("a fresh app: status %d\n%s%s", status, stdout, stderr)
	}

	template := filepath.Join(dir, "web/live/counter/counter.templ")
	text, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(text), `phx-click="reset"`, `phx-click="rest"`, 1)
	if wrong == string(text) {
		t.Fatalf("the template of a new app has no phx-click=\"reset\":\n%s", text)
	}
	if err := os.WriteFile(template, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	does(t, "generate", dir)
	status, stdout, stderr := cli(t, "check", dir)
	for _, want := range []string{
		"web/live/counter/counter.templ:", `no handler for event "rest" in view counter.Page (did you mean "reset"?) [event]`,
		"\n    fix: add \"rest\" to its Events", " | ", "^\n",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("bennu check prints\n%swant %q", stdout, want)
		}
	}
	if status != 1 || stderr != "1 finding; `bennu help check` tells more\n" {
		t.Errorf("status %d, stderr %q", status, stderr)
	}

	status, stdout, stderr = cli(t, "check", "--json", dir)
	var found []check.Finding
	if err := json.Unmarshal([]byte(stdout), &found); err != nil || status != 1 || stderr != "" {
		t.Fatalf("--json: status %d, stderr %q, %v\n%s", status, stderr, err, stdout)
	}
	if len(found) != 1 || found[0].Check != "event" || filepath.Base(found[0].File) != "counter.templ" || found[0].Line == 0 || found[0].Fix == "" {
		t.Errorf("--json has %+v", found)
	}
	if status, stdout, stderr := cli(t, "check", "--raw", dir); status != 0 || stdout != "" || stderr != "" {
		t.Errorf("--raw: status %d\n%s%s", status, stdout, stderr)
	}
}

// Without something to look at the status is that of a wrong call.
func TestCheckThatCannotLook(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for _, tt := range []struct {
		args   []string
		stderr string
	}{
		{[]string{"check", empty}, "bennu check: there is no go.mod in "},
		{[]string{"check", filepath.Join(empty, "none")}, "no such file or directory"},
		{[]string{"check", "--jsno"}, "flag provided but not defined: -jsno\n`bennu help check` tells more"},
	} {
		status, stdout, stderr := cli(t, tt.args...)
		if status != 2 || stdout != "" || !strings.Contains(stderr, tt.stderr) {
			t.Errorf("bennu %q: status %d, stdout %q, stderr %q, want %q", tt.args, status, stdout, stderr, tt.stderr)
		}
	}
	if _, stdout, _ := cli(t, "help", "check"); !strings.Contains(stdout, "bennu:ignore") {
		t.Errorf("bennu help check prints\n%s", stdout)
	}
	for _, name := range check.Names {
		if _, stdout, _ := cli(t, "help", "check"); !strings.Contains(stdout, "\n  "+name+" ") {
			t.Errorf("bennu help check does not explain %q", name)
		}
	}
}
