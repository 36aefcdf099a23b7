package live

import (
	"errors"
	"fmt"
	"strings"
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

// A topic that is no good is the callback's error: a name by its status, in the
// dead render already.
func TestSubscribeToWhatIsNoTopic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := pubsub.New()
		other, err := pubsub.NewTopic[string](hub, "strings").Subscribe(func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Cancel()
		for name, want := range map[string]string{
			"room:\x00": "error page 400",
			"strings":   "carries string",
		} {
			v := new(lifecycle)
			v.mount = func(s *Socket) error {
				Subscribe(s, pubsub.NewTopic[int](hub, name), func(*Socket, int) error { return nil })
				return nil
			}
			r := startIn(t, v, Spec{ReloadToken: func(status int) string { return fmt.Sprint("error page ", status) }}, new(Runtime))
			if got := fmt.Sprint(r.out.take(), r.log); !strings.Contains(got, want) {
				t.Errorf("topic %q: said and logged %s, want %s in it", name, got, want)
			}
			r.p.Stop(Left)
			synctest.Wait()
		}
		s := &Socket{view: new(instance)}
		Subscribe(s, pubsub.NewTopic[int](hub, "room:\x00"), func(*Socket, int) error { return nil })
		_, err = s.wanted()
		if bad, ok := errors.AsType[*pubsub.NameError](err); !ok || bad.Name != "room:\x00" {
			t.Errorf("in a dead render: %v, want a *NameError", err)
		}
	})
}

// held is a view that is held in a callback, with a topic that it hears.
type held struct {
	lifecycle
	hub   *pubsub.Hub
	hold  chan struct{}
	heard []string
}

// newHeld subscribes by what subscribe does.
func newHeld(subscribe func(*held, *Socket)) *held {
	v := &held{hub: pubsub.New(), hold: make(chan struct{})}
	v.mount = func(s *Socket) error { subscribe(v, s); return nil }
	v.events = Events{"hold": Do(func(*Socket) error { <-v.hold; return nil })}
	return v
}

func (v *held) hear(_ *Socket, m string) error { v.heard = append(v.heard, m); return nil }

// A view is told what the hub had no room for, and one that does not mind ends.
func TestViewsThatHaveMissedMessages(t *testing.T) {
	for _, minds := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			v := newHeld(func(v *held, s *Socket) {
				sub := Subscribe(s, pubsub.NewTopic[string](v.hub, "room"), v.hear)
				if minds {
					sub.OnMissed(func(_ *Socket, n int) error { v.heard = append(v.heard, fmt.Sprint("missed ", n)); return nil })
				}
			})
			v.hub.Queue = 2
			topic := pubsub.NewTopic[string](v.hub, "room")
			r := startIn(t, v, Spec{}, new(Runtime))
			entered, hold := make(chan struct{}), make(chan struct{})
			inline, err := topic.SubscribeWith(pubsub.Subscriber[string]{Inline: true, Receive: func(m string) {
				if m == "1" {
					close(entered)
					<-hold // and with it the topic
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			go func() { _ = topic.Broadcast("1") }()
			<-entered
			for _, m := range []string{"2", "3", "4", "5"} {
				if err := topic.Broadcast(m); (err != nil) != (m > "3") {
					t.Errorf("Broadcast(%s) = %v", m, err)
				}
			}
			close(hold)
			synctest.Wait()
			if minds {
				if got := fmt.Sprint(v.heard); got != "[1 2 3 missed 2]" {
					t.Errorf("heard %s, want [1 2 3 missed 2]", got)
				}
			} else if got := r.p.stopped(); got != Overloaded {
				t.Errorf("ended as %v, want overloaded", got)
			}
			inline.Cancel()
			r.stopped()
			if n := v.hub.Stats().Subscriptions; n != 0 {
				t.Errorf("%d subscriptions are left", n)
			}
		})
	}
}

// A view that is behind gets the newest of each key, and ends only when there
// are more keys than it can take.
func TestSubscribeLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newHeld(func(v *held, s *Socket) {
			SubscribeLatest(s, pubsub.NewTopic[string](v.hub, "mice"), func(m string) byte { return m[0] }, v.hear)
		})
		topic := pubsub.NewTopic[string](v.hub, "mice")
		publish := func(m string) {
			if err := topic.Broadcast(m); err != nil {
				t.Error(err)
			}
		}
		r := startIn(t, v, Spec{}, &Runtime{Mailbox: 10})
		r.send("1", "hold", `{}`)
		synctest.Wait()
		for i := range 1000 {
			for _, mouse := range "abc" {
				publish(fmt.Sprintf("%c%d", mouse, i))
			}
		}
		publish("a again")
		v.hold <- struct{}{}
		synctest.Wait()
		if got := fmt.Sprint(v.heard); got != "[b999 c999 a again]" {
			t.Errorf("heard %s, want [b999 c999 a again]", got)
		}
		publish("b and on")
		synctest.Wait()
		if got := v.heard[len(v.heard)-1]; got != "b and on" || r.p.stopped() != 0 {
			t.Errorf("heard %q at last, ended as %v", got, r.p.stopped())
		}
		r.send("2", "hold", `{}`)
		synctest.Wait()
		for i := range 11 {
			publish(string(rune('a'+i)) + " is another key")
		}
		synctest.Wait()
		if got := r.p.stopped(); got != Overloaded {
			t.Errorf("ended as %v with more keys than its mailbox, want overloaded", got)
		}
		close(v.hold)
		synctest.Wait()
		r.stopped()
	})
}

// A view that does not keep up ends alone, its subscription with it.
func TestFault94ViewThatFallsBehindEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newHeld(func(v *held, s *Socket) { Subscribe(s, pubsub.NewTopic[string](v.hub, "room"), v.hear) })
		topic := pubsub.NewTopic[string](v.hub, "room")
		heard := 0
		sub, err := topic.Subscribe(func(string) { heard++ })
		if err != nil {
			t.Fatal(err)
		}
		r := startIn(t, v, Spec{}, &Runtime{Mailbox: 10})
		r.send("1", "hold", `{}`)
		synctest.Wait()
		for range 20 {
			if err := topic.Broadcast("news"); err != nil {
				t.Error(err)
			}
		}
		close(v.hold)
		synctest.Wait()
		if got := r.p.stopped(); got != Overloaded || !got.Rejoins() {
			t.Errorf("ended as %v, want overloaded, which joins again", got)
		}
		if n := v.hub.Subscribers("room"); n != 1 || heard != 20 {
			t.Errorf("%d subscribers are left, of which the other heard %d; want 1 and 20", n, heard)
		}
		sub.Cancel()
		r.stopped()
	})
}
