package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"bennu/cmd/bennu/internal/app"
)

const buildHelp = `Leaves the whole app as one file, bin/NAME: writes the Go of the templates,
builds scripts and styles for production (hashed names, compressed, embedded),
and compiles a static program without debug information. The file runs anywhere
in the file system, on a machine without Go and Node:

  SECRET_KEY_BASE=$(bennu gen secret) PORT=4000 bin/shop

GOOS and GOARCH choose another system, as for go build: GOOS=linux bennu build.
CGO_ENABLED=1 gives up being static, for apps that need C.

  --dir PATH    the app's directory (default: the app that this one is in)
  --main PATH   the main package, when there are several below cmd/
  --out FILE    where the program goes (default: bin/NAME in the app's directory)
  -- FLAGS      more flags for go build, such as -tags=demo`

func runBuild(ctx context.Context, args []string, stdout, _ io.Writer) error {
	began := time.Now()
	own, goFlags, _ := cut(args, "--")
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	dir := flags.String("dir", ".", "")
	main := flags.String("main", "", "")
	out := flags.String("out", "", "")
	if err := parse(flags, own); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return unexpected(flags)
	}
	a, err := app.Find(*dir, *main)
	if err != nil {
		return err
	}
	output, err := outputFile(a, *out)
	if err != nil {
		return err
	}
	if err := a.CheckFramework(ctx); err != nil {
		return err
	}
	if _, err := a.Generate(ctx); err != nil {
		return fmt.Errorf("nothing was built\n%w", err)
	}
	if err := buildPages(ctx, a, stdout); err != nil {
		return err
	}
	env := []string{}
	if os.Getenv("CGO_ENABLED") == "" {
		env = append(env, "CGO_ENABLED=0")
	}
	if err := a.Compile(ctx, output, append([]string{"-trimpath", "-ldflags=-s -w"}, goFlags...), env); err != nil {
		return fmt.Errorf("no program was built\n%w", err)
	}
	info, err := os.Stat(output)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s  %.1f MB, %s/%s, in %.1f s\n", shown(output), float64(info.Size())/1e6,
		target("GOOS", runtime.GOOS), target("GOARCH", runtime.GOARCH), time.Since(began).Seconds())
	return nil
}

// outputFile is the absolute path of the program to build.
func outputFile(a app.App, asked string) (string, error) {
	if asked == "" {
		asked = filepath.Join(a.Dir, "bin", a.Name())
		if target("GOOS", runtime.GOOS) == "windows" {
			asked += ".exe"
		}
	}
	output, err := filepath.Abs(asked)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(output); err == nil && info.IsDir() {
		return "", fmt.Errorf("--out %s is a directory; expected the name of a file", asked)
	}
	return output, nil
}

// buildPages builds scripts and styles, if the app has any.
func buildPages(ctx context.Context, a app.App, stdout io.Writer) error {
	if a.Assets == nil {
		return nil
	}
	installed, err := a.Assets.Installed()
	if err != nil {
		return err
	}
	if !installed {
		return fmt.Errorf("the npm packages in %s are not those that its package-lock.json names: run `bennu setup`", a.Relative(a.Assets.Dir))
	}
	return buildAssets(ctx, *a.Assets, stdout)
}

// target is the system to compile for.
func target(variable, here string) string {
	if v := os.Getenv(variable); v != "" {
		return v
	}
	return here
}

// shown is a path as short as it can be said from here.
func shown(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(here, path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return rel
}
