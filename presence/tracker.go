package presence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bennu/pubsub"
)

// Carrier takes bytes from a tracker to those of the other nodes, at most once,
// in any order. One that carries nothing is not needed: without a Carrier a
// Tracker knows its own node only.
type Carrier interface {
	// Node is the name of this node, which no other has.
	Node() string
	// Send gives a message to all other nodes. It does not block; an error means
	// that it went nowhere.
	Send(message []byte) error
	// Receive has f called with each message of another node, from any goroutine,
	// until stop is called.
	Receive(f func(message []byte)) (stop func(), err error)
}

// Options are the properties of a [Tracker]. The zero Options are those of a
// single node.
type Options struct {
	// Carrier joins the nodes; nil is a node alone, until [Tracker.Join].
	Carrier Carrier
	// Log takes what goes wrong between nodes; nil is slog.Default().
	Log *slog.Logger

	// Beat is the time between two signs of life; 0 is 1.5 s, or a third of Down if
	// that is less.
	Beat time.Duration
	// Gather is how long changes wait for others, to be told to the other nodes
	// together; 0 is 50 ms.
	Gather time.Duration
	// Down is how long nothing may be heard of a node until its people leave the
	// lists; 0 is 30 s. It is at least three times Beat.
	Down time.Duration
	// Forget is how long such a node is remembered, so that its people come back
	// at once if it does; 0 is 20 min.
	Forget time.Duration
}

func (o Options) times() (times, error) {
	t := times{Beat: o.Beat, Gather: o.Gather, Down: o.Down, Forget: o.Forget, Again: time.Second, MaxPart: 64 << 10}
	for _, f := range []struct {
		d      *time.Duration
		ifZero time.Duration
		is     string
	}{{&t.Beat, 1500 * time.Millisecond, "Beat"}, {&t.Gather, 50 * time.Millisecond, "Gather"}, {&t.Down, 30 * time.Second, "Down"}, {&t.Forget, 20 * time.Minute, "Forget"}} {
		switch {
		case *f.d < 0:
			return t, fmt.Errorf("presence: Options.%s is %v, want 0 for the default or a positive time", f.is, *f.d)
		case *f.d == 0:
			*f.d = f.ifZero
		}
	}
	const beats = 3 // that may be lost
	if o.Beat == 0 {
		t.Beat = min(t.Beat, max(t.Down/beats, 1))
	}
	if t.Down < beats*t.Beat {
		return t, fmt.Errorf("presence: Options.Down is %v, want at least three times Beat, which is %v: a lost message must make nobody leave", t.Down, t.Beat)
	}
	return t, nil
}

// Tracker knows who is here on all nodes. A program has one. All methods may be
// called from any goroutine.
type Tracker struct {
	log     *slog.Logger
	carrier Carrier
	stop    func()
	begin   time.Time
	hub     *pubsub.Hub // of this node alone: who listens to which topic

	mu      sync.Mutex
	replica *replica
	timer   *time.Timer
	joined  bool // to others, or about to be
	closed  bool

	undecoded, unsent atomic.Uint64
}

