package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bennu/bench/internal/traffic"
)

func rtt(ctx context.Context, o *options) (any, error) {
	r, err := traffic.Clicks{
		Loop: o.closed(), Events: strings.Split(o.event, ","), Type: o.typ, Values: o.values,
	}.Run(ctx, o.site)
	return o.finish("rtt", r, err)
}

func join(ctx context.Context, o *options) (any, error) {
	r, err := traffic.Visits{Loop: o.closed(), Reuse: o.reuse}.Run(ctx, o.site)
	return o.finish("join", r, err)
}

func pages(ctx context.Context, o *options) (any, error) {
	r, err := traffic.Pages{Loop: o.closed()}.Run(ctx, o.site)
	return o.finish("http", r, err)
}

// finish completes the result of a closed loop, of which nothing may fail.
func (o *options) finish(mode string, r traffic.Result, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	r.Mode, r.URL = mode, o.url
	if r.Count == 0 && len(r.Failures) == 0 {
		return r, errors.New("nothing was done in the measured time")
	}
	return r, traffic.Failed(r.Failures)
}

func hold(ctx context.Context, o *options) (any, error) {
	r, err := traffic.Hold{
		Joining: traffic.Joining{Workers: o.c, Rate: o.rate, Reuse: o.reuse},
		N:       o.n, Time: o.hold, Every: o.every, Heartbeat: o.heartbeat, PID: o.pid, Figures: o.figures,
	}.Run(ctx, o.site)
	if err != nil {
		return nil, err
	}
	r.URL = o.url
	return r, errors.Join(traffic.Failed(r.Failures), traffic.Failed(r.Lost))
}

func fanout(ctx context.Context, o *options) (any, error) {
	r, err := traffic.Fanout{
		Joining: traffic.Joining{Workers: o.c, Rate: o.rate}, N: o.n, Rounds: o.rounds, Gap: o.gap, Event: o.event, Text: o.value, PID: o.pid,
	}.Run(ctx, o.site)
	r.URL = o.url
	if err != nil {
		return r, err
	}
	return r, traffic.Failed(r.Failures)
}

func storm(ctx context.Context, o *options) (any, error) {
	r, err := traffic.Storm{
		Joining: traffic.Joining{Workers: o.c, Reuse: o.reuse}, N: o.n, Within: o.within, Server: &command{argv: o.server, log: o.stderr},
	}.Run(ctx, o.site)
	r.URL = o.url
	if err != nil {
		return r, err
	}
	return r, r.Err(o.within)
}

func drain(ctx context.Context, o *options) (any, error) {
	r, err := traffic.Drain{
		Joining: traffic.Joining{Workers: o.c, Reuse: o.reuse}, N: o.n, Within: o.within, Server: &command{argv: o.server, log: o.stderr}, To: o.to,
	}.Run(ctx, o.site)
	r.URL = o.url
	if err != nil {
		return r, err
	}
	return r, r.Err(o.within)
}

func soak(ctx context.Context, o *options) (any, error) {
	s := traffic.Soak{
		N: o.n, Time: o.time, Ramp: o.ramp, Rate: o.rate, Every: o.every, PID: o.pid, Figures: o.figures,
	}
	if !o.json {
		s.Progress = func(l traffic.Look) {
			fmt.Fprintf(o.stdout, "%6.0f s  %6d visitors  %9d done  %d failed  %8d KiB resident", l.Seconds, l.Visitors, l.Done, l.Failed, l.RSSKiB)
			if l.Goroutines > 0 {
				fmt.Fprintf(o.stdout, "  %6d goroutines  %8d KiB heap", l.Goroutines, l.HeapKiB)
			}
			fmt.Fprintln(o.stdout)
		}
	}
	r, err := s.Run(ctx, o.site)
	r.URL = o.url
	if !o.json {
		r.Looks = nil // they have been printed
	}
	return r, errors.Join(err, r.Err())
}
