package livetest

import (
	"encoding/json"
	"fmt"
)

// Frame is one message on the socket, in either direction.
type Frame struct {
	// Sent says that the page sent it; otherwise the server did.
	Sent bool
	// JoinRef and Ref are the references of the join and of the message, "" for
	// null.
	JoinRef, Ref string
	// Topic is the view's topic, "lv:" and its id.
	Topic string
	// Event is the kind of message: "phx_join", "event", "phx_reply", "diff", …
	Event string
	// Payload is a JSON value.
	Payload json.RawMessage
	// Text is the whole message as it travelled.
	Text string
}

// String is the message with an arrow: > sent, < received.
func (f Frame) String() string {
	if f.Sent {
		return "> " + f.Text
	}
	return "< " + f.Text
}

// parseFrame reads a message of the server: a list of five.
func parseFrame(text []byte) (Frame, error) {
	f := Frame{Text: string(text)}
	var joinRef, ref *string
	parts := []any{&joinRef, &ref, &f.Topic, &f.Event, &f.Payload}
	if _, err := parseJSON(text); err != nil { // keys that come twice, bytes that are no text
		return f, fmt.Errorf("frame %s: %w", shorten(f.Text, 400), err)
	}
	n := len(parts)
	if err := json.Unmarshal(text, &parts); err != nil || len(parts) != n {
		return f, fmt.Errorf("frame %s: want [join_ref, ref, topic, event, payload]", shorten(f.Text, 400))
	}
	if joinRef != nil {
		f.JoinRef = *joinRef
	}
	if ref != nil {
		f.Ref = *ref
	}
	return f, nil
}

// newFrame makes a message of the page.
func newFrame(joinRef, ref, topic, event string, payload any) (Frame, error) {
	body, err := encode(payload)
	if err != nil {
		return Frame{}, err
	}
	text, err := encode([]any{joinRef, ref, topic, event, body})
	if err != nil {
		return Frame{}, err
	}
	return Frame{Sent: true, JoinRef: joinRef, Ref: ref, Topic: topic, Event: event, Payload: body, Text: string(text)}, nil
}

// reply is the payload of a phx_reply.
type reply struct {
	Status   string          `json:"status"`
	Response json.RawMessage `json:"response"`
}

func parseReply(f Frame) (reply, error) {
	var r reply
	if err := json.Unmarshal(f.Payload, &r); err != nil || r.Status != "ok" && r.Status != "error" {
		return r, fmt.Errorf("reply %s: want {\"status\":\"ok\" or \"error\",\"response\":{…}}", f.Payload)
	}
	return r, nil
}
