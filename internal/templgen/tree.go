package templgen

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Tree generates every directory at and below root. Directories that are
// hidden or named node_modules, testdata or vendor are skipped. The error is
// about files that cannot be read or written, or the end of ctx, after which
// nothing is written any more; what is wrong in templates is in the result.
func Tree(ctx context.Context, root string) (Result, error) { return tree(ctx, root, onDisk{}) }

// Check does what Tree does without touching a file. Written and Removed say
// what would have been.
func Check(ctx context.Context, root string) (Result, error) { return tree(ctx, root, nowhere{}) }

// tree generates directories side by side. The result, and the error if there
// are several, are those of one after the other.
func tree(ctx context.Context, root string, out output) (Result, error) {
	dirs, err := directories(ctx, root)
	if err != nil {
		return Result{}, fmt.Errorf("templgen: %w", err)
	}
	results, errs := make([]Result, len(dirs)), make([]error, len(dirs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(dirs)) {
		workers.Go(func() {
			for i := range next {
				results[i], errs[i] = directory(ctx, root, dirs[i], out)
			}
		})
	}
	for i := range dirs {
		next <- i
	}
	close(next)
	workers.Wait()
	var all Result
	for i, r := range results {
		all.add(r)
		if errs[i] != nil {
			return all, fmt.Errorf("templgen: %w", errs[i])
		}
	}
	return all, nil
}

// directories returns the directories at and below root, in order.
func directories(ctx context.Context, root string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case path != root && skipped(d.Name()):
			return filepath.SkipDir
		}
		dirs = append(dirs, path)
		return ctx.Err()
	})
	return dirs, err
}

func skipped(dir string) bool {
	switch dir {
	case "node_modules", "testdata", "vendor":
		return true
	}
	return strings.HasPrefix(dir, ".") || strings.HasPrefix(dir, "_")
}
