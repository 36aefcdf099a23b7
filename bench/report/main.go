// Command report measures the showcase and a floor server side by side and
// prints one table: what each figure is, what the floor takes for it, the ratio,
// and the bar that it is held against. `make bench` builds what it needs and
// runs it.
//
// Both servers are pinned to one CPU and the load to another, and they are
// measured in turn: floor, ours, floor, ours, one measure after the other, so
// that what else the machine does hits both alike. Times are CPU times of the
// server's process. Below that table stands another: what rendering costs in
// this process, by Bennu, templ and html/template.
//
// Times vary from run to run, so they decide nothing: the exit status is 1 only
// when a measurement failed, because a server refused, lost or answered wrongly
// what it was asked.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bennu/bench/internal/procstat"
)

func main() { os.Exit(start()) }

func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	b, err := parse(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		return 2
	}
	b.out = os.Stdout
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		return 1
	}
	return 0
}

// bench is one run.
type bench struct {
	bin, showcase, root string // directories and the program
	n                   int
	pagesAlone          bool
	effort
	cpus   cpus
	out    io.Writer
	note   io.Writer // progress
	others float64   // CPUs that were busy with other things, at most
}

// effort is how long things take.
type effort struct {
	rounds     int           // of each server in each measure
	warm, time time.Duration // of each round
	turns      int           // of each side of the pages in process
	hold       time.Duration
	tables     int    // idle table pages
	broadcasts int    // to all views of a room
	benchtime  string // of benchmarks in process
}

var (
	full  = effort{rounds: 2, warm: time.Second, time: 3 * time.Second, turns: 300, hold: time.Minute, tables: 200, broadcasts: 10, benchtime: "100ms"}
	quick = effort{rounds: 2, warm: 300 * time.Millisecond, time: time.Second, turns: 100, hold: 12 * time.Second, tables: 50, broadcasts: 4, benchtime: "20ms"}
)

func parse(args []string, stderr io.Writer) (*bench, error) {
	b := &bench{effort: full, note: stderr}
	f := flag.NewFlagSet("report", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&b.bin, "bin", "bin/bench", "directory of the programs floor, load and observed")
	f.StringVar(&b.showcase, "showcase", "bin/showcase", "the production showcase")
	f.StringVar(&b.root, "root", ".", "root of the repository, where benchmarks in process are run; empty: they are not")
	f.IntVar(&b.n, "n", 0, "idle connections; 0: 10,000, or as many as the limit on open files allows (2,000 when quick)")
	hold := f.Duration("hold", 0, "how long idle connections are held; 0: 60 s (12 s when quick)")
	f.BoolVar(&b.pagesAlone, "pages", false, "measure only the pages in process, and print them as Markdown")
	short := f.Bool("quick", false, "measure for a shorter time, for a first look")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	limit := procstat.Files() - 200
	want := 10_000
	if *short {
		b.effort, want = quick, 2000
	}
	if b.n == 0 {
		b.n = min(want, limit)
	}
	if b.n < 1 || b.n > limit {
		return nil, fmt.Errorf("-n %d: the limit on open files allows up to %d connections", b.n, limit)
	}
	if *hold > 0 {
		b.hold = *hold
	}
	b.cpus = findCPUs()
	return b, nil
}

// run measures and prints.
func (b *bench) run(ctx context.Context) error {
	if b.pagesAlone {
		p, err := b.pages(ctx)
		if err == nil {
			p.markdown(b.out)
		}
		return err
	}
	start := time.Now()
	t := newSheet()
	var failed []error
	for _, part := range []func(context.Context, *sheet) error{b.loops, b.idle, b.fanout, b.messages, b.inProcess} {
		if err := part(ctx, t); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			failed = append(failed, err)
		}
	}
	fmt.Fprintf(b.out, "\n%s\n\n", b.cpus)
	t.print(b.out)
	if p, err := b.pages(ctx); err != nil {
		failed = append(failed, err)
	} else {
		fmt.Fprintln(b.out)
		p.print(b.out)
	}
	if err := b.sizes(ctx, b.out); err != nil {
		failed = append(failed, err)
	}
	fmt.Fprintf(b.out, "\nMeasured in %s.", time.Since(start).Round(time.Second))
	if b.others > 0.2 {
		fmt.Fprintf(b.out, " Meanwhile up to %.1f CPUs were busy with other things: read the times as rough, their ratios as less so.", b.others)
	}
	fmt.Fprintln(b.out)
	return errors.Join(failed...)
}

// progress says what is being measured.
func (b *bench) progress(format string, args ...any) {
	fmt.Fprintf(b.note, "bench: "+format+"\n", args...)
}
