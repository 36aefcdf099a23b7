package pubsub

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"bennu/internal/logs"
)

// errFingerprint says that a node has another fingerprint.
var errFingerprint = errors.New("another secret, or another of the things that all nodes have to share (Cluster.Fingerprint)")

// Receive takes what the carrier brings.
func (c *cluster) Receive(message []byte) {
	h := c.hub
	if len(message) > c.opts.MaxMessage {
		h.counts.oversized.Add(1)
		c.warn("a message from another node is too large", "", &SizeError{Size: len(message), Max: c.opts.MaxMessage})
		return
	}
	e, err := open(message)
	switch {
	case err != nil:
		if _, other := errors.AsType[*protocolError](err); other {
			c.refuse("", err)
			return
		}
		h.counts.undecoded.Add(1)
		c.warn("a message from another node was not understood", "", err)
		return
	case e.node == c.node && e.epoch == c.epoch, e.to != "" && e.to != c.node:
		return
	case !slices.Contains(c.prints, e.print):
		c.refuse(e.node, fmt.Errorf("pubsub: node %q has %w; neither hears the other", e.node, errFingerprint))
		return
	case e.node == c.node:
		c.namesake(&e)
		return
	}
	if c.follow(&e) && e.kind.counted() {
		h.counts.received.Add(1)
		c.hand(&e)
	}
}

// refuse is what happens to messages of nodes that do not belong here.
func (c *cluster) refuse(node string, why error) {
	c.hub.counts.foreign.Add(1)
	c.mu.Lock()
	c.foreign, c.foreignAt = why, time.Now()
	c.mu.Unlock()
	c.warn("a node is not heard", node, why)
}

// namesake takes a message of a node with this one's name.
func (c *cluster) namesake(e *envelope) {
	switch e.kind {
	case kindHello:
		// The one that began first keeps the name.
		c.mu.Lock()
		first := c.joined && !c.duplicate || c.epoch < e.epoch
		c.mu.Unlock()
		if !first {
			c.isDuplicate()
			return
		}
		c.tell(kindTaken, binary.BigEndian.AppendUint64(nil, e.epoch))
	case kindTaken:
		if binary.BigEndian.Uint64(e.body) == c.epoch {
			c.isDuplicate()
		}
	case kindBye:
	default:
		// Maybe late words of an earlier run of this node. One that lives answers.
		now := time.Now()
		c.mu.Lock()
		ask := now.Sub(c.asked) >= c.opts.Beat
		if ask {
			c.asked = now
		}
		c.mu.Unlock()
		if ask {
			c.tell(kindHello, nil)
		}
	}
}

// isDuplicate remembers that another node has this one's name.
func (c *cluster) isDuplicate() {
	c.mu.Lock()
	was := c.duplicate
	c.duplicate = true
	if !was {
		close(c.taken)
	}
	late := !was && c.joined
	c.mu.Unlock()
	if late {
		c.hub.log().Error("pubsub: two nodes have one name; they miss each other's messages, or confuse those of others", slog.String("node", c.node),
			slog.String("fix", (&DuplicateNodeError{c.node}).Error()))
	}
}

// follow follows what a node has sent; false: the message is not to be heard.
func (c *cluster) follow(e *envelope) bool {
	now := time.Now()
	c.mu.Lock()
	p := c.peers.of(e, c.epoch, now, c.opts.Beat)
	if p == nil {
		c.mu.Unlock()
		c.hub.counts.repeated.Add(1)
		return false
	}
	back := p.silent
	p.silent = false
	var lost uint64
	stale := false
	switch {
	case !e.kind.counted():
		lost = p.all.reached(e.number)
		if n, ok := reachOf(e.body, c.node); ok && e.kind == kindBeat {
			lost += p.direct.reached(n)
		} else if e.kind == kindBeat {
			p.direct.known = true
		}
	case e.to == "":
		lost, stale = p.all.next(e.number)
	default:
		lost, stale = p.direct.next(e.number)
	}
	if lost > 0 {
		p.gaps++
	}
	c.mu.Unlock()
	if back {
		c.hub.log().Info("pubsub: node is back", slog.String("node", e.node))
	}
	if lost > 0 {
		c.gap(Gap{Node: e.node, Messages: lost})
	}
	if stale {
		c.hub.counts.repeated.Add(1)
		return false
	}
	if e.kind == kindHello {
		c.tell(kindBeat, nil)
	}
	return true
}

// hand gives a message to those who wait for it.
func (c *cluster) hand(e *envelope) {
	if e.kind == kindBytes {
		c.handBytes(e)
		return
	}
	t := c.hub.find(e.topic)
	if t == nil {
		return // nobody listens here
	}
	message, err := t.codec.read(e)
	if err != nil {
		c.hub.counts.undecoded.Add(1)
		c.warn("a message from another node was not understood; does it run another version of the program?", e.node, err)
		return
	}
	_ = c.hub.enqueue(t, delivery{message: message}) // that it was full is counted and told
}

// read decodes a message for the subscribers of this node.
func (c *codec) read(e *envelope) (any, error) {
	switch {
	case c.never != nil:
		return nil, c.never
	case e.typ != c.name:
		return nil, fmt.Errorf("pubsub: topic %.60q carries %s here, and %.200s at node %q; a topic has one type of message", e.topic, c.name, e.typ, e.node)
	case e.version != c.version:
		return nil, fmt.Errorf("pubsub: topic %.60q: %s has version %d here, and %d at node %q", e.topic, c.name, c.version, e.version, e.node)
	}
	message, err := c.decode(e.body)
	if err != nil {
		return nil, fmt.Errorf("pubsub: topic %.60q: a message of node %q: %w", e.topic, e.node, err)
	}
	return message, nil
}

// warn logs what may go wrong over and over.
func (c *cluster) warn(what, node string, err error) {
	message := "pubsub: " + what
	if !c.hub.sampler.Take(c.hub.log(), logs.Kind{Level: slog.LevelWarn, Message: message}, err) {
		return
	}
	var attrs []any
	if node != "" {
		attrs = append(attrs, slog.String("node", node))
	}
	if err != nil {
		attrs = append(attrs, slog.Any("err", err))
	}
	c.hub.log().Warn(message, attrs...)
}
