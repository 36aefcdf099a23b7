package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

func (v *View) topic() string { return "lv:" + v.id }

// nextRef is a new reference; like the client's, they do not begin at 1.
func (b *tab) nextRef() string {
	b.lastRef = max(b.lastRef, 3) + 1
	return strconv.Itoa(b.lastRef)
}

// pending is a message that the page waits for an answer to.
type pending struct {
	view     *View
	ref      string
	joinRef  string
	what     string
	response json.RawMessage
	done     bool // answered, or the view has ended
	then     func(ok bool, response json.RawMessage) error
}

// send sends a message with this reference on the view's topic. Then handles
// the answer; without one it is that to an event.
func (v *View) send(ref, event string, payload any, what string, then func(bool, json.RawMessage) error) (*pending, error) {
	f, err := newFrame(v.joinRef, ref, v.topic(), event, payload)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	p := &pending{view: v, ref: ref, joinRef: v.joinRef, what: what, then: then}
	v.pending[ref] = p
	v.frames = append(v.frames, f)
	if err := v.socket.send([]byte(f.Text)); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", what, err), v.drain())
	}
	return p, nil
}

// push sends a message on the view's topic and handles what comes until it, and
// what it has led to, is answered. The response is nil if the view has ended.
func (v *View) push(event string, payload any, what string) (json.RawMessage, error) {
	if err := v.canPush(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	p, err := v.send(v.nextRef(), event, payload, what, nil)
	if err != nil {
		return nil, err
	}
	err = v.wait("answer to "+what, func() bool { return p.done && len(v.pending) == 0 })
	return p.response, err
}

func (v *View) canPush() error {
	if err := v.drain(); err != nil {
		return err
	}
	switch {
	case v.closed:
		return errClosed
	case v.away != nil:
		return v.awayError()
	case v.main == nil:
		return errors.New("the page has no live view")
	case v.status == crashed:
		return errors.New("the view has crashed; Rejoin mounts a new one, as the client does after a second")
	case v.status == gone:
		return v.goneError()
	case v.socket == nil:
		return errors.New("the connection is cut; Rejoin connects again")
	case v.status != joined:
		return errors.New("the view is not joined")
	}
	return nil
}

// settle handles what comes until nothing is waited for any more.
func (b *tab) settle(what string) error {
	return b.wait("answer to "+what, func() bool { return len(b.pending) == 0 })
}

// errSilence is in the chain of the error when a deadline has passed.
var errSilence = errors.New("the server is silent")

// wait handles messages as they come until done says so. Nothing here sleeps:
// each message wakes it, and only silence runs into the deadline.
func (b *tab) wait(what string, done func() bool) error {
	timer := time.NewTimer(b.opts.Deadline)
	defer timer.Stop()
	for {
		if err := b.drain(); err != nil {
			return err
		}
		if done() {
			return nil
		}
		if b.socket == nil {
			return errors.New("there is no connection")
		}
		select {
		case <-b.socket.wake:
		case <-b.socket.done:
			if err := b.drain(); err != nil || done() {
				return err
			}
		case <-timer.C:
			return fmt.Errorf("%w: no %s within %v; the last messages were\n%s", errSilence, what, b.opts.Deadline, b.lastFrames(6))
		}
	}
}

// look handles what has come so far and fails the test if that is a surprise.
func (b *tab) look() {
	b.t.Helper()
	if err := b.drain(); err != nil {
		b.t.Fatalf("livetest: %v", err)
	}
}

// drain handles the messages that have come.
func (b *tab) drain() error {
	for !b.closed && b.socket != nil {
		text, ok, err := b.socket.take()
		if !ok {
			if err != nil {
				b.hangUp()
				return fmt.Errorf("the socket has ended: %w", err)
			}
			return nil
		}
		f, err := parseFrame(text)
		b.frames = append(b.frames, f)
		if err != nil {
			return err
		}
		if err := b.receive(f); err != nil {
			return err
		}
	}
	return nil
}

// receive handles one message of the server.
func (b *tab) receive(f Frame) error {
	if f.Event == "phx_reply" {
		if p := b.pending[f.Ref]; p != nil && (f.JoinRef == "" || f.JoinRef == p.joinRef) {
			return b.answered(p, f)
		}
	}
	v := b.byTopic(f.Topic)
	switch {
	case v == nil && b.past[f.JoinRef], v != nil && (v.status == gone || f.JoinRef != "" && f.JoinRef != v.joinRef):
		return nil // of a run of a view that is over; the client drops it too
	case v == nil:
		return fmt.Errorf("a message for the topic %q, which the page has not joined: %s", f.Topic, shorten(f.Text, 400))
	case f.Event == "phx_reply":
		return fmt.Errorf("a reply to ref %q, which nobody waits for: %s", f.Ref, shorten(f.Text, 400))
	case v.status == joining:
		return fmt.Errorf("a message before the reply to the join, the client loses it: %s", shorten(f.Text, 400))
	}
	return v.receive(f)
}

// byTopic is the view of a topic, nil if the page has none.
func (b *tab) byTopic(topic string) *View {
	for _, v := range b.views {
		if v.topic() == topic {
			return v
		}
	}
	return nil
}

// receive handles a message that answers nothing.
func (v *View) receive(f Frame) error {
	switch f.Event {
	case "phx_error":
		return v.failed()
	case "phx_close":
		if v.status == gone || v.away != nil {
			return nil
		}
		return errors.New("the server closed the view (phx_close) without a redirect; in a browser the page would look alive and be dead")
	case "diff":
		return v.apply(f.Payload, false)
	case "live_redirect":
		return v.sentAway(byNavigate, f.Payload)
	case "redirect":
		return v.sentAway(byRedirect, f.Payload)
	case "live_patch":
		return v.patched(f.Payload)
	}
	return fmt.Errorf("a message that the client does not know: %s", shorten(f.Text, 400))
}

// failed handles the crash of the view. What is nested in it goes with it.
func (v *View) failed() error {
	v.status = crashed
	by := v.forget()
	for _, c := range v.Children() {
		if err := c.destroy(); err != nil {
			return err
		}
	}
	if v.expecting {
		return nil
	}
	return v.crashError(by)
}

// forget gives up waiting for answers to what the view has been sent, and is
// one of that.
func (v *View) forget() (one *pending) {
	for ref, p := range v.pending {
		if p.view == v && p.joinRef == v.joinRef {
			one = p
			p.done = true
			delete(v.pending, ref)
		}
	}
	return one
}

// answered handles the answer to a message of the page.
func (b *tab) answered(p *pending, f Frame) error {
	delete(b.pending, f.Ref)
	r, err := parseReply(f)
	if err != nil {
		return err
	}
	p.done, p.response = true, r.Response
	switch {
	case p.then != nil:
		return p.then(r.Status == "ok", r.Response)
	case r.Status == "error":
		return fmt.Errorf("%s is answered with an error, at which the client leaves its element locked: %s", p.what, r.Response)
	}
	return p.view.eventReply(r.Response)
}

// response are the members that replies of a view may have.
type response struct {
	Rendered     json.RawMessage `json:"rendered"`
	Diff         json.RawMessage `json:"diff"`
	LivePatch    json.RawMessage `json:"live_patch"`
	Redirect     json.RawMessage `json:"redirect"`
	LiveRedirect json.RawMessage `json:"live_redirect"`
	LinkRedirect bool            `json:"link_redirect"`
}

// eventReply does what the reply to a message says.
func (v *View) eventReply(text json.RawMessage) error {
	var r response
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("reply %s: %w", shorten(string(text), 400), err)
	}
	if r.Diff != nil {
		if err := v.apply(r.Diff, false); err != nil {
			return err
		}
	}
	switch {
	case r.Redirect != nil:
		return v.sentAway(byRedirect, r.Redirect)
	case r.LiveRedirect != nil:
		return v.sentAway(byNavigate, r.LiveRedirect)
	}
	return nil
}

