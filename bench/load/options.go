package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"bennu/bench/internal/client"
	"bennu/bench/internal/procstat"
	"bennu/bench/internal/traffic"
)

// options are what the flags of a mode say.
type options struct {
	url     string
	client  client.Options
	pid     int
	figures string
	json    bool

	n, c                    int
	rate                    float64
	time, warm, hold, every time.Duration
	heartbeat, ramp         time.Duration
	within                  time.Duration
	reuse                   bool
	rounds                  int
	gap                     time.Duration
	server                  []string // the command of a storm's or a drain's server
	stays                   string   // the address of the server that stays
	event, typ, value       string

	site   *client.Site
	to     *client.Site // of a drain
	values client.Values
	stdout io.Writer
	stderr io.Writer
}

// parse reads the flags of a mode. A mistake is an error that names the flag;
// what the flag package itself finds is printed by it, too.
func parse(mode string, args []string, stderr io.Writer) (*options, error) {
	o := new(options)
	f := flag.NewFlagSet("load "+mode, flag.ContinueOnError)
	f.SetOutput(stderr)
	o.common(f)
	switch mode {
	case "rtt":
		o.loop(f, 100)
		f.StringVar(&o.event, "event", "increase", "names of events, separated by commas, used in turn")
		f.StringVar(&o.typ, "type", "click", "type of the events")
		f.StringVar(&o.value, "value", `{"number":"2","value":""}`, "value of the events, JSON; %RAND(n)% is a number from 1 to n, %I% the event's own")
	case "join":
		o.loop(f, 16)
		f.BoolVar(&o.reuse, "reuse", false, "leave the page loads out: all join with the tokens of one")
	case "http":
		o.loop(f, 16)
		f.BoolVar(&o.client.Gzip, "gzip", false, "offer compression")
	case "hold":
		f.IntVar(&o.n, "n", 1000, "connections")
		f.IntVar(&o.c, "c", 16, "how many join at once")
		f.Float64Var(&o.rate, "rate", 0, "joins a second; 0: as many as -c can")
		f.BoolVar(&o.reuse, "reuse", false, "one page load for all connections instead of one each")
		f.DurationVar(&o.hold, "hold", 20*time.Second, "how long to hold")
		f.DurationVar(&o.every, "every", 5*time.Second, "time between two looks at the memory")
		f.DurationVar(&o.heartbeat, "heartbeat", 30*time.Second, "interval of the heartbeats")
	case "fanout":
		f.IntVar(&o.n, "n", 1000, "connections that hear")
		f.IntVar(&o.c, "c", 16, "how many join at once")
		f.Float64Var(&o.rate, "rate", 0, "joins a second; 0: as many as -c can")
		f.IntVar(&o.rounds, "rounds", 10, "messages, one after the other")
		f.DurationVar(&o.gap, "gap", 2*time.Second, "the rest before each")
		f.StringVar(&o.event, "event", "send", "name of the event")
		f.StringVar(&o.value, "value", `{"text":"%I%"}`, "value of the event, JSON; %I% is the mark by which a message is known")
	case "storm", "drain":
		if mode == "drain" {
			f.StringVar(&o.stays, "to", "", "host and port of the server that stays; both have the same secrets")
		}
		f.IntVar(&o.n, "n", 1000, "connections")
		f.IntVar(&o.c, "c", 16, "how many join at once, before the server ends")
		f.BoolVar(&o.reuse, "reuse", false, "one page load for all connections instead of one each")
		f.DurationVar(&o.within, "within", 30*time.Second, "how long they may take to come back")
	case "soak":
		f.IntVar(&o.n, "n", 1000, "visitors at once")
		f.Float64Var(&o.rate, "rate", 500, "what all visitors together do in a second")
		f.DurationVar(&o.time, "t", 10*time.Minute, "how long, the ramp included")
		f.DurationVar(&o.ramp, "ramp", 0, "time in which the visitors come; 0: a quarter of -t, a minute at most")
		f.DurationVar(&o.every, "every", 5*time.Second, "time between two looks at the server")
	}
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	o.stderr = stderr
	if mode == "storm" || mode == "drain" {
		o.server = f.Args()
	} else if f.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag", f.Arg(0))
	}
	return o, o.check(mode)
}

// common are the flags of every mode.
func (o *options) common(f *flag.FlagSet) {
	f.StringVar(&o.url, "url", "http://127.0.0.1:4000/counter", "the page; its host is where the socket is, too")
	f.StringVar(&o.client.Socket, "socket", "/live", "path of the page's socket")
	f.StringVar(&o.client.Origin, "origin", "", "Origin of the upgrade; empty: the page's")
	f.IntVar(&o.client.Sources, "src", 8, "how many loopback addresses to come from")
	f.IntVar(&o.pid, "pid", 0, "process of the server, for its CPU time and memory")
	f.StringVar(&o.figures, "figures", "", "where the server tells of itself, as bench/observed does: http://127.0.0.1:4001")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
}

// loop are the flags of the closed loops.
func (o *options) loop(f *flag.FlagSet, clients int) {
	f.IntVar(&o.c, "c", clients, "clients at once")
	f.DurationVar(&o.time, "t", 10*time.Second, "measured time")
	f.DurationVar(&o.warm, "warm", 2*time.Second, "time before it, in which nothing is counted")
}

// check completes the options.
func (o *options) check(mode string) (err error) {
	switch {
	case (mode == "storm" || mode == "drain") && len(o.server) == 0:
		return fmt.Errorf("the command that starts the server is missing: load %s … -- bin/showcase", mode)
	case mode == "drain" && o.stays == "":
		return errors.New("-to is missing: the server that clients come back to")
	case (mode == "hold" || mode == "storm" || mode == "drain") && (o.n < 1 || o.c < 1):
		return errors.New("-n and -c must be at least 1")
	case mode == "soak" && (o.n < 1 || o.rate <= 0 || o.every <= 0):
		return errors.New("-n must be at least 1, -rate and -every more than 0")
	case mode != "hold" && mode != "storm" && mode != "drain" && mode != "soak" && o.c < 1:
		return errors.New("-c must be at least 1")
	}
	if mode == "hold" || mode == "storm" || mode == "drain" || mode == "soak" {
		o.client.Buffer = 256 // ten thousand connections keep one each
		if limit, need := procstat.Files(), o.n+100; limit < need {
			return fmt.Errorf("-n %d takes %d open files, and the limit is %d (ulimit -n)", o.n, need, limit)
		}
	}
	if o.ramp == 0 {
		o.ramp = min(o.time/4, time.Minute)
	}
	if mode == "rtt" {
		if o.values, err = client.ParseValues(o.value); err != nil {
			return fmt.Errorf("-value: %w", err)
		}
		if strings.ContainsAny(o.event+o.typ, "\"\\") {
			return errors.New("-event and -type must be plain names")
		}
	}
	if o.site, err = client.New(o.url, o.client); err != nil {
		return fmt.Errorf("-url: %w", err)
	}
	if mode == "drain" {
		there := o.client
		there.Dial = o.stays
		if o.to, err = client.New(o.url, there); err != nil {
			return fmt.Errorf("-to: %w", err)
		}
	}
	return nil
}

// closed is the closed loop that the options describe.
func (o *options) closed() traffic.Loop {
	return traffic.Loop{Clients: o.c, Warm: o.warm, Time: o.time, PID: o.pid}
}
