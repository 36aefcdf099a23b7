// Command load puts load on a server of live pages, ours or any other that
// speaks the protocol of Phoenix LiveView, and measures what that costs. It is
// a browser for each connection: it loads the page, opens the socket with the
// page's cookie and tokens, joins, and goes on as the mode says.
//
//	load rtt  -url http://127.0.0.1:4000/counter -c 100 -event increase -value '{"number":"2","value":""}'
//	load join -url http://127.0.0.1:4000/counter -c 16
//	load http -url http://127.0.0.1:4000/counter -c 16
//	load hold -url http://127.0.0.1:4000/counter -n 10000 -hold 60s
//	load soak -url http://127.0.0.1:4000/counter -n 2000 -t 10m -rate 500
//	PORT=4000 load storm -url http://127.0.0.1:4000/counter -n 10000 -- bin/showcase
//	PORT=4000 load drain -url http://127.0.0.1:4000/counter -to 127.0.0.1:4002 -n 10000 -- bin/showcase
//
// With -pid, the process of the server on the same machine, it also tells the
// server's CPU time for each operation and its memory. For figures that can be
// compared, give the two a CPU each (taskset), switch the server's logs down to
// warnings and its limit on events off.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() { os.Exit(start()) }

func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// mode is one way to load a server.
type mode struct {
	name, does string
	run        func(context.Context, *options) (any, error)
}

// modes are all of them, in the order of the help text.
func modes() []mode {
	return []mode{
		{"rtt", "events on -c connections, one after the other on each", rtt},
		{"join", "page load, connect, join and leave, over and over", join},
		{"http", "page loads alone", pages},
		{"hold", "-n connections that do nothing", hold},
		{"fanout", "one event that all of -n connections hear, -rounds times", fanout},
		{"storm", "-n connections whose server, a command behind --, is killed and started again", storm},
		{"drain", "-n connections whose server, a command behind --, is asked to stop; they go on at another one", drain},
		{"soak", "-n visitors of the showcase's counter who come, click, crash and leave", soak},
	}
}

// run is the program without its surroundings. The exit status is 2 for a
// mistake in the command line and 1 for a load that failed.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		usage(stderr)
		return 2
	}
	for _, m := range modes() {
		if m.name != args[0] {
			continue
		}
		o, err := parse(m.name, args[1:], stderr)
		switch {
		case errors.Is(err, flag.ErrHelp):
			return 0
		case err != nil:
			fmt.Fprintf(stderr, "load %s: %v\n", m.name, err)
			return 2
		}
		o.stdout = stdout
		result, err := m.run(ctx, o)
		if result != nil {
			show(stdout, result, o.json)
		}
		if err != nil {
			fmt.Fprintf(stderr, "load %s: %v\n", m.name, err)
			return 1
		}
		return 0
	}
	fmt.Fprintf(stderr, "load: there is no mode %q\n", args[0])
	usage(stderr)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: load MODE -url URL [flags]")
	for _, m := range modes() {
		fmt.Fprintf(w, "  %-5s %s\n", m.name, m.does)
	}
	fmt.Fprintln(w, "load MODE -h lists the flags of a mode.")
}
