package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// SEED-01: what is said is short and says how to go on, wherever it was called.
func TestSEED01NewSaysHowToGoOn(t *testing.T) {
	parent := t.TempDir()
	for _, from := range []string{".", parent} { // inside the framework's repository, and outside
		t.Chdir(from)
		target, err := filepath.Rel(from, filepath.Join(parent, "shop"))
		if from == "." {
			target, err = filepath.Join(parent, "shop"), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		status, stdout, stderr := cli(t, "new", target)
		if status != 0 || stderr != "" {
			t.Fatalf("from %s: status %d, stderr %q", from, status, stderr)
		}
		if n := strings.Count(stdout, "\n"); n > 5 {
			t.Errorf("from %s: %d lines, want at most 5:\n%s", from, n, stdout)
		}
		if !strings.HasPrefix(stdout, "shop is ready in "+target+", on the framework in ") ||
			!strings.HasSuffix(stdout, "\n  cd "+target+"\n  bennu setup\n  bennu dev\n") {
			t.Errorf("from %s:\n%s", from, stdout)
		}
		if err := os.RemoveAll(filepath.Join(parent, "shop")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNewHere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if status, stdout, stderr := cli(t, "new", ".", "--module", "example.com/books"); status != 0 || !strings.HasPrefix(stdout, "books is ready in this directory, on ") ||
		strings.Contains(stdout, "  cd ") || !strings.HasSuffix(stdout, "\n  bennu setup\n  bennu dev\n") {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
	}
	if _, err := os.Stat("cmd/books/main.go"); err != nil {
		t.Error(err)
	}
}

// Each mistake is told with the way out, and nothing is left behind.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "notes.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	place := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, 2, "expected one directory for the app, got 0: bennu new ../shop\n`bennu help new` tells more"},
		{[]string{"a", "b"}, 2, "expected one directory for the app, got 2"},
		{[]string{"--modul", "x", "shop"}, 2, "flag provided but not defined: -modul"},
		{[]string{"../../shop"}, 1, "inside the workspace of " + filepath.Join(root, "go.work")},
		{[]string{filepath.Join(root, "examples", "shop")}, 1, "make it outside, say at "},
		{[]string{full, "--module", "shop"}, 1, "is not empty (there is notes.txt): nothing was written; choose another directory, or empty this one"},
		{[]string{filepath.Join(place, "My Shop")}, 1, `expected small letters, digits, '-' and '_', beginning with a letter; "my-shop" would do`},
		{[]string{filepath.Join(place, "none", "shop")}, 1, "make it first: mkdir -p"},
		{[]string{"--framework", full, filepath.Join(place, "shop")}, 1, "--framework " + full + ": expected the directory of the framework"},
	} {
		status, stdout, stderr := cli(t, append([]string{"new"}, tt.args...)...)
		if status != tt.status || stdout != "" || !strings.Contains(stderr, tt.want) {
			t.Errorf("bennu new %q: status %d, stdout %q, stderr %q\nwant %d, %q", tt.args, status, stdout, stderr, tt.status, tt.want)
		}
	}
	for dir, want := range map[string]int{full: 1, place: 0} {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != want {
			t.Errorf("%s has %v (%v), want %d entries as before", dir, entries, err, want)
		}
	}
	for _, dir := range []string{"../../shop", "../../examples/shop"} {
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s was made", dir)
		}
	}
}

func TestQuoteShell(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"../shop": "../shop", "/a b": "'/a b'", "it's": `'it'\''s'`, "": "''", "$HOME": "'$HOME'", "~": "~", "a;b": "'a;b'",
	} {
		if got := quoteShell(path); got != want {
			t.Errorf("quoteShell(%q) = %s, want %s", path, got, want)
		}
	}
}
