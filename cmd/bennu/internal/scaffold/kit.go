package scaffold

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// kit is where an app has its own copies of the ready components, and where the
// framework keeps them.
const (
	kit       = "web/kit/"
	kitSource = "component/kit"
)

// addKit adds the ready components of the framework in this directory.
func addKit(files map[string][]byte, framework string) error {
	dir := filepath.Join(framework, filepath.FromSlash(kitSource))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("the components of the framework: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		made := strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go")
		if made || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".templ") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("the components of the framework: %w", err)
		}
		files[kit+name] = text
	}
	return nil
}
