package channeltest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bennu/channel"
	"bennu/internal/wire"
	"bennu/live"
)

// joinRef is the ref of joins.
const joinRef = "join"

// Topic is a topic that a client has joined, or has asked to.
type Topic struct {
	t    testing.TB
	s    *Server
	name string
	proc live.Channel

	mu      sync.Mutex
	changed chan struct{} // closed, and made anew, when something comes
	refs    int
	replies map[string]message
	pushes  []message // that nobody has asked for yet
	state   string    // "": joining or joined
	deaf    bool
}

// message is something that the client was sent.
type message struct {
	event   string
	ok      bool
	payload []byte
	binary  bool
}

func (m message) String() string {
	if m.binary {
		return fmt.Sprintf("%s %v", m.event, m.payload)
	}
	return strings.TrimSpace(m.event + " " + string(m.payload))
}

// into decodes what came.
func (m message) into(t testing.TB, what string, into any) {
	t.Helper()
	if into == nil {
		return
	}
	data, wantsData := into.(*channel.Data)
	if wantsData != m.binary {
		t.Fatalf("channeltest: %s has the payload %s, want one for a %T", what, m, into)
	}
	if wantsData {
		*data = m.payload
		return
	}
	if err := json.Unmarshal(m.payload, into); err != nil {
		t.Fatalf("channeltest: %s has the payload %s, want one for a %T: %v", what, m.payload, into, err)
	}
}

func encode(t testing.TB, payload any) (b []byte, binary bool) {
	t.Helper()
	switch p := payload.(type) {
	case nil:
		return []byte("{}"), false
	case channel.Data:
		return p, true
	}
	b, err := json.Marshal(payload)
	if err != nil {
		t.Fatalf("channeltest: %v", err)
	}
	return b, false
}

// Push sends an event to the channel, with a payload that is encoded as JSON, nil
// for {}, or with bytes ([channel.Data]).
func (c *Topic) Push(event string, payload any) *Reply {
	c.t.Helper()
	b, binary := encode(c.t, payload)
	c.mu.Lock()
	c.refs++
	ref := strconv.Itoa(c.refs)
	c.mu.Unlock()
	if !c.proc.Deliver(live.Message{Ref: []byte(ref), Event: event, Payload: b, Binary: binary}) {
		c.t.Fatalf("channeltest: push of %q: too much waits for the channel", event)
	}
	return &Reply{c, ref}
}

// Leave leaves the topic.
func (c *Topic) Leave() {
	c.cut()
	c.proc.Stop(live.Left)
}

// cut is the end of listening.
func (c *Topic) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deaf = true
	if c.state == "" {
		c.state = "left"
	}
	c.tell()
}

// Ref is the channel's address.
func (c *Topic) Ref() channel.Ref { return channel.RefOf(c.proc) }

// RequirePush waits for an event of the channel or of its topic, and decodes its
// payload into a pointer unless that is nil. Those of other events that come
// before it are kept for later calls.
func (c *Topic) RequirePush(event string, into any) {
	c.t.Helper()
	var m message
	c.wait(fmt.Sprintf("a push of %q", event), func() bool {
		for i, p := range c.pushes {
			if p.event == event {
				m = p
				c.pushes = append(c.pushes[:i:i], c.pushes[i+1:]...)
				return true
			}
		}
		return false
	})
	m.into(c.t, fmt.Sprintf("the push of %q", event), into)
}

// RequireNoPush holds that no event of that name has come, when all that has been
// sent to the channel until now is handled.
func (c *Topic) RequireNoPush(event string) {
	c.t.Helper()
	c.Settle()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pushes {
		if p.event == event {
			c.t.Fatalf("channeltest: got %s, want no push of %q", p, event)
		}
	}
}

// Settle waits until the channel has handled what was sent to it before. Of the
// broadcasts of a topic with many members some may still be on their way.
func (c *Topic) Settle() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	if _, err := channel.Call(ctx, c.Ref(), func(channel.Channel) bool { return true }); err != nil && err != channel.ErrEnded {
		c.t.Fatalf("channeltest: the channel %q does not come to rest: %v", c.name, err)
	}
}

// RequireClosed waits until the channel has ended itself for good.
func (c *Topic) RequireClosed() {
	c.t.Helper()
	c.wait("the channel's end", func() bool { return c.state == "closed" })
}

// Drain asks the channel to end as a server does that shuts down: what was sent
// before is handled, what comes later is not.
func (c *Topic) Drain() { c.proc.Stop(live.Drained) }

// RequireFailed waits until the channel has ended so that its client joins again:
// because too much waited for it, or it has crashed.
func (c *Topic) RequireFailed() {
	c.t.Helper()
	c.wait("an end that lets the client join again", func() bool { return c.state == "crashed" })
}

// RequireCrashed waits until the channel has crashed, and returns the error.
func (c *Topic) RequireCrashed() error {
	c.t.Helper()
	c.wait("a crash", func() bool { return c.state == "crashed" })
	return c.s.log.take(c.name)
}

