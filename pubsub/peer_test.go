package pubsub

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

func TestStreams(t *testing.T) {
	t.Parallel()
	type step struct {
		number uint64
		beat   bool
		lost   uint64
		stale  bool
	}
	for name, tt := range map[string]struct {
		start stream
		steps []step
	}{
		"from the beginning": {stream{0, true}, []step{{number: 1}, {number: 2}, {number: 2, stale: true}, {number: 5, lost: 2}, {number: 4, stale: true}, {number: 6}}},
		"joined later":       {stream{}, []step{{number: 40}, {number: 41}, {number: 39, stale: true}}},
		"the last is lost":   {stream{3, true}, []step{{number: 3, beat: true}, {number: 5, beat: true, lost: 2}, {number: 6}, {number: 5, beat: true}}},
		"first a beat":       {stream{}, []step{{number: 9, beat: true}, {number: 11, lost: 1}}},
	} {
		s := tt.start
		for i, p := range tt.steps {
			var lost uint64
			var stale bool
			if p.beat {
				lost = s.reached(p.number)
			} else {
				lost, stale = s.next(p.number)
			}
			if lost != p.lost || stale != p.stale {
				t.Errorf("%s, step %d: %d lost, stale %t, want %d and %t", name, i, lost, stale, p.lost, p.stale)
			}
		}
	}
}

// Whatever is lost, doubled and mixed up: what is taken and what is counted as
// lost are together what was sent, when a beat has told how far that has come.
func TestStreamCountsWhatIsLost(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 3))
		const sent = 500
		var arriving []uint64
		for n := uint64(1); n <= sent; n++ {
			for range dice.IntN(3) { // none, one, two
				arriving = append(arriving, n)
			}
		}
		for range dice.IntN(100) {
			i := dice.IntN(len(arriving) - 3)
			arriving[i], arriving[i+2] = arriving[i+2], arriving[i]
		}
		s := stream{0, true}
		var taken, lost, last uint64
		for _, n := range arriving {
			missing, stale := s.next(n)
			lost += missing
			if stale {
				continue
			}
			if taken++; n <= last {
				t.Fatalf("seed %d: %d was taken after %d", seed, n, last)
			}
			last = n
		}
		lost += s.reached(sent)
		if taken+lost != sent {
			t.Errorf("seed %d: %d taken and %d lost, want %d together", seed, taken, lost, sent)
		}
	}
}

// Which run of a node is heard when its epochs come in any order, as they do
// when its clock is put back.
func TestRunsOfANode(t *testing.T) {
	t.Parallel()
	begin := time.Unix(1000, 0)
	type step struct {
		epoch uint64
		after time.Duration
		kind  kind
		heard bool
	}
	for name, steps := range map[string][]step{
		"started again":           {{5, 0, kindBeat, true}, {6, 0, kindHello, true}, {5, 0, kindBeat, false}, {6, 0, kindBeat, true}},
		"clock put back, silent":  {{5, 0, kindBeat, true}, {4, 10 * time.Second, kindHello, true}, {4, 10 * time.Second, kindBeat, true}},
		"clock put back, at once": {{5, 0, kindBeat, true}, {4, time.Second, kindHello, false}, {4, 4 * time.Second, kindBeat, true}},
		"clock put back, goodbye": {{5, 0, kindBeat, true}, {5, 0, kindBye, true}, {4, 0, kindHello, true}},
	} {
		ps := make(peers)
		for i, s := range steps {
			e := envelope{kind: s.kind, node: "b", epoch: s.epoch}
			if got := ps.of(&e, 1, begin.Add(s.after), time.Second) != nil; got != s.heard {
				t.Errorf("%s, step %d: heard %t, want %t", name, i, got, s.heard)
			}
		}
	}
}

func TestPeersAreBounded(t *testing.T) {
	t.Parallel()
	ps := make(peers)
	begin := time.Unix(1000, 0)
	for i := range 2 * mostPeers {
		e := envelope{kind: kindBeat, node: fmt.Sprint("n", i), epoch: 1}
		ps.of(&e, 1, begin.Add(time.Duration(i)), time.Second)
		if i > mostPeers && i%500 != 0 { // looking for the oldest takes its time
			break
		}
	}
	if len(ps) > mostPeers || ps["n0"] != nil {
		t.Errorf("%d nodes are known, and the first one %t; want %d, without the one that was heard longest ago", len(ps), ps["n0"] != nil, mostPeers)
	}
	if n := len(ps.names()); n != len(ps) {
		t.Errorf("%d names of %d nodes", n, len(ps))
	}
}
