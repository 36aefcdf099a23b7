package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/a-h/templ"

	"bennu/bench/internal/procstat"
	"bennu/examples/showcase/web/counter"
	"bennu/examples/showcase/web/table"
	"bennu/live"
	"bennu/render"
)

// renders measures the templates of the showcase's pages in this process.
func (b *bench) renders() ([]row, error) {
	page := new(counter.Counter)
	rows := new(table.Table)
	if err := rows.Mount(new(live.Socket), live.Params{}); err != nil {
		return nil, fmt.Errorf("table page: %w", err)
	}
	click, err := b.diffs(page.Render, func(int) { page.Count += 2 })
	if err != nil {
		return nil, fmt.Errorf("counter page: %w", err)
	}
	nothing, err := b.diffs(rows.Render, func(int) {})
	if err != nil {
		return nil, fmt.Errorf("table page: %w", err)
	}
	touch, err := b.diffs(rows.Render, func(i int) { rows.Rows[i%len(rows.Rows)].Seen++ })
	if err != nil {
		return nil, fmt.Errorf("table page: %w", err)
	}
	return []row{
		{name: "counter, click: render and diff", unit: "µs", ours: click.cpu, bar: bar{most: 0.3}},
		{name: "… allocations", ours: click.allocs, bar: bar{most: 2}},
		{name: "table, one cell: render and diff", unit: "µs", ours: touch.cpu},
		{name: "… allocations", ours: touch.allocs},
		{name: "table, no change: render and diff", unit: "µs", ours: nothing.cpu},
	}, nil
}

// cost is the cost of one operation.
type cost struct{ cpu, allocs float64 } // µs

// diffs measures a change of a view's state with the render and diff that follow.
func (b *bench) diffs(view func() templ.Component, change func(i int)) (cost, error) {
	var s render.State
	ctx := context.Background()
	buf, err := s.AppendDiff(ctx, nil, view())
	if err != nil {
		return cost{}, err
	}
	i := 0
	return measure(b.warm+b.time/2, func() error {
		change(i)
		i++
		buf, err = s.AppendDiff(ctx, buf[:0], view())
		return err
	})
}

// measure runs an operation for some time, a third of it to warm up. The CPU
// time is that of the process, collector included; nothing else runs in it.
func measure(d time.Duration, op func() error) (cost, error) {
	if _, err := repeat(d/3, op); err != nil {
		return cost{}, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := procstat.Self()
	n, err := repeat(d*2/3, op)
	used := procstat.Self() - start
	runtime.ReadMemStats(&after)
	return cost{
		cpu:    used.Seconds() * 1e6 / float64(n),
		allocs: float64(after.Mallocs-before.Mallocs) / float64(n),
	}, err
}

func repeat(d time.Duration, op func() error) (n int, err error) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		for range 100 { // looking at the clock costs as much as a small render
			if err := op(); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}
