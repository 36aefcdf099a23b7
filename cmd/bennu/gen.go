package main

import (
	"context"
	"fmt"
	"io"

	"bennu/token"
)

const genHelp = `  bennu gen secret   prints a new key for sessions and tokens, which the app reads
                     from SECRET_KEY_BASE. Whoever knows it can forge both.`

func runGen(_ context.Context, args []string, stdout, _ io.Writer) error {
	if len(args) != 1 {
		return usagef("expected what to make: secret")
	}
	if args[0] != "secret" {
		return usagef("there is no %q%s", args[0], didYouMean(args[0], []string{"secret"}))
	}
	fmt.Fprintln(stdout, token.NewSecret())
	return nil
}
