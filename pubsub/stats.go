package pubsub

import (
	"slices"
	"strings"
	"sync/atomic"
)

// counts are what a Hub counts as it goes.
type counts struct {
	published, missed, coalesced, slow, panics                      atomic.Uint64
	sent, unsent, received, undecoded, foreign, oversized, repeated atomic.Uint64
	gaps, lost                                                      atomic.Uint64
}

// Stats are counts for operators. All but the first two only grow.
type Stats struct {
	Topics, Subscriptions int

	Published uint64 // messages of this node
	Missed    uint64 // that a subscriber was too slow for, or the hub; each is told
	Coalesced uint64 // that gave way to a newer one of their key
	Slow      uint64 // subscriptions that ended with ErrSlow
	Panics    uint64 // of subscribers

	Sent      uint64 // messages to other nodes
	Unsent    uint64 // that the carrier did not take
	Received  uint64 // messages from other nodes
	Undecoded uint64 // of them in no form that is known here, or of another type
	Foreign   uint64 // of nodes with another protocol, secret or version
	Oversized uint64 // larger than a message may be
	Repeated  uint64 // that came twice, or too late to be in order
	Gaps      uint64 // times that messages were seen to be lost
	Lost      uint64 // messages that were, as far as their number is known
}

// Stats counts.
func (h *Hub) Stats() Stats {
	c := &h.counts
	s := Stats{
		Published: c.published.Load(), Missed: c.missed.Load(), Coalesced: c.coalesced.Load(), Slow: c.slow.Load(), Panics: c.panics.Load(),
		Sent: c.sent.Load(), Unsent: c.unsent.Load(), Received: c.received.Load(), Undecoded: c.undecoded.Load(), Foreign: c.foreign.Load(),
		Oversized: c.oversized.Load(), Repeated: c.repeated.Load(), Gaps: c.gaps.Load(), Lost: c.lost.Load(),
	}
	h.each(func(t *topic) {
		t.mu.Lock()
		defer t.mu.Unlock()
		s.Topics++
		s.Subscriptions += len(t.subs)
	})
	return s
}

// TopicInfo is a topic that somebody on this node is subscribed to.
type TopicInfo struct {
	Name        string
	Type        string // of its messages
	Subscribers int
	Waiting     int // messages that wait for their delivery
}

// Topics are all topics of this node, by name.
func (h *Hub) Topics() []TopicInfo {
	var all []TopicInfo
	h.each(func(t *topic) {
		t.mu.Lock()
		defer t.mu.Unlock()
		all = append(all, TopicInfo{t.name, t.codec.name, len(t.subs), t.queued()})
	})
	slices.SortFunc(all, func(a, b TopicInfo) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// each calls f with the topics, under the lock of their shard.
func (h *Hub) each(f func(*topic)) {
	for i := range h.shards {
		s := &h.shards[i]
		s.mu.Lock()
		for _, t := range s.topics {
			f(t)
		}
		s.mu.Unlock()
	}
}
