package pubsub

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const (
	// silentBeats is after how many beats that did not come a node is silent.
	silentBeats = 3
	// mostPeers bounds the nodes that are known. Those that have been silent the
	// longest give way.
	mostPeers = 4096
)

// peer is what is known of another node.
type peer struct {
	epoch  uint64
	all    stream // of what it sends to all nodes
	direct stream // of what it sends to this one
	heard  time.Time
	gone   bool // it has said goodbye
	silent bool
	gaps   uint64
}

// stream follows the numbers of messages.
type stream struct {
	last  uint64
	known bool // last is where it has come to, as far as is known here
}

// next takes the number of a message. Stale: it has been here, or comes after
// later ones; lost is how many are missing before it.
func (s *stream) next(number uint64) (lost uint64, stale bool) {
	if !s.known {
		*s = stream{number, true}
		return 0, false
	}
	if number <= s.last {
		return 0, true
	}
	lost = number - s.last - 1
	s.last = number
	return lost, false
}

// reached takes what the sender says of how far it has come. Lost is how many
// are missing.
func (s *stream) reached(number uint64) (lost uint64) {
	if !s.known {
		*s = stream{number, true}
		return 0
	}
	if number > s.last {
		lost = number - s.last
		s.last = number
	}
	return lost
}

// peers are the other nodes. The caller holds the cluster's mu.
type peers map[string]*peer

// of is the peer that speaks, nil if it is not to be heard: an earlier run of
// the node, whose messages come late.
//
// Epochs are made of the node's clock, which may have been put back. A lower one
// counts when the higher one has fallen silent or said goodbye.
func (ps peers) of(e *envelope, self uint64, now time.Time, beat time.Duration) *peer {
	p := ps[e.node]
	switch {
	case p == nil:
		ps.makeRoom()
		// Of one that began after this node all has come here, so that it is known
		// where its numbers begin.
		p = &peer{epoch: e.epoch}
		p.all.known = e.epoch > self
		p.direct.known = p.all.known
		ps[e.node] = p
	case p.epoch == e.epoch:
	case e.epoch < p.epoch && !p.gone && now.Sub(p.heard) < silentBeats*beat:
		return nil
	default:
		*p = peer{epoch: e.epoch, gaps: p.gaps}
		p.all.known, p.direct.known = true, true
	}
	p.heard, p.gone = now, e.kind == kindBye
	return p
}

func (ps peers) makeRoom() {
	for len(ps) >= mostPeers {
		var oldest string
		for name, p := range ps {
			if o := ps[oldest]; o == nil || p.heard.Before(o.heard) {
				oldest = name
			}
		}
		delete(ps, oldest)
	}
}

// names are those of the nodes that are there, in order.
func (ps peers) names() []string {
	var names []string
	for name, p := range ps {
		if !p.gone {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, strings.Compare)
	return names
}

// reach is the body of a beat: how far the streams to single nodes have come.
type reach map[string]uint64

func (r reach) text() []byte {
	if len(r) == 0 {
		return nil
	}
	text, err := json.Marshal(r)
	if err != nil { // of a map of numbers there is none
		return nil
	}
	return text
}

// to is how far the stream to one node has come; false: none was ever sent.
func reachOf(body []byte, node string) (uint64, bool) {
	if len(body) == 0 {
		return 0, false
	}
	var r reach
	if json.Unmarshal(body, &r) != nil {
		return 0, false
	}
	n, ok := r[node]
	return n, ok
}
