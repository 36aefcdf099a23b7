//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// seen is what a reader of a page has seen.
type seen struct {
	answers map[string]int // by node
	failed  []string
}

func (s *seen) String() string {
	var parts []string
	for i := range len(s.answers) {
		name := fmt.Sprint("node-", i+1)
		parts = append(parts, fmt.Sprintf("%s %d", name, s.answers[name]))
	}
	return fmt.Sprintf("%s; %d failed", strings.Join(parts, ", "), len(s.failed))
}

// show reads a page through the balancer, kills a node, and tells what has come
// of it. It is an error when the page did not go on.
func show(ctx context.Context, c config, nodes []*node, b *balancer, out *printer) error {
	if len(nodes) < 2 {
		return fmt.Errorf("-kill with %d node; at least two have to be there", len(nodes))
	}
	if !wait(ctx, func() bool { return b.readyNodes() == len(nodes) }) {
		return context.Cause(ctx)
	}
	const readings = 60
	before := read(ctx, "http://"+c.addr+c.page, readings, nodes)
	out.printf("cluster", "%d readings of %s with %d nodes: %v", readings, c.page, len(nodes), before)
	lost := nodes[1]
	out.printf("cluster", "kill -9 %d, which is %s", lost.process(), lost.name)
	if err := lost.kill(); err != nil {
		return err
	}
	after := read(ctx, "http://"+c.addr+c.page, readings, nodes)
	out.printf("cluster", "%d readings right after it: %v", readings, after)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case len(before.failed)+len(after.failed) > 0:
		return fmt.Errorf("the page did not go on: %s", strings.Join(append(before.failed, after.failed...), "; "))
	}
	if c.again > 0 {
		if !wait(ctx, func() bool { return b.readyNodes() == len(nodes) }) {
			return context.Cause(ctx)
		}
		back := read(ctx, "http://"+c.addr+c.page, readings, nodes)
		out.printf("cluster", "%d readings when it is back: %v", readings, back)
		if len(back.failed) > 0 || back.answers[lost.name] == 0 {
			return fmt.Errorf("%s did not come back: %v %v", lost.name, back, back.failed)
		}
	}
	out.printf("cluster", "the pages went on")
	return nil
}

// read reads a page some times, as somebody who is there for the first time.
func read(ctx context.Context, url string, times int, nodes []*node) *seen {
	s := &seen{answers: map[string]int{}}
	for _, n := range nodes {
		s.answers[n.name] = 0
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	for range times {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			s.failed = append(s.failed, err.Error())
			return s
		}
		resp, err := client.Do(r)
		if err != nil {
			s.failed = append(s.failed, err.Error())
			continue
		}
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			s.failed = append(s.failed, fmt.Sprintf("status %d, %v", resp.StatusCode, err))
			continue
		}
		s.answers[resp.Header.Get(nodeHeader)]++
	}
	return s
}
