package bennu

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	liveRow   = regexp.MustCompile(`(?m)^\| ([A-Z]+-\d\d) \| (.+?) \| (.+?) \| (.*) \|$`)
	rowInName = regexp.MustCompile(`(CORE|STR|ASYNC|NAV|COMP|NEST|TEST|UI|WEB)(\d\d)`)
)

// liveRows are the rows that docs/live-rows.md has, in their order.
func liveRows() (rows []string) {
	missing := map[string]bool{ // these come with forms, uploads, a database, channels and mail
		"TEST-06": true, "TEST-11": true, "TEST-13": true, "TEST-15": true, "TEST-17": true, "TEST-18": true,
	}
	for _, section := range []struct {
		name string
		last int
	}{{"CORE", 26}, {"STR", 8}, {"ASYNC", 9}, {"NAV", 20}, {"COMP", 9}, {"NEST", 5}, {"TEST", 19}} {
		for n := 1; n <= section.last; n++ {
			if row := fmt.Sprintf("%s-%02d", section.name, n); !missing[row] {
				rows = append(rows, row)
			}
		}
	}
	return append(rows, "UI-08", "WEB-15")
}

// browserTests are the names of the tests that run in Chromium.
func browserTests(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("e2e/*_browser_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	names := make(map[string]bool)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
	}
	return names
}

// The table of docs/live-rows.md has all rows, each with tests that there are:
// those that are called by it among them, and one in Chromium where the row is
// seen by a browser.
func TestTableOfLiveRows(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/live-rows.md")
	if err != nil {
		t.Fatal(err)
	}
	tests, inBrowser := allTests(t), browserTests(t)
	called := make(map[string][]string) // by row
	for name := range tests {
		for _, m := range rowInName.FindAllStringSubmatch(name, -1) {
			called[m[1]+"-"+m[2]] = append(called[m[1]+"-"+m[2]], name)
		}
	}
	var rows []string
	for _, m := range liveRow.FindAllStringSubmatch(string(text), -1) {
		row, by := m[1], m[3]
		rows = append(rows, row)
		var named []string
		for _, name := range testInTable.FindAllStringSubmatch(m[4], -1) {
			named = append(named, name[1])
			if !tests[name[1]] {
				t.Errorf("row %s names %s, which no file has", row, name[1])
			}
		}
		if len(named) == 0 {
			t.Errorf("row %s names no test", row)
		}
		for _, name := range called[row] {
			if !slices.Contains(named, name) {
				t.Errorf("row %s does not name %s, which is called by it", row, name)
			}
		}
		for kind := range strings.SplitSeq(by, ", ") {
			if !slices.Contains([]string{"unit", "wire", "browser", "log", "measured"}, kind) {
				t.Errorf("row %s is seen by %q", row, kind)
			}
		}
		if strings.Contains(by, "browser") && !slices.ContainsFunc(named, func(name string) bool { return inBrowser[name] }) {
			t.Errorf("row %s is seen by a browser, and names no test of e2e/*_browser_test.go: %v", row, named)
		}
	}
	if want := liveRows(); !slices.Equal(rows, want) {
		t.Errorf("the rows are %v, want %v", rows, want)
	}
}
