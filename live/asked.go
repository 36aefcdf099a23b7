package live

import "encoding/json"

// Asked is what a callback has asked its Socket for, as tests of a handler that
// is called as the plain method that it is want to see it.
type Asked struct {
	// Patch, Navigate and Redirect are where the browser is to go: one of them
	// at most is not empty. Replace says that the address takes the place of the
	// present one.
	Patch, Navigate, Redirect string
	Replace                   bool
	// Flash are the messages that were put, by kind; ClearedFlash are the kinds
	// that were cleared, "" among them for all.
	Flash        map[string]string
	ClearedFlash []string
	// Title is what SetTitle said last, "" for nothing.
	Title string
	// Events are those for the page's script, in order.
	Events []AskedEvent
	// Reply is the answer to the event as JSON, nil for none.
	Reply json.RawMessage
	// Tasks are the names of those that Go begins, and for Load "load" and the
	// type of the value.
	Tasks []string
	// Err is the first mistake in asking, such as a Redirect to another host.
	// The runtime makes it the callback's error.
	Err error
}

// AskedEvent is an event for the page's script.
type AskedEvent struct {
	Name        string
	Payload     json.RawMessage
	BeforePatch bool
}

// Asked tells what the callback has asked for so far. It is for tests, which
// hand a zero Socket to a handler and look at what it wanted:
//
//	s := new(live.Socket)
//	if err := form.save(s, values); err != nil {
//		t.Fatal(err)
//	}
//	if got := s.Asked().Navigate; got != "/orders/1" {
//		t.Errorf("navigates to %q", got)
//	}
func (s *Socket) Asked() Asked {
	a := s.asks
	if a == nil {
		return Asked{}
	}
	asked := Asked{Reply: a.reply, Tasks: a.started, Err: a.err}
	if a.title != nil {
		asked.Title = *a.title
	}
	for _, c := range a.flash {
		if c.clear {
			asked.ClearedFlash = append(asked.ClearedFlash, c.kind)
		}
	}
	change(&asked.Flash, a.flash)
	for _, e := range a.events {
		asked.Events = append(asked.Events, AskedEvent{e.name, e.detail, e.before})
	}
	if a.move != nil {
		asked.Replace = a.move.replace
		switch a.move.kind {
		case patchMove:
			asked.Patch = a.move.to
		case navigateMove:
			asked.Navigate = a.move.to
		default:
			asked.Redirect = a.move.to
		}
	}
	return asked
}
