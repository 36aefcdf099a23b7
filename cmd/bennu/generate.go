package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"bennu/internal/templgen"
)

const generateHelp = `Usage: bennu generate [--check] [DIR ...]

Writes x_templ.go for every x.templ in and below each DIR (default: the current
directory), skipping testdata, vendor, node_modules and hidden directories. It
takes the place of "templ generate": the same templates, also able to send only
what changed. Files that are right already are not touched. Commit them.

When a template is wrong, the mistake is printed as file:line:col, no Go file of
its directory is changed, and the exit status is 1.

  --check   write nothing; list the files that are missing or out of date and
            exit with status 1 if there are any (for CI)
`

// runGenerate is "bennu generate". It returns the exit status: 0 when all is
// well, 1 when templates are wrong or out of date, 2 when it was called wrongly.
func runGenerate(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, generateHelp) }
	check := flags.Bool("check", false, "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	dirs := flags.Args()
	if len(dirs) == 0 {
		dirs = []string{"."}
	}
	status := 0
	for _, dir := range dirs {
		status = max(status, generateTree(dir, *check, stdout, stderr))
	}
	return status
}

func generateTree(dir string, check bool, stdout, stderr io.Writer) int {
	run := templgen.Tree
	if check {
		run = templgen.Check
	}
	r, err := run(dir)
	for _, d := range r.Diagnostics {
		d.File = filepath.Join(dir, d.File)
		fmt.Fprintln(stderr, d)
	}
	if err != nil {
		fmt.Fprintf(stderr, "bennu generate: %v\n", err)
		return 1
	}
	for _, f := range r.Written {
		if check {
			fmt.Fprintf(stderr, "%s is out of date; run \"bennu generate\"\n", filepath.Join(dir, f))
			continue
		}
		fmt.Fprintln(stdout, filepath.Join(dir, f))
	}
	if r.Failed() || check && len(r.Written) > 0 {
		return 1
	}
	return 0
}
