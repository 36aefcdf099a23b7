package pubsubtest

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"bennu/pubsub"
)

// rules hold for one node and from node to node.
var rules = []rule{
	{"reaches all", "a message reaches each who is subscribed to its topic, once, and nobody else", reachesAll},
	{"order", "messages of one publisher come in the order in which they were published", order},
	{"many publishers", "messages of many publishers all come, each one's in order, one call at a time for each subscriber", manyPublishers},
	{"cancel", "what is published after Cancel is not heard, a second Cancel does nothing, and Err says why it ended", cancel},
	{"cancel in the call", "a subscriber may cancel itself while it is called, and is not called again", cancelInTheCall},
	{"cancel while delivering", "of a subscription that is cancelled while messages come, at most the call that is under way goes on", cancelWhileDelivering},
	{"subscribe in the call", "a subscriber may subscribe others and publish while it is called", subscribeInTheCall},
	{"panic", "a subscriber that panics holds up nobody, and is called again", panics},
	{"goexit", "a subscriber that ends its goroutine holds up nobody, and is called again", goexits},
	{"slow", "a subscriber that does not return holds up neither the publisher nor the other subscribers", slow},
	{"missed", "a subscriber that is too slow keeps the newest messages, and is told how many it has missed, before them", missed},
	{"end when full", "a subscriber that is too slow and wants to be ended hears no more, is told why once, and is counted", endWhenFull},
	{"coalescing", "of messages that wait with one key only the newest is heard, in the order in which those were published", coalescing},
	{"inline", "an inline subscriber hears all messages in order", inline},
	{"coming and going", "subscriptions that come and go while messages are published lose and double nothing of others", comingAndGoing},
	{"subscribe during a broadcast", "who is subscribed when Subscribe returns hears what is published from then on", subscribeDuring},
}

func reachesAll(t *testing.T, n nodes) {
	room, other := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.at, "other")
	stranger := newInbox()
	defer stranger.listen(t, other).Cancel()
	var boxes []*inbox
	for range 100 { // more than a publisher serves by itself
		b := newInbox()
		boxes = append(boxes, b)
		defer b.listen(t, room).Cancel()
	}
	broadcast(t, pubsub.NewTopic[string](n.from, "room"), "hello") // a Topic is but a name
	broadcast(t, pubsub.NewTopic[string](n.from, "other"), "end")
	for _, b := range boxes {
		b.want(t, "hello")
	}
	stranger.want(t, "end")
	if n := n.at.Subscribers("room"); n != 100 {
		t.Errorf("Subscribers = %d, want 100", n)
	}
}

// count publishes numbers, and returns them as they are to be heard.
func count(t *testing.T, topic pubsub.Topic[string], from, to int) (want []string) {
	t.Helper()
	for i := from; i < to; i++ {
		broadcast(t, topic, strconv.Itoa(i))
		want = append(want, strconv.Itoa(i))
	}
	return want
}

func order(t *testing.T, n nodes) {
	b := newInbox()
	defer b.listen(t, pubsub.NewTopic[string](n.at, "room")).Cancel()
	b.want(t, count(t, pubsub.NewTopic[string](n.from, "room"), 0, 1000)...)
}

