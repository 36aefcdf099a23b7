package wire

import "unicode/utf8"

// An Event is the payload of an "event" message. Its fields are parts of the
// payload. All of them are a client's claim: any client can send any name with
// any value at any time.
type Event struct {
	// Type is "click", "form", "hook", …; nil for null. Only "form" has a
	// meaning here: Value is then a string that holds an encoded form.
	Type []byte
	// Name is the name of the app's event.
	Name []byte
	// Value is one JSON value, nil when there was none.
	Value []byte
	// Meta and Uploads are the JSON values of these members, nil when absent.
	Meta    []byte
	Uploads []byte
	// CID is the component that the event is for, when HasCID.
	CID    int
	HasCID bool
}

// Form reports whether Value is an encoded form.
func (e *Event) Form() bool { return string(e.Type) == "form" }

// ParseEvent reads the payload of an "event" message. The name is required;
// unknown members are ignored. Invalid UTF-8 is refused, which a binary frame
// could smuggle in. It allocates nothing unless a key, the type or
// the name is written with escape sequences.
func ParseEvent(payload []byte) (Event, error) {
	if !utf8.Valid(payload) {
		return Event{}, errNotUTF8
	}
	var e Event
	m := members{scanner: scanner{data: payload}}
	named := false
	for {
		key, value, more := m.next()
		if !more {
			break
		}
		var ok bool
		switch string(key) {
		case "type":
			if e.Type, ok = textOf(value, true); !ok {
				return Event{}, &FieldError{"type", "a string or null", kind(value)}
			}
		case "event":
			if e.Name, ok = textOf(value, false); !ok {
				return Event{}, &FieldError{"event", "a string", kind(value)}
			}
			named = true
		case "value":
			e.Value = value
		case "meta":
			e.Meta = value
		case "uploads":
			e.Uploads = value
		case "cid":
			e.CID, e.HasCID = 0, string(value) != "null"
			if !e.HasCID {
				continue
			}
			if e.CID, ok = Int(value); !ok {
				return Event{}, &FieldError{"cid", "an integer", kind(value) + " that is none"}
			}
		}
	}
	if m.err != nil {
		return Event{}, m.err
	}
	if !named {
		return Event{}, &FieldError{"event", "a string", "nothing"}
	}
	return e, nil
}

// textOf decodes a JSON string, or null where that is allowed, without copying
// it when it has no escape sequences.
func textOf(raw []byte, null bool) (text []byte, ok bool) {
	s := scanner{data: raw}
	if null {
		text = s.textOrNull("a string or null")
	} else {
		text = s.text("a string")
	}
	s.end()
	return text, s.err == nil
}
