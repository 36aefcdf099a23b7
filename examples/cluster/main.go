//go:build unix

// Command cluster runs some copies of an app on this machine as one: each with a
// NATS server in itself, by which they hear each other, behind a small balancer.
// It ends, and they with it, by ctrl-c.
//
//	go run ./cluster -program ../bin/showcase
//
// With -kill it shows what happens when a node is lost: it reads a page over and
// over, kills a node, and tells what the reader has seen.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

// config is what the command is told.
type config struct {
	program, addr, page string
	nodes               int
	again, grace        time.Duration
	kill                bool
}

func parse(args []string) (config, error) {
	var c config
	f := flag.NewFlagSet("cluster", flag.ContinueOnError)
	f.StringVar(&c.program, "program", filepath.Join("bin", "showcase"), "the app, which is configured by its environment as bennu.FromEnv and nats.FromEnv do")
	f.StringVar(&c.addr, "addr", "localhost:4000", "where browsers come to")
	f.IntVar(&c.nodes, "nodes", 3, "how many copies")
	f.DurationVar(&c.again, "again", 10*time.Second, "how long after its end a node is started again; 0 is never")
	f.DurationVar(&c.grace, "grace", 15*time.Second, "how long a node may take to stop")
	f.BoolVar(&c.kill, "kill", false, "kill a node, tell what a reader of -page has seen of it, and end")
	f.StringVar(&c.page, "page", "/counter", "the page that is read with -kill")
	if err := f.Parse(args); err != nil {
		return c, err
	}
	const most = 16
	switch {
	case f.NArg() > 0:
		return c, fmt.Errorf("unexpected argument %q; it takes flags only, which -h lists", f.Arg(0))
	case c.nodes < 1 || c.nodes > most:
		return c, fmt.Errorf("-nodes %d, want 1 to %d", c.nodes, most)
	}
	path, err := filepath.Abs(c.program)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return c, fmt.Errorf("no app to run: %w; `make build` leaves one at bin/showcase", err)
	}
	c.program = path
	return c, nil
}

// run runs the nodes until ctx ends or the process is asked to stop.
func run(ctx context.Context, args []string, w io.Writer) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	}
	out := &printer{w: w}
	nodes, balancer, err := plan(c, out)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return fmt.Errorf("listen on %q: %w; choose another address by -addr", c.addr, err)
	}
	c.addr = listener.Addr().String() // a port of 0 is another one now
	server := &http.Server{Handler: balancer.handler(), ReadHeaderTimeout: 5 * time.Second}

	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	var all sync.WaitGroup
	for _, n := range nodes {
		all.Go(func() {
			if err := n.run(ctx, c.again, c.grace); err != nil {
				end(err)
			}
		})
	}
	all.Go(func() { balancer.watch(ctx, 250*time.Millisecond) })
	all.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			end(err)
		}
	})
	if c.kill {
		end(show(ctx, c, nodes, balancer, out))
	} else if wait(ctx, func() bool { return balancer.readyNodes() == len(nodes) }) {
		out.printf("cluster", "http://%s has %d nodes behind it; ctrl-c ends them", listener.Addr(), len(nodes))
		for _, n := range nodes {
			out.printf("cluster", "%s is lost with: kill -9 %d", n.name, n.process())
		}
	}
	<-ctx.Done()
	_ = server.Close() // the nodes tell their browsers that they go
	all.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// plan chooses ports, names and a secret for the nodes.
func plan(c config, out *printer) ([]*node, *balancer, error) {
	free, err := freePorts(2 * c.nodes)
	if err != nil {
		return nil, nil, err
	}
	const bytes = 64
	secret := make([]byte, bytes)
	rand.Read(secret) //nolint:errcheck // never fails
	var nodes []*node
	var backends []*backend
	peers := free[c.nodes:]
	for i := range c.nodes {
		name := fmt.Sprint("node-", i+1)
		_, port, _ := net.SplitHostPort(free[i])
		nodes = append(nodes, &node{name: name, program: c.program, out: out, env: []string{
			"PORT=" + port, "SECRET_KEY_BASE=" + hex.EncodeToString(secret), "BENNU_TRUSTED_PROXIES=127.0.0.0/8,::1/128",
			"BENNU_NODE=" + name, "BENNU_LISTEN_NODES=" + peers[i], "BENNU_NODES=" + strings.Join(peers, ","), "BENNU_NATS=",
			"BENNU_PRESENCE_DOWN=5s",
		}})
		if c.kill && os.Getenv("BENNU_LOG") == "" {
			nodes[i].env = append(nodes[i].env, "BENNU_LOG=warn")
		}
		backends = append(backends, &backend{name: name, addr: free[i]})
	}
	return nodes, newBalancer(backends...), nil
}

// freePorts are addresses of this machine that nobody listens on, for now.
func freePorts(n int) ([]string, error) {
	var all []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("a free port: %w", err)
		}
		defer l.Close()
		all = append(all, l.Addr().String())
	}
	return all, nil
}

// wait waits until something is so; false: ctx has ended before.
func wait(ctx context.Context, so func() bool) bool {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}
