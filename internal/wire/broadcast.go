package wire

import "sync"

// A Broadcast is one message for all who have joined a topic, on whichever
// connections: its text is the same for all of them, for it belongs to no
// instance of the topic. What a kind of connection makes of it is made once and
// then shared. It is not changed once it is made.
type Broadcast struct {
	Topic, Event string
	// Payload is one JSON value, nil for {}, or any bytes if Binary is set.
	Payload []byte
	Binary  bool

	forms [forms]struct {
		once sync.Once
		b    []byte
	}
}

// The kinds of connections that have a form of a broadcast.
const (
	FramedForm = iota // a frame of a WebSocket
	PolledForm        // a string in the answer to a poll
	forms
)

// Form is what kind of a connection sends, which encode makes the first time.
// Nobody may change it.
func (b *Broadcast) Form(kind int, encode func(*Broadcast) []byte) []byte {
	f := &b.forms[kind]
	f.once.Do(func() { f.b = encode(b) })
	return f.b
}

// AppendBroadcast appends the message as text, or as a binary message.
func AppendBroadcast(dst []byte, b *Broadcast) []byte {
	if b.Binary {
		return AppendBinaryBroadcast(dst, []byte(b.Topic), b.Event, b.Payload)
	}
	return AppendPush(dst, nil, []byte(b.Topic), b.Event, b.Payload)
}
