package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"bennu"
)

const versionHelp = `The version, the revision it was built from, and the Go it was built with.`

func runVersion(_ context.Context, args []string, stdout, _ io.Writer) error {
	if len(args) > 0 {
		return usagef("expected no arguments, got %q", args[0])
	}
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value[:min(len(s.Value), 12)]
			}
		}
	}
	fmt.Fprintf(stdout, "bennu %s%s %s %s/%s\n", bennu.Version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
