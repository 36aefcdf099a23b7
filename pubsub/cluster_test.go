package pubsub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// node is a hub of a cluster with what it has heard of one topic.
type node struct {
	*pubsub.Hub
	name    string
	carrier pubsub.Carrier
	log     lockedLog
	room    pubsub.Topic[string]

	mu    sync.Mutex
	heard []string
	gaps  []pubsub.Gap
}

type lockedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

const beat = time.Second

// newNode is one that has not joined.
func newNode(t *testing.T, net *pubsubtest.Network, name string) *node {
	t.Helper()
	n := &node{Hub: pubsub.New(), name: name, carrier: net.Carrier(name)}
	n.Log = slog.New(slog.NewTextHandler(&n.log, nil))
	n.room = pubsub.NewTopic[string](n.Hub, "room")
	sub, err := n.room.SubscribeWith(pubsub.Subscriber[string]{
		Receive: func(m string) { n.take(m) },
		Missed:  func(messages int) { n.take(fmt.Sprint("missed ", messages)) },
		Queue:   1 << 20, // fewer than that come
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Cancel)
	return n
}

func (n *node) take(m string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.heard = append(n.heard, m)
}

func (n *node) join(fingerprint string) error {
	return n.Join(context.Background(), n.carrier, pubsub.Cluster{Beat: beat, Fingerprint: fingerprint, Gap: func(g pubsub.Gap) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.gaps = append(n.gaps, g)
	}})
}

// start is one that has.
func start(t *testing.T, net *pubsubtest.Network, name string) *node {
	t.Helper()
	n := newNode(t, net, name)
	if err := n.join(""); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) broadcast(t *testing.T, m string) {
	t.Helper()
	if err := n.room.Broadcast(m); err != nil {
		t.Errorf("node %s: Broadcast: %v", n.name, err)
	}
}

// want takes what was heard, and checks it.
func (n *node) want(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.Equal(n.heard, want) {
		t.Errorf("node %s heard %q, want %q", n.name, n.heard, want)
	}
	n.heard = nil
}

func (n *node) wantGaps(t *testing.T, want ...pubsub.Gap) {
	t.Helper()
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.Equal(n.gaps, want) {
		t.Errorf("node %s saw the gaps %+v, want %+v", n.name, n.gaps, want)
	}
	n.gaps = nil
}

// wantHealth says whether a node is well, and which others it knows.
func (n *node) wantHealth(t *testing.T, well bool, others ...string) {
	t.Helper()
	synctest.Wait()
	h := n.Health()
	var names []string
	for _, o := range h.Nodes {
		if o.Silent {
			o.Name += " (silent)"
		}
		names = append(names, o.Name)
	}
	if (h.Err == nil) != well || !slices.Equal(names, others) || h.Node != n.name {
		t.Errorf("node %s is %q, knows %q, err %v; want well %t and %q", n.name, h.Node, names, h.Err, well, others)
	}
}

func end(nodes ...*node) {
	for _, n := range nodes {
		_ = n.Leave()
	}
	synctest.Wait()
}

// Faults, row 106: the carrier is away at the start, and later for a minute.
func TestFault106CarrierIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		net.Away()
		a, b := start(t, net, "a"), start(t, net, "b")
		for _, away := range []time.Duration{10 * beat, time.Minute} {
			a.wantHealth(t, false, names(a.Health())...)
			if since := a.Health().Since; time.Since(since) > away || since.IsZero() {
				t.Errorf("away since %v", since)
			}
			if err := a.room.Broadcast("here"); !errors.Is(err, pubsub.ErrAway) {
				t.Errorf("Broadcast = %v, want ErrAway", err)
			}
			a.want(t, "here")
			b.want(t)
			time.Sleep(away)
			net.Back()
			synctest.Wait()
			a.want(t, "missed 0")
			b.want(t, "missed 0")
			a.wantHealth(t, true, "b")
			b.wantHealth(t, true, "a")
			a.broadcast(t, "again")
			a.want(t, "again")
			b.want(t, "again")
			time.Sleep(2 * resyncEvery) // a gap may be told a second time
			synctest.Wait()
			b.mu.Lock()
			b.heard = nil
			b.mu.Unlock()
			net.Away()
		}
		for says, times := range map[string]int{"carrier is away": 3, "carrier is back": 2} {
			if n := strings.Count(a.log.String(), says); n != times {
				t.Errorf("the log says %q %d times, want %d:\n%s", says, n, times, &a.log)
			}
		}
		end(a, b)
	})
}

