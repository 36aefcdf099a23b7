package transport

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bennu/live"
)

// A fakeHost serves topics that begin with "lv:". What happens to one is said
// by the rest of its name, up to a dash:
//
//	refuse  refuses the join           crash  fails before it answers
//	panic   panics in Join             early  pushes before it answers
//	full    takes no messages          bomb   panics in Deliver
//	mount   waits for its turn, then for mountDone
//	(any)   answers the join with {}
type fakeHost struct {
	mu    sync.Mutex
	joins []Join
	views []*fakeView
	// hold keeps the handlers of "block" until it is closed.
	hold chan struct{}
	// ended is told every end of a view.
	ended chan live.Reason
	// mountDone lets a view go on that mounts.
	mountDone chan struct{}
	mounts    map[string]bool
}

// mounting are the topics whose views mount now.
func (h *fakeHost) mounting() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.mounts))
}

func newFakeHost() *fakeHost {
	return &fakeHost{hold: make(chan struct{}), ended: make(chan live.Reason, 1024), mountDone: make(chan struct{}), mounts: map[string]bool{}}
}

func (h *fakeHost) Join(j Join) live.Channel {
	name, ok := strings.CutPrefix(j.Topic, "lv:")
	if !ok {
		return nil
	}
	name, _, _ = strings.Cut(name, "-")
	if name == "panic" {
		panic("the host fails")
	}
	v := &fakeView{host: h, out: j.Out, topic: j.Topic, mail: make(chan live.Message, 64), stop: make(chan live.Reason, 1), name: name}
	h.mu.Lock()
	h.joins = append(h.joins, j)
	h.views = append(h.views, v)
	h.mu.Unlock()
	go v.run()
	return v
}

// last is the most recent join.
func (h *fakeHost) last() (Join, *fakeView) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.joins[len(h.joins)-1], h.views[len(h.views)-1]
}

// A fakeView has a goroutine of its own, which does what the name of each
// message says.
type fakeView struct {
	host  *fakeHost
	out   live.Outlet
	mail  chan live.Message
	stop  chan live.Reason
	name  string
	topic string
	once  sync.Once
	said  atomic.Int32 // how often it has flushed
	busy  atomic.Bool  // it has come to a "block"
	// counts makes it count the bytes that wait, as a mailbox does.
	counts bool
}

func (v *fakeView) Deliver(m live.Message) bool {
	switch v.name {
	case "full":
		return false
	case "bomb":
		panic("the receiver fails")
	}
	if v.counts {
		m.Waiting.Add(len(m.Payload))
	}
	select {
	case v.mail <- m:
		return true
	default:
		return false
	}
}

func (v *fakeView) Stop(why live.Reason) { v.once.Do(func() { v.stop <- why }) }

func (v *fakeView) run() {
	defer v.out.Ended()
	switch v.name {
	case "refuse":
		v.out.JoinReply(false, []byte(`{"reason":"stale"}`))
		_ = v.out.Flush()
		return
	case "crash":
		v.out.Fail()
		_ = v.out.Flush()
		return
	case "early":
		v.out.Push("diff", []byte(`{"0":"early"}`))
		v.out.Reply([]byte("1"), true, nil)
	}
	v.out.JoinReply(true, []byte(`{}`))
	_ = v.out.Flush()
	v.said.Add(1)
	if v.name == "mount" && !v.mount() {
		return
	}
	for {
		select {
		case why := <-v.stop:
			for why == live.Drained && len(v.mail) > 0 {
				v.handle(<-v.mail)
				_ = v.out.Flush()
			}
			v.host.ended <- why
			return
		case m := <-v.mail:
			if v.counts {
				m.Waiting.Add(-len(m.Payload))
			}
			ended := v.handle(m)
			if v.out.Flush() != nil && !ended {
				v.host.ended <- <-v.stop
				return
			}
			v.said.Add(1)
			if ended {
				return
			}
		}
	}
}

// mount waits for the turn of its connection and for mountDone; false when the
// view is stopped before it has its turn.
func (v *fakeView) mount() bool {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stopped := make(chan live.Reason, 1)
	go func() {
		select {
		case why := <-v.stop:
			stopped <- why
			cancel()
		case <-ctx.Done():
		}
	}()
	gate := v.out.(live.Gate)
	if gate.EnterMount(ctx) != nil {
		v.host.ended <- <-stopped
		return false
	}
	defer gate.LeaveMount()
	v.host.mount(v.topic, true)
	defer v.host.mount(v.topic, false)
	<-v.host.mountDone
	return true
}

func (h *fakeHost) mount(topic string, on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if on {
		h.mounts[topic] = true
	} else {
		delete(h.mounts, topic)
	}
}

// handle does what a message says; true when the view is over.
func (v *fakeView) handle(m live.Message) bool {
	switch m.Event {
	case "echo", "chunk":
		if !bytes.HasPrefix(m.Payload, []byte("{")) {
			m.Payload = []byte(`{"bytes":"` + string(m.Payload) + `"}`)
		}
		v.out.Reply(m.Ref, true, m.Payload)
	case "kind":
		v.out.Reply(m.Ref, true, fmt.Appendf(nil, `{"binary":%v}`, m.Binary))
	case "push":
		v.out.Push("diff", m.Payload)
	case "big":
		v.out.Push("diff", []byte(`{"0":"`+strings.Repeat("x", 70_000)+`"}`))
		v.out.Reply(m.Ref, true, []byte(`{"1":"`+strings.Repeat("y", 300)+`"}`))
	case "block":
		v.busy.Store(true)
		<-v.host.hold
		v.out.Reply(m.Ref, true, []byte(`{"late":true}`))
	case "crash":
		v.out.Fail()
		v.out.Push("diff", []byte(`{"0":"after the end"}`))
		return true
	case "redirect":
		v.out.Reply(m.Ref, true, []byte(`{"live_redirect":{"to":"/","kind":"push"}}`))
		v.out.Close()
		v.out.Reply(m.Ref, true, []byte(`{"0":"after the end"}`))
		return true
	case "refuse":
		v.out.JoinReply(false, nil) // too late, to be ignored
		v.out.Reply(m.Ref, true, []byte(`{}`))
	default:
		v.out.Reply(m.Ref, true, nil)
	}
	return false
}

// wantEnd expects the next view to end for that reason.
func (h *fakeHost) wantEnd(t *testing.T, want live.Reason) {
	t.Helper()
	if got := <-h.ended; got != want {
		t.Errorf("the view ended as %v, want %v", got, want)
	}
}
