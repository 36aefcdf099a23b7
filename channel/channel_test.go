package channel_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bennu/channel"
	"bennu/channel/channeltest"
	"bennu/live"
	"bennu/pubsub"
)

var ann, bob = channeltest.Params{"user": "ann"}, channeltest.Params{"user": "bob"}

func TestJoinHasParamsAndIsAnswered(t *testing.T) {
	t.Parallel()
	s := channeltest.Serve(t, rooms(func(r *room) {
		r.join = func(r *room, s *channel.Socket, p channel.Params) error {
			var in text
			if err := p.Decode(&in); err != nil {
				return err
			}
			if p.Match == "secret" {
				return channel.Refuse("members only")
			}
			s.Push("welcome", nil) // behind the answer
			s.Reply(map[string]string{"user": r.who, "topic": s.Topic(), "match": p.Match, "text": in.Text})
			return nil
		}
	}))
	c := s.Connect(ann)
	if c.Identity() != "users:ann" {
		t.Errorf("identity %q", c.Identity())
	}
	var got map[string]string
	c.JoinReply("room:a b/ü", text{"hello"}, &got).RequirePush("welcome", nil)
	if got["user"] != "ann" || got["topic"] != "room:a b/ü" || got["match"] != "a b/ü" || got["text"] != "hello" {
		t.Errorf("%v", got)
	}
	var refused struct{ Reason, Field, Want, Got string }
	c.RequireRefused("room:secret", nil, &refused)
	if refused.Reason != "members only" {
		t.Errorf("%+v", refused)
	}
	c.RequireRefused("room:x", map[string]int{"text": 1}, &refused)
	if refused.Reason != "invalid payload" || refused.Field != "text" || refused.Want != "string" || refused.Got != "number" {
		t.Errorf("%+v", refused)
	}
	if _, err := s.Ask(channeltest.Request{}); err == nil {
		t.Error("a client without a user is let in")
	}
}

func TestEventsAreTyped(t *testing.T) {
	t.Parallel()
	s := channeltest.Serve(t, rooms(talk))
	c := s.Connect(ann).Join("room:a", nil)
	var n int
	c.Push("count", nil).RequireOK(&n)
	c.Push("count", "ignored").RequireOK(&n)
	if n != 2 {
		t.Errorf("count %d, want 2", n)
	}
	c.Push("shout", text{"hey"}).RequireNone()
	var got text
	c.RequirePush("shouted", &got)
	if got.Text != "HEY" {
		t.Errorf("%+v", got)
	}
	var refused struct{ Reason, Field string }
	c.Push("say", []int{1}).RequireError(&refused)
	if refused.Reason != "invalid payload" {
		t.Errorf("%+v", refused)
	}
	c.Push("nothing", nil).RequireError(&refused)
	if refused.Reason != "unknown event" {
		t.Errorf("%+v", refused)
	}
	c.Push("say", channel.Data{1}).RequireError(&refused)
	if refused.Reason != "want JSON" {
		t.Errorf("%+v", refused)
	}
	c.Push("count", nil).RequireOK(&n)
	if n != 3 {
		t.Errorf("count %d, want 3: mistakes end nothing", n)
	}
}

func TestBroadcastReachesTheTopic(t *testing.T) {
	t.Parallel()
	s := channeltest.Serve(t, rooms(talk))
	a, b := s.Connect(ann), s.Connect(bob)
	here, there, other := a.Join("room:a", nil), b.Join("room:a", nil), b.Join("room:b", nil)
	var got text
	here.Push("say", text{"to all"}).RequireOK(nil)
	here.RequirePush("said", &got)
	there.RequirePush("said", &got)
	if got.Text != "to all" {
		t.Errorf("%+v", got)
	}
	here.Push("whisper", text{"to others"}).RequireOK(nil)
	there.RequirePush("said", &got)
	if got.Text != "to others" {
		t.Errorf("%+v", got)
	}
	if err := channel.Broadcast(s.PubSub(), "room:a", "said", text{"from outside"}); err != nil {
		t.Fatal(err)
	}
	here.RequirePush("said", &got)
	if got.Text != "from outside" {
		t.Errorf("%+v", got)
	}
	there.Leave()
	here.Push("say", text{"gone"}).RequireOK(nil)
	there.RequirePush("said", nil) // that from outside, of before
	there.RequireNoPush("said")
	other.RequireNoPush("said")
	for _, event := range []string{"", "phx_close", strings.Repeat("x", 256), "\xff"} {
		if err := channel.Broadcast(s.PubSub(), "room:a", event, nil); err == nil {
			t.Errorf("an event named %.10q is sent", event)
		}
	}
	if err := channel.Broadcast(s.PubSub(), "room:a", "said", func() {}); err == nil {
		t.Error("a function is sent")
	}
}

