package pubsubtest

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"bennu/pubsub"
)

func endGoroutine() { runtime.Goexit() }

// localRules are about subscribers and publishers of one node.
var localRules = []rule{
	{"nothing from before", "who subscribes has missed what was published before", nothingFromBefore},
	{"all but the own", "BroadcastFrom leaves out one subscription and no other", allButTheOwn},
	{"the same value", "subscribers get the very value that was published", sameValue},
	{"types", "a topic carries one type; another one is refused by an error that names both, the topic, and where it was first used", types},
	{"names", "a name that is empty, too long, no UTF-8 or unprintable is an error, which is the client's fault", names},
	{"topic queue", "when more messages wait on a topic than may, the newest are refused by ErrFull, and subscribers are told how many", topicQueue},
	{"forgets", "a topic that nobody is subscribed to leaves nothing behind", forgets},
	{"counts", "what is published, and who listens, is counted", counted},
}

func nothingFromBefore(t *testing.T, n nodes) {
	room, b := pubsub.NewTopic[string](n.at, "room"), newInbox()
	hold := newStuck()
	defer subscribeWith(t, room, pubsub.Subscriber[string]{Receive: hold.receive, Inline: true}).Cancel()
	go func() { _ = room.Broadcast("held") }()
	<-hold.entered
	broadcast(t, room, "waits for its delivery")
	defer b.listen(t, room).Cancel()
	broadcast(t, room, "after")
	close(hold.hold)
	b.want(t, "after")
}

func allButTheOwn(t *testing.T, n nodes) {
	room, a, b := pubsub.NewTopic[string](n.at, "room"), newInbox(), newInbox()
	own := a.listen(t, room)
	defer own.Cancel()
	defer b.listen(t, room).Cancel()
	for _, from := range []*pubsub.Subscription{own, nil} {
		if err := room.BroadcastFrom(from, fmt.Sprint("own left out: ", from != nil)); err != nil {
			t.Error(err)
		}
	}
	b.want(t, "own left out: true", "own left out: false")
	a.want(t, "own left out: false")
}

func sameValue(t *testing.T, n nodes) {
	room, value := pubsub.NewTopic[*int](n.at, "room"), new(int)
	got := make(chan *int, 3)
	for range 3 {
		defer subscribe(t, room, func(p *int) { got <- p }).Cancel()
	}
	broadcast(t, room, value)
	for range 3 {
		if p := <-got; p != value {
			t.Errorf("got a copy, want the value itself")
		}
	}
}

func types(t *testing.T, n nodes) {
	room := pubsub.NewTopic[string](n.at, "room")
	defer subscribe(t, room, func(string) {}).Cancel()
	other := pubsub.NewTopic[int](n.at, "room")
	sub, err := other.Subscribe(func(int) {})
	if sub != nil {
		t.Error("Subscribe with another type returned a subscription")
	}
	for name, err := range map[string]error{"Subscribe": err, "Broadcast": other.Broadcast(1), "BroadcastLocal": other.BroadcastLocal(1)} {
		if _, ok := errors.AsType[*pubsub.TypeError](err); !ok {
			t.Errorf("%s with another type: %v, want a *TypeError", name, err)
			continue
		}
		for _, want := range []string{`"room"`, "string", "int", ".go:"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s with another type: %q, want %s in it", name, err, want)
			}
		}
	}
}

func names(t *testing.T, n nodes) {
	for _, name := range []string{"room:1", "räume/9 b", strings.Repeat("x", pubsub.MaxName)} {
		topic := pubsub.NewTopic[int](n.at, name)
		sub, err := topic.Subscribe(func(int) {})
		if err = errors.Join(err, topic.Broadcast(1)); err != nil {
			t.Errorf("topic %.20q: %v", name, err)
		}
		sub.Cancel()
	}
	for _, name := range []string{"", strings.Repeat("x", pubsub.MaxName+1), "a\x00b", "a\nb", "\x80", "a\u202eb", "a\u200bb"} {
		topic := pubsub.NewTopic[int](n.at, name)
		sub, err := topic.Subscribe(func(int) {})
		if sub != nil {
			t.Errorf("topic %.20q: there is a subscription", name)
		}
		for _, err := range []error{err, topic.Broadcast(1), topic.BroadcastLocal(1), pubsub.CheckName(name)} {
			bad, ok := errors.AsType[*pubsub.NameError](err)
			if !ok || bad.HTTPStatus() != 400 || len(err.Error()) > 400 {
				t.Errorf("topic %.20q: %v, want a short *NameError of status 400", name, err)
			}
		}
	}
}

func topicQueue(t *testing.T, n nodes) {
	n.at.Queue = 50
	room := pubsub.NewTopic[string](n.at, "room")
	a, b := newStuck(), newInbox()
	told := func(b *inbox) func(int) { return func(n int) { b.take(fmt.Sprintf("missed %d", n)) } }
	defer subscribeWith(t, room, pubsub.Subscriber[string]{Receive: a.receive, Missed: told(a.inbox), Inline: true}).Cancel()
	defer subscribeWith(t, room, pubsub.Subscriber[string]{Receive: b.take, Missed: told(b)}).Cancel()
	go func() { _ = room.Broadcast("first") }() // is held with it
	<-a.entered
	want := append([]string{"first"}, count(t, room, 0, 50)...)
	for range 7 {
		if err := room.Broadcast("too many"); err != pubsub.ErrFull {
			t.Errorf("Broadcast = %v, want ErrFull", err)
		}
	}
	close(a.hold)
	want = append(want, "missed 7")
	a.want(t, want...)
	b.want(t, want...)
	broadcast(t, room, "goes on")
	a.want(t, append(want, "goes on")...)
	b.want(t, append(want, "goes on")...)
	if s := n.at.Stats(); s.Missed != 14 {
		t.Errorf("Missed = %d, want 7 for each of 2", s.Missed)
	}
}

func forgets(t *testing.T, n nodes) {
	for i := range 1000 {
		room := pubsub.NewTopic[string](n.at, fmt.Sprint("room:", i))
		subscribe(t, room, func(string) {}).Cancel()
		broadcast(t, room, "nobody hears")
		if n := n.at.Subscribers(room.Name()); n != 0 {
			t.Fatalf("Subscribers = %d, want 0", n)
		}
	}
	// The name is free, for another type as well.
	b := make(chan int, 1)
	defer subscribe(t, pubsub.NewTopic[int](n.at, "room:0"), func(n int) { b <- n }).Cancel()
	broadcast(t, pubsub.NewTopic[int](n.at, "room:0"), 7)
	if n := <-b; n != 7 {
		t.Errorf("heard %d, want 7", n)
	}
}

func counted(t *testing.T, n nodes) {
	a, b := pubsub.NewTopic[string](n.at, "a"), pubsub.NewTopic[int](n.at, "b")
	box := newInbox()
	defer box.listen(t, a).Cancel()
	defer subscribe(t, a, func(string) {}).Cancel()
	defer subscribe(t, b, func(int) {}).Cancel()
	count(t, a, 0, 5)
	box.wait(t, 5)
	if s := n.at.Stats(); s.Topics != 2 || s.Subscriptions != 3 || s.Published != 5 || s.Missed != 0 {
		t.Errorf("Stats = %+v, want 2 topics, 3 subscriptions, 5 published, none missed", s)
	}
	topics := n.at.Topics()
	if len(topics) != 2 || topics[0] != (pubsub.TopicInfo{Name: "a", Type: "string", Subscribers: 2}) || topics[1].Type != "int" {
		t.Errorf("Topics = %+v, want a with 2 subscribers of string, and b", topics)
	}
}
