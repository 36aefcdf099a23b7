package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// devSite is `make demo` over a copy of the examples, which tests may edit.
type devSite struct {
	*program
	url, port string
	root      string // temporary, holds all of it
	dir       string // the showcase's
}

// startDev starts the one dev loop of all tests, because starting it is what
// costs. They change the same files, one test after the other.
var startDev = sync.OnceValues(func() (*devSite, error) {
	d := &devSite{}
	running = d
	return d, d.start()
})

// running is the dev loop that TestMain ends, if a test started it.
var running *devSite

// devShowcase is the dev loop as the test sees it: no test that uses it may be
// parallel.
func devShowcase(t *testing.T) (s *server, d *devSite) {
	t.Helper()
	binary(t, "bennu") // or say how to make it
	d, err := startDev()
	if err != nil {
		t.Fatal(err)
	}
	return &server{program: d.program, t: t, url: d.url}, d
}

func (d *devSite) start() error {
	repo, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	if d.root, err = os.MkdirTemp("", "bennu-e2e-"); err != nil {
		return err
	}
	module := filepath.Join(d.root, "examples")
	if err := copyTree(filepath.Join(repo, "examples"), module); err != nil {
		return err
	}
	d.dir = filepath.Join(module, "showcase")
	modules := "web/assets/node_modules"
	if err := os.Symlink(filepath.Join(repo, "examples/showcase", modules), filepath.Join(d.dir, modules)); err != nil {
		return err
	}
	for name, dir := range map[string]string{"bennu": "..", "bennu/cluster/nats": "../cluster/nats"} {
		line := "replace " + name + " => "
		if err := replace(filepath.Join(module, "go.mod"), line+dir, line+filepath.Join(repo, "examples", dir)); err != nil {
			return err
		}
	}
	if d.port, err = freePort(); err != nil {
		return err
	}
	cmd := exec.Command("make", "-C", repo, "demo", "SHOWCASE="+d.dir, "BENNU="+filepath.Join(repo, "bin", "bennu"))
	if d.program, err = start(cmd, "PORT="+d.port, "GOWORK=off", "MAKEFLAGS="); err != nil {
		return err
	}
	line, _, err := d.find(0, []string{"ready in"})
	if err != nil {
		return err
	}
	_, address, _ := strings.Cut(line, "→ ")
	d.url = strings.TrimSuffix(strings.TrimSpace(address), "/")
	return nil
}

// end stops the loop and removes its files.
func (d *devSite) end() error {
	var err error
	if d.program != nil {
		err = d.stop()
	}
	if removed := os.RemoveAll(d.root); err == nil {
		err = removed
	}
	return err
}

// copyTree copies a directory without what was installed or built.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.Name() == "node_modules" || d.Name() == ".bennu":
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		case filepath.Base(filepath.Dir(path)) == "dist" && d.Name() != ".keep":
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o644)
	})
}

// edit replaces text in a file of the showcase as an editor does. Nobody puts
// it back: each test changes a place of its own.
func (d *devSite) edit(t testing.TB, file, old, text string) {
	t.Helper()
	if err := replace(filepath.Join(d.dir, file), old, text); err != nil {
		t.Fatal(err)
	}
}

// add appends text to a file of the showcase.
func (d *devSite) add(t testing.TB, file, text string) {
	t.Helper()
	path := filepath.Join(d.dir, file)
	b, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, append(b, text...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// replace replaces the one place where a file has the text.
func replace(file, old, text string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if n := strings.Count(string(b), old); n != 1 {
		return fmt.Errorf("%s contains %q %d times, want once", file, old, n)
	}
	return os.WriteFile(file, []byte(strings.Replace(string(b), old, text, 1)), 0o644)
}
