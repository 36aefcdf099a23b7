package assets

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"bennu/cmd/bennu/internal/problem"
)

// Built is one file that a build left for pages, with its sizes in bytes.
type Built struct {
	Name   string // as pages ask for it
	File   string // in the output directory
	Raw    int
	Brotli int // 0: not compressed
}

// Report is what a production build made.
type Report struct {
	Files    []Built
	Warnings []problem.Problem
}

// keep is the committed file that lets go:embed find dist/ in a clean clone.
const keep = ".keep"

// Build makes the production files and puts them in place of what was in
// dist/. When it fails, dist/ is as it was; what is wrong in the sources comes
// as a [problem.Failure].
func (p Project) Build(ctx context.Context) (Report, error) {
	tailwind, err := p.UsesTailwind()
	if err != nil {
		return Report{}, err
	}
	var style output
	var styleErr error
	var work sync.WaitGroup
	if tailwind {
		work.Go(func() { style, styleErr = p.tailwind(ctx) })
	}
	script, scriptErr := p.bundle(p.entries(tailwind))
	static, staticErr := p.static()
	work.Wait()
	if err := joinFailures(scriptErr, styleErr, staticErr); err != nil {
		return Report{}, err
	}

	built := make(map[string][]byte)
	maps.Copy(built, script.files)
	maps.Copy(built, style.files)
	names, err := manifest(built, static)
	if err != nil {
		return Report{}, err
	}
	maps.Copy(built, static)
	report, err := finish(built, names)
	if err != nil {
		return Report{}, err
	}
	report.Warnings = script.warnings
	return report, p.replaceDist(built)
}

// joinFailures is one [problem.Failure] when all errors are that, so that
// problems of scripts and styles are shown together.
func joinFailures(errs ...error) error {
	var all problem.Failure
	for _, err := range errs {
		var f *problem.Failure
		switch {
		case err == nil:
		case errors.As(err, &f):
			all.Problems = append(all.Problems, f.Problems...)
		default:
			return err
		}
	}
	if len(all.Problems) == 0 {
		return nil
	}
	return &all
}

// finish adds the manifest and the compressed files, and counts.
func finish(files map[string][]byte, names map[string]string) (Report, error) {
	var report Report
	for _, name := range slices.Sorted(maps.Keys(names)) {
		file := names[name]
		siblings, err := compressed(file, files[file])
		if err != nil {
			return Report{}, err
		}
		for suffix, text := range siblings {
			files[file+suffix] = text
		}
		report.Files = append(report.Files, Built{name, file, len(files[file]), len(siblings[".br"])})
	}
	text, err := encodeManifest(names)
	files[ManifestName] = text
	return report, err
}

// replaceDist empties dist/ but for the file that keeps it in the repository,
// and puts the files there. They are all written first, into a directory of
// their own, so that a full disk leaves the old ones.
func (p Project) replaceDist(files map[string][]byte) error {
	if err := os.MkdirAll(p.Dist(), 0o755); err != nil {
		return fmt.Errorf("assets: %w", err)
	}
	fresh, err := os.MkdirTemp(p.Dist(), ".new-")
	if err != nil {
		return fmt.Errorf("assets: %w", err)
	}
	defer func() { _ = os.RemoveAll(fresh) }() // empty unless something failed
	for name, text := range files {
		if err := writeFile(filepath.Join(fresh, filepath.FromSlash(name)), text); err != nil {
			return err
		}
	}
	old, err := os.ReadDir(p.Dist())
	if err != nil {
		return fmt.Errorf("assets: old files: %w", err)
	}
	for _, e := range old {
		if e.Name() == keep || e.Name() == filepath.Base(fresh) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(p.Dist(), e.Name())); err != nil {
			return fmt.Errorf("assets: old files: %w", err)
		}
	}
	made, err := os.ReadDir(fresh)
	if err != nil {
		return fmt.Errorf("assets: new files: %w", err)
	}
	for _, e := range made {
		if err := os.Rename(filepath.Join(fresh, e.Name()), filepath.Join(p.Dist(), e.Name())); err != nil {
			return fmt.Errorf("assets: new files: %w", err)
		}
	}
	return nil
}

func writeFile(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("assets: %w", err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("assets: %w", err)
	}
	return nil
}
