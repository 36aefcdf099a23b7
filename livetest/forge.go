package livetest

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// Forged is what has come of an event that was made up.
type Forged struct {
	// Crashed says that the view has ended, as by the error of a handler that
	// refuses, or because nobody takes the event. Rejoin goes on.
	Crashed bool
	// Changed says that the page shows something else than before.
	Changed bool
	// Reply is what the handler replied with, nil for nothing.
	Reply json.RawMessage
}

// Forge sends an event as somebody does who speaks to the socket himself: any
// name, with any payload, whatever the page offers. It is how tests show that a
// handler asks who may do what it does. A payload of [url.Values] comes as a
// form does, any other as JSON.
//
// Unlike other actions it does not fail the test when the view crashes; what
// has come of it is returned.
func (v *View) Forge(event string, payload any) Forged {
	v.t.Helper()
	return v.forge(target{view: v}, event, payload)
}

// Forge is [View.Forge] for the live component in which the element stands,
// whether or not the element sends anything; without one it is for the view
// that the element is of.
func (e *Element) Forge(event string, payload any) Forged {
	e.t.Helper()
	n := e.acting("forge an event from")
	to := target{}
	var err error
	if to.view, err = e.v.owner(n); err != nil {
		e.t.Fatalf("livetest: forged event %q from %s: %v", event, e, err)
	}
	if around := to.view.componentAround(n); !around.IsZero() {
		to.cid, _ = cidOf(around)
	}
	return e.v.forge(to, event, payload)
}

func (v *View) forge(to target, event string, payload any) Forged {
	v.t.Helper()
	p := eventPayload{Type: "hook", Event: event, CID: to.cid}
	var err error
	if fields, ok := payload.(url.Values); ok {
		p.Type = "form"
		p.Value, err = encode(fields.Encode())
	} else {
		p.Value, err = encode(payload)
	}
	if err != nil {
		v.t.Fatalf("livetest: forged event %q: payload: %v", event, err)
	}
	before := v.HTML()
	expecting := to.view.expecting
	to.view.expecting = true
	response, err := to.view.push("event", p, fmt.Sprintf("the forged event %q", event))
	to.view.expecting = expecting
	if err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
	f := Forged{Crashed: to.view.status == crashed}
	if f.Crashed {
		return f
	}
	if f.Reply, err = replyIn(event, response); err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
	f.Changed = v.HTML() != before
	return f
}
