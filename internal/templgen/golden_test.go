package templgen

import (
	"bytes"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// features returns the directories of testdata that hold a template.
func features(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*/x.templ")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no templates in testdata: %v", err)
	}
	for i, p := range paths {
		paths[i] = filepath.Base(filepath.Dir(p))
	}
	return paths
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// translate generates one template, which must be right.
func translate(t *testing.T, path, text string) []byte {
	t.Helper()
	texts, diagnostics := generate([]*file{newFile(path, text)})
	for _, d := range diagnostics {
		if !d.Warning {
			t.Fatal(d)
		}
	}
	return texts[0]
}

// golden compares got with a file of testdata, or rewrites the file.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./internal/templgen -update writes it)", err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || !bytes.Equal(g[i], w[i]) {
			t.Errorf("%s differs from line %d on:\n got %q\nwant %q", path, i+1, line(g, i), line(w, i))
			return
		}
	}
}

func line(lines [][]byte, i int) []byte {
	if i < len(lines) {
		return lines[i]
	}
	return []byte("(end)")
}

func TestGoldenGo(t *testing.T) {
	t.Parallel()
	for _, name := range features(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := readFile(t, filepath.Join("testdata", name, "x.templ"))
			got := translate(t, name+"/x.templ", text)
			if again := translate(t, "elsewhere/x.templ", text); !bytes.Equal(got, again) {
				t.Error("the output depends on where the template lies, or is different each time")
			}
			clean, err := format.Source(got)
			if err != nil {
				t.Fatalf("the output is not Go: %v", err)
			}
			if !bytes.Equal(got, clean) {
				t.Error("the output is not as gofmt wants it")
			}
			golden(t, filepath.Join("testdata", name, "x_templ.go.golden"), got)
		})
	}
}

// A template that git checked out on Windows gives the same file, and mistakes
// are at the same places.
func TestLineEndsOfWindows(t *testing.T) {
	t.Parallel()
	windows := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	for _, name := range features(t) {
		text := readFile(t, filepath.Join("testdata", name, "x.templ"))
		if got, want := translate(t, "x.templ", windows(text)), translate(t, "x.templ", text); !bytes.Equal(got, want) {
			t.Errorf("%s: with the line ends of Windows comes\n%s", name, got)
		}
	}
	for _, c := range errorCases {
		text := strings.ReplaceAll(c.text, "▲", "")
		_, got := generate([]*file{newFile("x.templ", windows(text))})
		_, want := generate([]*file{newFile("x.templ", text)})
		if !slices.Equal(got, want) {
			t.Errorf("%s: with the line ends of Windows comes %v, want %v", c.name, got, want)
		}
	}
}
