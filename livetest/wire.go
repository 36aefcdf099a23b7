package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

func (v *View) topic() string { return "lv:" + v.doc.id }

// nextRef is a new reference; like the client's, they do not begin at 1.
func (v *View) nextRef() string {
	v.lastRef = max(v.lastRef, 3) + 1
	return strconv.Itoa(v.lastRef)
}

// push sends a message on the view's topic and handles what comes until it is
// answered, or the view has ended. The response is nil in the latter case.
func (v *View) push(event string, payload any, what string) (json.RawMessage, error) {
	if err := v.canPush(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return v.request(v.nextRef(), event, payload, what)
}

func (v *View) canPush() error {
	if err := v.drain(); err != nil {
		return err
	}
	switch {
	case v.closed:
		return errors.New("the View is closed")
	case v.status == crashed:
		return errors.New("the view has crashed; Rejoin mounts a new one, as the client does after a second")
	case v.status == navigated:
		return fmt.Errorf("the view has sent the page away to %s", v.redirect)
	case v.status != joined:
		return errors.New("the view is not joined")
	}
	return nil
}

// request sends a message with this reference and waits for the answer.
func (v *View) request(ref, event string, payload any, what string) (json.RawMessage, error) {
	f, err := newFrame(v.joinRef, ref, v.topic(), event, payload)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	p := &pending{ref: ref, what: what}
	v.pending = p
	defer func() { v.pending = nil }()
	v.frames = append(v.frames, f)
	if err := v.socket.send([]byte(f.Text)); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", what, err), v.drain())
	}
	before := v.status
	err = v.wait("answer to "+what, func() bool { return p.answered || v.status != before })
	return p.response, err
}

// errSilence is in the chain of the error when a deadline has passed.
var errSilence = errors.New("the server is silent")

// wait handles messages as they come until done says so. Nothing here sleeps:
// each message wakes it, and only silence runs into the deadline.
func (v *View) wait(what string, done func() bool) error {
	timer := time.NewTimer(v.opts.Deadline)
	defer timer.Stop()
	for {
		if err := v.drain(); err != nil {
			return err
		}
		if done() {
			return nil
		}
		select {
		case <-v.socket.wake:
		case <-v.socket.done:
			if err := v.drain(); err != nil || done() {
				return err
			}
		case <-timer.C:
			return fmt.Errorf("%w: no %s within %v; the last messages were\n%s", errSilence, what, v.opts.Deadline, v.lastFrames(6))
		}
	}
}

// settle handles what has come so far and fails the test if that is a surprise.
func (v *View) settle() {
	v.t.Helper()
	if err := v.drain(); err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
}

// drain handles the messages that have come.
func (v *View) drain() error {
	if v.closed || v.socket == nil {
		return nil
	}
	for {
		text, ok, err := v.socket.take()
		if !ok {
			if err != nil {
				v.hangUp()
				return fmt.Errorf("the socket has ended: %w", err)
			}
			return nil
		}
		f, err := parseFrame(text)
		v.frames = append(v.frames, f)
		if err != nil {
			return err
		}
		if err := v.receive(f); err != nil {
			return err
		}
	}
}

// hangUp forgets a connection that is gone; the view went with it.
func (v *View) hangUp() {
	v.socket.drop()
	v.socket = nil
	if v.status == joined {
		v.status = joining
	}
}

// receive handles one message of the server.
func (v *View) receive(f Frame) error {
	if f.JoinRef != "" && f.JoinRef != v.joinRef {
		return nil // of a run of the view before this one; the client drops it too
	}
	if f.Topic != v.topic() {
		return fmt.Errorf("a message for the topic %q, which the page has not joined: %s", f.Topic, shorten(f.Text, 400))
	}
	if f.Event == "phx_reply" {
		return v.replied(f)
	}
	if v.status == joining {
		return fmt.Errorf("a message before the reply to the join, the client loses it: %s", shorten(f.Text, 400))
	}
	switch f.Event {
	case "phx_error":
		v.status = crashed
		if v.expecting {
			return nil
		}
		return v.crashError()
	case "phx_close":
		if v.status == navigated || v.closed {
			return nil
		}
		return errors.New("the server closed the view (phx_close) without a redirect; in a browser the page would look alive and be dead")
	case "diff":
		_, err := v.apply(f.Payload)
		return err
	case "live_redirect", "redirect":
		return v.sentAway(f.Payload)
	case "live_patch":
		return v.patched(f.Payload)
	}
	return fmt.Errorf("a message that the client does not know: %s", shorten(f.Text, 400))
}

