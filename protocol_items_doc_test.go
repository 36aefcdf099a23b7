package bennu

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	itemRow    = regexp.MustCompile(`(?m)^\| (\d+) \| (.+?) \| (.*?) ?\| (.+) \|$`)
	itemNumber = regexp.MustCompile(`(?:Item|And)(\d+)`)
)

// itemsOf are the rules that a test's name says it is about.
func itemsOf(name string) (items []int) {
	if !strings.Contains(name, "Item") {
		return nil
	}
	for _, m := range itemNumber.FindAllStringSubmatch(name, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return nil
		}
		items = append(items, n)
	}
	return items
}

// The table of docs/protocol-items.md has a row for each rule, and in it all the
// tests that are called by its number.
func TestTableOfProtocolItems(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/protocol-items.md")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[int][]string)
	for name := range allTests(t) {
		for _, item := range itemsOf(name) {
			want[item] = append(want[item], name)
		}
	}
	next := 1
	for _, m := range itemRow.FindAllStringSubmatch(string(text), -1) {
		item, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		if item != next {
			t.Errorf("row %d stands where row %d should", item, next)
		}
		next = item + 1
		var named []string
		for _, name := range testInTable.FindAllStringSubmatch(m[3], -1) {
			named = append(named, name[1])
		}
		slices.Sort(named)
		slices.Sort(want[item])
		if !slices.Equal(named, want[item]) {
			t.Errorf("row %d names %v, the tests called by it are %v", item, named, want[item])
		}
		if later := strings.HasPrefix(m[4], "comes with "); later != (len(named) == 0) || !later && m[4] != "passes" {
			t.Errorf("row %d with %d tests has the result %q, want \"passes\", or without tests \"comes with\" what it comes with", item, len(named), m[4])
		}
	}
	if next != 147 {
		t.Errorf("the last row is %d, want 146", next-1)
	}
}
