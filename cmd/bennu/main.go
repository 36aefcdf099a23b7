// Command bennu makes and serves apps that are built with package bennu.
//
//	bennu dev        serve an app and keep it equal to its sources
//	bennu generate   write the Go of templates
//	bennu assets     build what browsers load
//
// `bennu help` lists all commands, `bennu help COMMAND` explains one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() { os.Exit(start()) }

// start passes the first signal to the command, which then ends what it has
// started; a second one ends this program at once.
func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// The exit statuses.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// run is the program without its surroundings.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		printHelp(stderr)
		return exitUsage
	}
	name := args[0]
	if alias, ok := aliases[name]; ok {
		name = alias
	}
	cmd, ok := find(name)
	if !ok {
		near := didYouMean(name, names())
		if near == "" {
			near = ";" // a question has its mark
		}
		fmt.Fprintf(stderr, "bennu: there is no command %q%s `bennu help` lists them\n", name, near)
		return exitUsage
	}
	err := cmd.run(ctx, args[1:], stdout, stderr)
	var wrong usageError
	var status exitStatus
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, flag.ErrHelp):
		cmd.printHelp(stdout)
		return exitOK
	case errors.As(err, &wrong) && name == "help":
		fmt.Fprintf(stderr, "bennu help: %v\n", err)
		return exitUsage
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "bennu %s: %v\n`bennu help %s` tells more\n", name, err, name)
		return exitUsage
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintf(stderr, "bennu %s: interrupted\n", name)
		return exitError
	}
	// Package assets says its name, as we do.
	fmt.Fprintf(stderr, "bennu %s: %s\n", name, strings.TrimPrefix(err.Error(), name+": "))
	return exitError
}

// usageError is a mistake in the command line.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// exitStatus is the failure of a command that has said all there is to say.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// parse reads flags, with errors that are for people.
func parse(f *flag.FlagSet, args []string) error {
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	err := f.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usageError(err.Error())
}