// replied handles the answer to a message of the page.
func (v *View) replied(f Frame) error {
	r, err := parseReply(f)
	switch {
	case err != nil:
		return err
	case v.pending == nil || v.pending.answered || v.pending.ref != f.Ref:
		return fmt.Errorf("a reply to ref %q, which nobody waits for: %s", f.Ref, shorten(f.Text, 400))
	}
	p := v.pending
	p.answered, p.response = true, r.Response
	switch {
	case v.status == joining && r.Status == "error":
		v.refused = r.Response
	case v.status == joining:
		return v.joinedBy(r.Response)
	case r.Status == "error":
		return fmt.Errorf("%s is answered with an error, at which the client leaves its element locked: %s", p.what, r.Response)
	case !v.closed:
		return v.eventReply(r.Response)
	}
	return nil
}

// response are the members that replies of a view may have.
type response struct {
	Rendered     json.RawMessage `json:"rendered"`
	Diff         json.RawMessage `json:"diff"`
	LivePatch    json.RawMessage `json:"live_patch"`
	Redirect     json.RawMessage `json:"redirect"`
	LiveRedirect json.RawMessage `json:"live_redirect"`
}

// joinedBy takes the first render out of the reply to a join.
func (v *View) joinedBy(text json.RawMessage) error {
	var r response
	if err := json.Unmarshal(text, &r); err != nil || r.Rendered == nil {
		return fmt.Errorf("the reply to the join has no \"rendered\": %s", shorten(string(text), 400))
	}
	v.status = joined
	v.mounts++
	v.attempts = 0
	v.tree = rendered{}
	x, err := v.apply(r.Rendered)
	switch {
	case err != nil:
		return err
	case x.reply != nil:
		return errors.New("the first render has a member r at its root, which the client takes for a reply")
	case r.LivePatch != nil:
		return v.patched(r.LivePatch)
	}
	return nil
}

// eventReply does what the reply to a message says.
func (v *View) eventReply(text json.RawMessage) error {
	var r response
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("reply %s: %w", shorten(string(text), 400), err)
	}
	if r.Diff != nil {
		if _, err := v.apply(r.Diff); err != nil {
			return err
		}
	}
	for _, to := range []json.RawMessage{r.Redirect, r.LiveRedirect} {
		if to != nil {
			return v.sentAway(to)
		}
	}
	return nil
}

// apply merges a diff and brings the document up to date.
func (v *View) apply(text json.RawMessage) (extras, error) {
	value, err := parseJSON(text)
	if err != nil {
		return extras{}, fmt.Errorf("diff: %w", err)
	}
	diff, ok := value.(object)
	if !ok {
		return extras{}, fmt.Errorf("diff is %s, want an object", shorten(string(text), 400))
	}
	x, err := v.tree.apply(diff)
	if err != nil {
		return x, fmt.Errorf("diff: %w\nin %s", err, shorten(string(text), 2000))
	}
	if x.title != nil {
		v.doc.setTitle(*x.title)
	}
	return x, v.draw()
}

// destination is where a redirect or a patch leads.
type destination struct {
	To string `json:"to"`
}

func (v *View) sentAway(text json.RawMessage) error {
	var d destination
	if err := json.Unmarshal(text, &d); err != nil || d.To == "" {
		return fmt.Errorf("redirect %s: want an object with \"to\"", text)
	}
	v.status, v.redirect = navigated, d.To
	return nil
}

func (v *View) patched(text json.RawMessage) error {
	var d destination
	err := json.Unmarshal(text, &d)
	if err == nil {
		var to *url.URL
		if to, err = v.doc.url.Parse(d.To); err == nil {
			v.doc.url = to
			return nil
		}
	}
	return fmt.Errorf("live_patch %s: %w", text, err)
}
