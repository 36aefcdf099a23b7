package livetest

import (
	"encoding/json"
	"fmt"
)

// Event sends an event with any name and payload, as a script's pushEvent does,
// whatever the page shows: what an attacker can do, too. It waits for the
// answer, and returns what the handler replied with, nil for nothing.
func (v *View) Event(name string, payload any) json.RawMessage {
	v.t.Helper()
	text, err := encode(payload)
	if err != nil {
		v.t.Fatalf("livetest: event %q: payload: %v", name, err)
	}
	reply, err := v.hookEvent(name, text, 0)
	if err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
	return reply
}

// hookEvent sends an event as a hook does and returns the handler's reply.
func (v *View) hookEvent(name string, value json.RawMessage, cid int) (json.RawMessage, error) {
	response, err := v.push("event", eventPayload{Type: "hook", Event: name, Value: value, CID: cid}, fmt.Sprintf("the event %q", name))
	if err != nil {
		return nil, err
	}
	return replyIn(name, response)
}

// replyIn is what a handler replied with, in the answer to its event.
func replyIn(event string, response json.RawMessage) (json.RawMessage, error) {
	if response == nil {
		return nil, nil
	}
	var r struct {
		Diff struct {
			R json.RawMessage `json:"r"`
		} `json:"diff"`
	}
	if err := json.Unmarshal(response, &r); err != nil {
		return nil, fmt.Errorf("event %q: reply %s: %w", event, response, err)
	}
	return r.Diff.R, nil
}

// eventPayload is the payload of the message "event".
type eventPayload struct {
	Type    string          `json:"type"`
	Event   string          `json:"event"`
	Value   json.RawMessage `json:"value"`
	Meta    json.RawMessage `json:"meta,omitempty"`
	Uploads *struct{}       `json:"uploads,omitempty"`
	CID     int             `json:"cid,omitempty"`
}
