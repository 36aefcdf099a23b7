package presence

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var testTimes = times{
	Beat: 1500 * time.Millisecond, Gather: 50 * time.Millisecond, Down: 30 * time.Second,
	Forget: 20 * time.Minute, Again: time.Second, MaxPart: 200,
}

// sim is a cluster in made-up time: replicas, and a network that loses, delays,
// doubles and cuts.
type sim struct {
	t      *testing.T
	chance *rand.Rand
	now    time.Duration
	epochs uint64
	nodes  map[string]*simNode
	wire   []letter

	loss, double float64
	delay        time.Duration  // at most
	side         map[string]int // of a partition; empty: none

	leaves, sent, bytes int
}

type simNode struct {
	*replica
	due   time.Duration
	lists map[string]map[string]bool // what a subscriber makes of the changes, by topic
}

type letter struct {
	at       time.Duration
	from, to string
	text     []byte
}

func newSim(t *testing.T, seed uint64, names ...string) *sim {
	s := &sim{t: t, chance: rand.New(rand.NewPCG(seed, 7)), nodes: map[string]*simNode{}}
	for _, name := range names {
		s.start(name)
	}
	return s
}

func (s *sim) start(name string) {
	s.epochs++
	s.nodes[name] = &simNode{replica: newReplica(owner{name, s.epochs}, testTimes, s.now), due: s.now, lists: map[string]map[string]bool{}}
}

// run lets time pass.
func (s *sim) run(d time.Duration) {
	end := s.now + d
	for {
		at, step := end, func() {}
		for _, name := range slices.Sorted(maps.Keys(s.nodes)) {
			if n := s.nodes[name]; n.due < at {
				at, step = n.due, func() {
					n.tick(s.now)
					s.done(n)
				}
			}
		}
		if len(s.wire) > 0 && s.wire[0].at < at {
			l := s.wire[0]
			at, step = l.at, func() {
				s.wire = s.wire[1:]
				n := s.nodes[l.to]
				if n == nil || s.side[l.from] != s.side[l.to] {
					return
				}
				m, err := decode(l.text)
				if err != nil {
					s.t.Fatalf("%v: %s", err, l.text)
				}
				n.receive(s.now, m)
				s.done(n)
			}
		}
		s.now = max(s.now, at)
		if at >= end {
			return
		}
		step()
	}
}

// done sends what a node has to say, and follows its changes as a subscriber.
func (s *sim) done(n *simNode) {
	out, changes := n.take()
	n.due = s.now + n.next(s.now)
	for _, m := range out {
		text, err := json.Marshal(m)
		if err != nil {
			s.t.Fatal(err)
		}
		s.sent++
		s.bytes += len(text)
		for _, to := range slices.Sorted(maps.Keys(s.nodes)) {
			if to == n.self.Node {
				continue
			}
			for range 1 + s.coin(s.double) {
				if s.coin(s.loss) == 1 {
					continue
				}
				at := s.now + time.Millisecond
				if s.delay > 0 {
					at += s.upTo(s.delay)
				}
				i, _ := slices.BinarySearchFunc(s.wire, at+1, func(l letter, at time.Duration) int { return int(l.at - at) })
				s.wire = slices.Insert(s.wire, i, letter{at, n.self.Node, to, text})
			}
		}
	}
	for _, c := range changes {
		list := n.lists[c.topic]
		if list == nil {
			list = map[string]bool{}
			n.lists[c.topic] = list
		}
		for _, e := range c.joins {
			if list[e.id()] {
				s.t.Fatalf("%s: %s joins %s twice", n.self.Node, e.key, c.topic)
			}
			list[e.id()] = true
		}
		for _, e := range c.leaves {
			if !list[e.id()] {
				s.t.Fatalf("%s: %s leaves %s without having been there", n.self.Node, e.key, c.topic)
			}
			delete(list, e.id())
			s.leaves++
		}
	}
}

// upTo is some time below d.
func (s *sim) upTo(d time.Duration) time.Duration { return time.Duration(s.chance.Int64N(int64(d))) }

func (s *sim) coin(p float64) int {
	if s.chance.Float64() < p {
		return 1
	}
	return 0
}

