package pubsub

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Health is how a hub stands among the other nodes.
type Health struct {
	Node  string // this one's name, "" for a hub that is not joined to others
	Err   error  // why it is degraded, nil if it is not; local messages go on in any case
	Since time.Time
	Nodes []NodeHealth // the others that have been heard of, by name
}

// NodeHealth is what is known of another node.
type NodeHealth struct {
	Name   string
	Heard  time.Time // when it was last
	Silent bool      // it has not been for some beats
	Gaps   uint64    // times that messages of it were seen to be lost
}

// goneAfter is when a node that has not said goodbye is not waited for any more.
const goneAfter = time.Hour

// Health tells how the hub stands. Of a node alone it is good.
//
// It is degraded while the carrier is away, when another node has the same name,
// while a node speaks that is not heard, and when all other nodes are silent,
// as they are when the carrier takes messages and carries none. A node of which
// nothing was heard for an hour has gone for good, and is not counted.
func (h *Hub) Health() Health {
	c := h.cluster.Load()
	if c == nil {
		return Health{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	health := Health{Node: c.node}
	silent := 0
	for name, p := range c.peers {
		if p.gone || p.silent && time.Since(p.heard) > goneAfter {
			continue
		}
		health.Nodes = append(health.Nodes, NodeHealth{name, p.heard, p.silent, p.gaps})
		if p.silent {
			silent++
		}
	}
	slices.SortFunc(health.Nodes, func(a, b NodeHealth) int { return strings.Compare(a.Name, b.Name) })
	switch {
	case c.away != nil:
		health.Err, health.Since = fmt.Errorf("pubsub: the carrier is away: %w", c.away), c.awaySince
	case c.duplicate:
		health.Err = &DuplicateNodeError{c.node}
	case c.foreign != nil && time.Since(c.foreignAt) < silentBeats*c.opts.Beat:
		health.Err, health.Since = c.foreign, c.foreignAt
	case silent > 0 && silent == len(health.Nodes):
		for _, n := range health.Nodes {
			if n.Heard.After(health.Since) {
				health.Since = n.Heard
			}
		}
		health.Err = fmt.Errorf("pubsub: none of the %d other nodes has been heard lately; does the carrier carry?", silent)
	}
	return health
}