const resyncEvery = time.Second

func names(h pubsub.Health) (names []string) {
	for _, n := range h.Nodes {
		names = append(names, n.Name)
	}
	return names
}

// Faults, row 107: two sides that do not reach each other each go on, know of
// it, and know when they are together again what they have missed.
func TestFault107PartitionAndHeal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b, c := start(t, net, "a"), start(t, net, "b"), start(t, net, "c")
		synctest.Wait()
		net.Partition([]string{"a", "b"}, []string{"c"})
		a.broadcast(t, "ab")
		c.broadcast(t, "c")
		c.broadcast(t, "cc")
		a.want(t, "ab")
		b.want(t, "ab")
		c.want(t, "c", "cc")
		time.Sleep(5 * beat)
		a.wantHealth(t, true, "b", "c (silent)")
		c.wantHealth(t, false, "a (silent)", "b (silent)") // as if nothing was carried at all
		net.Heal()
		time.Sleep(2 * beat)
		for _, n := range []*node{a, b, c} {
			n.want(t, "missed 0")
		}
		a.wantGaps(t, pubsub.Gap{Node: "c", Messages: 2})
		b.wantGaps(t, pubsub.Gap{Node: "c", Messages: 2})
		c.wantGaps(t, pubsub.Gap{Node: "a", Messages: 1})
		a.wantHealth(t, true, "b", "c")
		c.wantHealth(t, true, "a", "b")
		c.broadcast(t, "together")
		for _, n := range []*node{a, b, c} {
			n.want(t, "together")
		}
		end(a, b, c)
	})
}

// Faults, row 108: whatever the way between the nodes does, what arrives is in
// order and once, and what does not is counted, to the last message.
func TestFault108LossDuplicationAndReordering(t *testing.T) {
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			net := pubsubtest.NewNetwork()
			a, b, c := start(t, net, "a"), start(t, net, "b"), start(t, net, "c")
			synctest.Wait()
			net.SetFaults(pubsubtest.Faults{Loss: .1, Duplicate: .1, Reorder: .1, Delay: time.Millisecond, Seed: seed})
			const each = 1000
			for i := range each {
				a.broadcast(t, fmt.Sprintf("a %04d", i))
				b.broadcast(t, fmt.Sprintf("b %04d", i))
				if i%10 == 0 {
					time.Sleep(time.Millisecond)
				}
			}
			time.Sleep(10 * time.Millisecond) // the last of them are late
			net.SetFaults(pubsubtest.Faults{})
			time.Sleep(2 * beat)
			synctest.Wait()
			last := map[byte]string{}
			n, told := 0, 0
			for _, m := range c.heard {
				switch {
				case m == "missed 0":
					told++
				case m <= last[m[0]]:
					t.Fatalf("heard %q after %q", m, last[m[0]])
				default:
					last[m[0]] = m
					n++
				}
			}
			s := c.Stats()
			if uint64(n) != s.Received || s.Received+s.Lost != 2*each || s.Lost == 0 || s.Repeated == 0 || s.Gaps == 0 || told == 0 {
				t.Errorf("seed %d: heard %d, told of losses %d times; %+v, want received and lost to be %d together", seed, n, told, s, 2*each)
			}
			if told > 10 {
				t.Errorf("seed %d: told %d times that messages may be missing, within some seconds", seed, told)
			}
			end(a, b, c)
		})
	}
}

