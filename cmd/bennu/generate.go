package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"bennu/internal/templgen"
)

const generateHelp = `Usage: bennu generate [--check] [DIR ...]

Writes x_templ.go for every x.templ in and below each DIR (default: the current
directory), skipping testdata, vendor, node_modules and hidden directories. It
takes the place of "templ generate": the same templates, also able to send only
what changed. Files that are right already are not touched, those whose template
is gone are removed. Commit them.

The paths of changed files are printed. When a template is wrong, the mistake is
printed as file:line:col, no Go file of its directory is changed, and the exit
status is 1.

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
		dirs = []string{"."}
	}
	status := 0
	for _, dir := range dirs {
		status = max(status, generateTree(ctx, dir, *check, stdout, stderr))
	}
	return status
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
				fmt.Fprintf(stderr, "%s %s; run \"bennu generate\"\n", path, c.stale)
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
