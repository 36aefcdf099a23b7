package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bennu/cmd/bennu/internal/paths"
	"bennu/cmd/bennu/internal/problem"
	"bennu/internal/templgen"
)

const generateHelp = `Usage: bennu generate [--check] [DIR ...]

Writes x_templ.go for every x.templ in and below each DIR (default: the current
directory, if it is in a Go module), skipping testdata, vendor, node_modules and hidden directories. It
takes the place of "templ generate": the same templates, also able to send only
what changed. Files that are right already are not touched, those whose template
is gone are removed. Commit them.

Where a function with the comment //bennu:paths registers routes, it writes
paths/paths_gen.go beside its file, too: a package with a function for each
route that makes its address, so that an address that is gone does not compile.
//bennu:paths DIR names another directory, //bennu:name Article above a route
another function. The routes are read from the sources; the app is not run.

The paths of changed files are printed. When a template or a route is wrong, the
mistake is printed as file:line:col, no Go file of its directory is changed, and
the exit status is 1.

  --check   change nothing; list the files that are missing, out of date or
            without template, and exit with status 1 if there are any (for CI)
`

// runGenerate is "bennu generate". It returns the exit status: 0 when all is
// well, 1 when templates are wrong or out of date, 2 when it was called wrongly.
func runGenerate(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {}
	check := flags.Bool("check", false, "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, generateHelp)
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "`bennu help generate` tells more")
		return 2
	}
	dirs := flags.Args()
	if len(dirs) == 0 {
		if err := insideModule("."); err != nil {
			fmt.Fprintln(stderr, "bennu generate:", err)
			return 2
		}
		dirs = []string{"."}
	}
	status := 0
	for _, dir := range dirs {
		status = max(status, generatePaths(ctx, dir, *check, stdout, stderr))
		status = max(status, generateTree(ctx, dir, *check, stdout, stderr))
	}
	return status
}

// generatePaths writes the helpers of the routes below dir.
func generatePaths(ctx context.Context, dir string, check bool, stdout, stderr io.Writer) int {
	plan, err := paths.Make(ctx, dir)
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(stderr, "bennu generate: %v\n", err)
		return exitError
	}
	status := exitOK
	here, err := os.Getwd()
	if err != nil {
		here = dir
	}
	for _, p := range problem.Relative(here, plan.Problems) {
		fmt.Fprintln(stderr, problem.Format(p))
		status = exitError
	}
	for _, p := range problem.Relative(here, plan.Notes) {
		fmt.Fprintln(stderr, "note:", problem.Format(p))
	}
	if check {
		for _, f := range plan.Files {
			fmt.Fprintf(stderr, "%s %s; run \"bennu generate\"\n", relative(here, f.Path), f.State())
			status = exitError
		}
		return status
	}
	if err := plan.Write(); err != nil {
		fmt.Fprintf(stderr, "bennu generate: %v\n", err)
		return exitError
	}
	for _, f := range plan.Files {
		done := "wrote"
		if f.Text == nil {
			done = "removed"
		}
		fmt.Fprintf(stdout, "%s %s\n", done, relative(here, f.Path))
	}
	return status
}

// relative is a path below a directory, seen from there.
func relative(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// insideModule is an error unless a directory or one above it has a go.mod: in a
// home directory, say, the command would rewrite everything that lies there.
func insideModule(dir string) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	for at := abs; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return nil
		}
		if at == filepath.Dir(at) {
			return fmt.Errorf("there is no go.mod in %s nor above it, so it is no app; \"bennu generate DIR\" works in any directory that it is given", abs)
		}
	}
}

func generateTree(ctx context.Context, dir string, check bool, stdout, stderr io.Writer) int {
	run := templgen.Tree
	if check {
		run = templgen.Check
	}
	r, err := run(ctx, dir)
	for _, d := range r.Diagnostics {
		d.File = filepath.Join(dir, d.File)
		fmt.Fprintln(stderr, d)
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "bennu generate: interrupted; what was written so far is whole")
		return exitError
	}
	if err != nil {
		fmt.Fprintf(stderr, "bennu generate: %s\n", strings.TrimPrefix(err.Error(), "templgen: "))
		return 1
	}
	for _, c := range []struct {
		files       []string
		done, stale string
	}{
		{r.Written, "wrote", "is out of date"},
		{r.Removed, "removed", "has no template any more"},
	} {
		for _, f := range c.files {
			path := filepath.Join(dir, f)
			if check {
				fmt.Fprintf(stderr, "%s %s; run \"bennu generate\"\n", path, staleness(path, c.stale))
			} else {
				fmt.Fprintf(stdout, "%s %s\n", c.done, path)
			}
		}
	}
	if r.Failed() || check && len(r.Written)+len(r.Removed) > 0 {
		return 1
	}
	return 0
}

// staleness says what is wrong with a generated file, stale if it is no more
// than old.
func staleness(path, stale string) string {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is missing"
	case err == nil && bytes.HasPrefix(text, []byte("// Code generated by templ")):
		return "was written by \"templ generate\", which cannot send changes"
	}
	return stale
}