// New makes a Tracker and lets the other nodes know of it. [Tracker.Close] ends
// it.
func New(opts Options) (*Tracker, error) {
	times, err := opts.times()
	if err != nil {
		return nil, err
	}
	t := &Tracker{log: opts.Log, begin: time.Now(), hub: pubsub.New()}
	if t.log == nil {
		t.log = slog.Default()
	}
	t.hub.Log = t.log
	t.replica = newReplica(owner{Epoch: uint64(t.begin.UnixNano())}, times, 0)
	if opts.Carrier != nil {
		if err := t.Join(opts.Carrier); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Join makes a tracker that was made without a Carrier one of several, for what
// is made before it is known who the others are. Those who are here already are
// told to them, and are here anew: subscribers are told of a leave and a join.
func (t *Tracker) Join(c Carrier) error {
	node := c.Node()
	if node == "" {
		return errors.New("presence: the Carrier has no node name")
	}
	t.mu.Lock()
	joined, closed := t.joined, t.closed
	t.joined = true
	t.mu.Unlock()
	switch {
	case closed:
		return errClosed
	case joined:
		return errors.New("presence: the tracker is joined to others already")
	}
	// What comes before the node has its name is taken in, and answered later.
	stop, err := c.Receive(t.receive)
	t.mu.Lock()
	switch {
	case err != nil:
		t.joined = false
		err = fmt.Errorf("presence: %w", err)
	case t.closed:
		err = errClosed
	default:
		t.carrier, t.stop = c, stop
		stop = nil
	}
	t.mu.Unlock()
	if err != nil {
		if stop != nil {
			stop()
		}
		return err
	}
	t.do(func(r *replica, now time.Duration) {
		r.join(node)
		r.tick(now)
	})
	return nil
}

var errClosed = errors.New("presence: the tracker is closed")

// do changes the replica, tells subscribers and other nodes of it, and sets the
// clock for what comes next.
func (t *Tracker) do(f func(r *replica, now time.Duration)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	now := time.Since(t.begin)
	f(t.replica, now)
	if t.carrier == nil {
		t.replica.ops = nil // there is nobody to tell
	}
	out, changes := t.replica.take()
	for _, c := range changes {
		_ = pubsub.NewTopic[change](t.hub, c.topic).BroadcastLocal(c) // under the lock, in order; it does not block
	}
	if t.carrier == nil {
		return
	}
	for _, m := range out {
		t.send(m)
	}
	wait := t.replica.next(now)
	if t.timer == nil {
		t.timer = time.AfterFunc(wait, t.tick)
	} else {
		t.timer.Reset(wait)
	}
}

func (t *Tracker) tick() { t.do(func(r *replica, now time.Duration) { r.tick(now) }) }

func (t *Tracker) send(m message) {
	text, err := json.Marshal(m)
	if err == nil {
		err = t.carrier.Send(text)
	}
	if err != nil && t.unsent.Add(1) == 1 {
		t.log.Warn("presence: a message to the other nodes went nowhere; they will ask for what they miss", slog.Any("err", err))
	}
}

// receive takes a message of another node in.
func (t *Tracker) receive(text []byte) {
	m, err := decode(text)
	if err != nil {
		if t.undecoded.Add(1) == 1 {
			t.log.Warn("presence: a message of another node is in no form that is known here; does it run another version?", slog.Any("err", err))
		}
		return
	}
	t.do(func(r *replica, now time.Duration) { r.receive(now, m) })
}

// Close says goodbye to the other nodes, so that this one's people leave there
// at once, and ends the tracker. Further calls do nothing.
func (t *Tracker) Close() {
	t.do(func(r *replica, now time.Duration) {
		if len(r.ops) > 0 {
			r.tick(now)
		}
		r.bye(now)
	})
	t.mu.Lock()
	closed := t.closed
	t.closed = true
	if t.timer != nil {
		t.timer.Stop()
	}
	t.mu.Unlock()
	if !closed && t.stop != nil {
		t.stop()
	}
}

// CloseOn is Close when the context ends, for a worker under a supervisor.
func (t *Tracker) CloseOn(ctx context.Context) error {
	<-ctx.Done()
	t.Close()
	return nil
}

// Stats are counts for operators.
type Stats struct {
	Own, All  int    // entries of this node, and of all that are in the lists
	Topics    int    // with somebody
	Nodes     int    // the other nodes that are heard
	Undecoded uint64 // messages of other nodes in no known form
	Unsent    uint64 // messages that went nowhere
}

// Stats counts.
func (t *Tracker) Stats() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Stats{Own: len(t.replica.own), Topics: len(t.replica.topics), Undecoded: t.undecoded.Load(), Unsent: t.unsent.Load()}
	for _, keys := range t.replica.topics {
		for _, entries := range keys {
			s.All += len(entries)
		}
	}
	for _, o := range t.replica.others {
		if !o.down && !o.gone {
			s.Nodes++
		}
	}
	return s
}
