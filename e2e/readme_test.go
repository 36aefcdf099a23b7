package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestProgramOfTheREADME takes the program out of the README, generates,
// compiles and serves it, clicks its button, and runs its test.
func TestProgramOfTheREADME(t *testing.T) {
	t.Parallel()
	repo, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(repo, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	listings := regexp.MustCompile("(?s)`([\\w.]+)`:\n\n```\\w+\n(.*?)```").FindAllStringSubmatch(read("README.md"), -1)
	if len(listings) != 3 {
		t.Fatalf("the README has %d files of a program, want counter.templ, main.go and counter_test.go", len(listings))
	}
	for _, l := range listings {
		write(l[1], l[2])
	}
	templ := regexp.MustCompile(`github.com/a-h/templ (v\S+)`).FindStringSubmatch(read("go.mod"))
	write("go.mod", fmt.Sprintf("module counter\n\ngo 1.26.6\n\nrequire (\n\tbennu v0.0.0\n\tgithub.com/a-h/templ %s\n)\n\nreplace bennu => %s\n", templ[1], repo))
	write("go.sum", read("go.sum"))

	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s := run(t, exec.Command(binary(t, "bennu"), "dev", "--dir", dir), "PORT="+port, "GOWORK=off", "GOFLAGS=-mod=mod")
	s.line(0, "ready in", "http://localhost:"+port)
	v := get(t, "http://localhost:"+port+"/")
	j := v.dial().join(v, 0)
	if f := j.push("increase", click); !strings.Contains(f.raw, "text-green-600") || !strings.Contains(f.raw, `"2"`) {
		t.Errorf("a click on + is answered with %s, want a green 2", f.raw)
	}

	test := exec.Command("go", "test", ".")
	test.Dir = dir
	test.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("go test: %v\n%s", err, out)
	}
}
