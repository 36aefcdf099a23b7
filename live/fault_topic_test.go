package live

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/pubsub"
)

// slowOut is the way to a client that does not read until it is let.
type slowOut struct {
	tapeOut
	gate chan struct{}
}

func (o *slowOut) Flush() error {
	<-o.gate
	return o.tapeOut.Flush()
}

// ticker shows what a topic said last.
type ticker struct {
	counter
	topic pubsub.Topic[int]
	heard int
}

func (v *ticker) Mount(s *Socket, _ Params) error {
	Subscribe(s, v.topic, func(_ *Socket, n int) error {
		v.N = n
		v.heard++
		return nil
	})
	return nil
}

// Faults, row 94: whoever publishes does not wait for a client that reads
// slowly; what came meanwhile is told by one render.
func TestFault94SlowClientOfABusyTopic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, _ := newRuntime()
		topic := pubsub.NewTopic[int](pubsub.New(), "prices")
		slow, quick := &ticker{topic: topic}, &ticker{topic: topic}
		slowClient, quickClient := &slowOut{gate: make(chan struct{})}, new(tapeOut)
		p := rt.Start(slowClient, func() (Spec, error) { return Spec{View: slow, Name: "Slow"}, nil })
		q := rt.Start(quickClient, func() (Spec, error) { return Spec{View: quick, Name: "Quick"}, nil })
		slowClient.gate <- struct{}{} // the join
		synctest.Wait()
		slowClient.take()
		quickClient.take()

		topic.Broadcast(1) // which the slow client does not read
		synctest.Wait()
		start := time.Now()
		const messages = 500
		for n := 2; n <= messages; n++ {
			topic.Broadcast(n)
			if n%100 == 0 {
				synctest.Wait() // the quick one keeps up
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("publishing waited for %v", took)
		}
		if got := quickClient.take(); quick.heard != messages || len(got) == 0 || got[len(got)-1] != fmt.Sprintf(`push diff {"0":"%d"}`, messages) {
			t.Errorf("the quick view heard %d messages and said %v", quick.heard, got)
		}
		close(slowClient.gate)
		synctest.Wait()
		want := fmt.Sprintf(`push diff {"0":"1"},push diff {"0":"%d"}`, messages)
		if got := strings.Join(slowClient.take(), ","); slow.heard != messages || got != want {
			t.Errorf("the slow view heard %d messages and said %s, want %s", slow.heard, got, want)
		}
		p.Stop(Left)
		q.Stop(Left)
		end(t, rt)
	})
}

// caller is a view that asks another one, which may be asking back.
type caller struct {
	other *Ref
	self  *Ref
	err   error
	meet  chan struct{}
}

func (v *caller) Mount(s *Socket, _ Params) error { *v.self = s.Self(); return nil }
func (v *caller) Render() templ.Component         { return new(counter).Render() }
func (v *caller) Events() Events {
	return Events{"ask": Do(func(s *Socket) error {
		v.meet <- struct{}{}
		_, v.err = Call(s.Context(), *v.other, func(*caller) int { return 0 })
		return v.err
	})}
}

// Faults, row 87: two views that call each other wait for each other until one
// of them ends. Nobody else waits, and the watchdog tells.
func TestFault87ViewsThatCallEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		var a, b Ref
		meet := make(chan struct{})
		one, two := &caller{other: &b, self: &a, meet: meet}, &caller{other: &a, self: &b, meet: meet}
		p := rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: one, Name: "One"}, nil })
		q := rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: two, Name: "Two"}, nil })
		out := new(tapeOut)
		free := rt.Start(out, func() (Spec, error) { return Spec{View: new(counter), Name: "Free"}, nil })
		synctest.Wait()
		p.Deliver(message("ask"))
		q.Deliver(message("ask"))
		<-meet
		<-meet
		time.Sleep(2 * patientTicks * watchEvery)
		if n := rt.Stuck(); n != 2 || !strings.Contains(log.String(), "views are stuck") || !strings.Contains(log.String(), "live.Call[") {
			t.Errorf("%d views are stuck, want 2; log:\n%s", n, log)
		}
		out.take()
		free.Deliver(Message{Ref: []byte("1"), Event: "event", Payload: []byte(`{"type":"click","event":"increase","value":{"number":"2"}}`)})
		synctest.Wait()
		if got := fmt.Sprint(out.take()); got != `[1 true {"diff":{"0":"2"}}]` {
			t.Errorf("the third view said %s", got)
		}
		p.Stop(SocketClosed)
		synctest.Wait()
		if one.err != context.Canceled || two.err != ErrEnded {
			t.Errorf("the calls ended with %v and %v, want the end of the first view", one.err, two.err)
		}
		q.Stop(Left)
		free.Stop(Left)
		end(t, rt)
	})
}
