// Command showcase serves a website that shows what Bennu does, a page for each
// thing: from a counter to a player that plays on from page to page.
//
// It is configured by the environment alone: PORT, SECRET_KEY_BASE, BENNU_LOG,
// BENNU_ORIGINS and what else [bennu.FromEnv] reads; several copies of it are one
// site with what [nats.FromEnv] reads. SYSTEM_KEY is the key that opens /system in
// production.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"bennu"
	"bennu/cluster/nats"
	"bennu/examples/showcase/web"
	"bennu/examples/showcase/web/system"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "showcase:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends or the process is asked to stop, and then lets the
// open pages go in good order.
func run(ctx context.Context) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once

	if len(os.Args) > 1 {
		return fmt.Errorf("unexpected argument %q: it takes none. It is configured by its environment: PORT, SECRET_KEY_BASE, BENNU_LOG, BENNU_ORIGINS", os.Args[1])
	}
	opts, err := bennu.FromEnv()
	if err != nil {
		return err
	}
	if opts.Carrier, err = nats.FromEnv(opts.SecretKeyBase, opts.Logger); err != nil {
		return err
	}
	var keys []string
	if key := os.Getenv("SYSTEM_KEY"); key != "" {
		if err := system.CheckKey(key); err != nil {
			return fmt.Errorf("SYSTEM_KEY: %w; bennu gen secret makes a good one", err)
		}
		keys = append(keys, key)
	}
	return web.New(opts, keys...).ListenAndServe(ctx)
}
