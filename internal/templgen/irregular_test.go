//go:build unix

package templgen

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// within fails when f does not come to an end: reading a named pipe waits for
// ever.
func within(t *testing.T, f func() (Result, error)) (r Result, err error) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r, err = f()
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("it waits for a file that is none")
	}
	return r, err
}

// What is called like a template and is no file is named and left out.
func TestIrregularTemplatesAreLeftOut(t *testing.T) {
	t.Parallel()
	dir := tmp(t, map[string]string{"a.templ": fine, "real/b.txt": fine, "dir.templ/x.txt": "", "lost_templ.go": header + "\n\npackage p\n"})
	for _, err := range []error{
		syscall.Mkfifo(filepath.Join(dir, "pipe.templ"), 0o600),
		syscall.Mkfifo(filepath.Join(dir, "other_templ.go"), 0o600),
		os.Symlink("nowhere", filepath.Join(dir, "lost.templ")),
		os.Symlink("dir.templ", filepath.Join(dir, "folder.templ")),
		os.Symlink("loop.templ", filepath.Join(dir, "loop.templ")),
		os.Symlink("/dev/null", filepath.Join(dir, "null.templ")),
		os.Symlink("../real/b.txt", filepath.Join(dir, "real", "b.templ")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := within(t, func() (Result, error) { return Tree(t.Context(), dir) })
	if err != nil || r.Failed() {
		t.Fatalf("%v, %v, want warnings alone", err, r.Diagnostics)
	}
	var got []string
	for _, d := range r.Diagnostics {
		got = append(got, d.File+": "+d.Message)
	}
	slices.Sort(got)
	want := []string{"folder.templ: a directory", "loop.templ: ", "lost.templ: a link that leads nowhere",
		"null.templ: a device or socket, not a file", "pipe.templ: a named pipe, not a file"}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("diagnostics %q, want %q", got, want)
	}
	if !slices.Equal(r.Written, []string{"a_templ.go", "real/b_templ.go"}) || len(r.Removed) > 0 {
		t.Errorf("wrote %v and removed %v, want a_templ.go, real/b_templ.go and nothing", r.Written, r.Removed)
	}
}

func TestAPipeInPlaceOfTheGoFile(t *testing.T) {
	t.Parallel()
	dir := tmp(t, map[string]string{"a.templ": fine})
	if err := syscall.Mkfifo(filepath.Join(dir, "a_templ.go"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := within(t, func() (Result, error) { return Tree(t.Context(), dir) })
	if err == nil || !strings.Contains(err.Error(), "a_templ.go stands where the Go of a template belongs: a named pipe, not a file; remove it") {
		t.Errorf("error %v", err)
	}
}

func TestNothingIsWrittenAfterTheEnd(t *testing.T) {
	t.Parallel()
	dir := tmp(t, map[string]string{"a.templ": fine})
	ctx, end := context.WithCancel(t.Context())
	end()
	if r, err := Tree(ctx, dir); !errors.Is(err, context.Canceled) || len(r.Written) > 0 || exists(dir, "a_templ.go") {
		t.Errorf("%v, wrote %v", err, r.Written)
	}
}
