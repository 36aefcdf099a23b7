package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"bennu/bench/internal/traffic"
)

// A loop is one closed loop, whose figure is the server's CPU time for an
// operation.
type loop struct {
	name    string
	path    string
	args    []string // of the load client
	floored bool     // the floor can do it, too
	bar     bar
}

// The values that the counter's and the table's buttons send.
const (
	byTwo = `{"number":"2","value":""}`
	byOne = `{"number":"1","value":""}`
	anyID = `{"id":"%RAND(1000)%","value":""}`
)

// measures are the closed loops, with the bars that the figures are held
// against. A ratio is to the floor; the absolute figure beside it is for a
// machine that does nothing else.
func measures() []loop {
	return []loop{
		{"counter click, 100 connections", "/counter", []string{"rtt", "-c", "100", "-event", "increase", "-value", byTwo}, true, bar{ratio: 2, most: 25}},
		{"… with a class flip", "/counter", []string{"rtt", "-c", "100", "-event", "increase,decrease", "-value", byOne}, false, bar{}},
		{"counter click, 1 connection", "/counter", []string{"rtt", "-c", "1", "-event", "increase", "-value", byTwo}, true, bar{}},
		{"table touch, 100 connections", "/table", []string{"rtt", "-c", "100", "-event", "touch", "-value", anyID}, false, bar{most: 200}},
		{"table touch, 1 connection", "/table", []string{"rtt", "-c", "1", "-event", "touch", "-value", anyID}, false, bar{most: 200}},
		{"page load, connect, join, leave", "/counter", []string{"join", "-c", "16"}, true, bar{ratio: 1.5, most: 400}},
		{"connect and join alone", "/counter", []string{"join", "-c", "16", "-reuse"}, true, bar{ratio: 1.5, most: 280}},
		{"dead render, counter page", "/counter", []string{"http", "-c", "16"}, true, bar{ratio: 1.8, most: 90}},
		{"dead render, table page", "/table", []string{"http", "-c", "16"}, false, bar{most: 600}},
	}
}

// loops measures all closed loops.
func (b *bench) loops(ctx context.Context, t *sheet) error {
	ours, err := b.start(ctx, "showcase", b.showcase)
	if err != nil {
		return err
	}
	defer ours.stop()
	floor, err := b.start(ctx, "floor", filepath.Join(b.bin, "floor"))
	if err != nil {
		return err
	}
	defer floor.stop()

	t.part(fmt.Sprintf("Closed loops, server's CPU time for each, %d rounds of %s, floor and ours in turn", b.rounds, b.time))
	var failed []error
	for _, m := range measures() {
		b.progress("%s", m.name)
		r, err := b.alternate(ctx, m, ours, floor)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", m.name, err))
			if ctx.Err() != nil {
				break
			}
			continue
		}
		t.add(r)
	}
	return errors.Join(failed...)
}

// alternate measures the servers in turn and compares the means of the rounds.
func (b *bench) alternate(ctx context.Context, m loop, ours, floor *server) (row, error) {
	var our, other []traffic.Result
	for range b.rounds {
		if m.floored {
			r, err := b.round(ctx, m, floor)
			if err != nil {
				return row{}, err
			}
			other = append(other, r)
		}
		r, err := b.round(ctx, m, ours)
		if err != nil {
			return row{}, err
		}
		our = append(our, r)
	}
	return row{name: m.name, unit: "µs", ours: mean(our), floor: mean(other), bar: m.bar}, nil
}

// mean is the mean CPU time for an operation.
func mean(rounds []traffic.Result) float64 {
	sum := 0.0
	for _, r := range rounds {
		sum += r.ServerCPU
	}
	return sum / float64(max(len(rounds), 1))
}

// round runs the load client once.
func (b *bench) round(ctx context.Context, m loop, s *server) (r traffic.Result, err error) {
	args := append([]string{}, m.args...)
	args = append(args, "-warm", b.warm.String(), "-t", b.time.String())
	if err := b.load(ctx, s, m.path, &r, args...); err != nil {
		return r, err
	}
	b.others = max(b.others, r.MachineCores-r.ServerCores-r.ClientCores)
	return r, nil
}

// load runs the load client on its CPU and decodes what it reports.
func (b *bench) load(ctx context.Context, s *server, path string, result any, args ...string) error {
	argv := append([]string{filepath.Join(b.bin, "load")}, args...)
	argv = append(argv, "-json", "-url", s.url+path, "-pid", strconv.Itoa(s.pid))
	if s.figures != "" {
		argv = append(argv, "-figures", s.figures)
	}
	cmd := b.command(ctx, b.cpus.load, argv...)
	var out, failed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &failed
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("load %s on %s: %w: %s (the server: %s)", args[0], s.name, err, bytes.TrimSpace(failed.Bytes()), s.log)
	}
	if err := json.Unmarshal(out.Bytes(), result); err != nil {
		return fmt.Errorf("load %s on %s: its report: %w", args[0], s.name, err)
	}
	return nil
}