// check compares what every node shows, and what its subscribers made of the
// changes, with what the owners have.
func (s *sim) check() {
	s.t.Helper()
	want := map[string][]string{}
	for _, n := range s.nodes {
		for _, e := range n.own {
			want[e.topic] = append(want[e.topic], e.id()+string(e.meta))
		}
	}
	for name, n := range s.nodes {
		got := map[string][]string{}
		for topic := range n.topics {
			for _, e := range n.list(topic) {
				got[topic] = append(got[topic], e.id()+string(e.meta))
				if !n.lists[topic][e.id()] {
					s.t.Errorf("%s: a subscriber of %s has not heard of %s", name, topic, e.key)
				}
			}
			if len(n.lists[topic]) != len(got[topic]) {
				s.t.Errorf("%s: a subscriber of %s has %d people, the list %d", name, topic, len(n.lists[topic]), len(got[topic]))
			}
		}
		for topic := range want {
			slices.Sort(want[topic])
			slices.Sort(got[topic])
			if !slices.Equal(got[topic], want[topic]) {
				s.t.Errorf("%s: %s has\n  %s\nwant\n  %s", name, topic, got[topic], want[topic])
			}
			delete(got, topic)
		}
		if len(got) > 0 {
			s.t.Errorf("%s: topics that nobody is in: %v", name, got)
		}
	}
}

// someone makes one random change on a node.
func (s *sim) someone(n *simNode) {
	refs := slices.Sorted(maps.Keys(n.own))
	switch k := s.chance.IntN(5); {
	case k < 2 || len(refs) == 0:
		n.track(fmt.Sprint("room:", s.chance.IntN(3)), fmt.Sprint("user", s.chance.IntN(6)), []byte(`{}`))
	case k < 4:
		n.update(refs[s.chance.IntN(len(refs))], fmt.Appendf(nil, `{"n":%d}`, s.chance.IntN(100)))
	default:
		n.untrack(refs[s.chance.IntN(len(refs))])
	}
	s.done(n)
}

