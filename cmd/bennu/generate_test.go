package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// generateIn runs the command in this process and shows paths below dir.
func generateIn(dir string, args ...string) (status int, stdout, stderr string) {
	var out, errOut bytes.Buffer
	status = runGenerate(context.Background(), append(args, dir), &out, &errOut)
	short := func(b *bytes.Buffer) string {
		return strings.ReplaceAll(b.String(), dir+string(filepath.Separator), "")
	}
	return status, short(&out), short(&errOut)
}

func writeTempl(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	right := "package p\n\ntempl page() {\n\t<p>right</p>\n}\n"
	for _, step := range []struct {
		name           string
		prepare        func()
		args           []string
		status         int
		stdout, stderr string
	}{
		{"an empty directory", func() {}, nil, 0, "", ""},
		{"check finds a missing file", func() { writeTempl(t, dir, "a.templ", right) }, []string{"--check"}, 1, "", "a_templ.go is out of date; run \"bennu generate\"\n"},
		{"write it", func() {}, nil, 0, "wrote a_templ.go\n", ""},
		{"write nothing twice", func() {}, nil, 0, "", ""},
		{"check is content", func() {}, []string{"-check"}, 0, "", ""},
		{"a mistake", func() { writeTempl(t, dir, "b.templ", "package p\n\ntempl b() {\n\t<p>{ a b }</p>\n}\n") }, nil, 1, "",
			"b.templ:4:9: invalid Go: expected one expression, or a comma between two\n"},
		{"its end", func() { writeTempl(t, dir, "b.templ", strings.ReplaceAll(right, "page", "b")) }, nil, 0, "wrote b_templ.go\n", ""},
		{"check finds a file without template", func() {
			if err := os.Remove(filepath.Join(dir, "b.templ")); err != nil {
				t.Fatal(err)
			}
		}, []string{"--check"}, 1, "", "b_templ.go has no template any more; run \"bennu generate\"\n"},
		{"remove it", func() {}, nil, 0, "removed b_templ.go\n", ""},
	} {
		step.prepare()
		status, stdout, stderr := generateIn(dir, step.args...)
		if status != step.status || stdout != step.stdout || stderr != step.stderr {
			t.Fatalf("%s: status %d, stdout %q, stderr %q;\nwant %d, %q, %q", step.name, status, stdout, stderr, step.status, step.stdout, step.stderr)
		}
	}
}

func TestGenerateCalledWrongly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args           []string
		status         int
		stdout, stderr string
	}{
		{[]string{"-h"}, 0, "Usage: bennu generate [--check] [DIR ...]\n", ""},
		{[]string{"--chek"}, 2, "", "flag provided but not defined: -chek\n`bennu help generate` tells more\n"},
		{[]string{"no/such/directory"}, 1, "", "bennu generate: lstat "},
	} {
		var out, errOut bytes.Buffer
		status := runGenerate(t.Context(), tt.args, &out, &errOut)
		if status != tt.status || !strings.HasPrefix(out.String(), tt.stdout) || !strings.HasPrefix(errOut.String(), tt.stderr) {
			t.Errorf("bennu generate %q: status %d, stdout %q, stderr %q;\nwant %d, %q…, %q…",
				tt.args, status, out.String(), errOut.String(), tt.status, tt.stdout, tt.stderr)
		}
	}
}

// After a signal nothing more is written, and what was is whole.
func TestGenerateIsInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeTempl(t, dir, "a.templ", "package p\n\ntempl page() {\n\t<p>right</p>\n}\n")
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var out, errOut bytes.Buffer
	if status := runGenerate(ctx, []string{dir}, &out, &errOut); status != 1 || out.Len() > 0 ||
		errOut.String() != "bennu generate: interrupted; what was written so far is whole\n" {
		t.Errorf("status %d, stdout %q, stderr %q", status, &out, &errOut)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the directory has %v (%v), want a.templ alone", entries, err)
	}
}
