package main

import (
	"os/exec"
	"strings"
	"testing"
)

// The command makes the generated files that the framework and apps need to
// compile, so that it may use none of them.
func TestTheCommandBuildsWithoutTheFramework(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	allowed := map[string]bool{"bennu/token": true, "bennu/internal/devreload": true, "bennu/internal/templgen": true}
	for dep := range strings.Lines(string(out)) {
		dep = strings.TrimSpace(dep)
		ours := dep == "bennu" || strings.HasPrefix(dep, "bennu/")
		if ours && !strings.HasPrefix(dep, "bennu/cmd/bennu") && !allowed[dep] {
			t.Errorf("the command depends on %s", dep)
		}
	}
}
