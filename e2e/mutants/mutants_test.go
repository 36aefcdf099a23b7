package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Every mutant has its place in the code, or it would try nothing.
func TestMutantsApply(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, m := range mutants {
		if _, err := m.broken("../.."); err != nil {
			t.Error(err)
		}
		if names[m.name] {
			t.Errorf("two mutants are called %q", m.name)
		}
		names[m.name] = true
	}
}

// The list in the documentation is whole.
func TestMutantsAreListed(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/rendering-proof.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(page), "\n")
	for _, m := range mutants {
		if want := "- " + m.name + " (`" + m.file + "`)"; !slices.Contains(lines, want) {
			t.Errorf("docs/rendering-proof.md has no line\n%s", want)
		}
	}
}
