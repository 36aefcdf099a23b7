package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"

	"bennu/bench/internal/traffic"
)

// joinRate is how many connections a second join before they are held: brisk,
// and no storm that the heap would grow for.
const joinRate = "1000"

// idle measures the memory of connections that do nothing, each kind in a
// server that has done nothing else. All are held at the same time.
func (b *bench) idle(ctx context.Context, t *sheet) error {
	b.progress("%d idle connections for %s", b.n, b.hold)
	kinds := []*idleKind{
		{name: "showcase", program: b.showcase, path: "/counter", n: b.n},
		{name: "floor", program: filepath.Join(b.bin, "floor"), path: "/counter", n: b.n},
		{name: "observed", program: filepath.Join(b.bin, "observed"), path: "/counter", n: b.n},
		{name: "showcase", program: b.showcase, path: "/table", n: b.tables},
		{name: "observed", program: filepath.Join(b.bin, "observed"), path: "/table", n: b.tables},
		{name: "observed", program: filepath.Join(b.bin, "observed"), path: "/shared", n: b.tables},
	}
	var wg sync.WaitGroup
	for _, k := range kinds {
		wg.Go(func() { k.err = b.keep(ctx, k) })
	}
	wg.Wait()
	var failed []error
	for _, k := range kinds {
		if k.err != nil {
			failed = append(failed, fmt.Errorf("idle connections: %w", k.err))
		}
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	ours, floor, seen, tables, tablesSeen, shared := kinds[0].held, kinds[1].held, kinds[2].held, kinds[3].held, kinds[4].held, kinds[5].held
	t.part(fmt.Sprintf("Idle, %d counter connections and %d table pages, after %s", ours.Joined, tables.Joined, b.hold))
	t.add(
		row{name: "counter connection: resident", unit: "KiB", ours: ours.End().PerConn, floor: floor.End().PerConn, bar: bar{most: 9}},
		row{name: "… live heap", unit: "bytes", ours: seen.HeapBytes, bar: bar{most: 2500}},
		row{name: "… live objects", unit: "", ours: seen.HeapObjects},
		row{name: "… stacks of goroutines", unit: "bytes", ours: seen.StackBytes},
		row{name: "… goroutines", unit: "", ours: seen.Goroutines},
		row{name: "… CPU of all of them", unit: "cores", ours: ours.IdleCPU, floor: floor.IdleCPU},
		row{name: "table page, rows of its own: resident", unit: "KiB", ours: tables.End().PerConn, bar: bar{most: 900}},
		row{name: "… live heap", unit: "KiB", ours: tablesSeen.HeapBytes / 1024},
		row{name: "table page, rows shared by all: resident", unit: "KiB", ours: shared.End().PerConn, bar: bar{most: 250}},
		row{name: "… live heap", unit: "KiB", ours: shared.HeapBytes / 1024},
	)
	return nil
}

// An idleKind is one kind of connection, and what holding it showed.
type idleKind struct {
	name, program, path string
	n                   int
	held                traffic.Held
	err                 error
}

// keep starts a server and holds connections to it.
func (b *bench) keep(ctx context.Context, k *idleKind) error {
	s, err := b.start(ctx, k.name, k.program)
	if err != nil {
		return err
	}
	defer s.stop()
	return b.load(ctx, s, k.path, &k.held, "hold", "-n", strconv.Itoa(k.n), "-rate", joinRate, "-hold", b.hold.String())
}
