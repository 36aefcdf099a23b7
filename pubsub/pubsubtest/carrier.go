package pubsubtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"runtime"
	"sync"
	"testing"
	"time"

	"bennu/pubsub"
)

func inf() float64 { return math.Inf(1) }

// Join is a hub that is joined to others until the test ends.
func Join(t testing.TB, carrier pubsub.Carrier, opts pubsub.Cluster) *pubsub.Hub {
	t.Helper()
	h := pubsub.New()
	h.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	if opts.Wait == 0 {
		opts.Wait = 20 * time.Millisecond
	}
	if err := h.Join(t.Context(), carrier, opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Leave(); err != nil {
			t.Errorf("Leave: %v", err)
		}
	})
	return h
}

// TestCarrier checks carriers, and hubs that are joined by them. It asks
// newNetwork for a network of its own for each rule, which makes carriers that
// reach each other and no others.
func TestCarrier(t *testing.T, newNetwork func(t *testing.T) func(node string) pubsub.Carrier) {
	for _, r := range carrierRules {
		t.Run(r.name, func(t *testing.T) {
			carrier := newNetwork(t)
			defer func() {
				if t.Failed() {
					t.Logf("the rule: %s", r.says)
				}
			}()
			r.test(t, carrier)
		})
	}
	t.Run("hubs", func(t *testing.T) {
		RunNodes(t, func(t *testing.T) (a, b *pubsub.Hub) {
			carrier := newNetwork(t)
			a, b = Join(t, carrier("node-a"), pubsub.Cluster{}), Join(t, carrier("node-b"), pubsub.Cluster{})
			Meet(t, a, b)
			return a, b
		})
	})
}

type carrierRule struct {
	name string
	says string
	test func(t *testing.T, carrier func(node string) pubsub.Carrier)
}

var carrierRules = []carrierRule{
	{"reaches all others", "Send brings the bytes to all other nodes, once, whole, up to 256 KiB", carrierReachesAll},
	{"to a node", "SendTo brings the bytes to the node of that name and no other; that there is none is no error", carrierSendTo},
	{"order", "the messages of one node come to each other node one at a time and in order, whoever else sends", carrierOrder},
	{"keeps no slice", "what the sender does with its slice after Send does not change the message", carrierKeepsNoSlice},
	{"close", "the receiver is not called after Close, Send then is an error, and no goroutine is left", carrierClose},
	{"one name twice", "two nodes of one name reach each other, so that the second can be told that it is one", carrierDuplicate},
}

// ear is the receiver of a carrier in tests. Messages of the node itself are
// passed over; they begin with its name.
type ear struct {
	*inbox
	node   string
	closed bool            // under mu: a call would be wrong
	greets map[string]bool // under mu: who has
	t      *testing.T
}

// greeting is what nodes send until they have heard it of each other.
const greeting = " greets"

func (e *ear) Receive(message []byte) {
	if bytes.HasPrefix(message, []byte(e.node+" ")) {
		return
	}
	e.mu.Lock()
	if e.closed {
		e.t.Errorf("node %q is called after Close", e.node)
	}
	from, greets := bytes.CutSuffix(message, []byte(greeting))
	if greets {
		e.greets[string(from)] = true
	}
	e.mu.Unlock()
	if !greets {
		e.take(string(message))
	}
}

func (e *ear) met(node string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.greets[node]
}

func (e *ear) Away(why error)          { e.t.Errorf("node %q: Away: %v", e.node, why) }
func (e *ear) Back()                   { e.t.Errorf("node %q: Back, without Away", e.node) }
func (e *ear) Lost(n int, cause error) { e.t.Errorf("node %q: Lost %d: %v", e.node, n, cause) }

// open opens the carrier of a node.
func open(t *testing.T, c pubsub.Carrier, node string) *ear {
	t.Helper()
	if c.Node() != node {
		t.Errorf("Node = %q, want %q", c.Node(), node)
	}
	e := &ear{inbox: newInbox(), node: node, greets: map[string]bool{}, t: t}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.Open(ctx, e); err != nil {
		t.Fatalf("Open: %v", err)
	}
	return e
}

