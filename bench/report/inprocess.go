package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// A benchmark is a line of `go test -bench`: its name without "Benchmark" and
// the number of CPUs, and its values by their units.
type benchmark struct {
	name   string
	values map[string]float64
}

// inProcess runs the benchmarks of the packages behind a click. They read the
// clock and not the CPU's time, so the best of several short runs counts.
func (b *bench) inProcess(ctx context.Context, t *sheet) error {
	if b.root == "" {
		return nil
	}
	live, err := b.goBench(ctx, "./live", `^(BenchmarkClick|BenchmarkIdleView)$`)
	if err != nil {
		return err
	}
	t.part("Benchmarks of the packages, best of five by the clock")
	t.add(
		row{name: "live: click, mailbox to reply", unit: "µs", ours: find(live, "Click", "ns/op") / 1e3},
		row{name: "… allocations", ours: find(live, "Click", "allocs/op")},
		row{name: "live: idle view without its connection", unit: "bytes", ours: find(live, "IdleView", "B/view")},
	)
	return b.topics(ctx, t)
}

// topics runs the benchmarks of messages to many. Where CPU counts it is that of
// the process, in which nothing else runs.
func (b *bench) topics(ctx context.Context, t *sheet) error {
	hub, err := b.goBench(ctx, "./pubsub", `^(BenchmarkBroadcast|BenchmarkSubscription)$`)
	if err != nil {
		return err
	}
	views, err := b.goBench(ctx, "./live", `^BenchmarkBroadcast$`)
	if err != nil {
		return err
	}
	t.part("A message to 10,000 subscribers in this process, best of five")
	for _, way := range []struct{ name, bench string }{{"with mailboxes", "Mailboxes"}, {"inline", "Inline"}} {
		of := "Broadcast/" + way.bench
		t.add(
			row{name: "pubsub: " + way.name + ", CPU for each delivery", unit: "µs", ours: find(hub, of, "cpu-ns/delivery") / 1e3, bar: bar{most: 1.5}},
			row{name: "… to the last of them, 50th percentile", unit: "ms", ours: find(hub, of, "p50-ms")},
			row{name: "… 99th percentile", unit: "ms", ours: find(hub, of, "p99-ms"), bar: bar{most: 50}},
			row{name: "… publisher held, 99th percentile", unit: "µs", ours: find(hub, of, "held-p99-µs"), bar: bar{most: 1000}},
			row{name: "… memory of a subscription, all on one topic", unit: "bytes", ours: find(hub, "Subscription/"+way.bench+"/Topics1", "B/sub"), bar: bar{most: 450}},
			row{name: "… each on a topic of its own", unit: "bytes", ours: find(hub, "Subscription/"+way.bench+"/Topics10000", "B/sub"), bar: bar{most: 450}},
		)
	}
	t.add(
		row{name: "live: views that render it, without their sockets: CPU for each", unit: "µs", ours: find(views, "Broadcast", "cpu-ns/delivery") / 1e3},
		row{name: "… to the last of them, 99th percentile", unit: "ms", ours: find(views, "Broadcast", "p99-ms")},
	)
	return nil
}

// goBench runs benchmarks of one package.
func (b *bench) goBench(ctx context.Context, pkg, pattern string) ([]benchmark, error) {
	b.progress("benchmarks of %s", pkg)
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", pattern, "-benchmem", "-benchtime", b.benchtime, "-count", "5", pkg)
	cmd.Dir = b.root
	endWithParent(cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("benchmarks of %s: %w: %s", pkg, err, bytes.TrimSpace(out))
	}
	found := parseBenchmarks(string(out))
	if len(found) == 0 {
		return nil, fmt.Errorf("benchmarks of %s: none matches %s", pkg, pattern)
	}
	return found, nil
}

// parseBenchmarks reads lines such as
//
//	BenchmarkCounter/Click-2   5071430   233.2 ns/op   64.00 kept-B   0 B/op   2 allocs/op
//
// Of several runs of one benchmark all lines are returned.
func parseBenchmarks(out string) []benchmark {
	var all []benchmark
	for s := bufio.NewScanner(strings.NewReader(out)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") || !strings.HasSuffix(f[3], "/op") {
			continue
		}
		name := strings.TrimPrefix(f[0], "Benchmark")
		if i := strings.LastIndexByte(name, '-'); i > 0 {
			name = name[:i]
		}
		b := benchmark{name: name, values: make(map[string]float64)}
		for i := 2; i+1 < len(f); i += 2 {
			if v, err := strconv.ParseFloat(f[i], 64); err == nil {
				b.values[f[i+1]] = v
			}
		}
		all = append(all, b)
	}
	return all
}

// find is the least value that a benchmark had in any run, 0 if it was not run.
func find(all []benchmark, name, unit string) float64 {
	least, found := 0.0, false
	for _, b := range all {
		if v, ok := b.values[unit]; ok && b.name == name && (!found || v < least) {
			least, found = v, true
		}
	}
	return least
}
