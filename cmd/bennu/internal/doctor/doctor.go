// Package doctor looks at what an app needs on this machine, and says for each
// thing whether it is there and how to mend it.
package doctor

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"

	"bennu"
	"bennu/cmd/bennu/internal/app"
	"bennu/cmd/bennu/internal/dev"
)

// Finding is what there is to say about one thing.
type Finding struct {
	Name string // "node"
	Text string // what is there, or what is wrong
	Fix  string // what to do; "" when all is well
}

// System is how the doctor looks at the machine; tests look at another one.
type System struct {
	Getenv func(string) string
	// Run runs a program in a directory and returns what it prints.
	Run func(ctx context.Context, dir, name string, args ...string) (string, error)
	// Environment is what the app would say about its environment.
	Environment func() error
	// Port reports why an address cannot be listened on.
	Port func(addr string) error
}

// ThisMachine is the System that the command itself runs on.
func ThisMachine() System {
	return System{
		Getenv: os.Getenv,
		Run:    run,
		Environment: func() error {
			_, err := bennu.FromEnv()
			return err
		},
		Port: dev.CheckPort,
	}
}

// Examine looks at everything, in the order in which things need one another.
func Examine(ctx context.Context, a app.App, s System) []Finding {
	d := doctor{ctx, a, s}
	found := append([]Finding{d.goCommand()}, d.framework()...)
	found = append(found, d.templates())
	if a.Assets != nil {
		found = append(found, d.node(), d.npm(), d.lock(), d.packages())
	}
	found = append(found, d.port())
	return append(found, d.environment()...)
}

type doctor struct {
	ctx context.Context
	app app.App
	System
}

func well(name, text string) Finding       { return Finding{Name: name, Text: text} }
func wrong(name, text, fix string) Finding { return Finding{name, text, fix} }

// run is System.Run. The error has what the program wrote, in one line.
func run(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		err = errors.New(strings.Join(strings.Fields(string(exit.Stderr)), " "))
	}
	return strings.TrimSpace(string(out)), err
}