// The loss of the last message is noticed by the next beat, that of one for a
// single node too.
func TestLossOfTheLastMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b := start(t, net, "a"), start(t, net, "b")
		synctest.Wait()
		for message, send := range map[string]func() error{
			"to all": func() error { return a.room.Broadcast("to all") },
			"to b":   func() error { return a.room.SendTo("b", "to b") },
		} {
			net.LoseNext(1)
			if err := send(); err != nil {
				t.Error(err)
			}
			synctest.Wait()
			b.wantGaps(t)
			time.Sleep(beat)
			b.want(t, "missed 0")
			b.wantGaps(t, pubsub.Gap{Node: "a", Messages: 1})
			time.Sleep(resyncEvery)
			if err := send(); err != nil {
				t.Error(err)
			}
			b.want(t, message)
			b.wantGaps(t)
		}
		end(a, b)
	})
}

// A loss in the middle is told before the message behind it.
func TestLossIsToldInItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b := start(t, net, "a"), start(t, net, "b")
		synctest.Wait()
		a.broadcast(t, "1")
		net.LoseNext(2)
		a.broadcast(t, "2")
		a.broadcast(t, "3")
		a.broadcast(t, "4")
		b.want(t, "1", "missed 0", "4")
		b.wantGaps(t, pubsub.Gap{Node: "a", Messages: 2})
		end(a, b)
	})
}

// Faults, row 109: what the carrier itself has lost, in a buffer that was full
// say, is a gap like others. Many of them are told together.
func TestFault109LossThatTheCarrierSees(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b := start(t, net, "a"), start(t, net, "b")
		cause := errors.New("slow consumer")
		net.Lost("b", 17, cause)
		b.want(t, "missed 0")
		b.wantGaps(t, pubsub.Gap{Messages: 17, Cause: cause})
		for range 100 {
			net.Lost("b", 0, cause)
		}
		b.want(t)
		time.Sleep(resyncEvery)
		b.want(t, "missed 0")
		if s := b.Stats(); s.Gaps != 101 || s.Lost != 17 {
			t.Errorf("%d gaps and %d lost, want 101 and 17", s.Gaps, s.Lost)
		}
		if !strings.Contains(b.log.String(), "slow consumer") || strings.Count(b.log.String(), "\n") > 20 {
			t.Errorf("log:\n%s", &b.log)
		}
		a.want(t)
		end(a, b)
	})
}

// Faults, row 110: nodes that do not share what they have to do not hear each
// other, and each says so.
func TestFault110NodesWithDifferentSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b := newNode(t, net, "a"), newNode(t, net, "b")
		for n, secret := range map[*node]string{a: "one secret", b: "another secret"} {
			if err := n.join(secret); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(beat)
		a.broadcast(t, "1")
		a.want(t, "1")
		b.want(t)
		for n, other := range map[*node]string{a: `node "b"`, b: `node "a"`} {
			n.wantHealth(t, false)
			if err := n.Health().Err; !strings.Contains(err.Error(), other) || !strings.Contains(err.Error(), "Fingerprint") || strings.Contains(err.Error(), "secret\"") {
				t.Errorf("Health = %v", err)
			}
			if !strings.Contains(n.log.String(), "a node is not heard") || strings.Contains(n.log.String(), "one secret") {
				t.Errorf("log:\n%s", &n.log)
			}
		}
		if n := b.Stats().Foreign; n == 0 {
			t.Error("Foreign = 0")
		}
		end(b)
		time.Sleep(5 * beat)
		a.wantHealth(t, true) // the other one has gone
		end(a)
	})
}

// ear hears what nodes say to each other.
type ear struct{ heard func([]byte) }

func (e ear) Receive(m []byte)    { e.heard(bytes.Clone(m)) }
func (e ear) Away(error)          {}
func (e ear) Back()               {}
func (e ear) Lost(_ int, _ error) {}

// Another version of the protocol is told, once and in the health; what is none
// at all is counted.
func TestFault110OtherProtocol(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		var said [][]byte
		spy := net.Carrier("spy")
		if err := spy.Open(t.Context(), ear{func(m []byte) { said = append(said, m) }}); err != nil {
			t.Fatal(err)
		}
		a := start(t, net, "a")
		a.broadcast(t, "1")
		a.want(t, "1")
		m := said[len(said)-1]
		m[1]++ // the protocol
		if err := spy.Send(m); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if err := a.Health().Err; err == nil || !strings.Contains(err.Error(), "speaks version 2") {
			t.Errorf("Health = %v, want the version of the other", err)
		}
		for _, junk := range [][]byte{nil, []byte("{}"), bytes.Repeat([]byte{0xb3, 1}, 50), bytes.Repeat([]byte{1}, 1<<20)} {
			if err := spy.Send(junk); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if s := a.Stats(); s.Foreign != 1 || s.Undecoded != 3 || s.Oversized != 1 || s.Received != 0 {
			t.Errorf("%+v, want 1 foreign, 3 undecoded, 1 oversized", s)
		}
		a.want(t)
		if err := spy.Close(); err != nil {
			t.Error(err)
		}
		end(a)
	})
}

