package dev

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"

	"bennu/cmd/bennu/internal/problem"
)

// built is the outcome of one build.
type built struct {
	problems  []problem.Problem // why there is no program
	warnings  []problem.Problem
	generated bool   // the templates are all right
	sum       string // tells this program from others
	err       error  // the tools themselves do not work
}

// build generates the templates in the directories, nil for all, and the helpers
// of the routes, and compiles the program. When ctx ends it gives up; its outcome then means nothing.
func (s site) build(ctx context.Context, templates []string) built {
	diagnostics, err := generate(ctx, s.watched, templates)
	if err != nil {
		return built{err: err}
	}
	var b built
	// The helpers of routes are quick to make, so they are made each time.
	_, err = s.Paths(ctx)
	var unclear *problem.Failure
	switch {
	case errors.As(err, &unclear):
		b.problems = unclear.Problems
	case err != nil && ctx.Err() == nil:
		return built{err: err}
	}
	for _, d := range diagnostics {
		p := problem.WithSource(d.problem)
		if d.warning {
			b.warnings = append(b.warnings, p)
			continue
		}
		b.problems = append(b.problems, p)
	}
	b.generated = len(b.problems) == 0
	if !b.generated || ctx.Err() != nil {
		return b
	}
	// Debug information is left out: it is a quarter of the file and a fifth of
	// the linker's time, and stack traces do not need it. So is the state of the
	// repository, for which git would be asked each time.
	err = s.Compile(ctx, s.binary(), []string{"-ldflags=-w", "-buildvcs=false"}, nil)
	var failure *problem.Failure
	switch {
	case errors.As(err, &failure):
		b.problems = failure.Problems
	case err != nil:
		b.err = err
	default:
		b.sum, b.err = fileSum(s.binary())
	}
	return b
}

// fileSum tells one program from the next.
func fileSum(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return string(h.Sum(nil)), nil
}

// diagnostic is what the generator found.
type diagnostic struct {
	problem problem.Problem
	warning bool
}
