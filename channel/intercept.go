package channel

import (
	"fmt"
	"reflect"
)

// Intercepts are the broadcasts that a channel looks at before its client gets
// them, by event.
type Intercepts map[string]Intercepted

// Intercepted is what [Intercept] makes of a channel's method.
type Intercepted struct {
	run func(*Socket, *broadcast) error
}

// Intercept makes a handler for broadcasts whose payload is a P. The client does
// not get the broadcast: the handler pushes it, or something in its place, or
// nothing. For a broadcast of bytes P is [Data].
//
// A payload that is no P ends the channel: it is the program's own.
func Intercept[P any](f func(*Socket, P) error) Intercepted {
	if f == nil {
		panic(fmt.Sprintf("channel: Intercept wants the method that takes the broadcast, a func(*channel.Socket, %s) error, got nil", reflect.TypeFor[P]()))
	}
	return Intercepted{run: func(s *Socket, b *broadcast) error {
		var p P
		if data, ok := any(&p).(*Data); ok && b.Binary {
			*data = b.Data
			return f(s, p)
		}
		payload := b.JSON
		if payload == nil {
			payload = []byte("{}")
		}
		if b.Binary {
			return fmt.Errorf("a broadcast of bytes, want one of %T", p)
		}
		if err := decode(payload, &p); err != nil {
			return fmt.Errorf("payload of a broadcast is no %T: %v", p, err) // not %w: no client is to be told
		}
		return f(s, p)
	}}
}