// Faults, row 111: the second node of a name does not start.
func TestFault111DuplicateNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a := start(t, net, "a")
		second := newNode(t, net, "a")
		err := second.join("")
		if _, ok := errors.AsType[*pubsub.DuplicateNodeError](err); !ok || !strings.Contains(err.Error(), `"a"`) {
			t.Errorf("Join = %v, want a *DuplicateNodeError that names it", err)
		}
		second.wantAlone(t)
		a.wantHealth(t, true)
		end(a)
		second.carrier = net.Carrier("a")
		if err := second.join(""); err != nil {
			t.Errorf("the name is free, and Join = %v", err)
		}
		end(second)
	})
}

func (n *node) wantAlone(t *testing.T) {
	t.Helper()
	if h := n.Health(); h.Node != "" || h.Err != nil {
		t.Errorf("%+v, want a node alone", h)
	}
	n.broadcast(t, "alone")
	n.want(t, "alone")
}

// Of those that start together one stays.
func TestFault111DuplicatesThatStartTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		var nodes []*node
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			n := newNode(t, net, "a")
			nodes = append(nodes, n)
			wg.Go(func() { errs[i] = n.join("") })
		}
		wg.Wait()
		stayed := 0
		for _, err := range errs {
			if err == nil {
				stayed++
			}
		}
		if stayed != 1 {
			t.Errorf("%d nodes stayed: %v, want 1", stayed, errs)
		}
		end(nodes...)
	})
}

// When they could not know of each other, they say so when they do.
func TestFault111DuplicateAfterAPartition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		net.Partition() // everybody alone
		one, two, b := start(t, net, "a"), start(t, net, "a"), start(t, net, "b")
		net.Heal()
		time.Sleep(3 * beat)
		if one.Health().Err == nil && two.Health().Err == nil {
			t.Error("both of one name are well")
		}
		if log := one.log.String() + two.log.String(); !strings.Contains(log, "two nodes have one name") {
			t.Errorf("log:\n%s", log)
		}
		end(one, two, b)
	})
}

// Late words of an earlier run of this node are no other node.
func TestLateWordsOfAnEarlierRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		var said [][]byte
		spy := net.Carrier("spy")
		if err := spy.Open(t.Context(), ear{func(m []byte) { said = append(said, m) }}); err != nil {
			t.Fatal(err)
		}
		a, b := start(t, net, "a"), start(t, net, "b")
		a.broadcast(t, "1")
		b.want(t, "1")
		late := slices.Clone(said)
		if err := a.carrier.Close(); err != nil { // it is killed
			t.Error(err)
		}
		again := start(t, net, "a")
		again.broadcast(t, "2")
		b.want(t, "2")
		for _, m := range late {
			if err := spy.Send(m); err != nil {
				t.Error(err)
			}
		}
		time.Sleep(2 * beat)
		again.want(t, "2")
		b.want(t)
		again.wantHealth(t, true, "b")
		again.wantGaps(t)
		b.wantGaps(t)
		if n := b.Stats().Repeated; n == 0 {
			t.Error("Repeated = 0, want the late words counted")
		}
		if err := b.room.SendTo("a", "direct"); err != nil {
			t.Error(err)
		}
		again.want(t, "direct")
		if err := spy.Close(); err != nil {
			t.Error(err)
		}
		end(a, again, b)
	})
}

