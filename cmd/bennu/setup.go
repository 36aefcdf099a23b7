package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"bennu/cmd/bennu/internal/app"
)

const setupHelp = `Makes an app ready to work on, and changes nothing where it is already:

  templates   writes the Go of the templates (bennu generate)
  modules     fetches the Go modules, and mends go.mod where it lacks some
  packages    installs the npm packages that package-lock.json names, with
              "npm ci --ignore-scripts": no script of theirs is run

Run it after "bennu new", after a clone, and after a pull.

  --dir PATH   the app's directory (default: the app that this one is in)
  --main PATH  the main package, when there are several below cmd/`

func runSetup(ctx context.Context, args []string, stdout, _ io.Writer) error {
	a, err := findApp("setup", args)
	if err != nil {
		return err
	}
	if err := a.CheckFramework(ctx); err != nil {
		return err
	}
	written, err := a.Generate(ctx)
	if err != nil {
		return fmt.Errorf("templates:\n%w", err)
	}
	said := "current"
	if len(written) > 0 {
		said = fmt.Sprintf("%d written", len(written))
	}
	fmt.Fprintf(stdout, "templates  %s\n", said)

	changed, err := a.Modules(ctx)
	if err != nil {
		return fmt.Errorf("modules: %w", err)
	}
	said = "current"
	if changed {
		said = "go.mod and go.sum mended"
	}
	fmt.Fprintf(stdout, "modules    %s\n", said)

	if err := setupPackages(ctx, a, stdout); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "ready: bennu dev")
	return nil
}

// setupPackages installs what pages need from npm.
func setupPackages(ctx context.Context, a app.App, stdout io.Writer) error {
	if a.Assets == nil {
		return nil
	}
	var npm bytes.Buffer
	fmt.Fprint(stdout, "packages   ")
	installed, err := a.Assets.Setup(ctx, &npm)
	if err != nil {
		fmt.Fprintf(stdout, "not installed\n%s", npm.Bytes())
		return err
	}
	said := "current"
	if installed {
		if said = strings.Join(strings.Fields(npm.String()), " "); said == "" {
			said = "installed"
		}
	}
	fmt.Fprintln(stdout, said)
	return nil
}

// findApp is the app that a command without other flags and arguments is about.
func findApp(command string, args []string) (app.App, error) {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	dir := flags.String("dir", ".", "")
	main := flags.String("main", "", "")
	if err := parse(flags, args); err != nil {
		return app.App{}, err
	}
	if flags.NArg() > 0 {
		return app.App{}, unexpected(flags)
	}
	return app.Find(*dir, *main)
}

// unexpected is the error about an argument of a command that takes none.
func unexpected(flags *flag.FlagSet) error {
	return usagef("unexpected %q: the app's directory is given as --dir %[1]s", flags.Arg(0))
}
