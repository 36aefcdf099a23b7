package main

import (
	"context"
	"fmt"
	"io"

	"bennu/cmd/bennu/internal/doctor"
)

const doctorHelp = `Looks at what the app needs on this machine, and says for each thing that is
wrong how to mend it:

  go, framework, templ, modules,
  templates                             what compiles; the version of templ is
                                        the framework's
  node, npm, lock, packages             what pages load; the lock has to name
                                        the packages of all systems
  port                                  $PORT, else 4000
  secret, origins                       SECRET_KEY_BASE and BENNU_ORIGINS, as the
                                        app would read them

It changes nothing. The exit status is 1 when something is wrong.

  --dir PATH   the app's directory (default: the app that this one is in)
  --main PATH  the main package, when there are several below cmd/`

func runDoctor(ctx context.Context, args []string, stdout, _ io.Writer) error {
	a, err := findApp("doctor", args)
	if err != nil {
		return err
	}
	problems := 0
	for _, f := range doctor.Examine(ctx, a, doctor.ThisMachine()) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if f.Fix == "" {
			fmt.Fprintf(stdout, "ok       %-10s %s\n", f.Name, f.Text)
			continue
		}
		problems++
		fmt.Fprintf(stdout, "PROBLEM  %-10s %s\n         %-10s fix: %s\n", f.Name, f.Text, "", f.Fix)
	}
	switch problems {
	case 0:
		fmt.Fprintln(stdout, "all is well")
		return nil
	case 1:
		fmt.Fprintln(stdout, "1 problem")
	default:
		fmt.Fprintf(stdout, "%d problems\n", problems)
	}
	return exitStatus(exitError)
}
