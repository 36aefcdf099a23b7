package assets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// lockedProject is what package-lock.json says of the project itself and of the
// packages that others need on some systems only.
type lockedProject struct {
	Packages map[string]struct {
		Version              string
		Integrity            string
		Dependencies         map[string]string
		DevDependencies      map[string]string
		OptionalDependencies map[string]string
	}
}

// CheckLock reports what is wrong with package-lock.json: that it is not of this
// package.json, or that it works on some systems only. npm leaves packages of
// other systems out of a lock, without a word, that the registry did not have at
// that moment; `npm ci` then refuses the lock. n is the number of its packages.
func (p Project) CheckLock() (n int, err error) {
	if !isFile(p.path("package.json")) {
		return 0, nil
	}
	var asked struct{ Dependencies, DevDependencies map[string]string }
	if err := readJSON(p.path("package.json"), &asked); err != nil {
		return 0, err
	}
	var lock lockedProject
	err = readJSON(p.path("package-lock.json"), &lock)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, errors.New("package-lock.json is missing")
	}
	if err != nil {
		return 0, err
	}
	root := lock.Packages[""]
	for _, group := range [][2]map[string]string{{asked.Dependencies, root.Dependencies}, {asked.DevDependencies, root.DevDependencies}} {
		for name, version := range group[0] {
			if got := group[1][name]; got != version {
				return 0, fmt.Errorf("package.json wants %s %s, package-lock.json was made for %q", name, version, got)
			}
		}
	}
	for path, locked := range lock.Packages {
		for name := range locked.OptionalDependencies {
			found, ok := lock.Packages["node_modules/"+name]
			if !ok {
				found, ok = lock.Packages[path+"/node_modules/"+name]
			}
			if !ok || found.Integrity == "" {
				return 0, fmt.Errorf("package-lock.json lacks %s, which %s needs on another system: "+
					"choose a version whose packages are all there", name, strings.TrimPrefix(path, "node_modules/"))
			}
		}
	}
	return len(lock.Packages) - 1, nil
}

func readJSON(path string, v any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
