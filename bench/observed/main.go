// Command observed is the showcase with a second port that tells what goes on
// inside: the heap, the goroutines, and the profiles of net/http/pprof. The
// production showcase tells nobody, so what cannot be seen from outside its
// process is measured here, on the same pages and on one more, /shared, whose
// table is the same for all who look at it.
//
// It is configured as the showcase is, but listens on the loopback address
// alone: on PORT (default 4000), and on OBSERVE_PORT (default 4001), where
//
//	GET /figures        the figures as JSON, as they are
//	GET /figures?gc=1   the same after two collections: what is left is live
//	GET /debug/pprof/   profiles
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bennu"
	"bennu/examples/showcase/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "observed:", err)
		os.Exit(1)
	}
}

// run serves both ports until ctx ends.
func run(ctx context.Context) error {
	opts, err := bennu.FromEnv()
	if err != nil {
		return err
	}
	opts.Addr = loopback("PORT", "4000")
	l, err := net.Listen("tcp", loopback("OBSERVE_PORT", "4001"))
	if err != nil {
		return fmt.Errorf("the port of the figures: %w", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	inside := &http.Server{Handler: inside(), ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() {
		err := inside.Serve(l)
		cancel(err)
		served <- err
	}()
	app := web.New(opts)
	addShared(app)
	err = app.ListenAndServe(ctx)
	if closing := inside.Close(); err == nil {
		err = closing
	}
	if ended := <-served; err == nil && !errors.Is(ended, http.ErrServerClosed) {
		err = fmt.Errorf("the port of the figures: %w", ended)
	}
	return err
}

// loopback is the address whose port an environment variable says.
func loopback(name, port string) string {
	if p := os.Getenv(name); p != "" {
		port = p
	}
	return net.JoinHostPort("127.0.0.1", port)
}
