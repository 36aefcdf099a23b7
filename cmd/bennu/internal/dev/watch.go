package dev

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quietTime is how long nothing may change before a batch is handed on:
	// editors write a file in several steps, and tools write several files.
	quietTime = 50 * time.Millisecond
	// longestTime is when a batch is handed on though changes keep coming.
	longestTime = 500 * time.Millisecond
)

// watcher hands on which files changed, in batches. It watches trees: what
// fsnotify sees is directories.
type watcher struct {
	notify *fsnotify.Watcher
	skip   func(dir string) bool
	dirs   map[string]bool // what is watched, true when as part of a tree
	done   chan struct{}
}

// watchTrees watches the trees below roots, without the directories that skip
// names, and the files in the directories flat, and calls report from a goroutine of its own. A path that is reported
// is a file that was written, made, renamed or removed; one that ends in a
// separator is a directory that went away with all that was in it. No paths at
// all are reported when there were too many changes to follow.
func watchTrees(roots, flat []string, skip func(string) bool, report func(paths []string)) (*watcher, error) {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	w := &watcher{notify: notify, skip: skip, dirs: make(map[string]bool), done: make(chan struct{})}
	for _, root := range roots {
		if _, err := w.add(root); err != nil {
			return nil, errors.Join(err, notify.Close())
		}
	}
	for _, dir := range flat {
		if w.dirs[dir] {
			continue
		}
		if err := notify.Add(dir); err != nil {
			return nil, errors.Join(fmt.Errorf("watching files: %w", err), notify.Close())
		}
		w.dirs[dir] = false
	}
	go func() {
		defer close(w.done)
		w.run(report)
	}()
	return w, nil
}

// Close ends the watching and waits; report is not called any more.
func (w *watcher) Close() error {
	err := w.notify.Close()
	<-w.done
	return err
}

// add watches dir and the directories below it, and returns the files there:
// those of a new directory may have been made before it was watched.
func (w *watcher) add(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // gone again
		case err != nil:
			return err
		case !d.IsDir():
			files = append(files, path)
			return nil
		case w.skip(path):
			return fs.SkipDir
		}
		if err := w.notify.Add(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		w.dirs[path] = true
		return nil
	})
	if errors.Is(err, syscall.ENOSPC) {
		return nil, fmt.Errorf("watching %s: the system's limit of watched directories is reached; "+
			"raise it: sudo sysctl fs.inotify.max_user_watches=524288", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	return files, nil
}

func (w *watcher) run(report func([]string)) {
	batch := make(map[string]struct{})
	var quiet, longest <-chan time.Time
	for {
		select {
		case event, ok := <-w.notify.Events:
			if !ok {
				return
			}
			for _, path := range w.paths(event) {
				batch[path] = struct{}{}
			}
			if len(batch) == 0 {
				continue
			}
			quiet = time.After(quietTime)
			if longest == nil {
				longest = time.After(longestTime)
			}
			continue
		case _, ok := <-w.notify.Errors:
			if !ok {
				return
			}
			report(nil) // the system's queue has overflown
			continue
		case <-quiet:
		case <-longest:
		}
		report(slices.Sorted(maps.Keys(batch)))
		clear(batch)
		quiet, longest = nil, nil
	}
}

// paths are the files that an event is about.
func (w *watcher) paths(e fsnotify.Event) []string {
	if e.Op == fsnotify.Chmod && !touched(e.Name) {
		return nil
	}
	if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
		if w.forget(e.Name) {
			return []string{e.Name + separator}
		}
		return []string{e.Name}
	}
	if !e.Has(fsnotify.Create) || !w.dirs[filepath.Dir(e.Name)] {
		return []string{e.Name}
	}
	// A new name may be a tree. What cannot be watched was removed again, or
	// will be noticed by the next start.
	files, err := w.add(e.Name)
	if err != nil {
		return nil
	}
	return files
}

// touched reports whether a change of a file's attributes was one of its time,
// by which people say that something is to be done again.
func touched(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && time.Since(info.ModTime()) < time.Second
}

const separator = string(filepath.Separator)

// forget ends the watching of a directory that has gone, which after a rename
// would go on under the old name. It reports whether it was one.
func (w *watcher) forget(path string) bool {
	_, was := w.dirs[path]
	if !was {
		return false
	}
	for dir := range w.dirs {
		if dir == path || strings.HasPrefix(dir, path+separator) {
			delete(w.dirs, dir)
			_ = w.notify.Remove(dir) // it may have ended by itself
		}
	}
	return true
}
