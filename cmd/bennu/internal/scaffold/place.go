package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// checkPlace reports why no app can be made at dir, an absolute path.
func checkPlace(dir string) error {
	parent := filepath.Dir(dir)
	if info, err := os.Stat(parent); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no directory %s; make it first: mkdir -p %[1]s", parent)
	} else if err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is a file; expected a directory, to make the app in", parent)
	}
	if err := checkEmpty(dir); err != nil {
		return err
	}
	return checkSurroundings(dir)
}

// checkEmpty accepts what holds nothing but a repository that was made first.
func checkEmpty(dir string) error {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is there already and is no directory; remove it, or choose another name", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != ".git" {
			return fmt.Errorf("%s is not empty (there is %s): nothing was written; choose another directory, or empty this one", dir, e.Name())
		}
	}
	return nil
}

// checkSurroundings reports a module or a workspace around dir.
func checkSurroundings(dir string) error {
	if work := os.Getenv("GOWORK"); work != "" && work != "off" {
		return fmt.Errorf("the environment has GOWORK=%s: Go would look for the app's packages in that workspace, "+
			"which does not know it; unset GOWORK first", work)
	}
	file, outermost := "", ""
	for up := filepath.Dir(dir); ; up = filepath.Dir(up) {
		for _, name := range []string{"go.work", "go.mod"} {
			if found := filepath.Join(up, name); isFile(found) {
				outermost = up
				if file == "" {
					file = found
				}
			}
		}
		if up == filepath.Dir(up) {
			break
		}
	}
	place := filepath.Join(filepath.Dir(outermost), filepath.Base(dir))
	switch filepath.Base(file) {
	case "go.work":
		return fmt.Errorf("%s is inside the workspace of %s: Go would look for the app's packages in that workspace, "+
			"which does not know it; make it outside, say at %s", dir, file, place)
	case "go.mod":
		return fmt.Errorf("%s is inside the module of %s: an app is a module of its own, and commands such as "+
			"go test ./... would no longer see the whole of that one; make it outside, say at %s", dir, file, place)
	}
	return nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