// apply merges a diff and brings the document up to date.
func (v *View) apply(text json.RawMessage, join bool) error {
	value, err := parseJSON(text)
	if err != nil {
		return fmt.Errorf("diff: %w", err)
	}
	diff, ok := value.(object)
	if !ok {
		return fmt.Errorf("diff is %s, want an object", shorten(string(text), 400))
	}
	x, err := v.tree.apply(diff)
	if err != nil {
		return fmt.Errorf("diff: %w\nin %s", err, shorten(string(text), 2000))
	}
	if join && x.reply != nil {
		return errors.New("the first render has a member r at its root, which the client takes for a reply")
	}
	v.take(x, join)
	for _, d := range v.tree.drawn {
		if err := v.show(d, join); err != nil {
			return fmt.Errorf("%w\nin %s", err, shorten(string(text), 2000))
		}
	}
	return v.doc.check(&v.opts)
}

// take does what a diff says besides the page's content.
func (v *View) take(x extras, join bool) {
	switch {
	case x.title != nil:
		v.doc.setTitle(*x.title)
	case join && v == v.main:
		v.doc.setTitle("")
	}
	v.pushes = append(v.pushes, x.events...)
}

// takeEvents takes the events of a refused join.
func (v *View) takeEvents(text json.RawMessage) error {
	if text == nil {
		return nil
	}
	value, err := parseJSON(text)
	if err != nil {
		return fmt.Errorf("events: %w", err)
	}
	x, err := takeExtras(object{"e": value})
	if err != nil {
		return err
	}
	v.take(x, false)
	return nil
}
