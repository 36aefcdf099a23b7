package templgen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTemplateTooLarge(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := "package x\n\ntempl a() {\n" + strings.Repeat("<p>x</p>\n", maxTemplate/9+1) + "}\n"
	if err := os.WriteFile(filepath.Join(dir, "a.templ"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Dir(t.Context(), dir)
	if err != nil || !r.Failed() || !strings.Contains(r.Diagnostics[0].String(), "split it") {
		t.Errorf("Dir = %+v, %v, want a diagnostic that says to split it", r, err)
	}
}
