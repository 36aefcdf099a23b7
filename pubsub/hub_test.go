package pubsub_test

import (
	"bytes"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"bennu/pubsub"
	"bennu/pubsub/pubsubtest"
)

func TestHubKeepsTheRules(t *testing.T) {
	pubsubtest.Run(t, func(*testing.T) *pubsub.Hub { return pubsub.New() })
}

func TestWhoPanicsIsInTheLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := pubsub.New()
	h.Log = slog.New(slog.NewTextHandler(&log, nil))
	room := pubsub.NewTopic[int](h, "room:1")
	defer room.Subscribe(func(int) { panic("out of chalk") }).Cancel()
	room.Broadcast(1) // one subscriber is served by the publisher itself
	for _, want := range []string{"room:1", "out of chalk", "hub_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log %s, want %s in it", log.String(), want)
		}
	}
}

// What nobody takes does not fill the memory.
func TestMessagesAboveTheBoundAreDropped(t *testing.T) {
	t.Parallel()
	h := pubsub.New()
	room := pubsub.NewTopic[int](h, "room:1")
	hold, entered := make(chan struct{}), make(chan struct{})
	n, last := 0, make(chan int, 1)
	sub := room.Subscribe(func(m int) {
		switch n++; {
		case n == 1:
			close(entered)
			<-hold
		case m < 0 && len(last) == 0:
			last <- n
		}
	})
	done := make(chan struct{})
	go func() { room.Broadcast(0); close(done) }()
	<-entered
	const more = 1<<16 + 100
	for i := range more {
		room.Broadcast(i)
	}
	if got := h.Dropped(); got != 100 {
		t.Errorf("Dropped = %d, want 100", got)
	}
	close(hold)
	<-done
	for len(last) == 0 { // dropped as well, until there is room
		room.Broadcast(-1)
		runtime.Gosched()
	}
	if got, want := <-last, 1+1<<16+1; got != want {
		t.Errorf("the last message was number %d, want %d", got, want)
	}
	sub.Cancel()
}

func TestZeroTopic(t *testing.T) {
	t.Parallel()
	var none pubsub.Topic[int]
	none.Broadcast(1)
	defer func() {
		if v, _ := recover().(string); !strings.Contains(v, "NewTopic") {
			t.Errorf("Subscribe on a zero Topic: %q", v)
		}
	}()
	none.Subscribe(func(int) {})
}
