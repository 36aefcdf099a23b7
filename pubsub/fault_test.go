package pubsub_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bennu/pubsub"
)

// Faults, row 95: one message to ten thousand subscribers, of whom none goes on.
// The publisher does not notice, and when they do all have heard it once.
func TestFault95MessageToTenThousand(t *testing.T) {
	t.Parallel()
	const crowd = 10_000
	topic := pubsub.NewTopic[int](pubsub.New(), "crowd")
	hold := make(chan struct{})
	var all sync.WaitGroup
	all.Add(crowd)
	var heard atomic.Int64
	for range crowd {
		sub, err := topic.Subscribe(func(int) {
			<-hold
			heard.Add(1)
			all.Done()
		})
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Cancel()
	}
	if err := topic.Broadcast(1); err != nil { // would not return
		t.Error(err)
	}
	close(hold)
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%d of %d have heard it", heard.Load(), crowd)
	}
}

// Faults, row 112: whoever lets users choose topics gets errors for what is no
// name, and nobody reaches a topic of another kind.
func TestFault112TopicsOfUserInput(t *testing.T) {
	t.Parallel()
	type secret struct{ Text string }
	hub := pubsub.New()
	secrets, err := pubsub.NewTopic[secret](hub, "secrets").Subscribe(func(s secret) { t.Errorf("a user has said %q there", s.Text) })
	if err != nil {
		t.Fatal(err)
	}
	defer secrets.Cancel()
	for _, tt := range []struct{ user, want string }{
		{"secrets", "carries pubsub_test.secret"},
		{"", "want a name"},
		{"a\r\nb", "printable"},
		{"\xff\xfe", "UTF-8"},
		{"a\u202egpj.exe", "printable"},
		{strings.Repeat("A", 1<<20), "at most 512 bytes, got 1048576"},
	} {
		topic := pubsub.NewTopic[string](hub, tt.user)
		_, heard := topic.Subscribe(func(string) { t.Errorf("%.20q is heard", tt.user) })
		for _, err := range []error{heard, topic.Broadcast("hello"), topic.BroadcastLocal("hello")} {
			if err == nil || len(err.Error()) > 500 || strings.ContainsAny(err.Error(), "\r\n\u202e") {
				t.Errorf("topic %.20q: %v, want a short error of one line", tt.user, err)
				continue
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("topic %.20q: %v, want %q in it", tt.user, err, tt.want)
			}
			_, isType := errors.AsType[*pubsub.TypeError](err)
			if _, isName := errors.AsType[*pubsub.NameError](err); isName == isType {
				t.Errorf("topic %.20q: %T", tt.user, err)
			}
		}
	}
	if s := hub.Stats(); s.Topics != 1 || s.Subscriptions != 1 {
		t.Errorf("%d topics with %d subscriptions, want the one", s.Topics, s.Subscriptions)
	}
}
