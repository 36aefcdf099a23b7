package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"bennu/cmd/bennu/internal/check"
	"bennu/cmd/bennu/internal/problem"
)

const checkHelp = `Looks at the templates and the Go of an app together, in and below each DIR
(default: the current directory), and reports what the compiler cannot see:

  event       an event that no handler of the view takes
  payload     phx-value- keys that the payload has no field for, or lacks
  attribute   phx- attributes and values that the client does not know
  component   live components that are not one element
  id          ids that the client needs and that are not there, or there twice
  script      scripts that would not run when a patch brings them
  goroutine   go statements in views and their callbacks
  link        addresses that no route answers, patches out of their view
  method      methods that the framework would call under another name
  socket      a *live.Socket that outlives its callback
  generated   generated files that are missing, out of date, or plain templ's

Each is one line file:line:col: message [check], with the way to mend it. The
exit status is 0 when there is nothing to report, 1 when there is, 2 when it
could not look. It changes nothing. An app that does not compile is reported as
the compiler does, at the place in the template where it comes from.

A comment above the line, or at its end, silences a check there:

  // bennu:ignore script runs once, the page is never patched

  --notes   also what may be meant: events that no template sends
  --raw     only a list of the places where text goes out as HTML, a URL, a
            style or a script as it is; the exit status is 0
  --json    a list of objects with check, file, line, col, message, fix, note`

// runCheck is "bennu check".
func runCheck(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	var opt check.Options
	flags.BoolVar(&opt.Notes, "notes", false, "")
	flags.BoolVar(&opt.Raw, "raw", false, "")
	asJSON := flags.Bool("json", false, "")
	if err := parse(flags, args); err != nil {
		return err
	}
	dirs := flags.Args()
	if len(dirs) == 0 {
		dirs = []string{"."}
	}
	all := []check.Finding{}
	for _, dir := range dirs {
		found, err := check.Run(ctx, dir, opt)
		if err != nil {
			fmt.Fprintf(stderr, "bennu check: %v\n", err)
			return exitStatus(exitUsage)
		}
		all = append(all, found...)
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	if here, err = filepath.EvalSymlinks(here); err != nil {
		return err
	}
	if *asJSON {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		if err := out.Encode(all); err != nil {
			return err
		}
	} else {
		printFindings(stdout, here, all)
	}
	return checkStatus(all, stderr, *asJSON)
}

// printFindings writes them with the line that each is about.
func printFindings(w io.Writer, here string, all []check.Finding) {
	for _, f := range all {
		p := problem.Problem{File: f.File, Line: f.Line, Col: f.Col, Message: fmt.Sprintf("%s [%s]", f.Message, f.Check)}
		if f.Note {
			p.Message = "note: " + p.Message
		}
		if f.Fix != "" {
			p.Message += "\nfix: " + f.Fix
		}
		fmt.Fprintln(w, problem.Format(problem.Relative(here, []problem.Problem{problem.WithSource(p)})[0]))
	}
}

// checkStatus is the exit status; notes alone do not fail.
func checkStatus(all []check.Finding, stderr io.Writer, quiet bool) error {
	wrong := 0
	for _, f := range all {
		if !f.Note {
			wrong++
		}
	}
	switch {
	case wrong == 0:
		return nil
	case quiet:
	case wrong == 1:
		fmt.Fprintln(stderr, "1 finding; `bennu help check` tells more")
	default:
		fmt.Fprintf(stderr, "%d findings; `bennu help check` tells more\n", wrong)
	}
	return exitStatus(exitError)
}
