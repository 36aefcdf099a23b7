package problem

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		p    Problem
		want string
	}{
		{"no place", Problem{Message: "npm is missing"}, "npm is missing"},
		{"file alone", Problem{File: "go.mod", Message: "bad"}, "go.mod: bad"},
		{"line", Problem{File: "a.go", Line: 3, Message: "bad"}, "a.go:3: bad"},
		{"line and column", Problem{File: "a.go", Line: 3, Col: 2, Message: "bad"}, "a.go:3:2: bad"},
		{"more lines", Problem{File: "a.go", Line: 3, Col: 2, Message: "bad\nhave x"}, "a.go:3:2: bad\n    have x"},
		{"source", Problem{File: "a.go", Line: 12, Col: 3, Message: "bad", Source: "\t\tfoo()\r"},
			"a.go:12:3: bad\n    12 |   foo()\n           ^"},
		{"column beyond the line", Problem{File: "a.go", Line: 1, Col: 99, Message: "bad", Source: "x"},
			"a.go:1:99: bad\n    1 | x"},
	} {
		if got := Format(tt.p); got != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"/app/web/a.templ": "web/a.templ",
		"/else/b.go":       "/else/b.go",
		"web/c.go":         "web/c.go",
		"":                 "",
	} {
		if got := Relative("/app", []Problem{{File: file}})[0].File; got != want {
			t.Errorf("Relative(%q) = %q, want %q", file, got, want)
		}
	}
}

func TestWithSource(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte("package a\r\n\nvar x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[int]string{0: "", 1: "package a", 2: "", 3: "var x", 4: ""} {
		if got := WithSource(Problem{File: file, Line: line}).Source; got != want {
			t.Errorf("line %d = %q, want %q", line, got, want)
		}
	}
	if got := WithSource(Problem{File: file + "x", Line: 1}).Source; got != "" {
		t.Errorf("a missing file has the line %q", got)
	}
}
