package main

import (
	"context"
	"flag"
	"io"
	"os"
	"strings"

	"bennu/cmd/bennu/internal/dev"
)

const devHelp = `Builds the app, serves it, and does again whatever a saved file asks for:

  .templ          generate, compile, hand over to the new program
  .go             compile, hand over
  app.js, js/     bundle, reload the page
  app.css, a new class in a template
                  new styles, without loading the page

The port is opened once and handed from one program to the next. What does not
compile is shown in the browser, and the last good program keeps serving.

  --dir PATH      the app's directory (default: here)
  --main PATH     the main package, when there are several below cmd/
  --addr :4000    where to listen (default: the port in $PORT, else 4000)
  --watch PATH    one more directory to watch; may be given again
  -- ARGS         arguments for the app

Ctrl-C ends it and all that it started.`

func runDev(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	cfg := dev.Config{Out: stdout, Stdout: stdout, Stderr: stderr, Addr: ":4000"}
	if port := os.Getenv("PORT"); port != "" {
		cfg.Addr = ":" + port
	}
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	flags.StringVar(&cfg.Dir, "dir", ".", "")
	flags.StringVar(&cfg.Main, "main", "", "")
	flags.StringVar(&cfg.Addr, "addr", cfg.Addr, "")
	flags.Func("watch", "", func(dir string) error {
		cfg.Watch = append(cfg.Watch, dir)
		return nil
	})
	own, forApp, _ := cut(args, "--")
	cfg.Args = forApp
	if err := parse(flags, own); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usagef("unexpected %q: the directory is given as --dir %[1]s, arguments for the app follow --", flags.Arg(0))
	}
	if !strings.Contains(cfg.Addr, ":") {
		cfg.Addr = ":" + cfg.Addr
	}
	return dev.Run(ctx, cfg)
}

// cut is strings.Cut for words.
func cut(words []string, sep string) (before, after []string, found bool) {
	for i, w := range words {
		if w == sep {
			return words[:i], words[i+1:], true
		}
	}
	return words, nil, false
}