// wait waits until done, which is asked under the lock.
func (c *Topic) wait(what string, done func() bool) {
	c.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		c.mu.Lock()
		if done() {
			c.mu.Unlock()
			return
		}
		changed, state := c.changed, c.state
		var waiting []string
		for _, p := range c.pushes {
			waiting = append(waiting, p.String())
		}
		c.mu.Unlock()
		late := state != ""
		if !late {
			select {
			case <-changed:
			case <-limit.C:
				late = true
			}
		}
		if late {
			if state == "" {
				state = "joined"
			}
			c.t.Fatalf("channeltest: %s: want %s, which has not come; the channel is %s, and these have come: %q", c.name, what, state, waiting)
		}
	}
}

// tell wakes those who wait. The caller holds the lock.
func (c *Topic) tell() {
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Topic) take(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.deaf {
		f()
		c.tell()
	}
}

// Reply is the answer to a push, or its want.
type Reply struct {
	c   *Topic
	ref string
}

// RequireOK waits for an answer with status ok, and decodes its response into a
// pointer unless that is nil.
func (r *Reply) RequireOK(into any) { r.c.t.Helper(); r.require(true, into) }

// RequireError is RequireOK for an answer with status error.
func (r *Reply) RequireError(into any) { r.c.t.Helper(); r.require(false, into) }

func (r *Reply) require(ok bool, into any) {
	r.c.t.Helper()
	var m message
	r.c.wait("an answer", func() (came bool) { m, came = r.c.replies[r.ref]; return came })
	if m.ok != ok {
		r.c.t.Fatalf("channeltest: %s: got an answer with status %s: %s, want %s", r.c.name, status(m.ok), m, status(ok))
	}
	m.into(r.c.t, "the answer", into)
}

// RequireSome waits for an answer, of whichever status.
func (r *Reply) RequireSome() {
	r.c.t.Helper()
	r.c.wait("an answer", func() (came bool) { _, came = r.c.replies[r.ref]; return came })
}

// RequireNone holds that there is no answer when the channel has handled the
// message.
func (r *Reply) RequireNone() {
	r.c.t.Helper()
	r.c.Settle()
	r.c.mu.Lock()
	defer r.c.mu.Unlock()
	if m, came := r.c.replies[r.ref]; came {
		r.c.t.Fatalf("channeltest: %s: got the answer %s, want none", r.c.name, m)
	}
}

func status(ok bool) string {
	if ok {
		return "ok"
	}
	return "error"
}

// outlet is where the channel speaks.
type outlet struct{ c *Topic }

func (o outlet) reply(ref string, m message) {
	o.c.take(func() {
		if o.c.replies == nil {
			o.c.replies = make(map[string]message)
		}
		if _, again := o.c.replies[ref]; !again {
			m.payload = append([]byte(nil), m.payload...)
			if m.payload == nil {
				m.payload = []byte("{}")
			}
			o.c.replies[ref] = m
		}
	})
}

func (o outlet) push(m message) {
	m.payload = append([]byte(nil), m.payload...)
	if m.payload == nil && !m.binary {
		m.payload = []byte("{}")
	}
	o.c.take(func() { o.c.pushes = append(o.c.pushes, m) })
}

func (o outlet) JoinReply(ok bool, response []byte) {
	o.reply(joinRef, message{ok: ok, payload: response})
	o.refused(ok)
}

func (o outlet) JoinReplyData(ok bool, data []byte) {
	o.reply(joinRef, message{ok: ok, payload: data, binary: true})
	o.refused(ok)
}

func (o outlet) refused(ok bool) {
	if !ok {
		o.end("refused")
	}
}

func (o outlet) Reply(ref []byte, ok bool, response []byte) {
	o.reply(string(ref), message{ok: ok, payload: response})
}

func (o outlet) ReplyData(ref []byte, ok bool, data []byte) {
	o.reply(string(ref), message{ok: ok, payload: data, binary: true})
}

func (o outlet) Push(event string, payload []byte) { o.push(message{event: event, payload: payload}) }

func (o outlet) PushData(event string, data []byte) {
	o.push(message{event: event, payload: data, binary: true})
}

func (o outlet) Share(b *wire.Broadcast) {
	o.push(message{event: b.Event, payload: b.Payload, binary: b.Binary})
}

func (o outlet) end(state string) {
	o.c.take(func() {
		if o.c.state == "" {
			o.c.state = state
		}
	})
}

func (o outlet) Close() { o.end("closed") }

// Fail is a crash; before the join is answered it is that answer.
func (o outlet) Fail() {
	o.reply(joinRef, message{payload: []byte(`{"reason":"join crashed"}`)}) // only the first answer counts
	o.end("crashed")
}

func (o outlet) Flush() error                     { return nil }
func (o outlet) Ended()                           {}
func (o outlet) EnterMount(context.Context) error { return nil }
func (o outlet) LeaveMount()                      {}
