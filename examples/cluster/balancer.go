//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// balancer hands requests to nodes in turn, and to those that are ready only. It
// is a small one for one machine; what it does is what a balancer before an app
// has to do.
type balancer struct {
	nodes   []*backend
	next    atomic.Uint64
	forward http.RoundTripper
}

// backend is a node as the balancer sees it.
type backend struct {
	name, addr string
	ready      atomic.Bool
}

func newBalancer(nodes ...*backend) *balancer {
	return &balancer{nodes: nodes, forward: &http.Transport{}}
}

// nodeHeader tells which node has answered.
const nodeHeader = "X-Node"

// handler is what listens to browsers. Nodes must trust it as their proxy, and
// see the host that browsers have asked for: pages may open sockets there only.
func (b *balancer) handler() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetXForwarded()
			r.Out.URL.Scheme = "http"
		},
		Transport: b, FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	}
}

// RoundTrip lets a node answer. Of one that takes no connection, or ends while it
// is asked to read something, another one is asked.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	body := r.Body
	if body != nil {
		defer body.Close()
	}
	var failed error
	for _, n := range b.order(r) {
		try := r.Clone(r.Context())
		try.URL.Host = n.addr
		if body != nil {
			try.Body = io.NopCloser(body)
		}
		resp, err := b.forward.RoundTrip(try)
		if err == nil {
			resp.Header.Set(nodeHeader, n.name)
			return resp, nil
		}
		failed = err
		e, ok := errors.AsType[*net.OpError](err)
		unseen := ok && e.Op == "dial"
		if reads := r.Method == http.MethodGet || r.Method == http.MethodHead; !unseen && !reads || r.Context().Err() != nil {
			break
		}
		n.ready.Store(false)
	}
	return nil, fmt.Errorf("no node answers: %w", failed)
}

// order is in which order nodes are asked: those that are ready first, each time
// beginning with another one.
//
// A page that falls back to long polling needs one node for all its polls. Those
// of one address go to one, for as long as it is ready.
func (b *balancer) order(r *http.Request) []*backend {
	nodes := b.nodes
	sticky := strings.HasSuffix(r.URL.Path, "/live/longpoll")
	if sticky {
		host, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ",")
		sum := fnv.New64a()
		_, _ = io.WriteString(sum, host) // never fails
		nodes = rotate(nodes, sum.Sum64())
	}
	var ready, others []*backend
	for _, n := range nodes {
		if n.ready.Load() {
			ready = append(ready, n)
		} else {
			others = append(others, n)
		}
	}
	if !sticky && len(ready) > 0 {
		ready = rotate(ready, b.next.Add(1))
	}
	return append(ready, others...)
}

// rotate begins with another node.
func rotate(nodes []*backend, by uint64) []*backend {
	at := int(by % uint64(len(nodes)))
	return append(nodes[at:len(nodes):len(nodes)], nodes[:at]...)
}

// watch asks the nodes over and over whether they are ready, until ctx ends.
func (b *balancer) watch(ctx context.Context, every time.Duration) {
	var all sync.WaitGroup
	defer all.Wait()
	for _, n := range b.nodes {
		all.Go(func() {
			tick := time.NewTicker(every)
			defer tick.Stop()
			for {
				n.ready.Store(b.ask(ctx, n))
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
			}
		})
	}
}

// ask is whether a node says that it is ready.
func (b *balancer) ask(ctx context.Context, n *backend) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.addr+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := b.forward.RoundTrip(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<10))
	return err == nil && resp.StatusCode == http.StatusOK
}

// readyNodes counts.
func (b *balancer) readyNodes() int {
	n := 0
	for _, node := range b.nodes {
		if node.ready.Load() {
			n++
		}
	}
	return n
}
