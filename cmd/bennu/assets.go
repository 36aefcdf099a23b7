package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"bennu/cmd/bennu/internal/assets"
	"bennu/cmd/bennu/internal/problem"
)

const assetsHelp = `DIR is a directory with app.js (or app.ts), app.css, static/ and package.json.

  bennu assets build DIR   bundles and minifies into DIR/dist: names with hashes,
                           .br and .gz beside each file, and manifest.json with
                           what became of each name; no source maps. The program
                           that embeds DIR/dist is built afterwards.
  bennu assets setup DIR   installs the packages that package-lock.json names,
                           if they are not there yet. It needs npm, and of DIR
                           no more than package.json and its lock.

Tailwind builds app.css when package.json names @tailwindcss/cli; it needs node.`

func runAssets(ctx context.Context, args []string, stdout, _ io.Writer) error {
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		args = []string{"help"}
	}
	switch {
	case len(args) == 0:
		return usagef("expected build or setup, and a directory")
	case args[0] == "help":
		c, _ := find("assets")
		c.printHelp(stdout)
		return nil
	case len(args) != 2:
		return usagef("expected one directory after %q, got %d", args[0], len(args)-1)
	}
	var do func(context.Context, assets.Project, io.Writer) error
	open := assets.Open
	switch args[0] {
	case "build":
		do = buildAssets
	case "setup":
		do, open = setupAssets, assets.OpenPackages
	default:
		return usagef("there is no %q%s", args[0], didYouMean(args[0], []string{"build", "setup"}))
	}
	p, err := open(args[1])
	if err != nil {
		return err
	}
	return do(ctx, p, stdout)
}

func buildAssets(ctx context.Context, p assets.Project, stdout io.Writer) error {
	began := time.Now()
	report, err := p.Build(ctx)
	if err != nil {
		return fmt.Errorf("nothing was built\n%w", err)
	}
	for _, w := range report.Warnings {
		fmt.Fprintf(stdout, "warning: %s\n", problem.Format(w))
	}
	report.Print(stdout)
	fmt.Fprintf(stdout, "built %s in %d ms\n", p.Dist(), time.Since(began).Milliseconds())
	return nil
}

func setupAssets(ctx context.Context, p assets.Project, stdout io.Writer) error {
	installed, err := p.Setup(ctx, stdout)
	if err != nil {
		return err
	}
	if !installed {
		fmt.Fprintf(stdout, "%s is current\n", p.Dir)
	}
	return nil
}
