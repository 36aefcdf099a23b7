package pubsubtest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bennu/pubsub"
)

// nodeRules are about hubs that are joined.
var nodeRules = []rule{
	{"broadcast from", "BroadcastFrom leaves out a subscription of its own node, and none of the others", broadcastFrom},
	{"local broadcast", "BroadcastLocal reaches no other node", broadcastLocal},
	{"to a node", "SendTo reaches the subscribers of one node; one that is not known is an error that names those that are", sendTo},
	{"value", "a message arrives at another node as a value that is equal", equalValue},
	{"another type", "what is of another type at the other node is counted and dropped, and nothing else is", anotherType},
	{"cannot be carried", "a type of which nothing would arrive is an error, and its messages reach this node's subscribers", cannotBeCarried},
	{"too large", "a message that is too large is an error, and reaches this node's subscribers", tooLarge},
	{"pipe", "bytes reach those who receive from the pipe of the same name on other nodes, until they stop", pipe},
	{"leave", "a node that leaves is missed by nobody and goes on as a node alone", leave},
	{"nothing is lost", "between nodes that are well nothing is lost, and nothing is counted as lost", nothingLost},
}

func broadcastFrom(t *testing.T, n nodes) {
	here, there := pubsub.NewTopic[string](n.from, "room"), pubsub.NewTopic[string](n.at, "room")
	a, b, c := newInbox(), newInbox(), newInbox()
	own := a.listen(t, here)
	defer own.Cancel()
	defer b.listen(t, here).Cancel()
	defer c.listen(t, there).Cancel()
	if err := here.BroadcastFrom(own, "1"); err != nil {
		t.Error(err)
	}
	broadcast(t, here, "2")
	a.want(t, "2")
	b.want(t, "1", "2")
	c.want(t, "1", "2")
}

func broadcastLocal(t *testing.T, n nodes) {
	here, there := pubsub.NewTopic[string](n.from, "room"), pubsub.NewTopic[string](n.at, "room")
	a, b := newInbox(), newInbox()
	defer a.listen(t, here).Cancel()
	defer b.listen(t, there).Cancel()
	if err := here.BroadcastLocal("1"); err != nil {
		t.Error(err)
	}
	broadcast(t, here, "2")
	a.want(t, "1", "2")
	b.want(t, "2")
}

func sendTo(t *testing.T, n nodes) {
	here, there := pubsub.NewTopic[string](n.from, "room"), pubsub.NewTopic[string](n.at, "room")
	a, b := newInbox(), newInbox()
	defer a.listen(t, here).Cancel()
	defer b.listen(t, there).Cancel()
	for _, err := range []error{here.SendTo(n.at.Node(), "there"), here.SendTo(n.from.Node(), "here"), here.Broadcast("all")} {
		if err != nil {
			t.Error(err)
		}
	}
	a.want(t, "here", "all")
	b.wait(t, 2)
	if got := slices.Sorted(slices.Values(b.all())); !slices.Equal(got, []string{"all", "there"}) { // two streams
		t.Errorf("the other node heard %q, want there and all", got)
	}
	err := here.SendTo("nobody", "lost")
	if _, ok := errors.AsType[*pubsub.UnknownNodeError](err); !ok || !strings.Contains(err.Error(), n.at.Node()) {
		t.Errorf("SendTo an unknown node: %v, want an *UnknownNodeError that names %s", err, n.at.Node())
	}
}

// Parcel is a message with something of everything.
type Parcel struct {
	Text  string
	N     int64
	Bytes []byte
	List  []map[string]float64
	More  *Parcel
}

func equalValue(t *testing.T, n nodes) {
	p := Parcel{"ünï\x00code \u2028 </script>", -1 << 62, []byte{0, 255}, []map[string]float64{{"x": 0.1}, nil}, &Parcel{Text: "inner"}}
	got := make(chan Parcel, 1)
	defer subscribe(t, pubsub.NewTopic[Parcel](n.at, "parcels"), func(p Parcel) { got <- p }).Cancel()
	broadcast(t, pubsub.NewTopic[Parcel](n.from, "parcels"), p)
	if q := <-got; fmt.Sprint(q.Text, q.N, q.Bytes, q.List, q.More.Text) != fmt.Sprint(p.Text, p.N, p.Bytes, p.List, p.More.Text) {
		t.Errorf("got %+v, want %+v", q, p)
	}
}

// Old and New are types whose messages do not understand each other.
type (
	Old struct{ N int }
	New struct{ N int }
)

// MessageVersion is that of messages between nodes.
func (New) MessageVersion() int { return 2 }

func anotherType(t *testing.T, n nodes) {
	b := newInbox()
	defer subscribe(t, pubsub.NewTopic[Old](n.at, "room"), func(m Old) { b.take(fmt.Sprint(m.N)) }).Cancel()
	before := n.at.Stats().Undecoded
	broadcast(t, pubsub.NewTopic[New](n.from, "room"), New{1})
	broadcast(t, pubsub.NewTopic[Old](n.from, "room"), Old{2})
	b.want(t, "2")
	if n := n.at.Stats().Undecoded - before; n != 1 {
		t.Errorf("Undecoded = %d, want 1", n)
	}
}