// A node that is killed falls silent; the others go on, and it is heard at once
// when it is back.
func TestNodeThatIsKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b, c := start(t, net, "a"), start(t, net, "b"), start(t, net, "c")
		time.Sleep(beat)
		if err := c.carrier.Close(); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * beat)
		a.wantHealth(t, true, "b", "c (silent)")
		time.Sleep(time.Hour)
		a.wantHealth(t, true, "b") // it has gone for good, or so it seems
		a.broadcast(t, "1")
		b.want(t, "1")
		again := start(t, net, "c")
		synctest.Wait()
		a.wantHealth(t, true, "b", "c")
		again.broadcast(t, "2")
		a.want(t, "1", "2")
		a.wantGaps(t)
		if !strings.Contains(a.log.String(), "node is silent") {
			t.Errorf("log:\n%s", &a.log)
		}
		end(a, b, c, again)
	})
}

// A carrier that takes messages and carries none is noticed, when there were
// others.
func TestCarrierThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := pubsubtest.NewNetwork()
		a, b := start(t, net, "a"), start(t, net, "b")
		synctest.Wait()
		net.Swallow(true)
		a.broadcast(t, "1")
		a.want(t, "1")
		time.Sleep(5 * beat)
		a.wantHealth(t, false, "b (silent)")
		if err := a.Health().Err; !strings.Contains(err.Error(), "does the carrier carry") {
			t.Errorf("Health = %v", err)
		}
		net.Swallow(false)
		time.Sleep(beat)
		a.wantHealth(t, true, "b")
		b.want(t, "missed 0")
		end(a, b)
	})
}

func TestJoinRefuses(t *testing.T) {
	t.Parallel()
	net := pubsubtest.NewNetwork()
	h := pubsub.New()
	for name, tt := range map[string]struct {
		carrier pubsub.Carrier
		opts    pubsub.Cluster
		want    string
	}{
		"no name":         {net.Carrier(""), pubsub.Cluster{}, "node name"},
		"a name with dot": {net.Carrier("host.example"), pubsub.Cluster{}, "'.'"},
		"negative":        {net.Carrier("a"), pubsub.Cluster{Beat: -1}, "Beat"},
		"will not open":   {brokenCarrier{net.Carrier("a")}, pubsub.Cluster{}, "no route to host"},
	} {
		if err := h.Join(t.Context(), tt.carrier, tt.opts); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q in it", name, err, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Join(ctx, net.Carrier("a"), pubsub.Cluster{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Join with a context that has ended: %v", err)
	}
	if err := h.Join(t.Context(), net.Carrier("a"), pubsub.Cluster{Wait: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	if err := h.Join(t.Context(), net.Carrier("b"), pubsub.Cluster{}); err == nil || !strings.Contains(err.Error(), "Leave") {
		t.Errorf("a second Join: %v", err)
	}
	if err := h.Leave(); err != nil {
		t.Error(err)
	}
}

type brokenCarrier struct{ pubsub.Carrier }

func (brokenCarrier) Open(context.Context, pubsub.Receiver) error {
	return errors.New("no route to host")
}

// What needs other nodes says so where there are none.
func TestNodeAlone(t *testing.T) {
	t.Parallel()
	h := pubsub.New()
	_, err := h.Pipe("bytes").Receive(func([]byte) {})
	for name, err := range map[string]error{"Receive": err, "Send": h.Pipe("bytes").Send(nil), "SendTo": pubsub.NewTopic[int](h, "n").SendTo("b", 1)} {
		if err == nil || !strings.Contains(err.Error(), "Hub.Join") {
			t.Errorf("%s on a node alone: %v", name, err)
		}
	}
	if h.Node() != "" || h.Health().Err != nil {
		t.Errorf("%+v", h.Health())
	}
	if err := h.Leave(); err != nil {
		t.Error(err)
	}
	var none pubsub.Topic[int]
	for _, err := range []error{none.Broadcast(1), none.BroadcastLocal(1), none.SendTo("b", 1)} {
		if err != nil {
			t.Errorf("the zero Topic: %v", err)
		}
	}
	if _, err := none.Subscribe(func(int) {}); err == nil || !strings.Contains(err.Error(), "NewTopic") {
		t.Errorf("Subscribe on the zero Topic: %v", err)
	}
}
