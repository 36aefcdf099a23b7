package bennu_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Imports go down only: a package knows what stands below it, so that each can
// be read, tested and replaced without what stands above. A new package gets a
// line here; a rule that is wrong is changed here, with its reason.
var importRules = []importRule{
	{"bennu", []string{"bennu/channel", "bennu/form", "bennu/internal/address", "bennu/internal/devlog", "bennu/internal/devreload", "bennu/internal/logs", "bennu/internal/witness", "bennu/internal/redact", "bennu/internal/transport", "bennu/internal/wire", "bennu/live", "bennu/presence", "bennu/pubsub", "bennu/render", "bennu/supervisor", "bennu/telemetry", "bennu/token", templModule, wsModule},
		"the App wires everything below it; test kits, generator and HTML parsers stay out of programs"},
	{"bennu/internal/transport", []string{"bennu/internal/logs", "bennu/internal/witness", "bennu/internal/wire", "bennu/live", wsModule},
		"transports carry what views say; they know neither routes nor sessions"},
	{"bennu/live", []string{"bennu/form", "bennu/internal/address", "bennu/internal/lifetime", "bennu/internal/logs", "bennu/internal/nearest", "bennu/internal/witness", "bennu/internal/redact", "bennu/internal/wire", "bennu/presence", "bennu/pubsub", "bennu/render", "bennu/telemetry", templModule},
		"a view knows nothing of HTTP, sockets or the App, so that it runs under any of them and under none in tests"},
	{"bennu/channel", []string{"bennu/form", "bennu/internal/lifetime", "bennu/internal/logs", "bennu/internal/nearest", "bennu/internal/wire", "bennu/live", "bennu/presence", "bennu/pubsub"},
		"channels run on the sockets that views run on, and like them know nothing of HTTP and the App"},
	{"bennu/channel/channeltest", []string{"bennu/channel", "bennu/internal/wire", "bennu/live", "bennu/pubsub"},
		"the test kit of channels stands on them and is imported by tests only"},
	{"bennu/render", []string{"bennu/internal/htmlattr", templModule},
		"what generated code calls is pure: a tree in, a diff out"},
	{"bennu/form", nil, "decoding is pure"},
	{"bennu/telemetry", nil, "what happens, as values; who makes them stands above"},
	{"bennu/js", []string{"bennu/internal/address", "bennu/internal/htmlattr", "bennu/internal/logs", "bennu/internal/wire"}, "commands are texts"},
	{"bennu/presence", []string{"bennu/pubsub"}, "who is here is known without views and without the network, which it is given"},
	{"bennu/pubsub", []string{"bennu/internal/logs"}, "topics carry Go values and know nobody"},
	{"bennu/supervisor", []string{"bennu/internal/logs"}, "what keeps parts of a program running knows none of them"},
	{"bennu/cache", nil, "a map with an end for each entry knows nobody"},
	{"bennu/pubsub/pubsubtest", []string{"bennu/pubsub"}, "the rules of a hub, for whoever sets one up"},
	{"bennu/token", nil, "what protects sessions depends on nothing but the standard library"},
	{"bennu/internal/address", nil, "one judgement of where a browser may be sent"},
	{"bennu/route", nil, "what path helpers of apps are made of, which import nothing else"},
	{"bennu/internal/leaktest", nil, "how tests notice goroutines that they left behind"},
	{"bennu/internal/nearest", nil, "words, for messages"},
	{"bennu/internal/logs", nil, "how logs stay short, whatever clients do"},
	{"bennu/internal/lifetime", nil, "the context of views and channels"},
	{"bennu/internal/witness", nil, "how livetest sees into the server that it drives"},
	{"bennu/internal/redact", nil, "a list of names, for whoever logs"},
	{"bennu/internal/wire", nil, "frames are pure, and are fuzzed alone"},
	{"bennu/internal/devlog", nil, "logs for people; it knows records, not who writes them"},
	{"bennu/internal/devreload", []string{wsModule}, "the second socket of pages in development; shared with cmd/bennu"},
	{"bennu/internal/htmlattr", nil, "a list of names, for the generator and for what it calls"},
	{"bennu/internal/templgen", []string{"bennu/internal/htmlattr", templModule}, "the generator reads templates and writes Go; only cmd/bennu runs it"},
	{"bennu/internal/htmltree", []string{cascadiaModule, netModule}, "HTML as a tree, for test kits and checks"},
	{"bennu/livetest", []string{"bennu", "bennu/form", "bennu/internal/htmltree", "bennu/internal/nearest", "bennu/internal/witness", "bennu/internal/transport", "bennu/internal/wire", "bennu/live", "bennu/render", "bennu/token", templModule, wsModule},
		"the test kit stands on top and is imported by tests only"},
	{"bennu/component", []string{"bennu/js", "bennu/live", "bennu/render", templModule},
		"components are markup over what views use"},
	{"bennu/component/kit", []string{"bennu/component", "bennu/js", "bennu/live", "bennu/render", templModule},
		"what apps get copies of is made of what apps may import"},
}

