package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"bennu/cmd/bennu/internal/paths"
	"bennu/cmd/bennu/internal/problem"
	"bennu/cmd/bennu/internal/process"
	"bennu/internal/templgen"
)

// Generate writes the helpers of the app's routes and the Go of its templates,
// and returns the files that it changed. What is wrong comes as a
// [problem.Failure], and nothing of its directories is written.
func (a App) Generate(ctx context.Context) (written []string, err error) {
	plan, err := a.Paths(ctx)
	if err != nil {
		return nil, err
	}
	more, err := a.generateTemplates(ctx)
	for _, f := range plan.Files {
		written = append(written, a.Relative(f.Path))
	}
	return append(written, more...), err
}

// Paths writes the helpers of the app's routes. Those that cannot be made come as
// a [problem.Failure].
func (a App) Paths(ctx context.Context) (paths.Plan, error) {
	plan, err := paths.Make(ctx, a.Dir)
	if err != nil {
		return plan, err
	}
	if len(plan.Problems) > 0 {
		return plan, &problem.Failure{Problems: problem.Relative(a.Dir, plan.Problems)}
	}
	return plan, plan.Write()
}

func (a App) generateTemplates(ctx context.Context) (written []string, err error) {
	r, err := templgen.Tree(ctx, a.Dir)
	if err != nil {
		return nil, err
	}
	if !r.Failed() {
		return r.Written, nil
	}
	var failed problem.Failure
	for _, d := range r.Diagnostics {
		if d.Warning {
			continue
		}
		p := problem.Problem{Tool: "templ", File: filepath.Join(a.Dir, d.File), Line: d.Line, Col: d.Col, Message: d.Message}
		if d.Hint != "" {
			p.Message += "\n" + d.Hint
		}
		failed.Problems = append(failed.Problems, problem.WithSource(p))
	}
	failed.Problems = problem.Relative(a.Dir, failed.Problems)
	return nil, &failed
}

// Compile builds the app's program into the file output, with flags of go build
// and variables added to the environment. What does not compile comes as a
// [problem.Failure], with the positions in templates where that is where it
// comes from.
func (a App) Compile(ctx context.Context, output string, flags, env []string) error {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return errNoGo(err)
	}
	cmd := exec.Command(goTool, append(append([]string{"build"}, flags...), "-o", output, ".")...)
	cmd.Dir = a.Main
	cmd.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second
	p, err := process.Start(cmd)
	if err != nil {
		return fmt.Errorf("go build: %w", err)
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
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &exit):
		return fmt.Errorf("go build: %w", err)
	}
	found := goProblems(said.String(), a.Main, a.packageDir)
	if err := a.CheckFramework(ctx); err != nil {
		// Whatever go says follows from this.
		found = []problem.Problem{{Tool: "go", File: filepath.Join(a.Root, "go.mod"), Message: err.Error()}}
	}
	if len(found) == 0 {
		return fmt.Errorf("go build: %w", err)
	}
	return &problem.Failure{Problems: problem.Relative(a.Dir, found)}
}
