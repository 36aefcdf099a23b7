package nats_test

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"

	"bennu/cluster/nats"
	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

// valve stands between a node and its broker. While it is shut it reads nothing,
// as a broker that is stopped; connections stay.
type valve struct {
	net.Listener

	mu   sync.Mutex
	open chan struct{} // closed while it is
}

func newValve(t *testing.T, to string) *valve {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v := &valve{Listener: l, open: make(chan struct{})}
	close(v.open)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				near.Close()
				continue
			}
			all.Go(func() { v.carry(near, far) })
			all.Go(func() { v.carry(far, near) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		v.turn(true)
		all.Wait()
	})
	return v
}

func (v *valve) carry(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, 32<<10)
	for {
		v.pass()
		n, err := from.Read(b)
		if err != nil {
			return
		}
		v.pass() // it may have been shut meanwhile
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// pass waits until it is open.
func (v *valve) pass() {
	v.mu.Lock()
	open := v.open
	v.mu.Unlock()
	<-open
}

// turn opens or shuts it.
func (v *valve) turn(open bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	select {
	case <-v.open:
		if !open {
			v.open = make(chan struct{})
		}
	default:
		if open {
			close(v.open)
		}
	}
}

// A broker stops to read, in the middle of it all. No publisher waits for it:
// messages fill the queue, then they are refused; the health says what is wrong;
// and when it reads again everybody is told.
func TestFault106BrokerThatHangs(t *testing.T) {
	t.Parallel()
	s := broker(t, server.RANDOM_PORT)
	between := newValve(t, s.Addr().String())
	beat := pubsub.Cluster{Beat: 50 * time.Millisecond}
	a := pubsubtest.Join(t, outside(t, "a", "nats://"+between.Addr().String()), beat)
	b := pubsubtest.Join(t, outside(t, "b", s.ClientURL()), beat)
	pubsubtest.Meet(t, a, b)
	var here, there heard
	here.listen(t, a)
	there.listen(t, b)
	arrives(t, a, &there, "before")

	between.turn(false)
	until(t, "the node to say that nobody is heard", func() bool { return a.Health().Err != nil })
	topic := pubsub.NewTopic[string](a, "room")
	long := strings.Repeat("x", 64<<10)
	refused := 0
	for range 2000 { // 128 MiB, with a queue of 16
		if err := topic.Broadcast(long); err != nil {
			refused++
			if !errors.Is(err, pubsub.ErrAway) && !strings.Contains(err.Error(), "is full") {
				t.Fatalf("Broadcast: %v", err)
			}
		}
	}
	if refused == 0 {
		t.Error("no message was refused, where could they be?")
	}
	_ = topic.Broadcast("for this node") // it may find a place in the queue
	until(t, "this node's own subscribers to hear", func() bool { return here.has("for this node") })

	between.turn(true)
	until(t, "both to be well again", func() bool { return a.Health().Err == nil && b.Health().Err == nil })
	arrives(t, a, &there, "after")
	arrives(t, b, &here, "after")
	until(t, "the other one to be told", func() bool { return there.timesMissed() > 0 })
}

// shuttingDialer shuts a valve as soon as the client has been let in and asks for
// its subjects.
type shuttingDialer struct{ v *valve }

func (d shuttingDialer) Dial(network, address string) (net.Conn, error) {
	conn, err := net.Dial(network, address)
	return &shuttingConn{Conn: conn, v: d.v}, err
}

type shuttingConn struct {
	net.Conn
	v    *valve
	once sync.Once
}

func (c *shuttingConn) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("SUB ")) {
		c.once.Do(func() { c.v.turn(false) })
	}
	return c.Conn.Write(b)
}

// A broker lets a node in and then takes its time: the node starts without it,
// and is well when the broker answers, on the same connection.
func TestFault106BrokerThatAnswersLate(t *testing.T) {
	t.Parallel()
	s := broker(t, server.RANDOM_PORT)
	between := newValve(t, s.Addr().String())
	slow, err := nats.New(nats.Options{
		Node: "a", App: "test", URLs: []string{"nats://" + between.Addr().String()}, Log: quiet,
		Client: []client.Option{client.SetCustomDialer(shuttingDialer{between})},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := pubsubtest.Join(t, slow, pubsub.Cluster{})
	if err := a.Health().Err; err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("Health = %v, want that the server does not answer", err)
	}
	between.turn(true)
	until(t, "the node to be well", func() bool { return a.Health().Err == nil })
	b := pubsubtest.Join(t, outside(t, "b", s.ClientURL()), pubsub.Cluster{})
	pubsubtest.Meet(t, a, b)
	var there heard
	there.listen(t, b)
	arrives(t, a, &there, "late")
}
