package transport

import (
	"bennu/internal/wire"
	"bennu/live"
)

// message copies what a receiver keeps into one allocation.
func message(f *wire.Frame, binary bool, waiting *live.Backlog) live.Message {
	kept := make([]byte, len(f.Ref)+len(f.Payload))
	n := copy(kept, f.Ref)
	copy(kept[n:], f.Payload)
	m := live.Message{Event: event(f.Event), Payload: kept[n:], Binary: binary, Waiting: waiting}
	if f.Ref != nil {
		m.Ref = kept[:n:n]
	}
	return m
}

// event is the string of an event's name, without a copy for the usual ones.
func event(name []byte) string {
	switch string(name) {
	case "event":
		return "event"
	case "live_patch":
		return "live_patch"
	case "cids_will_destroy":
		return "cids_will_destroy"
	case "cids_destroyed":
		return "cids_destroyed"
	case "allow_upload":
		return "allow_upload"
	case "progress":
		return "progress"
	case "chunk":
		return "chunk"
	}
	return string(name)
}