func cannotBeCarried(t *testing.T, n nodes) {
	type hidden struct{ n int }
	a, b := newInbox(), newInbox()
	one, two, three := pubsub.NewTopic[any](n.from, "any"), pubsub.NewTopic[hidden](n.from, "hidden"), pubsub.NewTopic[func()](n.from, "func")
	defer subscribe(t, one, func(any) { a.take("any") }).Cancel()
	defer subscribe(t, two, func(hidden) { a.take("hidden") }).Cancel()
	defer subscribe(t, three, func(func()) { a.take("func") }).Cancel()
	defer b.listen(t, pubsub.NewTopic[string](n.at, "any")).Cancel()
	for i, err := range []error{one.Broadcast(1), two.Broadcast(hidden{1}), three.Broadcast(func() {}), pubsub.NewTopic[float64](n.from, "floats").Broadcast(inf())} {
		if err == nil {
			t.Errorf("case %d: no error", i)
		}
	}
	a.wait(t, 3)
	for _, err := range []error{one.BroadcastLocal(1), two.BroadcastLocal(hidden{1}), three.BroadcastLocal(nil)} {
		if err != nil {
			t.Errorf("BroadcastLocal: %v", err)
		}
	}
	a.wait(t, 6)
}

func tooLarge(t *testing.T, n nodes) {
	here, there := pubsub.NewTopic[string](n.from, "room"), pubsub.NewTopic[string](n.at, "room")
	a, b := newInbox(), newInbox()
	defer a.listen(t, here).Cancel()
	defer b.listen(t, there).Cancel()
	huge := strings.Repeat("x", 8<<20)
	if e, ok := errors.AsType[*pubsub.SizeError](here.Broadcast(huge)); !ok || e.Size < 8<<20 {
		t.Errorf("Broadcast of 8 MiB: want a *SizeError")
	}
	broadcast(t, here, "2")
	a.want(t, huge, "2")
	b.want(t, "2")
}

func pipe(t *testing.T, n nodes) {
	b, other := newInbox(), newInbox()
	for _, p := range []struct {
		name string
		to   *inbox
	}{{"bytes", b}, {"others", other}} {
		stop, err := n.at.Pipe(p.name).Receive(func(m []byte) {
			p.to.take(string(m))
			if len(m) > 0 && m[0] == '!' {
				panic("a receiver's fault")
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
	}
	from := n.from.Pipe("bytes")
	if from.Node() != n.from.Node() {
		t.Errorf("Node = %q, want %q", from.Node(), n.from.Node())
	}
	long := bytes.Repeat([]byte{0xff, 0}, 50_000)
	for _, m := range [][]byte{[]byte("!1"), nil, long} {
		if err := from.Send(m); err != nil {
			t.Errorf("Send: %v", err)
		}
	}
	b.want(t, "!1", "", string(long))
	if err := n.from.Pipe("others").Send([]byte("2")); err != nil {
		t.Error(err)
	}
	other.want(t, "2")
}

func leave(t *testing.T, n nodes) {
	here, there := pubsub.NewTopic[string](n.from, "room"), pubsub.NewTopic[string](n.at, "room")
	a, b := newInbox(), newInbox()
	defer a.listen(t, here).Cancel()
	defer b.listen(t, there).Cancel()
	broadcast(t, here, "1")
	b.want(t, "1")
	if err := n.from.Leave(); err != nil {
		t.Errorf("Leave: %v", err)
	}
	if !soon(func() bool { return len(n.at.Health().Nodes) == 0 }) {
		t.Errorf("the other node still knows %v", n.at.Health().Nodes)
	}
	broadcast(t, here, "2")
	if err := n.from.Leave(); err != nil {
		t.Errorf("a second Leave: %v", err)
	}
	a.want(t, "1", "2")
	b.want(t, "1")
	if s := n.at.Stats(); s.Gaps != 0 {
		t.Errorf("%d gaps were seen, want none", s.Gaps)
	}
	if err := n.at.Health().Err; err != nil {
		t.Errorf("Health: %v", err)
	}
}

func nothingLost(t *testing.T, n nodes) {
	here, there := pubsub.NewTopic[string](n.from, "room"), pubsub.NewTopic[string](n.at, "room")
	a, b := newInbox(), newInbox()
	defer a.listen(t, here).Cancel()
	defer b.listen(t, there).Cancel()
	a.want(t, count(t, there, 0, 500)...)
	b.want(t, append(a.all(), count(t, here, 0, 500)...)...)
	for _, h := range []*pubsub.Hub{n.from, n.at} {
		if s := h.Stats(); s.Gaps+s.Lost+s.Repeated+s.Undecoded+s.Foreign+s.Unsent+s.Missed != 0 || s.Sent != 500 || s.Received != 500 {
			t.Errorf("node %q: %+v, want 500 sent and received, and nothing that went wrong", h.Node(), s)
		}
		if health := h.Health(); health.Err != nil || len(health.Nodes) != 1 || health.Nodes[0].Silent {
			t.Errorf("node %q: %+v, want it well", h.Node(), health)
		}
	}
}
