package bennu_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// coreModules are all that the core depends on directly, with the least version
// that is right. Whoever adds one says in a sentence why the standard library
// cannot do it.
var coreModules = map[string]struct{ version, reason string }{
	templModule:    {"v0.3.1020", "the template language"},
	wsModule:       {"v1.5.0", "WebSocket frames without a goroutine or buffers for each connection"},
	netModule:      {"v0.62.0", "an HTML parser that reads as browsers do, for livetest"},
	cascadiaModule: {"v1.3.5", "CSS selectors over it, for livetest"},
}

// withoutWorkspace makes the go command see the core as its users do.
var withoutWorkspace = []string{"GOWORK=off"}

func TestCoreDependencies(t *testing.T) {
	t.Parallel()
	var mod struct {
		Require []struct {
			Path, Version string
			Indirect      bool
		}
		Replace []any
	}
	if err := json.Unmarshal([]byte(goTool(t, ".", withoutWorkspace, "mod", "edit", "-json")), &mod); err != nil {
		t.Fatal(err)
	}
	if len(mod.Replace) > 0 {
		t.Errorf("go.mod of the core replaces %v; users would not get that", mod.Replace)
	}
	required := make(map[string]string)
	for _, r := range mod.Require {
		required[r.Path] = r.Version
	}

	// What packages and their tests import, whatever go.mod says of it.
	direct := make(map[string]bool)
	for _, p := range goList(t, ".", withoutWorkspace, "-deps", "-test", "-json=ImportPath,Standard,Module,Imports", "./...") {
		if p.Module == nil || p.Module.Path != "bennu" {
			continue
		}
		for _, path := range p.Imports {
			for m := range required {
				if path == m || strings.HasPrefix(path, m+"/") {
					direct[m] = true
				}
			}
		}
	}
	got, want := slices.Sorted(maps.Keys(direct)), slices.Sorted(maps.Keys(coreModules))
	if !slices.Equal(got, want) {
		t.Errorf("the core depends directly on %v, want %v", got, want)
	}
	for _, r := range mod.Require {
		if r.Indirect == direct[r.Path] {
			t.Errorf("go.mod: %s is marked indirect: %v, want %v; run go mod tidy", r.Path, r.Indirect, !direct[r.Path])
		}
	}
	for path, m := range coreModules {
		if got := required[path]; compareVersions(got, m.version) < 0 {
			t.Errorf("go.mod: %s %s, want %s or later", path, got, m.version)
		}
	}
}

// What joins servers listens to a network: its parts are not older than those
// that are known to be right.
func TestClusterDependencies(t *testing.T) {
	t.Parallel()
	var mod struct {
		Require []struct{ Path, Version string }
	}
	if err := json.Unmarshal([]byte(goTool(t, "cluster/nats", withoutWorkspace, "mod", "edit", "-json")), &mod); err != nil {
		t.Fatal(err)
	}
	least := map[string]string{"github.com/nats-io/nats-server/v2": "v2.15.2", "github.com/nats-io/nats.go": "v1.55.0", "golang.org/x/crypto": "v0.58.0"}
	for _, r := range mod.Require {
		if want, held := least[r.Path]; held && compareVersions(r.Version, want) < 0 {
			t.Errorf("cluster/nats/go.mod: %s %s, want %s or later", r.Path, r.Version, want)
		}
		delete(least, r.Path)
	}
	for path := range least {
		t.Errorf("cluster/nats/go.mod: %s is not there", path)
	}
}

// compareVersions compares versions of numbers, as in v1.20.3.
func compareVersions(a, b string) int {
	as, bs := strings.Split(strings.TrimPrefix(a, "v"), "."), strings.Split(strings.TrimPrefix(b, "v"), ".")
	return slices.CompareFunc(as, bs, func(x, y string) int {
		if len(x) != len(y) {
			return len(x) - len(y)
		}
		return strings.Compare(x, y)
	})
}

func TestCompareVersions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{{"v1.2.3", "v1.2.3", 0}, {"v1.2.10", "v1.2.9", 1}, {"v0.3.1020", "v0.3.999", 1}, {"", "v1.0.0", -1}, {"v1.2.3", "v2.0.0", -1}} {
		if got := compareVersions(tt.a, tt.b); got*tt.want < 0 || (got == 0) != (tt.want == 0) {
			t.Errorf("compareVersions(%q, %q) = %d, want the sign of %d", tt.a, tt.b, got, tt.want)
		}
	}
}
