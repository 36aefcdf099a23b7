package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestModulesMendsGoMod(t *testing.T) {
	t.Parallel()
	other := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module other\n\ngo 1.26\n", "other.go": "package other\n"} {
		if err := os.WriteFile(filepath.Join(other, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := program(t, "import _ \"other\"\n\nfunc main() {}\n")
	mod := filepath.Join(a.Root, "go.mod")
	const head = "module shop\n\ngo 1.26\n\n"
	if err := os.WriteFile(mod, []byte(head+"replace other => "+other+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		changed, err := a.Modules(t.Context())
		if err != nil || changed != want {
			t.Errorf("call %d: changed %v, %v, want %v", i+1, changed, err, want)
		}
	}
	text, err := os.ReadFile(mod)
	if err != nil || !strings.Contains(string(text), "require other v0.0.0-") {
		t.Errorf("go.mod is now\n%s (%v), want it to require the module", text, err)
	}

	broken := program(t, "func main() {}\n")
	if err := os.WriteFile(filepath.Join(broken.Root, "go.mod"), []byte(head+"requires other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := broken.Modules(t.Context()); err == nil || !strings.Contains(err.Error(), "go mod tidy") || !strings.Contains(err.Error(), "requires") {
		t.Errorf("a go.mod that is wrong: %v, want what go says", err)
	}
}
