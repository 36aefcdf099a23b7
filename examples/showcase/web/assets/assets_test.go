package assets

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// lockedPackage is what package-lock.json says of one package.
type lockedPackage struct {
	Version              string
	OptionalDependencies map[string]string
	Integrity            string
}

func readJSON(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// TestLockNamesEveryPlatform holds that the lock file works on other machines
// than the one that made it: npm leaves out of it, without a word, platform
// packages that the registry did not have at that moment, and `npm ci` refuses
// such a lock file.
func TestLockNamesEveryPlatform(t *testing.T) {
	t.Parallel()
	var lock struct {
		Packages map[string]lockedPackage
	}
	readJSON(t, "package-lock.json", &lock)
	platforms := 0
	for path, p := range lock.Packages {
		for name := range p.OptionalDependencies {
			platforms++
			top, topOK := lock.Packages["node_modules/"+name]
			own, ownOK := lock.Packages[path+"/node_modules/"+name]
			if !topOK && !ownOK {
				t.Errorf("%s: optional package %s is not locked; choose a version whose platform packages all exist, and make the lock anew", path, name)
				continue
			}
			if top.Integrity == "" && own.Integrity == "" {
				t.Errorf("%s: %s has no checksum in the lock", path, name)
			}
		}
	}
	if platforms < 30 {
		t.Errorf("the lock names %d platform packages, want those of Tailwind, Lightning CSS and Parcel's watcher, 30 or more", platforms)
	}
}

func TestVersionsAreExact(t *testing.T) {
	t.Parallel()
	var pkg struct {
		Dependencies, DevDependencies map[string]string
	}
	readJSON(t, "package.json", &pkg)
	var lock struct {
		Packages map[string]lockedPackage
	}
	readJSON(t, "package-lock.json", &lock)
	exact := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	for _, group := range []map[string]string{pkg.Dependencies, pkg.DevDependencies} {
		for name, version := range group {
			if !exact.MatchString(version) {
				t.Errorf("package.json: %s is %q, want one exact version", name, version)
			}
			if got := lock.Packages["node_modules/"+name].Version; got != version {
				t.Errorf("package-lock.json: %s is %q, want %q as in package.json", name, got, version)
			}
		}
	}
}
