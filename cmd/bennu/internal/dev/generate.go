package dev

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"bennu/cmd/bennu/internal/problem"
	"bennu/internal/templgen"
)

// generate writes the Go of the templates in the directories; nil is all of the
// trees.
func generate(ctx context.Context, trees, dirs []string) ([]diagnostic, error) {
	run, vanish := templgen.Dir, true
	if dirs == nil {
		dirs, run, vanish = trees, templgen.Tree, false
	}
	var all []diagnostic
	for _, dir := range dirs {
		r, err := run(ctx, dir)
		if vanish && errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile, with what was generated there
		}
		if err != nil {
			return nil, err
		}
		all = append(all, diagnostics(dir, r)...)
	}
	return all, nil
}

func diagnostics(dir string, r templgen.Result) []diagnostic {
	var all []diagnostic
	for _, d := range r.Diagnostics {
		p := problem.Problem{Tool: "templ", File: d.File, Line: d.Line, Col: d.Col, Message: d.Message}
		if p.File != "" && !filepath.IsAbs(p.File) {
			p.File = filepath.Join(dir, p.File)
		}
		if d.Hint != "" {
			p.Message += "\n" + d.Hint
		}
		all = append(all, diagnostic{p, d.Warning})
	}
	return all
}
