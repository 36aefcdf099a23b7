package assets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// static reads the files below static/, which are served under their own
// names. Hidden ones stay behind.
func (p Project) static() (map[string][]byte, error) {
	files := make(map[string][]byte)
	root := os.DirFS(p.path("static"))
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // no static/, or a file that has gone since it was listed
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		files[name] = text
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("assets: %s: %w", p.path("static"), err)
	}
	return files, nil
}