// Whatever the network and the nodes have done: when it is quiet, all agree on
// what the owners say.
func TestReplicasConverge(t *testing.T) {
	t.Parallel()
	seeds := uint64(60)
	if n, err := strconv.ParseUint(os.Getenv("PRESENCE_SEEDS"), 10, 64); err == nil {
		seeds = n // more of them, as under make fuzz
	}
	for seed := range seeds {
		s := newSim(t, seed, "a", "b", "c", "d")
		s.loss, s.double, s.delay = s.chance.Float64()*0.4, s.chance.Float64()*0.3, s.upTo(3*time.Second)
		for range 120 {
			name := string(rune('a' + s.chance.IntN(4)))
			n := s.nodes[name]
			switch k := s.chance.IntN(40); {
			case k == 0: // killed
				delete(s.nodes, name)
			case k == 1 && n != nil: // ended in good order
				n.bye(s.now)
				s.done(n)
				delete(s.nodes, name)
			case k == 2:
				s.side = map[string]int{name: 1}
			case k == 3:
				s.side = nil
			case n == nil:
				s.start(name)
			default:
				s.someone(n)
			}
			s.run(s.upTo(4 * time.Second))
		}
		s.side, s.loss, s.double, s.delay = nil, 0, 0, 0
		s.run(testTimes.Down + 5*time.Second)
		s.check()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// A network that loses a fifth of all makes nobody leave who is here.
func TestLossMakesNobodyLeave(t *testing.T) {
	t.Parallel()
	s := newSim(t, 1, "a", "b", "c")
	s.loss, s.double, s.delay = 0.2, 0.1, time.Second
	for _, n := range s.nodes {
		for i := range 100 {
			n.track("lobby", fmt.Sprint(n.self.Node, i), []byte(`{}`))
		}
		s.done(n)
	}
	s.run(time.Hour)
	s.check()
	if s.leaves > 0 {
		t.Errorf("%d leaves in an hour, want none", s.leaves)
	}
}

func TestDeathOfANodeTakesItsPeopleAlong(t *testing.T) {
	t.Parallel()
	s := newSim(t, 1, "a", "b", "c")
	for _, n := range s.nodes {
		for i := range 50 {
			n.track("lobby", fmt.Sprint(n.self.Node, i), []byte(`{}`))
		}
		s.done(n)
	}
	s.run(5 * time.Second)
	s.check()
	delete(s.nodes, "b")
	s.run(testTimes.Down - 2*time.Second)
	if s.leaves != 0 {
		t.Errorf("%d leaves before the node counted as down", s.leaves)
	}
	s.run(5 * time.Second)
	if s.leaves != 100 {
		t.Errorf("%d leaves, want those of 50 people on two nodes", s.leaves)
	}
	s.check()

	// In good order it is at once.
	s.leaves = 0
	c := s.nodes["c"]
	c.bye(s.now)
	s.done(c)
	delete(s.nodes, "c")
	s.run(100 * time.Millisecond)
	if s.leaves != 50 {
		t.Errorf("%d leaves at once, want 50", s.leaves)
	}

	// Both come back with nobody.
	s.start("b")
	s.start("c")
	s.run(5 * time.Second)
	s.check()
	if n := s.nodes["b"].list("lobby"); len(n) != 50 {
		t.Errorf("a node that came back sees %d people, want 50", len(n))
	}
}

func TestPartitionHeals(t *testing.T) {
	t.Parallel()
	s := newSim(t, 3, "a", "b", "c")
	for _, n := range s.nodes {
		n.track("lobby", n.self.Node, []byte(`{}`))
		s.done(n)
	}
	s.run(5 * time.Second)
	s.side = map[string]int{"c": 1}
	s.run(testTimes.Down + 5*time.Second)
	if got := len(s.nodes["a"].list("lobby")); got != 2 {
		t.Errorf("a sees %d people while c is away, want 2", got)
	}
	s.nodes["c"].track("lobby", "new", []byte(`{}`)) // what c does meanwhile is there afterwards
	s.done(s.nodes["c"])
	s.run(5 * time.Second)
	s.side = nil
	s.run(5 * time.Second)
	s.check()
	s.leaves = 0
	s.run(time.Hour)
	if s.leaves != 0 {
		t.Errorf("%d leaves after the cut was mended", s.leaves)
	}
	s.check()
}

// A clock that was put back makes no node unheard for ever.
func TestEpochThatGoesBack(t *testing.T) {
	t.Parallel()
	s := newSim(t, 4, "a", "b")
	s.epochs = 100
	s.start("b")
	s.run(5 * time.Second)
	s.epochs = 10
	s.start("b")
	s.nodes["b"].track("lobby", "b", []byte(`{}`))
	s.run(10 * time.Second)
	s.check()
}

func TestQuietCostsLittle(t *testing.T) {
	t.Parallel()
	s := newSim(t, 5, "a", "b", "c")
	for _, n := range s.nodes {
		for i := range 1000 {
			n.track(fmt.Sprint("room:", i%50), fmt.Sprint(n.self.Node, i), []byte(`{"device":"web"}`))
		}
		s.done(n)
	}
	s.run(10 * time.Second)
	s.check()
	s.sent, s.bytes = 0, 0
	s.run(time.Minute)
	if perSecond := s.bytes / 60; perSecond > 200 {
		t.Errorf("%d bytes a second for 3,000 people who do nothing, want less than 200", perSecond)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"k":"delta","n":"a","e":1,"s":1,"o":[{"+":{"r":1,"t":"lobby","y":"u","m":{}}},{"rm":1}]}`))
	f.Add([]byte(`{"k":"state","n":"a","e":1,"s":4,"p":0,"ps":2,"en":[{"r":1,"t":"lobby","y":"u","m":{}}]}`))
	f.Add([]byte(`{"k":"want","n":"a","e":1,"s":0,"of":"self"}`))
	f.Add([]byte(`{"k":"bye","n":"a"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := newReplica(owner{"self", 1}, testTimes, 0)
		r.track("lobby", "me", []byte(`{}`))
		for i, line := range strings.Split(string(text), "\n") {
			m, err := decode([]byte(line))
			if err != nil {
				continue
			}
			r.receive(time.Duration(i)*time.Second, m)
			r.tick(time.Duration(i) * time.Second)
			r.take()
		}
		if own := r.own[1]; own == nil || !slices.Contains(r.list("lobby"), own) {
			t.Error("a message of another node took away one of this node's own people")
		}
	})
}
