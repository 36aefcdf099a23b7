package bytempl

import (
	"bytes"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
)

var update = flag.Bool("update", false, "rewrite the generated files")

// shared are the templates that say nothing that plain templ does not have.
var shared = []string{"counter", "dashboard", "table"}

// TestInStep holds that the two packages come from the same templates.
func TestInStep(t *testing.T) {
	t.Parallel()
	for _, name := range shared {
		want := generate(t, filepath.Join("..", "ours", name+".templ"))
		file := name + "_templ.go"
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what templ %s makes of ../ours/%s.templ; run `go test ./pages/bytempl -update` in bench", file, templ.Version(), name)
		}
	}
}

// generate runs templ's generator.
func generate(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseString(strings.Replace(string(text), "package ours", "package bytempl", 1))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var b bytes.Buffer
	if _, err := generator.Generate(file, &b, generator.WithVersion(templ.Version()), generator.WithFileName(filepath.ToSlash(path))); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	out, err := format.Source(b.Bytes())
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return out
}
