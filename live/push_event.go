package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"bennu/internal/wire"
)

// pushedEvent is an event for the page's script.
type pushedEvent struct {
	name   string
	detail []byte // JSON
	before bool
}

// PushOption changes how an event reaches the page's script.
type PushOption uint8

// BeforePatch dispatches the event before the page shows the changes that came
// with it; otherwise it comes after.
const BeforePatch PushOption = 1

// PushEvent sends an event to the page's script: "phx:"+name on window, whose
// detail is the payload as encoding/json writes it, and to the hooks that
// handle this name. It goes out with the changes that the callback makes.
//
// A payload that can not be encoded is logged as an error with its place, and
// nothing is sent; the view goes on.
func (s *Socket) PushEvent(name string, payload any, how ...PushOption) {
	if name == "" {
		s.ask().fail(errors.New("live: PushEvent without a name, by which the page's script listens"))
		return
	}
	detail, err := json.Marshal(payload)
	if err != nil {
		s.logMistake("event not pushed", slog.String("event", name), slog.Any("err", notJSON("payload", payload, err)))
		return
	}
	e := pushedEvent{name: name, detail: detail}
	for _, h := range how {
		e.before = e.before || h == BeforePatch
	}
	a := s.ask()
	a.events = append(a.events, e)
}

// Reply answers the event being handled: the script's pushEvent gets the value,
// which encoding/json must write as an object, as structs and maps are. A
// callback replies once. In other callbacks nobody waits for it.
func (s *Socket) Reply(value any) {
	text, err := json.Marshal(value)
	if err == nil && (len(text) == 0 || text[0] != '{') {
		err = fmt.Errorf("live: Reply takes what JSON writes as an object, such as a struct or a map, got %T", value)
	}
	if err != nil {
		s.logMistake("reply not sent", slog.Any("err", notJSON("reply", value, err)))
		return
	}
	a := s.ask()
	if a.reply != nil {
		a.fail(fmt.Errorf("live: Reply with %.100s after one with %.100s: an event has one answer; put all of it into one value", text, a.reply))
		return
	}
	a.reply = text
}

// SetTitle changes the title of the page: in the first, dead render that of the
// document, afterwards what the browser shows. It is text, not HTML.
func (s *Socket) SetTitle(title string) { s.ask().title = &title }

// appendEvents appends events in the client's form, as a JSON array.
func appendEvents(dst []byte, events []pushedEvent) []byte {
	dst = append(dst, '[')
	for i, e := range events {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = wire.AppendString(append(dst, '['), e.name)
		dst = append(append(dst, ','), e.detail...)
		if e.before {
			dst = append(dst, ",true"...)
		}
		dst = append(dst, ']')
	}
	return append(dst, ']')
}

// appendExtras appends the members of a diff that are not of the page's tree,
// and forgets what it has written. Dst ends behind the members of the tree;
// empty says that there are none.
func (v *instance) appendExtras(dst []byte, empty bool) []byte {
	e := v.extras
	if e == nil {
		return dst
	}
	member := func(name string) {
		if !empty {
			dst = append(dst, ',')
		}
		empty = false
		dst = append(append(append(dst, '"'), name...), '"', ':')
	}
	if len(e.events) > 0 {
		member("e")
		dst = appendEvents(dst, e.events)
		e.events = nil
	}
	if e.titled {
		member("t")
		dst = wire.AppendString(dst, e.title)
		e.titled = false
	}
	if e.reply != nil {
		member("r")
		dst = append(dst, e.reply...)
		e.reply = nil
	}
	return dst
}
