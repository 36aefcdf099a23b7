package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
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
compile is shown in the browser, and the last good program keeps serving. What
was typed into a page, the focus and the scroll position survive its reload;
passwords and files do not. Nor does what a view holds in its fields: it is
mounted anew in the new program. Keep in the address or the session what is to
last longer.

The app logs a line for each request and view. BENNU_LOG=debug shows all that
is known of them and each event, BENNU_LOG_FORMAT=text what production logs.

  --dir PATH      the app's directory (default: the app that this one is in)
  --main PATH     the main package, when there are several below cmd/
  --addr :4000    where to listen (default: the port in $PORT, else 4000)
  --watch PATH    one more directory to watch; may be given again
  -- ARGS         arguments for the app

Ctrl-C ends it and all that it started.`

func runDev(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	cfg := dev.Config{Out: stdout, Stdout: stdout, Stderr: stderr, Command: os.Getenv("BENNU_COMMAND")}
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	flags.StringVar(&cfg.Dir, "dir", ".", "")
	flags.StringVar(&cfg.Main, "main", "", "")
	addr := flags.String("addr", "", "")
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
	var err error
	if cfg.Addr, err = address(*addr, os.Getenv("PORT")); err != nil {
		return err
	}
	return dev.Run(ctx, cfg)
}

// address is where to listen: --addr, else $PORT, else port 4000.
func address(addr, port string) (string, error) {
	full := cmp.Or(addr, port, "4000")
	if addr == "" || !strings.Contains(addr, ":") {
		full = ":" + full
	}
	_, number, err := net.SplitHostPort(full)
	if err == nil {
		_, err = strconv.ParseUint(number, 10, 16)
	}
	switch {
	case err == nil:
		return full, nil
	case addr != "":
		return "", fmt.Errorf("--addr is %q: expected host:port, :port or a port, as in --addr :4000", addr)
	}
	return "", fmt.Errorf("PORT is %q: expected a number from 0 to 65535, as in PORT=4000", port)
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
