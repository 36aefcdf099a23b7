package js

import "bennu/internal/wire"

// Commands is a list of commands, encoded as the client reads it. The zero value
// has none. It may be the value of any attribute that takes an event
// (phx-click, phx-mounted, …), part of the payload of a pushed event, and the
// value of an attribute that [Exec] names.
type Commands string

// Then returns the commands of c, and after them those of next.
func (c Commands) Then(next Commands) Commands {
	switch {
	case c == "":
		return next
	case next == "":
		return c
	}
	return c[:len(c)-1] + "," + next[1:]
}

// MarshalJSON writes the commands as a list, for payloads of events.
func (c Commands) MarshalJSON() ([]byte, error) {
	if c == "" {
		return []byte("[]"), nil
	}
	return []byte(c), nil
}

// writer is a list of commands in the making. Its methods append to it, as
// append does, so that it may stay on the stack of whoever writes it.
type writer []byte

// usual is the room for commands that need no memory of their own until they
// are a string.
const usual = 256

// begin begins one more command behind those of c. Its arguments are an object,
// whose members are written in the order of the calls.
func (c Commands) begin(w writer, op string) writer {
	if c == "" {
		w = append(w, '[')
	} else {
		w = append(append(w, c[:len(c)-1]...), ',')
	}
	return append(append(append(w, `["`...), op...), `",{`...)
}

func (w writer) end() Commands { return Commands(append(w, "}]]"...)) }

// name begins a member. Names are this package's own.
func (w writer) name(name string) writer {
	if w[len(w)-1] != '{' {
		w = append(w, ',')
	}
	return append(append(append(w, '"'), name...), `":`...)
}

func (w writer) text(name, value string) writer {
	return wire.AppendString(w.name(name), value)
}

func (w writer) raw(name, value string) writer {
	return append(w.name(name), value...)
}

// list writes the words of a text, such as class names.
func (w writer) list(name string, words []string) writer { return w.name(name).words(words) }

func (w writer) words(words []string) writer {
	w = append(w, '[')
	for i, word := range words {
		if i > 0 {
			w = append(w, ',')
		}
		w = wire.AppendString(w, word)
	}
	return append(w, ']')
}