// shut closes it.
func (e *ear) shut(c pubsub.Carrier) {
	if err := c.Close(); err != nil {
		e.t.Errorf("Close: %v", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
}

// group is some nodes that reach each other.
func group(t *testing.T, carrier func(string) pubsub.Carrier, names ...string) ([]pubsub.Carrier, []*ear) {
	t.Helper()
	var carriers []pubsub.Carrier
	var ears []*ear
	for _, name := range names {
		c := carrier(name)
		e := open(t, c, name)
		t.Cleanup(func() { e.shut(c) })
		carriers, ears = append(carriers, c), append(ears, e)
	}
	// Subscriptions may take a moment to be known everywhere.
	for i, c := range carriers {
		for j, e := range ears {
			if i != j && !soon(func() bool {
				if err := errors.Join(c.Send([]byte(names[i]+greeting)), c.SendTo(names[j], []byte(names[i]+greeting))); err != nil {
					t.Fatalf("Send: %v", err)
				}
				return e.met(names[i])
			}) {
				t.Fatalf("node %q does not reach node %q", names[i], names[j])
			}
		}
	}
	return carriers, ears
}

func sendAll(t *testing.T, c pubsub.Carrier, message []byte) {
	t.Helper()
	if err := c.Send(message); err != nil {
		t.Fatalf("Send: %v", err)
	}
}

func carrierReachesAll(t *testing.T, carrier func(string) pubsub.Carrier) {
	carriers, ears := group(t, carrier, "a", "b", "c")
	var want []string
	for _, size := range []int{2, 100, 4096, 256 << 10} {
		m := append([]byte("a "), bytes.Repeat([]byte{0, '\r', '\n', 0xff}, size/4)...)
		want = append(want, string(m))
		sendAll(t, carriers[0], m)
	}
	ears[1].want(t, want...)
	ears[2].want(t, want...)
}

func carrierSendTo(t *testing.T, carrier func(string) pubsub.Carrier) {
	carriers, ears := group(t, carrier, "a", "b", "c")
	for _, err := range []error{
		carriers[0].SendTo("b", []byte("a to b")), carriers[0].SendTo("c", []byte("a to c")), carriers[0].SendTo("nobody", []byte("a to nobody")),
	} {
		if err != nil {
			t.Errorf("SendTo: %v", err)
		}
	}
	ears[1].want(t, "a to b")
	ears[2].want(t, "a to c")
	sendAll(t, carriers[0], []byte("a ends"))
	ears[1].want(t, "a to b", "a ends")
	ears[2].want(t, "a to c", "a ends")
}

func carrierOrder(t *testing.T, carrier func(string) pubsub.Carrier) {
	const each = 500
	carriers, ears := group(t, carrier, "a", "b", "c")
	var wg sync.WaitGroup
	for i, c := range carriers[:2] {
		wg.Go(func() {
			for n := range each {
				if err := c.Send(fmt.Appendf(nil, "%c %d", 'a'+i, n)); err != nil {
					t.Errorf("Send: %v", err)
				}
			}
		})
	}
	wg.Wait()
	next := map[byte]int{}
	for _, m := range ears[2].wait(t, 2*each) {
		if want := fmt.Sprintf("%c %d", m[0], next[m[0]]); m != want {
			t.Fatalf("heard %q where %q was due", m, want)
		}
		next[m[0]]++
	}
	ears[0].wait(t, each)
	ears[1].wait(t, each)
}

func carrierKeepsNoSlice(t *testing.T, carrier func(string) pubsub.Carrier) {
	carriers, ears := group(t, carrier, "a", "b")
	m := []byte("a 0")
	var want []string
	for i := range byte(50) {
		m[2] = '0' + i
		want = append(want, string(m))
		sendAll(t, carriers[0], m)
		m[2] = '!'
	}
	ears[1].want(t, want...)
}

func carrierClose(t *testing.T, carrier func(string) pubsub.Carrier) {
	before := runtime.NumGoroutine()
	a, b := carrier("a"), carrier("b")
	eara, earb := open(t, a, "a"), open(t, b, "b")
	for i := range 100 {
		sendAll(t, a, fmt.Appendf(nil, "a %d", i))
	}
	earb.shut(b)
	sendAll(t, a, []byte("a is alone"))
	eara.shut(a)
	for _, err := range []error{a.Send([]byte("a is closed")), a.SendTo("b", []byte("a is closed"))} {
		if err == nil {
			t.Error("there is no error of Send after Close")
		}
	}
	if more, ok := settled(before); !ok {
		t.Errorf("%d goroutines are left", more)
	}
}

func carrierDuplicate(t *testing.T, carrier func(string) pubsub.Carrier) {
	a := Join(t, carrier("a"), pubsub.Cluster{Wait: 300 * time.Millisecond})
	h := pubsub.New()
	h.Log = a.Log
	err := h.Join(t.Context(), carrier("a"), pubsub.Cluster{Wait: patience})
	if _, ok := errors.AsType[*pubsub.DuplicateNodeError](err); !ok {
		t.Errorf("a second node of the name joins: %v, want a *DuplicateNodeError", err)
	}
	if err := a.Health().Err; err != nil {
		t.Errorf("the first node: %v, want it well", err)
	}
	Meet(t, a, Join(t, carrier("b"), pubsub.Cluster{}))
}
