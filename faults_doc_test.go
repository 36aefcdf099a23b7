package bennu

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	testInTable = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	faultRow    = regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \| (.+) \|$`)
)

// allTests are the names of the tests of all modules.
func allTests(t *testing.T) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "bin" || strings.HasPrefix(d.Name(), ".") && path != "."):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range testFunc.FindAllStringSubmatch(string(b), -1) {
			names[m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// The table of docs/faults.md has all the rows that it should have, and names
// tests that there are.
func TestTableOfFaults(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[int]bool)
	for _, r := range [][2]int{{1, 39}, {50, 63}, {66, 69}, {79, 100}, {102, 104}, {106, 112}} {
		for row := r[0]; row <= r[1]; row++ {
			want[row] = true
		}
	}
	tests := allTests(t)
	seen := make(map[int]bool)
	for _, m := range faultRow.FindAllStringSubmatch(string(text), -1) {
		row, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		if seen[row] {
			t.Errorf("row %d stands there twice", row)
		}
		seen[row] = true
		named := testInTable.FindAllStringSubmatch(m[3], -1)
		if len(named) == 0 && !strings.HasPrefix(m[3], "comes with ") {
			t.Errorf("row %d names no test, and not with what it comes: %q", row, m[3])
		}
		for _, name := range named {
			if !tests[name[1]] {
				t.Errorf("row %d names %s, which no file has", row, name[1])
			}
		}
	}
	for row := range want {
		if !seen[row] {
			t.Errorf("row %d is missing", row)
		}
	}
}