func TestInterceptChangesAndLeavesOut(t *testing.T) {
	t.Parallel()
	s := channeltest.Serve(t, rooms(func(r *room) {
		talk(r)
		if r.who == "ann" {
			r.out = channel.Intercepts{
				"said": channel.Intercept(func(s *channel.Socket, t text) error {
					if t.Text != "rude" {
						s.Push("said", text{t.Text + ", ann"})
					}
					return nil
				}),
				"bytes": channel.Intercept(func(s *channel.Socket, d channel.Data) error { s.Push("bytes", append(d[:1:1], 9)); return nil }),
			}
		}
	}))
	a, b := s.Connect(ann).Join("room:a", nil), s.Connect(bob).Join("room:a", nil)
	b.Push("say", text{"rude"}).RequireOK(nil)
	b.Push("say", text{"hello"}).RequireOK(nil)
	var got text
	a.RequirePush("said", &got)
	if got.Text != "hello, ann" {
		t.Errorf("ann hears %q", got.Text)
	}
	a.RequireNoPush("said")
	b.RequirePush("said", &got)
	if got.Text != "rude" {
		t.Errorf("bob hears %q", got.Text)
	}
	if err := channel.Broadcast(s.PubSub(), "room:a", "bytes", channel.Data{7, 8}); err != nil {
		t.Fatal(err)
	}
	var data channel.Data
	a.RequirePush("bytes", &data)
	if !slices.Equal(data, []byte{7, 9}) {
		t.Errorf("ann gets %v", data)
	}
	b.RequirePush("bytes", &data)
	if !slices.Equal(data, []byte{7, 8}) {
		t.Errorf("bob gets %v", data)
	}
	// A broadcast of another form is the program's mistake.
	if err := channel.Broadcast(s.PubSub(), "room:a", "said", 5); err != nil {
		t.Fatal(err)
	}
	if err := a.RequireCrashed(); !strings.Contains(err.Error(), "channel_test.text") {
		t.Errorf("the crash says %v", err)
	}
	b.RequirePush("said", &got)
}

func TestCrashEndsOneChannel(t *testing.T) {
	t.Parallel()
	s := channeltest.Serve(t, rooms(func(r *room) {
		talk(r)
		r.events["exit"] = channel.Do(func(*channel.Socket) error { runtime.Goexit(); return nil })
		r.events["fail"] = channel.Do(func(*channel.Socket) error { return errors.New("disk is full") })
		r.events["twice"] = channel.Do(func(s *channel.Socket) error { s.Reply(1); s.Reply(2); return nil })
		r.events["control"] = channel.Do(func(s *channel.Socket) error { s.Push("phx_reply", nil); return nil })
		r.events["odd"] = channel.Do(func(s *channel.Socket) error { s.Broadcast("said", make(chan int)); return nil })
		r.terminate = func(_ *channel.Socket, why live.Reason) {
			if why != live.SocketClosed {
				t.Errorf("Terminate of a channel that ends as %v", why)
			}
		}
	}))
	c := s.Connect(ann)
	other := c.Join("room:b", nil)
	for event, want := range map[string]string{
		"crash": "on purpose", "exit": "Goexit", "fail": "disk is full", "twice": "Reply was called twice",
		"control": "phx_", "odd": "chan int",
	} {
		one := c.Join("room:"+event, nil)
		one.Push(event, nil)
		if err := one.RequireCrashed(); !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the log says %v, want %q in it", event, err, want)
		}
		one.RequireNoPush("said")
	}
	var n int
	other.Push("count", nil).RequireOK(&n)
	if n != 1 {
		t.Errorf("the other channel counts %d", n)
	}
	c.Join("room:crash", nil).Push("count", nil).RequireOK(&n)
	if n != 1 {
		t.Errorf("the channel that is joined again counts %d, want a fresh one", n)
	}
}

func TestJoinThatCrashesIsAnswered(t *testing.T) {
	t.Parallel()
	s := channeltest.Serve(t, rooms(func(r *room) {
		r.join = func(_ *room, _ *channel.Socket, p channel.Params) error {
			switch p.Match {
			case "panic":
				panic("on purpose")
			case "exit":
				runtime.Goexit()
			case "named":
				return pubsub.CheckName("\x00")
			}
			return errors.New("no database")
		}
	}))
	c := s.Connect(ann)
	var refused struct{ Reason string }
	c.RequireRefused("room:named", nil, &refused)
	if refused.Reason != "bad request" {
		t.Errorf("an error of a client's making is told as %q", refused.Reason)
	}
	defer func() {
		if got := s.Crashes(); len(got) != 3 {
			t.Errorf("%d crashes in the log, want 3: %q", len(got), got)
		}
	}()
	for _, match := range []string{"panic", "exit", "error"} {
		c.RequireRefused("room:"+match, nil, &refused)
		if refused.Reason != "join crashed" {
			t.Errorf("%s: %q", match, refused.Reason)
		}
	}
}

