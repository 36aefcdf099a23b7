package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bennu/cmd/bennu/internal/problem"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, map[string]string{
		"go.mod":                      "// an app\nmodule \"example.com/shops\" // of two\n\ngo 1.26\n",
		"one/cmd/shop/main.go":        "package main",
		"one/web/assets/app.js":       "",
		"two/main.go":                 "package main",
		"one/web/assets/embed.go":     "package assets",
		"one/web/assets/package.json": "{}",
	})
	a, err := Find(filepath.Join(root, "one"), "")
	if err != nil {
		t.Fatal(err)
	}
	if a.Root != root || a.Module != "example.com/shops" || a.Main != filepath.Join(root, "one/cmd/shop") || a.Name() != "shop" {
		t.Errorf("Find = %+v", a)
	}
	if a.Assets == nil || a.Assets.Dir != filepath.Join(root, "one/web/assets") {
		t.Errorf("assets = %+v", a.Assets)
	}
	if a, err := Find(filepath.Join(root, "two"), ""); err != nil || a.Assets != nil {
		t.Errorf("an app without assets: %+v, %v", a, err)
	}
	for dir, want := range map[string]string{
		filepath.Join(root, "none"): "is not a directory",
		t.TempDir():                 "there is no go.mod",
		root:                        "no package main",
	} {
		if _, err := Find(dir, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%s) = %v, want %q in it", dir, err, want)
		}
	}
}

func TestFindMain(t *testing.T) {
	t.Parallel()
	const main, lib = "package main", "package shop"
	for _, tt := range []struct {
		name  string
		files map[string]string
		asked string
		want  string
		err   string
	}{
		{"the app's own", map[string]string{"main.go": main, "cmd/a/main.go": main}, "", ".", ""},
		{"the only one below cmd", map[string]string{"shop.go": lib, "cmd/shop/main.go": main, "cmd/lib/lib.go": lib}, "", "cmd/shop", ""},
		{"the one asked for", map[string]string{"cmd/a/main.go": main, "cmd/b/main.go": main}, "cmd/b", "cmd/b", ""},
		{"several", map[string]string{"cmd/a/main.go": main, "cmd/b/main.go": main}, "", "", "--main cmd/a or --main cmd/b"},
		{"none", map[string]string{"shop.go": lib, "main_test.go": main}, "", "", "no package main"},
		{"not the one asked for", map[string]string{"main.go": main, "x/x.go": lib}, "x", "", "--main x"},
	} {
		dir := t.TempDir()
		write(t, dir, tt.files)
		_, got, err := locate(dir, dir, tt.asked)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: error %v, want %q in it", tt.name, err, tt.err)
			}
			continue
		}
		if want := filepath.Join(dir, tt.want); err != nil || got != want {
			t.Errorf("%s: locate = %q, %v, want %q", tt.name, got, err, want)
		}
	}
}

// A command works from everywhere in an app, as the go command does in a module.
func TestProgramOfAnotherModule(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, map[string]string{"go.mod": "module bennu", "cmd/bennu/main.go": "package main", "cmd/bennu/go.mod": "module bennu/cmd/bennu"})
	if a, err := Find(root, ""); err == nil || !strings.Contains(err.Error(), "no package main") {
		t.Errorf("Find = %+v, %v, want an error: the only program is of another module", a, err)
	}
}

func TestFindFromWithin(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, map[string]string{
		"go.mod":                "module shops\n",
		"one/cmd/shop/main.go":  "package main",
		"one/web/live/x/x.go":   "package x",
		"one/web/assets/app.js": "",
		"two/main.go":           "package main",
		"two/web/x.go":          "package web",
		"docs/x.go":             "package docs",
	})
	for _, tt := range []struct{ dir, asked, app, main string }{
		{"one", "", "one", "one/cmd/shop"},
		{"one/web/live/x", "", "one", "one/cmd/shop"},
		{"one/web/assets", "", "one", "one/cmd/shop"},
		{"one/cmd", "", "one", "one/cmd/shop"},
		{"one/cmd/shop", "", "one", "one/cmd/shop"},
		{"two/web", "", "two", "two"},
		{"one/web", "../cmd/shop", "one", "one/cmd/shop"},
		{"docs", "../two", ".", "two"},
	} {
		a, err := Find(filepath.Join(root, tt.dir), tt.asked)
		if err != nil || a.Dir != filepath.Join(root, tt.app) || a.Main != filepath.Join(root, tt.main) || a.Root != root {
			t.Errorf("from %s, --main %q: %+v, %v, want the app %s and its main package %s", tt.dir, tt.asked, a, err, tt.app, tt.main)
		}
		if (a.Assets != nil) != (tt.app == "one") {
			t.Errorf("from %s: assets %+v", tt.dir, a.Assets)
		}
	}
	if _, err := Find(filepath.Join(root, "docs"), ""); err == nil || !strings.Contains(err.Error(), "no package main in "+filepath.Join(root, "docs")) {
		t.Errorf("from docs: %v", err)
	}
}

func TestGoProblems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, map[string]string{"web/a.templ": "templ A() {\n\t{ x }\n}\n"})
	output := strings.Join([]string{
		"# shop/web",
		"a.templ:2:4: undefined: x",
		"web/b.go:7: missing return",
		"../other/c.go:1:2: cannot use v (variable of type int) as string value:",
		"\thave int",
		"\twant string",
		"too many errors",
		"# shop",
		"./main.go:3:1: syntax error",
		"# other/module",
		"b.templ:1:1: undefined: z",
		"main.go:8:2: no required module provides package github.com/x/y; to add it:",
		"\tgo get github.com/x/y",
		"go: updates to go.mod needed",
		"",
	}, "\n")
	want := []problem.Problem{
		{Tool: "templ", File: filepath.Join(dir, "web/a.templ"), Line: 2, Col: 4, Message: "undefined: x", Source: "\t{ x }"},
		{Tool: "go", File: filepath.Join(dir, "web/b.go"), Line: 7, Message: "missing return"},
		{Tool: "go", File: filepath.Join(dir, "../other/c.go"), Line: 1, Col: 2,
			Message: "cannot use v (variable of type int) as string value:\nhave int\nwant string"},
		{Tool: "go", File: filepath.Join(dir, "main.go"), Line: 3, Col: 1, Message: "syntax error"},
		{Tool: "templ", File: filepath.Join(dir, "b.templ"), Line: 1, Col: 1, Message: "undefined: z"},
		{Tool: "go", File: filepath.Join(dir, "main.go"), Line: 8, Col: 2,
			Message: "no required module provides package github.com/x/y; to add it:\ngo get github.com/x/y"},
		{Tool: "go", Message: "go: updates to go.mod needed"},
	}
	got := goProblems(output, dir, App{Root: dir, Module: "shop"}.packageDir)
	if len(got) != len(want) {
		t.Fatalf("got %d problems, want %d: %+v", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("problem %d:\ngot  %+v\nwant %+v", i, got[i], want[i])
		}
	}
}
