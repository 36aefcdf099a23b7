package pubsubtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"bennu/pubsub"
)

// Faults are what a [Network] does to what it carries. Rates are from 0 to 1.
type Faults struct {
	Loss      float64       // does not arrive
	Duplicate float64       // arrives twice
	Reorder   float64       // arrives some milliseconds later, after others
	Delay     time.Duration // of all
	Seed      uint64        // of the dice, so that a run can be had again
}

// Network carries messages between nodes in memory, for tests. Its methods may
// be called from any goroutine.
type Network struct {
	mu      sync.Mutex
	ends    []*networkEnd
	faults  Faults
	dice    *rand.Rand
	group   map[string]int // of nodes in a partition; nil: there is none
	away    error
	swallow bool
	lose    int
}

// NewNetwork is one without faults.
func NewNetwork() *Network { return new(Network) }

// Carrier is a node's end of the network. Two of one name are two nodes that
// believe to have it.
func (n *Network) Carrier(node string) pubsub.Carrier { return &networkEnd{net: n, node: node} }

// SetFaults sets what happens to messages from now on.
func (n *Network) SetFaults(f Faults) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.faults, n.dice = f, rand.New(rand.NewPCG(f.Seed, 1))
}

// LoseNext has the next deliveries lost, those of one message to several nodes
// counted for each.
func (n *Network) LoseNext(deliveries int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lose = deliveries
}

// Partition cuts the nodes into groups that do not reach each other, until Heal.
// No node notices it. Those that are in no group are on their own.
func (n *Network) Partition(groups ...[]string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.group = make(map[string]int)
	for i, group := range groups {
		for _, node := range group {
			n.group[node] = i + 1
		}
	}
}

// Heal ends a Partition.
func (n *Network) Heal() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.group = nil
}

// Swallow has the network take messages and carry none, as a broker that hangs
// does. No node notices it.
func (n *Network) Swallow(all bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.swallow = all
}

// Away takes the network away, and tells all nodes.
func (n *Network) Away() {
	n.mu.Lock()
	n.away = errAway
	ends := n.open()
	n.mu.Unlock()
	for _, e := range ends {
		e.to.Away(errAway)
	}
}

// Back brings it back, and tells all nodes.
func (n *Network) Back() {
	n.mu.Lock()
	n.away = nil
	ends := n.open()
	n.mu.Unlock()
	for _, e := range ends {
		e.to.Back()
	}
}

// Lost tells the nodes of that name that messages for them were lost.
func (n *Network) Lost(node string, messages int, why error) {
	n.mu.Lock()
	ends := n.open()
	n.mu.Unlock()
	for _, e := range ends {
		if e.node == node {
			e.to.Lost(messages, why)
		}
	}
}

var errAway = errors.New("pubsubtest: the network was taken away")

// open are the ends that are open now. The caller holds mu.
func (n *Network) open() []*networkEnd { return append([]*networkEnd(nil), n.ends...) }

// networkEnd is a carrier.
type networkEnd struct {
	net  *Network
	node string
	to   pubsub.Receiver

	mu      sync.Mutex
	queue   [][]byte
	later   [][]byte // what is delayed, in order
	working bool
	closed  bool
	idle    sync.WaitGroup // while a goroutine delivers
}

func (e *networkEnd) Node() string { return e.node }

func (e *networkEnd) Open(_ context.Context, to pubsub.Receiver) error {
	e.to = to
	e.net.mu.Lock()
	e.net.ends = append(e.net.ends, e)
	away := e.net.away
	e.net.mu.Unlock()
	if away != nil {
		to.Away(away)
	}
	return nil
}

func (e *networkEnd) Send(message []byte) error                { return e.send(nil, message) }
func (e *networkEnd) SendTo(node string, message []byte) error { return e.send(&node, message) }

func (e *networkEnd) send(to *string, message []byte) error {
	n := e.net
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case e.isClosed():
		return fmt.Errorf("pubsubtest: the carrier of %q is closed", e.node)
	case n.away != nil:
		return fmt.Errorf("%w: %w", pubsub.ErrAway, n.away)
	case n.swallow:
		return nil
	}
	for _, other := range n.ends {
		if other == e || to != nil && other.node != *to || n.group != nil && (n.group[e.node] == 0 || n.group[e.node] != n.group[other.node]) {
			continue
		}
		n.carry(other, bytes.Clone(message))
	}
	return nil
}

// carry brings a message on its way, unless a fault says otherwise. The caller
// holds mu, so that the order stays.
func (n *Network) carry(to *networkEnd, message []byte) {
	if n.lose > 0 {
		n.lose--
		return
	}
	f := n.faults
	if f.Loss > 0 && n.dice.Float64() < f.Loss {
		return
	}
	if f.Duplicate > 0 && n.dice.Float64() < f.Duplicate {
		to.arrive(bytes.Clone(message), f.Delay)
	}
	if f.Reorder > 0 && n.dice.Float64() < f.Reorder {
		time.AfterFunc(f.Delay+time.Duration(1+n.dice.IntN(4))*time.Millisecond, func() { to.put(message) })
		return
	}
	to.arrive(message, f.Delay)
}

// arrive is put after a delay. Whichever of the timers is first, the message
// that was sent first comes first.
func (e *networkEnd) arrive(message []byte, delay time.Duration) {
	if delay == 0 {
		e.put(message)
		return
	}
	e.mu.Lock()
	e.later = append(e.later, message)
	e.mu.Unlock()
	time.AfterFunc(delay, func() {
		e.mu.Lock()
		first := e.later[0]
		e.later = e.later[1:]
		e.mu.Unlock()
		e.put(first)
	})
}

// put is the arrival of a message.
func (e *networkEnd) put(message []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	e.queue = append(e.queue, message)
	if !e.working {
		e.working = true
		e.idle.Go(e.work)
	}
}

func (e *networkEnd) work() {
	for {
		e.mu.Lock()
		if len(e.queue) == 0 || e.closed {
			e.working = false
			e.mu.Unlock()
			return
		}
		batch := e.queue
		e.queue = nil
		e.mu.Unlock()
		for _, message := range batch {
			if e.isClosed() {
				break
			}
			e.to.Receive(message)
			clear(message) // it is the carrier's again
		}
	}
}

func (e *networkEnd) isClosed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

func (e *networkEnd) Close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	n := e.net
	n.mu.Lock()
	for i, other := range n.ends {
		if other == e {
			n.ends = append(n.ends[:i:i], n.ends[i+1:]...)
			break
		}
	}
	n.mu.Unlock()
	e.idle.Wait()
	return nil
}
