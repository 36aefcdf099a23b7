package live

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"bennu/form"
	"bennu/internal/logs"
	"bennu/internal/nearest"
)

// Events are the events that a view takes, by name, each with its handler.
//
// Any client can send any of them at any time, with any payload and as often as
// it likes, whatever the page shows: handlers check what this user may do. A
// message that comes twice is handled twice, so that a handler that moves money
// makes sure itself that it does so once.
//
// A panic of a handler ends its view and nothing else. One of a goroutine that
// a handler starts by a bare go statement ends the whole program, which Go lets
// nobody prevent; work in the background is for [Go].
type Events map[string]Handler

// Handler is what [On] and [Do] make of a view's method. The zero Handler
// refuses every event.
type Handler struct {
	run func(*Socket, payload) error
}

// payload is what came with an event, not yet decoded.
type payload struct {
	form  bool
	query string // of a form event: the encoded form
	meta  []byte // and what the client says beside it, as a JSON object
	json  []byte // of any other: a JSON value
}

// On makes a handler whose payload is decoded into a P by package form: for
// struct{ Number int } the attribute phx-value-number="2" sets Number to 2.
// Unknown keys are ignored and missing ones leave the zero value.
//
// A payload that does not decode ends the view with an error that names the
// key. For form events it does not: what could be decoded is handed over and
// [Socket.FormErrors] has the rest, so that half-typed input costs nothing. With
// the fields of a form come the phx-value- attributes of its element, which take
// the place of fields of the same name, and with a change which input it was:
//
//	Target []string `form:"_target"` // user, name for the input user[name]
//
// On panics when P can not be decoded at all, say because it has a channel field.
func On[P any](f func(*Socket, P) error) Handler {
	if f == nil {
		panic(fmt.Sprintf("live: On wants the method that handles the event, a func(*live.Socket, %s) error, got nil", reflect.TypeFor[P]()))
	}
	d, err := form.For[P]() // compiled once per type, then looked up
	if err != nil {
		panic(err)
	}
	if of := reflect.TypeFor[P](); hidesAll(of) {
		panic(fmt.Sprintf("live: On: nothing of a payload could get into %s, which has fields and none of them exported; begin their names with a capital", of))
	}
	return Handler{run: func(s *Socket, in payload) error {
		var p P
		var err error
		if in.form {
			var query string
			if query, err = formQuery(in.query, in.meta); err == nil {
				err = d.Query(query, &p)
			}
			if errors.As(err, &s.formErrors) {
				err = nil
			}
		} else {
			err = d.JSON(in.json, &p)
			if of := reflect.TypeFor[P](); err != nil && bytes.HasPrefix(in.json, []byte("{")) && takesNoNames(of) {
				return fmt.Errorf("payload: the element sends values by their names, and the handler takes one %s; take a struct with a field for each", of)
			}
		}
		if err != nil {
			return fmt.Errorf("payload: %w", withoutValues(err))
		}
		return f(s, p)
	}}
}

// hidesAll reports whether a type is a struct whose fields are all unexported.
func hidesAll(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.NumField() == 0 || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return false
	}
	for f := range t.Fields() {
		if f.IsExported() || f.Anonymous {
			return false
		}
	}
	return true
}

// takesNoNames reports whether a type has no place for values with names, as
// only the script of a hook sends it.
func takesNoNames(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Interface, reflect.Pointer:
		return false
	}
	return true
}

// decode reads the payload into what a pointer points to.
func (in payload) decode(into any) error {
	var err error
	if in.form {
		var query string
		if query, err = formQuery(in.query, in.meta); err == nil {
			err = form.DecodeQuery(query, into)
		}
	} else {
		err = form.DecodeJSON(in.json, into)
	}
	if err != nil {
		return fmt.Errorf("payload: %w", withoutValues(err))
	}
	return nil
}

// withoutValues is an error of package form without the values that came: they
// are a user's, and the error goes to a log.
func withoutValues(err error) error {
	fields, ok := errors.AsType[form.Errors](err)
	if !ok {
		return err
	}
	for i, f := range fields {
		fields[i].Message, _, _ = strings.Cut(f.Message, ", got ")
	}
	return fields
}

// Do makes a handler that takes no payload; what comes is ignored.
func Do(f func(*Socket) error) Handler {
	if f == nil {
		panic("live: Do wants the method that handles the event, a func(*live.Socket) error, got nil")
	}
	return Handler{run: func(s *Socket, _ payload) error { return f(s) }}
}

// unknownEvent is the error of an event that the view does not take, or the live
// component if that is not nil.
func unknownEvent(c *component, name string, events Events) error {
	name = logs.Cut(name, 100)
	who := "the view"
	if c != nil {
		who = "component " + c.of.String()
	}
	if len(events) == 0 {
		return fmt.Errorf("no handler for it: %s takes no events; add it to its Events", who)
	}
	names := slices.Sorted(maps.Keys(events))
	hint := ""
	if near := nearest.Name(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("no handler for it: %s takes only %s%s", who, strings.Join(names, ", "), hint)
}
