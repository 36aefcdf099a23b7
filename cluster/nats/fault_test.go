package nats_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"bennu/cluster/nats"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// heard collects what a subscriber hears.
type heard struct {
	mu     sync.Mutex
	all    []string
	missed int
}

func (h *heard) listen(t *testing.T, hub *pubsub.Hub) {
	t.Helper()
	sub, err := pubsub.NewTopic[string](hub, "room").SubscribeWith(pubsub.Subscriber[string]{
		Receive: func(m string) { h.mu.Lock(); h.all = append(h.all, m); h.mu.Unlock() },
		Missed:  func(int) { h.mu.Lock(); h.missed++; h.mu.Unlock() },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Cancel)
}

func (h *heard) has(m string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Contains(h.all, m)
}

func (h *heard) timesMissed() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.missed
}

// until waits for something that must happen.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited for %s", what)
		}
	}
}

// arrives sends until a message comes to the other hub.
func arrives(t *testing.T, from *pubsub.Hub, at *heard, text string) {
	t.Helper()
	n := 0
	until(t, "a message to arrive: "+text, func() bool {
		n++
		m := fmt.Sprint(text, " ", n)
		if err := pubsub.NewTopic[string](from, "room").Broadcast(m); err != nil && !errors.Is(err, pubsub.ErrAway) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond) // between attempts; what is waited for is below
		for i := range n + 1 {
			if at.has(fmt.Sprint(text, " ", i)) {
				return true
			}
		}
		return false
	})
}

func port(s *server.Server) int { return s.Addr().(*net.TCPAddr).Port }

// While the broker is away each node goes on alone and says so; when it is back,
// everybody is told that something may be missing, and messages come again.
func TestFault106BrokerRestarts(t *testing.T) {
	t.Parallel()
	s := broker(t, server.RANDOM_PORT)
	at := port(s)
	url := s.ClientURL()
	a := pubsubtest.Join(t, outside(t, "a", url), pubsub.Cluster{Beat: 50 * time.Millisecond})
	b := pubsubtest.Join(t, outside(t, "b", url), pubsub.Cluster{Beat: 50 * time.Millisecond})
	pubsubtest.Meet(t, a, b)
	var here, there heard
	here.listen(t, a)
	there.listen(t, b)
	arrives(t, a, &there, "before")

	stop(s)
	until(t, "both to notice", func() bool { return a.Health().Err != nil && b.Health().Err != nil })
	if err := pubsub.NewTopic[string](a, "room").Broadcast("alone"); !errors.Is(err, pubsub.ErrAway) {
		t.Errorf("Broadcast: %v, want ErrAway", err)
	}
	until(t, "this node's own subscribers to hear", func() bool { return here.has("alone") })

	broker(t, at)
	until(t, "both to be well again", func() bool { return a.Health().Err == nil && b.Health().Err == nil })
	arrives(t, a, &there, "after")
	until(t, "both to be told", func() bool { return here.timesMissed() > 0 && there.timesMissed() > 0 })
	if there.has("alone") {
		t.Error("a message that went nowhere has arrived")
	}
}

// A broker that takes connections and never answers holds up nobody: the node
// starts, says what is wrong, and is there when the broker comes to.
func TestFault106BrokerThatNeverAnswers(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { _, _ = io.Copy(io.Discard, conn); conn.Close() })
		}
	})
	a := pubsubtest.Join(t, outside(t, "a", "nats://"+l.Addr().String()), pubsub.Cluster{})
	if err := a.Health().Err; err == nil {
		t.Error("Health says nothing")
	}
	if err := pubsub.NewTopic[string](a, "room").Broadcast("alone"); !errors.Is(err, pubsub.ErrAway) {
		t.Errorf("Broadcast: %v, want ErrAway", err)
	}
	at := l.Addr().(*net.TCPAddr).Port
	l.Close()
	broker(t, at)
	until(t, "the node to be well", func() bool { return a.Health().Err == nil })
	conns.Wait()
}

// proxy stands between a node and its broker. While it is cut, nothing gets
// through.
type proxy struct {
	net.Listener
	to string

	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l, to: to}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.pass(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); p.set(true); all.Wait() })
	return p
}

func (p *proxy) pass(conn net.Conn) {
	defer conn.Close()
	there, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer there.Close()
	p.mu.Lock()
	cut := p.cut
	p.conns = append(p.conns, conn, there)
	p.mu.Unlock()
	if cut {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(conn, there); conn.Close() })
	both.Go(func() { _, _ = io.Copy(there, conn); there.Close() })
	both.Wait()
}

func (p *proxy) set(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	if cut {
		for _, c := range p.conns {
			c.Close()
		}
		p.conns = nil
	}
}

