package assets

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bennu/cmd/bennu/internal/problem"
)

func TestTailwindProblem(t *testing.T) {
	t.Parallel()
	p := project(t, map[string]string{"app.css": "a\nb {\n", "css/more.css": "x\n"})
	for _, tt := range []struct {
		name, said string
		exit       error
		want       problem.Problem
	}{
		{"in a box", "≈ tailwindcss v4.3.3\n\n\x1b[31mError:\x1b[39m\n\x1b[2m┌\x1b[22m\n\x1b[2m│\x1b[22m Error: Cannot apply unknown utility class `nope`\n└\n", nil,
			problem.Problem{File: p.path("app.css"), Message: "Cannot apply unknown utility class `nope`"}},
		{"with a position", "Error:\n┌\n│ CssSyntaxError: " + p.path("app.css") + ":2:1: Missing closing } at b\n└\n", nil,
			problem.Problem{File: p.path("app.css"), Line: 2, Col: 1, Source: "b {", Message: "Missing closing } at b"}},
		{"relative position", "Error:\n┌\n│ Error: ./css/more.css:1:1: Invalid declaration: `x`\n└\n", nil,
			problem.Problem{File: p.path("css/more.css"), Line: 1, Col: 1, Source: "x", Message: "Invalid declaration: `x`"}},
		{"no box", "node: bad option\n", errors.New("exit status 9"),
			problem.Problem{File: p.path("app.css"), Message: "node: bad option"}},
		{"nothing", "", errors.New("signal: killed"),
			problem.Problem{File: p.path("app.css"), Message: "tailwind: signal: killed"}},
	} {
		tt.want.Tool = "tailwind"
		if got := p.tailwindProblem(tt.said, tt.exit); got != tt.want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", tt.name, got, tt.want)
		}
	}
}

func TestTailwindNotInstalledSaysTheFix(t *testing.T) {
	t.Parallel()
	p := project(t, map[string]string{"app.css": "", "package.json": `{"devDependencies": {"@tailwindcss/cli": "4.3.3"}}`})
	if _, err := lookNode("node"); err != nil {
		t.Skip("Node.js is not installed")
	}
	if _, err := p.Build(t.Context()); err == nil || !strings.Contains(err.Error(), "bennu assets setup "+p.Dir) {
		t.Errorf("Build = %v, want the command that installs", err)
	}
}

// tailwindProject has the packages of the showcase, which `make setup` installs.
func tailwindProject(t *testing.T, files map[string]string) Project {
	t.Helper()
	modules, err := filepath.Abs("../../../../examples/showcase/web/assets/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if !isFile(filepath.Join(modules, "@tailwindcss", "cli", "dist", "index.mjs")) {
		t.Skip("Tailwind is not installed: run `make setup`")
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"package.json":  `{"devDependencies": {"@tailwindcss/cli": "4.3.3"}}`,
		"app.css":       "@import 'tailwindcss' source(none);\n@source './views/*.templ';\n",
		"views/a.templ": `<p class="text-red-600">`,
	})
	write(t, dir, files)
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	p, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTailwindBuild(t *testing.T) {
	t.Parallel()
	p := tailwindProject(t, nil)
	build(t, p)
	style := read(t, filepath.Join(p.Dist(), readManifest(t, p)["app.css"]))
	if !strings.Contains(style, ".text-red-600{") || strings.Contains(style, "text-green-600") {
		t.Errorf("style has not exactly the classes of the templates: %d bytes", len(style))
	}
	write(t, p.Dir, map[string]string{"app.css": "@import 'tailwindcss' source(none);\n.a { @apply nope; }\n"})
	_, err := p.Build(t.Context())
	want := p.path("app.css") + ": Cannot apply unknown utility class `nope`"
	if err == nil || err.Error() != want {
		t.Errorf("Build = %v, want %s", err, want)
	}
}

func TestTailwindFollowsChanges(t *testing.T) {
	t.Parallel()
	p := tailwindProject(t, nil)
	dist := filepath.Join(p.Dir, "dev")
	reports := make(chan Styled, 100)
	tw, err := p.WatchTailwind(dist, func(s Styled) { reports <- s })
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	await := func(what string, ok func(Styled) bool) {
		t.Helper()
		timeout := time.After(30 * time.Second)
		for {
			select {
			case s := <-reports:
				if ok(s) {
					return
				}
			case <-timeout:
				t.Fatalf("%s: nothing reported", what)
			}
		}
	}
	has := func(class string) func(Styled) bool {
		return func(s Styled) bool {
			return s.Changed && s.Err == nil && strings.Contains(read(t, filepath.Join(dist, "app.css")), class)
		}
	}
	await("first", has(".text-red-600"))
	write(t, p.Dir, map[string]string{"views/a.templ": `<p class="text-green-600">`})
	await("a class never used before", has(".text-green-600"))
	write(t, p.Dir, map[string]string{"app.css": read(t, p.path("app.css")) + ".a { @apply nope; }\n"})
	await("a mistake", func(s Styled) bool { return s.Err != nil && strings.Contains(s.Err.Error(), "nope") && !s.Ended })
	write(t, p.Dir, map[string]string{"app.css": "@import 'tailwindcss' source(none);\n.fixed { color: red }\n"})
	await("the fix", has(".fixed"))
}

func TestTailwindEndsWhenItsFirstBuildFails(t *testing.T) {
	t.Parallel()
	p := tailwindProject(t, map[string]string{"app.css": "@import 'tailwindcss' source(none);\n.a { @apply nope; }\n"})
	reports := make(chan Styled, 100)
	tw, err := p.WatchTailwind(filepath.Join(p.Dir, "dev"), func(s Styled) { reports <- s })
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	select {
	case s := <-reports:
		if !s.Ended || s.Err == nil || !strings.Contains(s.Err.Error(), "nope") {
			t.Errorf("reported %+v, want the mistake and the end", s)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nothing reported")
	}
}
