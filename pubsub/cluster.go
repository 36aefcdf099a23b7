package pubsub

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Cluster is how a hub is one of several. The zero Cluster will do.
type Cluster struct {
	// Fingerprint is what all nodes have to agree on: the secret and what else must
	// be the same. Nodes whose fingerprints differ do not hear each other, and say
	// so. Only a hash of it is sent.
	Fingerprint string
	// Accepted are other fingerprints whose nodes are heard, so that a secret can be
	// changed on one node after the other. It is of use where each side accepts the
	// other's.
	Accepted []string
	// MaxMessage is how many bytes a message between nodes has at most; 0 is
	// 256 KiB.
	MaxMessage int
	// Beat is how often a node says that it lives, and how far it has come, so that
	// the loss of its last message is noticed; 0 is 2 s.
	Beat time.Duration
	// Wait is how long Join waits for another node to say that the name is taken;
	// 0 is 300 ms.
	Wait time.Duration
	// Gap is called when messages from other nodes were lost, maybe often. It must
	// not block.
	Gap func(Gap)
}

// A Gap says that messages of other nodes were lost.
type Gap struct {
	Node     string // whose they were, "" if that is not known
	Messages uint64 // how many, 0 if that is not known
	Cause    error  // what the carrier says, nil if the numbers of messages tell
}

func (o Cluster) withDefaults() (Cluster, error) {
	if o.MaxMessage < 0 || o.Beat < 0 || o.Wait < 0 {
		return o, fmt.Errorf("pubsub: Cluster has MaxMessage %d, Beat %v and Wait %v; want 0 for the defaults, or positive ones", o.MaxMessage, o.Beat, o.Wait)
	}
	if o.MaxMessage == 0 {
		o.MaxMessage = 256 << 10
	}
	if o.Beat == 0 {
		o.Beat = 2 * time.Second
	}
	if o.Wait == 0 {
		o.Wait = 300 * time.Millisecond
	}
	return o, nil
}

// cluster is a hub's side of its carrier.
type cluster struct {
	hub     *Hub
	carrier Carrier
	opts    Cluster
	node    string
	epoch   uint64
	print   [8]byte
	prints  [][8]byte     // of nodes that are heard: print is the first
	taken   chan struct{} // closed when the name is found to be another's

	sending sync.Mutex // keeps numbers and what is sent in one order
	number  uint64     // of the last message to all
	direct  reach      // of those to single nodes

	mu        sync.Mutex
	peers     peers
	joined    bool // no duplicate was found while joining
	closed    bool
	duplicate bool // the name is another's
	asked     time.Time
	away      error
	awaySince time.Time
	foreign   error // what is wrong with a node that is not heard
	foreignAt time.Time
	timer     *time.Timer
	resync    resync
	pipes     map[string]map[*pipeEnd]struct{}
}

// newEpoch is a number that is higher for later runs of a node, and different
// for runs that began in the same millisecond.
func newEpoch(now time.Time) uint64 {
	var b [4]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	const bits = 22
	return uint64(now.UnixMilli())<<bits | uint64(binary.BigEndian.Uint32(b[:]))>>(32-bits)
}

// Join makes the hub one of several nodes: from now on Broadcast reaches all of
// them. It waits a moment for a node of the same name to object, which is a
// [*DuplicateNodeError]; that the carrier is away is no error, but told by
// [Hub.Health]. [Hub.Leave] ends it.
func (h *Hub) Join(ctx context.Context, carrier Carrier, opts Cluster) error {
	opts, err := opts.withDefaults()
	if err != nil {
		return err
	}
	if err := checkNode(carrier.Node()); err != nil {
		return err
	}
	h.joining.Lock()
	defer h.joining.Unlock()
	if c := h.cluster.Load(); c != nil {
		return fmt.Errorf("pubsub: this hub is a node already, %q; Leave comes before another Join", c.node)
	}
	c := &cluster{
		hub: h, carrier: carrier, opts: opts, node: carrier.Node(), epoch: newEpoch(time.Now()), taken: make(chan struct{}),
		direct: make(reach), peers: make(peers),
	}
	c.print = printOf(opts.Fingerprint)
	c.prints = [][8]byte{c.print}
	for _, f := range opts.Accepted {
		c.prints = append(c.prints, printOf(f))
	}
	if err := carrier.Open(ctx, c); err != nil {
		return errors.Join(fmt.Errorf("pubsub: node %q: %w", c.node, err), carrier.Close())
	}
	if err := c.begin(ctx); err != nil {
		c.close()
		return errors.Join(err, carrier.Close())
	}
	h.cluster.Store(c)
	return nil
}

