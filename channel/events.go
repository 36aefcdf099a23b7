package channel

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"bennu/internal/logs"
	"bennu/internal/nearest"
)

// Events are the events that a channel takes, by name, each with its handler.
//
// The client can send any of them at any time, with any payload and as often as
// it likes: handlers check what this user may do.
type Events map[string]Event

// Event is what [On], [Do] and [OnData] make of a channel's method. The zero
// Event refuses.
type Event struct {
	run    func(*Socket, []byte) error
	binary bool // takes bytes, the others JSON
}

// On makes a handler whose payload is decoded into a P by package encoding/json.
// What does not decode is answered with an error that names the field, and the
// handler is not called.
func On[P any](f func(*Socket, P) error) Event {
	if f == nil {
		panic(fmt.Sprintf("channel: On wants the method that handles the event, a func(*channel.Socket, %s) error, got nil", reflect.TypeFor[P]()))
	}
	return Event{run: func(s *Socket, payload []byte) error {
		var p P
		if err := decode(payload, &p); err != nil {
			return err
		}
		return f(s, p)
	}}
}

// Do makes a handler that takes no payload; what comes is ignored.
func Do(f func(*Socket) error) Event {
	if f == nil {
		panic("channel: Do wants the method that handles the event, a func(*channel.Socket) error, got nil")
	}
	return Event{run: func(s *Socket, _ []byte) error { return f(s) }}
}

// OnData makes a handler that takes bytes: what the client pushes as an
// ArrayBuffer. The handler may keep them.
func OnData(f func(*Socket, Data) error) Event {
	if f == nil {
		panic("channel: OnData wants the method that handles the event, a func(*channel.Socket, channel.Data) error, got nil")
	}
	return Event{binary: true, run: func(s *Socket, data []byte) error { return f(s, data) }}
}

// Data is a payload of any bytes in place of JSON: the client gets and sends it
// as an ArrayBuffer. Over long polling, which carries text only, what it gets is
// a string in base64.
type Data []byte

// handle runs the handler of an event.
func (e Events) handle(s *Socket, name string, payload []byte, binary bool) (known bool, err error) {
	h, known := e[name]
	switch {
	case !known:
		return false, Refuse("unknown event")
	case h.run == nil:
		return true, fmt.Errorf("channel: event %q has the zero Event for a handler; make it by channel.On, Do or OnData", name)
	case h.binary && !binary:
		return true, Refuse("want binary data")
	case binary && !h.binary:
		return true, Refuse("want JSON")
	}
	return true, h.run(s, payload)
}

// unknownEvent says to the developer which event was not found.
func (e Events) unknownEvent(name string) string {
	name = logs.Cut(name, 100)
	names := slices.Sorted(maps.Keys(e))
	switch near := nearest.Name(name, names); {
	case near != "":
		return fmt.Sprintf("%q, did you mean %q?", name, near)
	case len(names) == 0:
		return fmt.Sprintf("%q, the channel has none", name)
	}
	return fmt.Sprintf("%q, the channel has %s", name, strings.Join(names, ", "))
}

// encode makes the payload of a message: JSON, nil for {}, or bytes.
func encode(payload any) (b []byte, binary bool, err error) {
	switch p := payload.(type) {
	case nil:
		return nil, false, nil
	case Data:
		return p, true, nil
	}
	b, err = json.Marshal(payload)
	return b, false, err
}
