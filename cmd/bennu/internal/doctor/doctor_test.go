package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/app"
	"bennu/cmd/bennu/internal/scaffold"
)

// machine is a System on which all is well, but for what a test changes.
type machine struct {
	env      map[string]string
	versions map[string]string // program to what it prints; "" is not there
	fails    map[string]string // program to what it complains about
	envErr   error
	portErr  error
	dir      string // of the framework
	templ    string // the app's version
}

func (m machine) system() System {
	return System{
		Getenv: func(name string) string { return m.env[name] },
		Run: func(_ context.Context, _, name string, args ...string) (string, error) {
			what := name
			if name == "go" {
				what = name + " " + args[0]
			}
			if what == "go list" && args[1] == "-deps" {
				what += " -deps"
			}
			if why, ok := m.fails[what]; ok {
				return "", errors.New(why)
			}
			if m.versions[name] == "" {
				return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
			}
			if what == "go list" && args[1] == "-m" {
				return "bennu\t" + m.dir + "\treplaced\ngithub.com/a-h/templ\t\t" + m.templ, nil
			}
			return m.versions[name], nil
		},
		Environment: func() error { return m.envErr },
		Port:        func(string) error { return m.portErr },
	}
}

func newApp(t *testing.T) (a app.App, framework string) {
	t.Helper()
	framework, err := scaffold.FindFramework(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "shop")
	if _, err := (scaffold.App{Dir: dir, Framework: framework}).Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, err = app.Find(dir, ""); err != nil {
		t.Fatal(err)
	}
	lock, err := os.ReadFile(filepath.Join(a.Assets.Dir, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, a, "web/assets/node_modules/.package-lock.json", string(lock))
	return a, framework
}

func write(t *testing.T, a app.App, name, text string) {
	t.Helper()
	path := filepath.Join(a.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func healthy(framework string) machine {
	return machine{
		env: map[string]string{}, fails: map[string]string{}, dir: framework, templ: "v0.3.1020",
		versions: map[string]string{"go": "go1.26.8", "node": "v20.20.2", "npm": "11.19.1"},
	}
}

func TestAllIsWell(t *testing.T) {
	t.Parallel()
	a, framework := newApp(t)
	m := healthy(framework)
	m.env["SECRET_KEY_BASE"], m.env["BENNU_LOG"] = "long and secret", "debug"
	var names []string
	for _, f := range Examine(t.Context(), a, m.system()) {
		names = append(names, f.Name)
		if f.Fix != "" || f.Text == "" || strings.Contains(f.Text, "long and secret") {
			t.Errorf("%+v, want no fix, some text, and no secret", f)
		}
	}
	if got, want := fmt.Sprint(names), "[go framework templ modules templates node npm lock packages port secret origins]"; got != want {
		t.Errorf("looked at %s, want %s", got, want)
	}
}

// Each thing that is wrong is found, alone, with what to do about it.
func TestEachProblemHasItsFix(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		change  func(*testing.T, *machine, app.App)
		finding string
		text    string
		fix     string
	}{
		{"no go", func(_ *testing.T, m *machine, _ app.App) {
			m.fails["go env"] = "go.mod requires go >= 1.30 (running go 1.26.8)"
		},
			"go", "go.mod requires go >= 1.30", "https://go.dev/dl"},
		{"no framework", func(t *testing.T, m *machine, _ app.App) { m.dir = t.TempDir() }, "framework", "where it is not", "go mod edit -replace bennu=DIR"},
		{"another templ", func(_ *testing.T, m *machine, _ app.App) { m.templ = "v0.3.1100" }, "templ", "the app has templ v0.3.1100", "go get github.com/a-h/templ@v0.3.1020"},
		{"a module apart", func(_ *testing.T, m *machine, _ app.App) {
			m.fails["go list -deps"] = "web/routes.go:7:2: package bennu/telemetry/prom is not in std (/usr/local/go/src/bennu/telemetry/prom)"
		}, "modules", "bennu/telemetry/prom is in a module of its own", "go mod edit -replace bennu/telemetry/prom=DIR/telemetry/prom"},
		{"old node", func(_ *testing.T, m *machine, _ app.App) { m.versions["node"] = "v18.1.0" }, "node", "18.1.0, want 20 or newer", "https://nodejs.org"},
		{"no node", func(_ *testing.T, m *machine, _ app.App) { m.versions["node"] = "" }, "node", "there is no node command", "apt install nodejs npm"},
		{"broken node", func(_ *testing.T, m *machine, _ app.App) { m.fails["node"] = "cannot run" }, "node", "cannot run", "https://nodejs.org"},
		{"odd node", func(_ *testing.T, m *machine, _ app.App) { m.versions["node"] = "nightly" }, "node", "nightly, want 20", "https://nodejs.org"},
		{"no npm", func(_ *testing.T, m *machine, _ app.App) { m.versions["npm"] = "" }, "npm", "there is no npm command", "apt install nodejs npm"},
		{"stale template", func(t *testing.T, _ *machine, a app.App) {
			write(t, a, "web/ui/new.templ", "package ui\n\ntempl new() {\n\t<p></p>\n}\n")
		}, "templates", "web/ui/new_templ.go is not current", "bennu generate"},
		{"wrong template", func(t *testing.T, _ *machine, a app.App) {
			write(t, a, "web/ui/new.templ", "package ui\n\ntempl new() {\n\t<p>\n}\n")
		}, "templates", "web/ui/new.templ:4", "mend that line"},
		{"no packages", func(t *testing.T, _ *machine, a app.App) {
			write(t, a, "web/assets/node_modules/.package-lock.json", `{"packages": {}}`)
		}, "packages", "node_modules is not what package-lock.json names", "bennu setup"},
		{"another lock", func(t *testing.T, _ *machine, a app.App) {
			write(t, a, "web/assets/package.json", `{"dependencies": {"daisyui": "6.0.0"}}`)
		}, "lock", "package.json wants daisyui 6.0.0", "in web/assets: npm install --ignore-scripts"},
		{"port", func(_ *testing.T, m *machine, _ app.App) {
			m.portErr = errors.New("port 4000 is taken by postgres (process 7): stop it, or choose another port: PORT=4001 bennu dev")
		}, "port", "port 4000 is taken by postgres (process 7)", "PORT=4001 bennu dev"},
		{"no socket", func(_ *testing.T, m *machine, _ app.App) { m.portErr = errors.New("listen tcp: no sockets") }, "port", "listen tcp: no sockets", "PORT=4001 bennu dev"},
		{"no port", func(_ *testing.T, m *machine, _ app.App) {
			m.env["PORT"] = "abc"
			m.envErr = errors.Join(errors.New(`bennu: PORT: "abc", want a number`))
		}, "port", `PORT is "abc", want a number from 0 to 65535`, "PORT=4000"},
		{"secret", func(_ *testing.T, m *machine, _ app.App) {
			m.env["SECRET_KEY_BASE"] = "short"
			m.envErr = errors.Join(errors.New("bennu: SECRET_KEY_BASE: 5 bytes, want 64"))
		}, "secret", "SECRET_KEY_BASE: 5 bytes, want 64", "SECRET_KEY_BASE=$(bennu gen secret)"},
		{"origins", func(_ *testing.T, m *machine, _ app.App) {
			m.env["BENNU_ORIGINS"] = "shop.example"
			m.envErr = errors.Join(errors.New("bennu: SECRET_KEY_BASE: not set"), errors.New(`bennu: Options.Origins (BENNU_ORIGINS): "shop.example": no`))
		}, "origins", `"shop.example": no`, "BENNU_ORIGINS=https://shop.example"},
		{"log", func(_ *testing.T, m *machine, _ app.App) {
			m.env["BENNU_LOG"] = "loud"
			m.envErr = errors.New(`bennu: BENNU_LOG: "loud", want debug`)
		}, "log", `BENNU_LOG: "loud"`, "BENNU_LOG=info"},
	} {
		a, framework := newApp(t)
		m := healthy(framework)
		tt.change(t, &m, a)
		var found []Finding
		for _, f := range Examine(t.Context(), a, m.system()) {
			if f.Fix != "" {
				found = append(found, f)
			}
		}
		if len(found) != 1 || found[0].Name != tt.finding || !strings.Contains(found[0].Text, tt.text) || !strings.Contains(found[0].Fix, tt.fix) {
			t.Errorf("%s: found %+v\nwant only %s: %q, fix %q", tt.name, found, tt.finding, tt.text, tt.fix)
		}
	}
}

// The port of a loop that runs is no problem.
func TestBennuDevMayHaveThePort(t *testing.T) {
	t.Parallel()
	a, framework := newApp(t)
	m := healthy(framework)
	m.env["PORT"] = "4010"
	m.portErr = errors.New("port 4010 is taken by bennu (process 7): stop it")
	for _, f := range Examine(t.Context(), a, m.system()) {
		if f.Name == "port" && (f.Fix != "" || f.Text != "4010 is served by bennu dev") {
			t.Errorf("%+v", f)
		}
	}
}

func TestThisMachine(t *testing.T) {
	t.Parallel()
	s := ThisMachine()
	if out, err := s.Run(t.Context(), t.TempDir(), "go", "env", "GOVERSION"); err != nil || !strings.HasPrefix(out, "go1.") {
		t.Errorf("go env GOVERSION: %q, %v", out, err)
	}
	if _, err := s.Run(t.Context(), t.TempDir(), "go", "no-such-command"); err == nil || !strings.Contains(err.Error(), "unknown command") {
		t.Errorf("a wrong command: %v, want what go says", err)
	}
	if _, err := s.Run(t.Context(), t.TempDir(), "no-such-program"); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("a missing program: %v, want exec.ErrNotFound", err)
	}
	if err := s.Port("127.0.0.1:0"); err != nil {
		t.Errorf("any port: %v", err)
	}
}