func manyPublishers(t *testing.T, n nodes) {
	const publishers, each = 8, 100
	room := pubsub.NewTopic[[2]int](n.at, "room")
	var boxes []*inbox
	for range 40 {
		b := newInbox()
		last := make([]int, publishers)
		var inside atomic.Int32
		boxes = append(boxes, b)
		defer subscribe(t, room, func(m [2]int) {
			if inside.Add(1) != 1 {
				t.Error("a subscriber was called while it was called")
			}
			if m[1] != last[m[0]] {
				t.Errorf("message %d of publisher %d came where %d was due", m[1], m[0], last[m[0]])
			}
			last[m[0]] = m[1] + 1
			inside.Add(-1)
			b.take("")
		}).Cancel()
	}
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for i := range each {
				if err := pubsub.NewTopic[[2]int](n.from, "room").Broadcast([2]int{p, i}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, b := range boxes {
		b.wait(t, publishers*each)
	}
}

func cancel(t *testing.T, n nodes) {
	room, from, a, b := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room"), newInbox(), newInbox()
	sub := a.listen(t, room)
	defer b.listen(t, room).Cancel()
	broadcast(t, from, "1")
	a.want(t, "1")
	if err := sub.Err(); err != nil {
		t.Errorf("Err = %v while it goes on, want nil", err)
	}
	sub.Cancel()
	sub.Cancel()
	if err := sub.Err(); err != pubsub.ErrCancelled {
		t.Errorf("Err = %v, want ErrCancelled", err)
	}
	broadcast(t, from, "2")
	b.want(t, "1", "2")
	a.want(t, "1")
	var none *pubsub.Subscription
	none.Cancel()
}

func cancelInTheCall(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	for _, how := range []string{"inline", "by its own goroutine"} {
		a, b := newInbox(), newInbox()
		var own *pubsub.Subscription
		own = subscribeWith(t, room, pubsub.Subscriber[string]{Inline: how == "inline", Receive: func(m string) {
			a.take(m)
			own.Cancel()
		}})
		end := b.listen(t, room)
		b.want(t, count(t, from, 0, 50)...)
		a.want(t, "0")
		end.Cancel()
	}
}

func cancelWhileDelivering(t *testing.T, n nodes) {
	room, from, b := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room"), newInbox()
	var calls atomic.Int32
	entered, hold, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	sub := subscribe(t, room, func(string) {
		if calls.Add(1) == 1 {
			close(entered)
			<-hold
			close(done)
		}
	})
	defer b.listen(t, room).Cancel()
	want := count(t, from, 0, 50)
	<-entered
	sub.Cancel()
	want = append(want, count(t, from, 50, 60)...)
	close(hold)
	<-done
	b.want(t, want...)
	if n := calls.Load(); n != 1 {
		t.Errorf("%d calls, want that one which was under way", n)
	}
}

func subscribeInTheCall(t *testing.T, n nodes) {
	room, echo, b := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.at, "echo"), newInbox()
	from := pubsub.NewTopic[string](n.from, "room")
	defer b.listen(t, echo).Cancel()
	late := newInbox()
	subs := make(chan *pubsub.Subscription, 1)
	defer subscribe(t, room, func(m string) {
		if len(late.all()) == 0 && m == "1" {
			subs <- late.listen(t, room)
		}
		broadcast(t, echo, "echo of "+m)
	}).Cancel()
	broadcast(t, from, "1")
	sub := <-subs
	defer sub.Cancel()
	broadcast(t, from, "2")
	b.want(t, "echo of 1", "echo of 2")
	late.want(t, "2")
}

func panics(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	for _, inline := range []bool{true, false} {
		a, b := newInbox(), newInbox()
		one := subscribeWith(t, room, pubsub.Subscriber[string]{Inline: inline, Receive: func(m string) { a.take(m); panic("a subscriber's fault") }})
		two := b.listen(t, room)
		broadcast(t, from, "1")
		broadcast(t, from, "2")
		a.want(t, "1", "2")
		b.want(t, "1", "2")
		one.Cancel()
		two.Cancel()
	}
	if !soon(func() bool { return n.at.Stats().Panics == 4 }) {
		t.Errorf("Panics = %d, want 4", n.at.Stats().Panics)
	}
}

func slow(t *testing.T, n nodes) {
	room, beside := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.at, "beside")
	hold, held, quick, other := make(chan struct{}), newInbox(), newInbox(), newInbox()
	for range 40 { // so many that the publisher does not deliver by itself
		defer subscribe(t, room, func(m string) { <-hold; held.take(m) }).Cancel()
	}
	defer quick.listen(t, room).Cancel()
	defer other.listen(t, beside).Cancel()
	quick.want(t, count(t, pubsub.NewTopic[string](n.from, "room"), 0, 100)...)
	broadcast(t, pubsub.NewTopic[string](n.from, "beside"), "passes by")
	other.want(t, "passes by")
	close(hold)
	held.wait(t, 40*100)
}

// stuck is a subscriber that is held at its first message.
type stuck struct {
	*inbox
	once          sync.Once
	entered, hold chan struct{}
}

func newStuck() *stuck {
	return &stuck{inbox: newInbox(), entered: make(chan struct{}), hold: make(chan struct{})}
}

func (s *stuck) receive(m string) {
	s.once.Do(func() { close(s.entered); <-s.hold })
	s.take(m)
}

func missed(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	a, b := newStuck(), newInbox()
	defer subscribeWith(t, room, pubsub.Subscriber[string]{
		Receive: a.receive, Queue: 10, Missed: func(n int) { a.take(fmt.Sprintf("missed %d", n)) },
	}).Cancel()
	defer b.listen(t, room).Cancel()
	broadcast(t, from, "first")
	<-a.entered
	b.want(t, append([]string{"first"}, count(t, from, 0, 110)...)...) // which the other's mailbox has seen by then, too
	close(a.hold)
	want := []string{"first", "missed 100"}
	for i := range 10 {
		want = append(want, strconv.Itoa(100+i))
	}
	a.want(t, want...)
	if s := n.at.Stats(); s.Missed != 100 {
		t.Errorf("Missed = %d, want 100", s.Missed)
	}
}