type importRule struct {
	pkg    string
	may    []string // packages of this module and modules of others
	reason string
}

const (
	templModule    = "github.com/a-h/templ"
	wsModule       = "github.com/gobwas/ws"
	netModule      = "golang.org/x/net"
	cascadiaModule = "github.com/andybalholm/cascadia"
)

// listedPackage is what `go list` says of a package.
type listedPackage struct {
	ImportPath                         string
	Standard                           bool
	Module                             *struct{ Path, Dir string }
	Imports, TestImports, XTestImports []string
}

// goList runs `go list` in a directory.
func goList(t *testing.T, dir string, env []string, args ...string) []listedPackage {
	t.Helper()
	var out []listedPackage
	d := json.NewDecoder(strings.NewReader(goTool(t, dir, env, append([]string{"list"}, args...)...)))
	for {
		var p listedPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
}

// goTool runs the go command and returns what it prints.
func goTool(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}

func TestImportDirections(t *testing.T) {
	t.Parallel()
	packages := goList(t, ".", nil, "-deps", "-json=ImportPath,Standard,Module,Imports", "./...")
	byPath := make(map[string]listedPackage)
	for _, p := range packages {
		byPath[p.ImportPath] = p
	}
	for _, p := range packages {
		if p.Module == nil || p.Module.Path != "bennu" {
			continue
		}
		i := slices.IndexFunc(importRules, func(r importRule) bool { return r.pkg == p.ImportPath })
		if i < 0 {
			t.Errorf("%s has no rule in imports_test.go: say there what it may import, and why", p.ImportPath)
			continue
		}
		rule := importRules[i]
		for _, path := range p.Imports {
			dep := byPath[path]
			if dep.Standard || path == "C" || path == "unsafe" {
				continue
			}
			name := path
			if dep.Module != nil && dep.Module.Path != "bennu" {
				name = dep.Module.Path
			}
			if !slices.Contains(rule.may, name) {
				t.Errorf("%s imports %s; it may import %v: %s", p.ImportPath, path, rule.may, rule.reason)
			}
		}
	}
}

func TestTestKitStaysOutOfPrograms(t *testing.T) {
	t.Parallel()
	for _, p := range goList(t, ".", nil, "-deps", "-json=ImportPath", ".") {
		switch p.ImportPath {
		case "bennu/livetest", "bennu/internal/htmltree", "bennu/internal/templgen", "testing":
			t.Errorf("a program with bennu has %s in it", p.ImportPath)
		}
	}
}

// TestOthersUseThePublicPackages holds that examples, benchmarks and the tests
// in the browser stay what users can write: the go command itself lets them
// import our internal packages, because their import paths begin like ours.
func TestOthersUseThePublicPackages(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"examples", "bench", "browsertest", "e2e", "cluster/nats", "telemetry/otel", "telemetry/prom"} {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			t.Errorf("module %s: %v", dir, err)
			continue
		}
		for _, p := range goList(t, dir, nil, "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...") {
			for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
				if strings.HasPrefix(path, "bennu/internal/") {
					t.Errorf("%s imports %s, which users cannot", p.ImportPath, path)
				}
			}
		}
	}
}
