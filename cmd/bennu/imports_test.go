package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The command writes the Go of templates, so that it must compile without:
// nothing that it uses may hold generated files of its own.
func TestTheCommandNeedsNoGeneratedFiles(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{.Dir}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		path, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		if path != "bennu" && !strings.HasPrefix(path, "bennu/") {
			continue
		}
		generated, err := filepath.Glob(filepath.Join(dir, "*_templ.go"))
		if err != nil {
			t.Fatal(err)
		}
		if len(generated) > 0 {
			t.Errorf("the command depends on %s, which needs the command for %s", path, filepath.Base(generated[0]))
		}
	}
}