func endWhenFull(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	a, b := newStuck(), newInbox()
	sub := subscribeWith(t, room, pubsub.Subscriber[string]{
		Receive: a.receive, Queue: 10, WhenFull: pubsub.EndWhenFull, Ended: func(err error) { a.take(err.Error()) },
	})
	defer sub.Cancel()
	defer b.listen(t, room).Cancel()
	broadcast(t, from, "first")
	<-a.entered
	b.want(t, append([]string{"first"}, count(t, from, 0, 20)...)...)
	if err := sub.Err(); err != pubsub.ErrSlow {
		t.Errorf("Err = %v, want ErrSlow", err)
	}
	close(a.hold)
	a.want(t, "first", pubsub.ErrSlow.Error())
	if s := n.at.Stats(); s.Slow != 1 || n.at.Subscribers("room") != 1 {
		t.Errorf("Slow = %d and %d subscribers are left, want 1 and 1", s.Slow, n.at.Subscribers("room"))
	}
}

func coalescing(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	a, b := newStuck(), newInbox()
	defer subscribeWith(t, room, pubsub.Subscriber[string]{
		Receive: a.receive, Queue: 10, Key: func(m string) any { return m[0] }, Missed: func(n int) { a.take(fmt.Sprintf("missed %d", n)) },
	}).Cancel()
	defer b.listen(t, room).Cancel()
	all := []string{"first"}
	broadcast(t, from, "first")
	<-a.entered
	for i := range 100 {
		for _, key := range "abc" {
			m := string(key) + strconv.Itoa(i)
			broadcast(t, from, m)
			all = append(all, m)
		}
	}
	broadcast(t, from, "a again")
	b.want(t, append(all, "a again")...)
	close(a.hold)
	a.want(t, "first", "b99", "c99", "a again")
	if s := n.at.Stats(); s.Coalesced != 298 || s.Missed != 0 {
		t.Errorf("Coalesced = %d and Missed = %d, want 298 and 0", s.Coalesced, s.Missed)
	}
}

func inline(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	for _, subscribers := range []int{1, 40} {
		var boxes []*inbox
		var subs []*pubsub.Subscription
		for range subscribers {
			b := newInbox()
			boxes = append(boxes, b)
			subs = append(subs, subscribeWith(t, room, pubsub.Subscriber[string]{Receive: b.take, Inline: true}))
		}
		want := count(t, from, 0, 100)
		for i, b := range boxes {
			b.want(t, want...)
			subs[i].Cancel()
		}
	}
}

func comingAndGoing(t *testing.T, n nodes) {
	room, b := pubsub.NewTopic[string](n.at, "room"), newInbox()
	defer b.listen(t, room).Cancel()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				sub, err := room.SubscribeWith(pubsub.Subscriber[string]{Receive: func(string) {}, Inline: i%2 == 0})
				if err != nil {
					t.Error(err)
				}
				sub.Cancel()
			}
		})
	}
	want := count(t, pubsub.NewTopic[string](n.from, "room"), 0, 1000)
	wg.Wait()
	b.want(t, want...)
	if n := n.at.Subscribers("room"); n != 1 {
		t.Errorf("Subscribers = %d after the others have gone, want 1", n)
	}
}

func subscribeDuring(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	for i := range 50 {
		var wg sync.WaitGroup
		wg.Go(func() {
			for range 50 {
				if err := from.Broadcast("noise"); err != nil {
					t.Error(err)
				}
			}
		})
		b := newInbox()
		m := fmt.Sprint("for ", i)
		sub := subscribe(t, room, func(heard string) {
			if heard == m {
				b.take(heard)
			}
		})
		broadcast(t, from, m)
		b.want(t, m)
		wg.Wait()
		sub.Cancel()
	}
}

func goexits(t *testing.T, n nodes) {
	room, from := pubsub.NewTopic[string](n.at, "room"), pubsub.NewTopic[string](n.from, "room")
	a, b := newInbox(), newInbox()
	defer subscribe(t, room, func(m string) { a.take(m); endGoroutine() }).Cancel()
	defer b.listen(t, room).Cancel()
	want := count(t, from, 0, 20)
	a.want(t, want...)
	b.want(t, want...)
	if !slices.Equal(a.all(), want) {
		t.Errorf("heard %q, want each once", a.all())
	}
}
