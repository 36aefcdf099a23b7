package client

import (
	"bytes"
	"fmt"
)

// A Message is one message of the server: [join_ref, ref, topic, event,
// payload]. Its parts point into the bytes it was parsed from; a part that was
// null is nil.
type Message struct {
	JoinRef, Ref, Topic, Event []byte
	Payload                    []byte
}

// ParseMessage splits a message without looking into its payload. The first
// four parts are taken to have no escapes, as those that this client made and a
// server sends back.
func ParseMessage(b []byte) (Message, error) {
	var m Message
	if len(b) < 2 || b[0] != '[' || b[len(b)-1] != ']' {
		return m, fmt.Errorf("client: message %.80q, want [join_ref, ref, topic, event, payload]", b)
	}
	rest := b[1 : len(b)-1]
	for _, part := range []*[]byte{&m.JoinRef, &m.Ref, &m.Topic, &m.Event} {
		text, after, ok := cutPart(rest)
		if !ok {
			return m, fmt.Errorf("client: message %.80q, want four strings or null before the payload", b)
		}
		*part, rest = text, after
	}
	m.Payload = rest
	return m, nil
}

// cutPart takes a string or null, and the comma behind it.
func cutPart(b []byte) (text, rest []byte, ok bool) {
	if rest, ok = bytes.CutPrefix(b, []byte("null,")); ok {
		return nil, rest, true
	}
	if len(b) == 0 || b[0] != '"' {
		return nil, nil, false
	}
	end := bytes.IndexByte(b[1:], '"')
	if end < 0 {
		return nil, nil, false
	}
	text = b[1 : 1+end : 1+end]
	rest, ok = bytes.CutPrefix(b[end+2:], []byte(","))
	return text, rest, ok
}

// OK reports whether a reply has the status ok. Servers write the status first
// or last, and nothing that a user typed comes as an unescaped `"status":"ok"`.
func (m Message) OK() bool { return bytes.Contains(m.Payload, []byte(`"status":"ok"`)) }

// AnswersTo reports whether the message is the reply to that ref.
func (m Message) AnswersTo(ref []byte) bool {
	return string(m.Event) == "phx_reply" && bytes.Equal(m.Ref, ref)
}
