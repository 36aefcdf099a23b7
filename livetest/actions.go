package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"bennu/internal/htmltree"
)

// Event sends an event with any name and payload, as a hook's pushEvent does,
// whatever the page shows: what an attacker can do, too. It waits for the
// answer, and returns what the handler replied with, nil for nothing.
func (v *View) Event(name string, payload any) json.RawMessage {
	v.t.Helper()
	text, err := encode(payload)
	if err != nil {
		v.t.Fatalf("livetest: event %q: payload: %v", name, err)
	}
	response, err := v.push("event", eventPayload{Type: "hook", Event: name, Value: text}, fmt.Sprintf("the event %q", name))
	if err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
	var r struct {
		Diff struct {
			R json.RawMessage `json:"r"`
		} `json:"diff"`
	}
	if err := json.Unmarshal(response, &r); response != nil && err != nil {
		v.t.Fatalf("livetest: event %q: reply %s: %v", name, response, err)
	}
	return r.Diff.R
}

// eventPayload is the payload of the message "event".
type eventPayload struct {
	Type  string          `json:"type"`
	Event string          `json:"event"`
	Value json.RawMessage `json:"value"`
	CID   int             `json:"cid,omitempty"`
}

// RequireText fails the test if the view does not show the text. If it is not
// there yet, RequireText first waits for what the server may still send, until
// the deadline. White space counts as one space, whatever it is.
func (v *View) RequireText(text string) {
	v.t.Helper()
	v.settle()
	want := htmltree.Squeeze(text)
	shown := func() bool { return contains(v.doc.container.Text(), want) }
	if !shown() && v.status == joined && !v.closed {
		err := v.wait("change", func() bool { return shown() || v.status != joined })
		if err != nil && !errors.Is(err, errSilence) {
			v.t.Fatalf("livetest: while waiting for the text %q: %v", text, err)
		}
	}
	if shown() {
		return
	}
	v.t.Fatalf("livetest: the view does not show the text %q; it shows\n  %s\nin\n%s", text, shorten(v.doc.container.Text(), 500), v.excerpt())
}

// RefuteText fails the test if the view shows the text now.
func (v *View) RefuteText(text string) {
	v.t.Helper()
	v.settle()
	if contains(v.doc.container.Text(), htmltree.Squeeze(text)) {
		v.t.Fatalf("livetest: the view shows the text %q; it shows\n  %s", text, shorten(v.doc.container.Text(), 500))
	}
}

// Has reports whether the view has an element that matches the CSS selector
// and contains the text, if given. Several will do.
func (v *View) Has(selector string, text ...string) bool {
	v.t.Helper()
	v.settle()
	_, matching, err := v.find(selector, text)
	if err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
	return len(matching) > 0
}

// ExpectCrash runs f and fails the test if the view does not crash by it. The
// page keeps what it shows; Rejoin goes on as the client would.
func (v *View) ExpectCrash(f func()) {
	v.t.Helper()
	v.expecting = true
	defer func() { v.expecting = false }()
	f()
	if v.status == crashed {
		return
	}
	if v.socket == nil || v.closed {
		v.t.Fatalf("livetest: expected a crash of the view, but its connection ended")
	}
	if err := v.wait("crash of the view, which is expected,", func() bool { return v.status == crashed }); err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
}

// Rejoin joins the view again, with the tokens of the page, as the client does
// by itself after a crash and after a lost connection. The page then shows a
// view that was mounted anew.
func (v *View) Rejoin() {
	v.t.Helper()
	if err := v.rejoin(); err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
}

func (v *View) rejoin() error {
	switch {
	case v.closed:
		return fmt.Errorf("the View is closed")
	case v.status == joined:
		return fmt.Errorf("the view is joined; Rejoin is for after a crash or Disconnect")
	case v.status == navigated:
		return fmt.Errorf("the view has sent the page away to %s", v.redirect)
	}
	if v.socket == nil {
		if err := v.connect(); err != nil {
			return err
		}
	}
	v.status, v.refused = joining, nil
	v.joinRef = v.nextRef()
	payload := v.join()
	v.attempts++
	if _, err := v.request(v.joinRef, "phx_join", payload, "the join"); err != nil {
		return err
	}
	if v.refused != nil && !v.opts.AllowJoinError {
		return v.joinError()
	}
	return nil
}

// Disconnect cuts the connection, as a network does. Rejoin connects again.
func (v *View) Disconnect() {
	v.t.Helper()
	v.settle()
	if v.closed || v.socket == nil {
		v.t.Fatalf("livetest: Disconnect: there is no connection")
	}
	v.hangUp()
	if v.status == crashed {
		v.status = joining
	}
}

// Close leaves the page: the view ends before Close returns, and what had come
// from the server until then must be no surprise. It is called at the end of
// the test if the test has not; a second call does nothing.
func (v *View) Close() {
	v.t.Helper()
	if v.closed {
		return
	}
	err := v.drain()
	if err == nil && v.socket != nil && v.status == joined {
		err = v.leave()
	}
	v.closed = true
	if v.socket != nil {
		v.socket.close()
	}
	v.site.close()
	if err != nil && !v.t.Failed() {
		v.t.Errorf("livetest: at the end of the test: %v", err)
	}
}

// leave tells the server that the page is left, and waits for its word.
func (v *View) leave() error {
	f, err := newFrame(v.joinRef, v.nextRef(), v.topic(), "phx_leave", struct{}{})
	if err != nil {
		return err
	}
	v.frames = append(v.frames, f)
	if err := v.socket.send([]byte(f.Text)); err != nil {
		return err
	}
	timer := time.NewTimer(v.opts.Deadline)
	defer timer.Stop()
	for {
		text, ok, err := v.socket.take()
		switch {
		case ok:
			in, err := parseFrame(text)
			if err != nil {
				return err
			}
			v.frames = append(v.frames, in)
			if in.Event == "phx_reply" && in.Ref == f.Ref {
				return nil
			}
			if in.Event == "phx_error" && in.JoinRef == v.joinRef {
				return v.crashError()
			}
			continue
		case err != nil:
			return err
		}
		select {
		case <-v.socket.wake:
		case <-v.socket.done:
		case <-timer.C:
			return fmt.Errorf("no answer to phx_leave within %v: is a handler still busy?", v.opts.Deadline)
		}
	}
}
