package channel_test

import (
	"sync"
	"testing"

	"bennu/channel"
	"bennu/channel/channeltest"
)

// Broadcasts come in order and none twice, whether the channel has something else
// to do at that time or not, and while others join, leave and crash.
func TestBroadcastsComeInOrder(t *testing.T) {
	t.Parallel()
	s := channeltest.Serve(t, rooms(talk))
	stay := s.Connect(ann).Join("room:a", nil)
	const messages = 500
	var busy, others sync.WaitGroup
	over := make(chan struct{})
	others.Go(func() {
		for {
			select {
			case <-over:
				return
			default:
				c := s.Connect(bob).Join("room:a", nil)
				c.Push("count", nil)
				c.Push("crash", nil)
				c.RequireFailed()
				s.Crashes()
				s.Connect(bob).Join("room:a", nil).Leave()
			}
		}
	})
	busy.Go(func() {
		for range messages {
			stay.Push("count", nil).RequireOK(nil)
		}
	})
	for i := range messages {
		if err := channel.Broadcast(s.PubSub(), "room:a", "number", i); err != nil {
			t.Error(err)
		}
		var got int
		stay.RequirePush("number", &got)
		if got != i {
			t.Fatalf("got %d, want %d", got, i)
		}
	}
	busy.Wait()
	close(over)
	others.Wait()
	s.Crashes()
	stay.RequireNoPush("number")
}