// printOf is what is sent of a fingerprint.
func printOf(fingerprint string) (print [8]byte) {
	if fingerprint == "" {
		return print
	}
	sum := sha256.Sum256([]byte("bennu pubsub\x00" + fingerprint))
	copy(print[:], sum[:])
	return print
}

// begin makes the node known, and waits for another one of its name to object.
func (c *cluster) begin(ctx context.Context) error {
	c.tell(kindHello, nil)
	c.mu.Lock()
	away := c.away
	c.mu.Unlock()
	if away == nil {
		wait := time.NewTimer(c.opts.Wait)
		defer wait.Stop()
		select {
		case <-c.taken:
			return &DuplicateNodeError{c.node}
		case <-ctx.Done():
			return fmt.Errorf("pubsub: node %q: %w", c.node, context.Cause(ctx))
		case <-wait.C:
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.duplicate {
		return &DuplicateNodeError{c.node}
	}
	c.joined = true
	c.timer = time.AfterFunc(c.opts.Beat, c.beat)
	return nil
}

// Leave says goodbye to the other nodes and closes the carrier. The hub goes on
// as a node alone. Without a Join before it does nothing.
func (h *Hub) Leave() error {
	h.joining.Lock()
	defer h.joining.Unlock()
	c := h.cluster.Swap(nil)
	if c == nil {
		return nil
	}
	c.close()
	c.sending.Lock() // so that the goodbye comes last
	number := c.number
	c.sending.Unlock()
	e := c.envelope(kindBye)
	e.number = number
	_ = c.carrier.Send(e.append(nil)) // they notice without it, only later
	return c.carrier.Close()
}

func (c *cluster) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.resync.stop()
	if c.timer != nil {
		c.timer.Stop()
	}
}

// Node is this node's name, "" while the hub is not joined to others.
func (h *Hub) Node() string {
	if c := h.cluster.Load(); c != nil {
		return c.node
	}
	return ""
}

func (c *cluster) envelope(k kind) envelope {
	return envelope{kind: k, print: c.print, epoch: c.epoch, node: c.node}
}

// broadcast carries a message to all other nodes, or to one.
func (c *cluster) broadcast(to, topic string, codec *codec, message any) error {
	if codec.never != nil {
		return codec.never
	}
	body, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("pubsub: a message on topic %.60q for other nodes: %w", topic, err)
	}
	e := c.envelope(kindMessage)
	e.to, e.topic, e.typ, e.version, e.body = to, topic, codec.name, codec.version, body
	return c.send(&e)
}

// send gives a message that is counted to the carrier.
func (c *cluster) send(e *envelope) error {
	if e.to != "" {
		if err := c.knows(e.to); err != nil {
			return err
		}
	}
	message := e.append(nil)
	if len(message) > c.opts.MaxMessage {
		c.hub.counts.oversized.Add(1)
		return &SizeError{e.topic, len(message), c.opts.MaxMessage}
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	var err error
	if e.to == "" {
		c.number++
		setNumber(message, c.number)
		err = c.carrier.Send(message)
	} else {
		c.direct[e.to]++
		setNumber(message, c.direct[e.to])
		err = c.carrier.SendTo(e.to, message)
	}
	if err != nil {
		c.hub.counts.unsent.Add(1)
		if errors.Is(err, ErrAway) {
			return err
		}
		return fmt.Errorf("pubsub: a message on topic %.60q went to this node only: %w", e.topic, err)
	}
	c.hub.counts.sent.Add(1)
	return nil
}

// knows says whether a node is known.
func (c *cluster) knows(node string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.peers[node]; p == nil || p.gone {
		return &UnknownNodeError{node, c.peers.names()}
	}
	return nil
}

// tell says something about this node itself.
func (c *cluster) tell(k kind, body []byte) {
	e := c.envelope(k)
	c.sending.Lock()
	defer c.sending.Unlock()
	e.number, e.body = c.number, body
	if k == kindBeat {
		e.body = c.direct.text()
	}
	_ = c.carrier.Send(e.append(nil)) // a beat that does not come is noticed by the others, and Health knows
}

// beat says that the node lives, and looks whether the others do.
func (c *cluster) beat() {
	c.tell(kindBeat, nil)
	now := time.Now()
	var fell []string
	c.mu.Lock()
	for name, p := range c.peers {
		if !p.gone && !p.silent && now.Sub(p.heard) > silentBeats*c.opts.Beat {
			p.silent = true
			fell = append(fell, name)
		}
	}
	if !c.closed {
		c.timer.Reset(c.opts.Beat)
	}
	c.mu.Unlock()
	for _, name := range fell {
		c.warn("node is silent", name, nil)
	}
}
