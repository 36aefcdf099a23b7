package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"bennu/cmd/bennu/internal/scaffold"
)

const newHelp = `Writes a new app into DIR, which must be empty or not there yet:

  bennu new ../shop

It compiles, has one live page with a test, styles by Tailwind and daisyUI, and
a README.md that says how to go on. Its name is that of the directory: small
letters, digits, '-' and '_'. Nothing is fetched and nothing is installed: that
is "bennu setup". When something is wrong, nothing is written.

  --module PATH     the module path, when it is not the directory's name:
                    example.com/shop; the app's name is the last part of it
  --framework DIR   the directory with the framework's sources, on which the app
                    is built by a "replace" in its go.mod (default: those that
                    this command was made of, else what the go command finds)

An app is a module of its own. It cannot be made inside another module or
workspace, because Go would then take the one for a part of the other.`

func runNew(ctx context.Context, args []string, stdout, _ io.Writer) error {
	var app scaffold.App
	var asked string
	flags := flag.NewFlagSet("new", flag.ContinueOnError)
	flags.StringVar(&app.Module, "module", "", "")
	flags.StringVar(&asked, "framework", "", "")
	dirs, err := parseMixed(flags, args)
	if err != nil {
		return err
	}
	if len(dirs) != 1 {
		return usagef("expected one directory for the app, got %d: bennu new ../shop", len(dirs))
	}
	app.Dir = dirs[0]
	if app.Framework, err = scaffold.FindFramework(ctx, asked); err != nil {
		return err
	}
	name, err := app.Write(ctx)
	if err != nil {
		return err
	}
	place, here := app.Dir, filepath.Clean(app.Dir) == "."
	if here {
		place = "this directory"
	}
	fmt.Fprintf(stdout, "%s is ready in %s, on the framework in %s. Next:\n", name, place, app.Framework)
	if line := installLine(ctx, app.Framework); line != "" {
		fmt.Fprintln(stdout, line)
	}
	if !here {
		fmt.Fprintf(stdout, "  cd %s\n", quoteShell(app.Dir))
	}
	fmt.Fprint(stdout, "  bennu setup\n  bennu dev\n")
	return nil
}

// parseMixed reads flags that stand before, between and behind the arguments,
// which it returns.
func parseMixed(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := parse(flags, args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

// installLine is the command that makes "bennu" a command, "" when it is one.
func installLine(ctx context.Context, framework string) string {
	if _, err := exec.LookPath("bennu"); err == nil {
		return ""
	}
	line := fmt.Sprintf("  go -C %s install ./cmd/bennu", quoteShell(framework))
	out, err := exec.CommandContext(ctx, "go", "env", "GOBIN", "GOPATH").Output()
	if err != nil {
		return line
	}
	bin, path, _ := strings.Cut(strings.TrimRight(string(out), "\n"), "\n")
	if bin == "" {
		first, _, _ := strings.Cut(path, string(os.PathListSeparator))
		bin = filepath.Join(first, "bin")
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.Clean(dir) == bin {
			return line
		}
	}
	return line + fmt.Sprintf(` && export PATH="$PATH:%s"`, bin)
}

// quoteShell is a path as a shell takes it for one word.
func quoteShell(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+~@:,", r)
	}
	if path != "" && !strings.ContainsFunc(path, func(r rune) bool { return !plain(r) }) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
