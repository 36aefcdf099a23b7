package live

import (
	"fmt"
	"testing"
	"testing/synctest"

	"bennu/pubsub"
)

func TestSubscribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := pubsub.New()
		topic := pubsub.NewTopic[int](hub, "ticks")
		v := new(lifecycle)
		var sub *Subscription
		v.mount = func(s *Socket) error {
			v.calls = nil
			sub = Subscribe(s, topic, func(_ *Socket, n int) error { v.calls = append(v.calls, fmt.Sprint(n)); return nil })
			return nil
		}
		v.events = Events{
			"others": Do(func(*Socket) error { topic.BroadcastFrom(sub.Own(), 3); return nil }),
			"stop":   Do(func(*Socket) error { topic.Broadcast(4); sub.Cancel(); sub.Cancel(); return nil }),
		}
		r := startIn(t, v, Spec{}, new(Runtime))
		r.out.take()
		topic.Broadcast(1)
		synctest.Wait()
		topic.Broadcast(2)
		synctest.Wait()
		r.want(r.out.take(), `push diff {"0":"params( ) 1"}`, `push diff {"0":"params( ) 1 2"}`)
		r.want(r.event("1", "others", `{}`), "1 true {}")
		r.want(r.event("2", "stop", `{}`), "2 true {}")
		if n := hub.Subscribers("ticks"); n != 0 {
			t.Errorf("%d subscribers after Cancel, want none", n)
		}
		r.stopped()

		r = startIn(t, v, Spec{}, new(Runtime))
		if n := hub.Subscribers("ticks"); n != 1 {
			t.Errorf("%d subscribers, want 1", n)
		}
		r.stopped()
		if n := hub.Subscribers("ticks"); n != 0 {
			t.Errorf("%d subscribers after the view's end, want none", n)
		}
	})
	Subscribe(new(Socket), pubsub.NewTopic[int](pubsub.New(), "x"), func(*Socket, int) error { return nil }).Cancel()
}