// A node that is cut off from the others goes on, and both sides know; when it
// is healed they hear each other again, and are told that something is missing.
func TestFault107Partition(t *testing.T) {
	t.Parallel()
	s := broker(t, server.RANDOM_PORT)
	between := newProxy(t, s.Addr().String())
	beat := pubsub.Cluster{Beat: 50 * time.Millisecond}
	a := pubsubtest.Join(t, outside(t, "a", s.ClientURL()), beat)
	b := pubsubtest.Join(t, outside(t, "b", "nats://"+between.Addr().String()), beat)
	pubsubtest.Meet(t, a, b)
	var here, there heard
	here.listen(t, a)
	there.listen(t, b)
	arrives(t, a, &there, "before")

	between.set(true)
	until(t, "both sides to know", func() bool { return a.Health().Err != nil && b.Health().Err != nil })
	if err := pubsub.NewTopic[string](a, "room").Broadcast("to nobody"); err != nil {
		t.Errorf("Broadcast on the side of the broker: %v", err)
	}
	between.set(false)
	until(t, "both to be well again", func() bool { return a.Health().Err == nil && b.Health().Err == nil })
	arrives(t, a, &there, "after")
	arrives(t, b, &here, "after")
	until(t, "the one that was cut off to be told", func() bool { return there.timesMissed() > 0 })
	if there.has("to nobody") {
		t.Error("what was sent across the partition has arrived")
	}
}

// What a node cannot read in time is lost, and it is told so.
func TestFault109SlowReader(t *testing.T) {
	t.Parallel()
	s := broker(t, server.RANDOM_PORT)
	slow, err := nats.New(nats.Options{Node: "slow", App: "test", URLs: []string{s.ClientURL()}, MaxUnread: 1, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	a := pubsubtest.Join(t, outside(t, "a", s.ClientURL()), pubsub.Cluster{})
	b := pubsubtest.Join(t, slow, pubsub.Cluster{})
	pubsubtest.Meet(t, a, b)
	var there heard
	there.listen(t, b)
	long := strings.Repeat("x", 1000)
	until(t, "the slow one to be told", func() bool {
		for range 1000 {
			if err := pubsub.NewTopic[string](a, "room").Broadcast(long); err != nil {
				t.Fatal(err)
			}
		}
		return there.timesMissed() > 0
	})
	if n := b.Stats(); n.Gaps == 0 && n.Lost == 0 {
		t.Errorf("nothing is counted as lost: %+v", n)
	}
}

// Nodes that do not know the secret do not come in.
func TestEmbeddedKeepsOthersOut(t *testing.T) {
	t.Parallel()
	first := inside(t, "a")
	a := pubsubtest.Join(t, first, pubsub.Cluster{})
	other, err := nats.Embed(nats.Embedded{Node: "b", App: "test", Listen: "127.0.0.1:0", Peers: []string{first.Listening()}, Secret: strings.Repeat("x", 32), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	b := pubsubtest.Join(t, other, pubsub.Cluster{})
	var there heard
	there.listen(t, a)
	for range 20 {
		_ = pubsub.NewTopic[string](b, "room").Broadcast("let me in")
		time.Sleep(20 * time.Millisecond) // time for what must not happen
	}
	if there.has("let me in") || len(a.Health().Nodes) > 0 {
		t.Error("a node with another secret is heard")
	}
}

// An address that is taken is an error of the start, with its reason.
func TestEmbeddedOnATakenAddress(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := nats.Embed(nats.Embedded{Node: "a", Listen: l.Addr().String(), Secret: secret, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	err = pubsub.New().Join(t.Context(), c, pubsub.Cluster{})
	if err == nil || !strings.Contains(err.Error(), "does not start") || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("Join: %v, want an error that says why the server does not start", err)
	}
}

// A carrier is opened once, and sends nothing before and after.
func TestOrderOfCalls(t *testing.T) {
	t.Parallel()
	c := outside(t, "a", "nats://127.0.0.1:1")
	if err := c.Send([]byte("x")); err == nil || !strings.Contains(err.Error(), "not open yet") {
		t.Errorf("Send before Open: %v", err)
	}
	if err := c.SendTo("a b", nil); err == nil || !strings.Contains(err.Error(), "nothing in it but") {
		t.Errorf("SendTo a name that is none: %v", err)
	}
	hub := pubsub.New()
	if err := hub.Join(t.Context(), c, pubsub.Cluster{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Open(t.Context(), nil); err == nil {
		t.Error("Open twice: no error")
	}
	if err := hub.Leave(); err != nil {
		t.Error(err)
	}
	if err := c.Send([]byte("x")); err == nil {
		t.Error("Send after Close: no error")
	}
	if err := c.Close(); err != nil {
		t.Errorf("Close twice: %v", err)
	}
}
