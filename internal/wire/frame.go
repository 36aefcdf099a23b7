package wire

// A Frame is one message. Its fields are parts of the message it was parsed
// from, so they are good for as long as that is unchanged.
type Frame struct {
	JoinRef []byte // nil: null
	Ref     []byte // nil: null
	Topic   []byte
	Event   []byte
	// Payload is one JSON value, or the raw bytes of a binary frame.
	Payload []byte
}

// Parse splits a text message. More than five elements are allowed and the
// others ignored, as the reference server does.
//
// Without escape sequences in the first four elements it allocates nothing.
func Parse(msg []byte) (Frame, error) {
	s := scanner{data: msg}
	var f Frame
	s.take('[', "an array of five elements")
	f.JoinRef = s.textOrNull("join_ref, a string or null")
	s.take(',', "a comma after join_ref")
	f.Ref = s.textOrNull("ref, a string or null")
	s.take(',', "a comma after ref")
	f.Topic = s.text("topic, a string")
	s.take(',', "a comma after topic")
	f.Event = s.text("event, a string")
	s.take(',', "a comma after event")
	f.Payload = s.value(1)
	for s.err == nil && s.peek() == ',' {
		s.pos++
		s.value(1)
	}
	s.take(']', "the end of the array")
	s.end()
	if s.err != nil {
		return Frame{}, s.err
	}
	return f, f.check()
}

// check holds the header to its limits.
func (f *Frame) check() error {
	switch {
	case len(f.JoinRef) > MaxRef:
		return tooLong("join_ref", len(f.JoinRef), MaxRef)
	case len(f.Ref) > MaxRef:
		return tooLong("ref", len(f.Ref), MaxRef)
	case len(f.Topic) > MaxName:
		return tooLong("topic", len(f.Topic), MaxName)
	case len(f.Event) > MaxName:
		return tooLong("event", len(f.Event), MaxName)
	}
	return nil
}