func TestTerminateIsTheLast(t *testing.T) {
	t.Parallel()
	ends := make(chan live.Reason, 4)
	s := channeltest.Serve(t, rooms(func(r *room) {
		talk(r)
		r.events["end"] = channel.Do(func(s *channel.Socket) error { s.Push("bye", nil); s.Close(); return nil })
		r.join = func(_ *room, _ *channel.Socket, p channel.Params) error {
			if p.Match == "no" {
				return channel.Refuse("no")
			}
			return nil
		}
		r.terminate = func(s *channel.Socket, why live.Reason) {
			if s.Context().Err() != nil {
				t.Error("the context of Terminate has ended")
			}
			s.Broadcast("left", text{r.who})
			ends <- why
		}
	}))
	witness := s.Connect(bob).Join("room:a", nil)
	c := s.Connect(ann)
	c.RequireRefused("room:no", nil, nil)
	c.Join("room:a", nil).Leave()
	var who text
	witness.RequirePush("left", &who)
	if why := <-ends; why != live.Left || who.Text != "ann" {
		t.Errorf("%v, %v", why, who)
	}
	one := c.Join("room:a", nil)
	one.Push("end", nil)
	one.RequirePush("bye", nil)
	one.RequireClosed()
	if why := <-ends; why != live.Closed || why.Rejoins() {
		t.Errorf("a channel that closes itself ends as %v", why)
	}
	c.Join("room:a", nil)
	c.Disconnect()
	if why := <-ends; why != live.SocketClosed {
		t.Errorf("%v", why)
	}
}

func TestLaterAnswers(t *testing.T) {
	t.Parallel()
	laters := make(chan channel.Later, 1)
	s := channeltest.Serve(t, rooms(func(r *room) {
		r.events = channel.Events{"ask": channel.Do(func(s *channel.Socket) error { laters <- s.Later(); return nil })}
	}))
	c := s.Connect(ann).Join("room:a", nil)
	reply := c.Push("ask", nil)
	if ok, err := (<-laters).Reply("done"); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	var got string
	reply.RequireOK(&got)
	if got != "done" {
		t.Errorf("%q", got)
	}
	reply = c.Push("ask", nil)
	later := <-laters
	if _, err := later.Reply(func() {}); err == nil {
		t.Error("a function is an answer")
	}
	if ok, err := later.Refuse(channel.Data{1, 2}); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	var data channel.Data
	reply.RequireError(&data)
	if !slices.Equal(data, []byte{1, 2}) {
		t.Errorf("%v", data)
	}
	c.Push("ask", nil)
	later = <-laters
	c.Leave()
	if ok, _ := later.Reply(1); ok {
		t.Error("somebody waits for the answer of a channel that was left")
	}
	if ok, err := (channel.Later{}).Reply(1); ok || err != nil {
		t.Errorf("the zero Later: %v, %v", ok, err)
	}
}

func TestMessagesFromInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := pubsub.New()
		prices := pubsub.NewTopic[int](hub, "prices")
		s := channeltest.Serve(t, rooms(func(r *room) {
			var sub *channel.Subscription
			var every *channel.Timer
			r.join = func(_ *room, s *channel.Socket, _ channel.Params) error {
				channel.OnMessage(s, func(s *channel.Socket, m text) error { s.Push("told", m); return nil })
				sub = channel.Subscribe(s, prices, func(s *channel.Socket, n int) error { s.Push("price", n); return nil })
				channel.After(s, time.Minute, func(s *channel.Socket) error { s.Push("after", nil); return nil })
				channel.After(s, time.Minute, func(*channel.Socket) error { t.Error("a stopped timer runs"); return nil }).Stop()
				every = channel.Every(s, time.Hour, func(s *channel.Socket) error { s.Push("every", nil); return nil })
				return nil
			}
			r.events = channel.Events{"stop": channel.Do(func(s *channel.Socket) error {
				sub.Cancel()
				sub.Cancel()
				every.Stop()
				s.Reply(nil)
				return nil
			})}
		}))
		c := s.Connect(ann).Join("room:a", nil)
		if !c.Ref().Send(text{"hello"}) || !c.Ref().Send(5) {
			t.Error("Send = false")
		}
		var told text
		c.RequirePush("told", &told)
		if told.Text != "hello" {
			t.Errorf("%+v", told)
		}
		if err := prices.Broadcast(7); err != nil {
			t.Fatal(err)
		}
		var price int
		c.RequirePush("price", &price)
		if price != 7 {
			t.Errorf("price %d", price)
		}
		c.RequireNoPush("after")
		time.Sleep(time.Minute) // in the fake time
		synctest.Wait()
		c.RequirePush("after", nil)
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		c.RequirePush("every", nil)
		c.RequirePush("every", nil)
		c.Push("stop", nil).RequireOK(nil)
		time.Sleep(10 * time.Hour)
		synctest.Wait()
		if err := prices.Broadcast(8); err != nil {
			t.Fatal(err)
		}
		c.RequireNoPush("price")
		c.Leave()
		synctest.Wait()
		if hub.Subscribers("prices") != 0 || c.Ref().Send(text{}) {
			t.Error("something of a channel that was left goes on")
		}
		if _, err := channel.Call(context.Background(), c.Ref(), func(r *room) int { return r.count }); !errors.Is(err, channel.ErrEnded) {
			t.Errorf("Call = %v", err)
		}
	})
}

func TestIdleChannelHasNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := channeltest.Serve(t, rooms(talk))
		before := runtime.NumGoroutine()
		var all []*channeltest.Topic
		for range 50 {
			all = append(all, s.Connect(ann).Join("room:a", nil))
		}
		all[0].Push("say", text{"hello"}).RequireOK(nil)
		for _, c := range all {
			c.RequirePush("said", nil)
		}
		synctest.Wait()
		if n := runtime.NumGoroutine(); n > before+5 {
			t.Errorf("%d goroutines for 50 channels at rest, %d before", n, before)
		}
	})
}

func TestOverloadedChannelFails(t *testing.T) {
	t.Parallel()
	hold := make(chan bool)
	began := make(chan bool, 1)
	s := channeltest.Serve(t, rooms(func(r *room) {
		talk(r)
		r.events["hold"] = channel.Do(func(*channel.Socket) error { began <- true; <-hold; return nil })
	}))
	slow, quick := s.Connect(ann).Join("room:a", nil), s.Connect(bob).Join("room:a", nil)
	slow.Push("hold", nil)
	<-began
	for range 2000 { // nobody waits for the slow one
		if err := channel.Broadcast(s.PubSub(), "room:a", "said", nil); err != nil {
			t.Fatal(err)
		}
	}
	close(hold)
	slow.RequireFailed()
	quick.RequirePush("said", nil)
	slow.RequireNoPush("said")
}

func TestDrainedChannelFinishesItsWork(t *testing.T) {
	t.Parallel()
	hold := make(chan bool)
	began := make(chan bool, 1)
	ends := make(chan live.Reason, 1)
	s := channeltest.Serve(t, rooms(func(r *room) {
		talk(r)
		r.events["hold"] = channel.Do(func(s *channel.Socket) error { began <- true; <-hold; return s.Context().Err() })
		r.terminate = func(_ *channel.Socket, why live.Reason) { ends <- why }
	}))
	c := s.Connect(ann).Join("room:a", nil)
	c.Push("hold", nil)
	<-began
	reply := c.Push("count", nil)
	c.Drain()
	ignored := c.Push("count", nil)
	close(hold)
	var n int
	reply.RequireOK(&n)
	ignored.RequireNone()
	if why := <-ends; why != live.Drained || n != 1 {
		t.Errorf("ended as %v, count %d", why, n)
	}
}

func TestSocketThatIsKeptSaysSo(t *testing.T) {
	t.Parallel()
	kept := make(chan *channel.Socket, 1)
	s := channeltest.Serve(t, rooms(func(r *room) {
		r.events = channel.Events{"keep": channel.Do(func(s *channel.Socket) error { kept <- s; return nil })}
	}))
	c := s.Connect(ann).Join("room:a", nil)
	c.Push("keep", nil)
	socket := <-kept
	c.Settle()
	socket.Push("late", nil)
	c.RequireNoPush("late")
	if got := s.Crashes(); len(got) != 1 || !strings.Contains(got[0], "used after its callback returned") {
		t.Errorf("the log says %q", got)
	}
}

func TestZeroSocketWorks(t *testing.T) {
	t.Parallel()
	s := new(channel.Socket)
	s.Reply(1)
	s.Push("a", nil)
	s.Broadcast("b", nil)
	s.BroadcastFrom("c", nil)
	s.Close()
	channel.After(s, time.Hour, func(*channel.Socket) error { return nil }).Stop()
	channel.Subscribe(s, pubsub.NewTopic[int](pubsub.New(), "t"), func(*channel.Socket, int) error { return nil }).Cancel()
	channel.OnMessage(s, func(*channel.Socket, int) error { return nil })
	if s.Topic() != "" || s.Context() == nil || s.Info().Transport != "" || s.Session() == nil || s.Self().Send(1) {
		t.Error("the zero Socket is somebody's")
	}
}
