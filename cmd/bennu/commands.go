package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
)

// command is one word after bennu.
type command struct {
	name  string
	args  string // how it is called
	short string // one line for the list
	long  string // the whole story
	run   func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

// commands are all of them, in the order of the list. It is a function because
// help, one of them, reads it.
func commands() []command {
	return []command{
		{"new", "DIR [--module PATH] [--framework DIR]", "write a new app", newHelp, runNew},
		{"setup", "[--dir PATH]", "fetch what an app needs, and nothing that is there", setupHelp, runSetup},
		{"dev", "[--dir PATH] [--addr :4000] [-- ARGS]", "serve an app and keep it equal to its sources", devHelp, runDev},
		{"build", "[--dir PATH] [--out FILE] [-- FLAGS]", "make one file of the whole app", buildHelp, runBuild},
		{"routes", "[--dir PATH] [--info URL]", "list the addresses of an app", routesHelp, runRoutes},
		{"generate", "[--check] [DIR ...]", "write the Go of templates", body(generateHelp), generate},
		{"check", "[--notes] [--raw] [--json] [DIR ...]", "find mistakes in templates and views before a browser does", checkHelp, runCheck},
		{"assets", "build DIR | setup DIR", "build what browsers load, or install the packages it needs", assetsHelp, runAssets},
		{"gen", "secret", "make a new secret", genHelp, runGen},
		{"doctor", "[--dir PATH]", "look for what is missing or wrong on this machine", doctorHelp, runDoctor},
		{"version", "", "say which bennu this is", versionHelp, runVersion},
		{"help", "[COMMAND]", "list the commands, or explain one", helpHelp, runHelp},
	}
}

// generate gives [runGenerate] the shape of the others.
func generate(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if status := runGenerate(ctx, args, stdout, stderr); status != exitOK {
		return exitStatus(status)
	}
	return nil
}

// body is a help text without its first line, which printHelp writes.
func body(text string) string {
	_, rest, _ := strings.Cut(text, "\n\n")
	return strings.TrimRight(rest, "\n")
}

// aliases are what people type out of habit.
var aliases = map[string]string{"-h": "help", "-help": "help", "--help": "help", "-v": "version", "--version": "version"}

func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func names() []string {
	var all []string
	for _, c := range commands() {
		all = append(all, c.name)
	}
	return all
}

const helpHelp = `Without a command it lists them all.`

func runHelp(_ context.Context, args []string, stdout, _ io.Writer) error {
	switch len(args) {
	case 0:
		printHelp(stdout)
		return nil
	case 1:
		c, ok := find(args[0])
		if !ok {
			return usagef("there is no command %q%s they are %s", args[0], cmp.Or(didYouMean(args[0], names()), ";"), strings.Join(names(), ", "))
		}
		c.printHelp(stdout)
		return nil
	}
	return usagef("expected one command, got %d", len(args))
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "bennu serves live pages written in Go.\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  bennu %-10s %s\n", c.name, c.short)
	}
	fmt.Fprint(w, "\n`bennu help COMMAND` explains one. Commands about an app work from any directory in it.\n")
}

func (c command) printHelp(w io.Writer) {
	fmt.Fprintf(w, "Usage: bennu %s %s\n\n%s\n", c.name, c.args, c.long)
}
