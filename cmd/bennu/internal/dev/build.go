package dev

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"bennu/cmd/bennu/internal/problem"
	"bennu/cmd/bennu/internal/process"
)

// built is the outcome of one build.
type built struct {
	problems  []problem.Problem // why there is no program
	warnings  []problem.Problem
	generated bool   // the templates are all right
	sum       string // tells this program from others
	err       error  // the tools themselves do not work
}

// build generates the templates in the directories, nil for all, and compiles
// the program. When ctx ends it gives up; its outcome then means nothing.
func (a app) build(ctx context.Context, templates []string) built {
	diagnostics, err := generate(a.watched, templates)
	if err != nil {
		return built{err: err}
	}
	var b built
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
	b.problems, b.err = a.compile(ctx)
	if b.err == nil && len(b.problems) == 0 {
		b.sum, b.err = fileSum(a.binary())
	}
	return b
}

// compile runs go build. Debug information is left out: it is a quarter of the
// file and a fifth of the linker's time, and stack traces do not need it.
func (a app) compile(ctx context.Context) ([]problem.Problem, error) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("the go command is not on the PATH: %w", err)
	}
	cmd := exec.Command(goTool, "build", "-ldflags=-w", "-o", a.binary(), ".")
	cmd.Dir = a.main
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second
	p, err := process.Start(cmd)
	if err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	// An interrupted go build removes what it had begun.
	stop := context.AfterFunc(ctx, func() {
		p.SignalGroup(syscall.SIGINT)
		select {
		case <-p.Done():
		case <-time.After(2 * time.Second):
			p.Kill()
		}
	})
	defer stop()
	err = p.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil, ctx.Err() != nil:
		return nil, nil
	case !errors.As(err, &exit):
		return nil, fmt.Errorf("go build: %w", err)
	}
	problems := goProblems(said.String(), a.main, a.packageDir)
	if len(problems) == 0 {
		problems = []problem.Problem{{Tool: "go", Message: "go build: " + err.Error()}}
	}
	return problems, nil
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
