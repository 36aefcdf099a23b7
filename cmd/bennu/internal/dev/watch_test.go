package dev

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"bennu/cmd/bennu/internal/app"
)

// watching reports what changes below a directory of its own.
func watching(t *testing.T, files map[string]string) (dir string, batches <-chan []string) {
	t.Helper()
	dir = t.TempDir()
	write(t, dir, files)
	reports := make(chan []string, 1000)
	w, err := watchTrees([]string{dir}, nil, site{App: app.App{Dir: dir}, watched: []string{dir}}.skipDir, func(paths []string) { reports <- paths })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return dir, reports
}

// await reads batches until the path was in one.
func await(t *testing.T, batches <-chan []string, path string) {
	t.Helper()
	var seen []string
	timeout := time.After(10 * time.Second)
	for {
		select {
		case batch := <-batches:
			seen = append(seen, batch...)
			if slices.Contains(batch, path) {
				return
			}
		case <-timeout:
			t.Fatalf("%s was not reported, but %q", path, seen)
		}
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// SEED-29: folders are followed wherever they go, without any configuration.
func TestSEED29RenamedFoldersAreFollowed(t *testing.T) {
	t.Parallel()
	dir, batches := watching(t, map[string]string{"web/page.templ": "a", "web/deep/x.go": "a"})
	old, renamed := filepath.Join(dir, "web"), filepath.Join(dir, "site")
	rename(t, old, renamed)
	await(t, batches, filepath.Join(renamed, "page.templ"))
	write(t, dir, map[string]string{"site/deep/x.go": "b"})
	await(t, batches, filepath.Join(renamed, "deep", "x.go"))
}

func TestNewFoldersAreWatched(t *testing.T) {
	t.Parallel()
	dir, batches := watching(t, nil)
	write(t, dir, map[string]string{"a/b/c/new.go": "1"})
	path := filepath.Join(dir, "a", "b", "c", "new.go")
	await(t, batches, path)
	write(t, dir, map[string]string{"a/b/c/new.go": "2"})
	await(t, batches, path)
}

func TestFoldersThatGoAreReported(t *testing.T) {
	t.Parallel()
	dir, batches := watching(t, map[string]string{"web/page.go": "a"})
	rename(t, filepath.Join(dir, "web"), filepath.Join(t.TempDir(), "elsewhere"))
	await(t, batches, filepath.Join(dir, "web")+separator)
}

func TestSavesByRenameAndRemovalsAreReported(t *testing.T) {
	t.Parallel()
	dir, batches := watching(t, map[string]string{"page.templ": "a"})
	write(t, dir, map[string]string{"page.templ.new": "b"})
	rename(t, filepath.Join(dir, "page.templ.new"), filepath.Join(dir, "page.templ"))
	await(t, batches, filepath.Join(dir, "page.templ"))
	if err := os.Remove(filepath.Join(dir, "page.templ")); err != nil {
		t.Fatal(err)
	}
	await(t, batches, filepath.Join(dir, "page.templ"))
}

func TestATouchedFileIsReported(t *testing.T) {
	t.Parallel()
	dir, batches := watching(t, map[string]string{"main.go": "a"})
	path := filepath.Join(dir, "main.go")
	now := time.Now()
	if err := os.Chtimes(path, now, now); err != nil {
		t.Fatal(err)
	}
	await(t, batches, path)
}

func TestFilesOfTheModuleAreWatchedAboveTheApp(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write(t, root, map[string]string{"go.mod": "module x", "app/main.go": "package main"})
	a, err := findSite(Config{Dir: filepath.Join(root, "app")})
	if err != nil {
		t.Fatal(err)
	}
	reports := make(chan []string, 1000)
	w, err := watchTrees(a.watched, []string{a.Root}, a.skipDir, func(paths []string) { reports <- paths })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	write(t, root, map[string]string{"beside/other.go": "package beside", "go.mod": "module y"})
	await(t, reports, filepath.Join(root, "go.mod"))
	write(t, root, map[string]string{"beside/other.go": "package beside // again", "go.sum": ""})
	await(t, reports, filepath.Join(root, "go.sum"))
	for path, want := range map[string]kind{"go.mod": source, "go.sum": source, "beside": ignored, "other.go": ignored} {
		if got := a.classify(filepath.Join(root, path)); got != want {
			t.Errorf("classify(%s) = %d, want %d", path, got, want)
		}
	}
}

func TestSkippedFoldersAreSilent(t *testing.T) {
	t.Parallel()
	dir, batches := watching(t, map[string]string{"node_modules/a/a.js": "", ".git/HEAD": "", "bin/app": ""})
	write(t, dir, map[string]string{"node_modules/a/a.js": "x", ".git/HEAD": "x", "bin/app": "x", "node_modules/b/b.js": "x", "last.go": "x"})
	for {
		batch := <-batches
		for _, path := range batch {
			if path != filepath.Join(dir, "last.go") {
				t.Errorf("reported %s", path)
			}
		}
		if slices.Contains(batch, filepath.Join(dir, "last.go")) {
			return
		}
	}
}

// A batch holds what one save of an editor or one run of a tool changes.
func TestChangesComeInBatches(t *testing.T) {
	t.Parallel()
	dir, batches := watching(t, nil)
	for range 3 {
		write(t, dir, map[string]string{"a.go": "1", "b.go": "2", "c.go": "3"})
	}
	got := <-batches
	want := []string{filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go"), filepath.Join(dir, "c.go")}
	if !slices.Equal(got, want) {
		t.Errorf("first batch = %q, want %q", got, want)
	}
}
