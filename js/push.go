package js

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"bennu/internal/wire"
)

// PushOption is Value, Values, Target, Loading or PageLoading.
type PushOption interface{ forPush(*push) }

type push struct {
	values          []byte // members of an object, with a comma before each
	target, loading string
	pageLoading     bool
}

// Push sends an event to the view, or to the live component that phx-target
// names.
func Push(event string, how ...PushOption) Commands { return Commands("").Push(event, how...) }

// Push sends an event to the view, or to the live component that phx-target
// names. Its payload has the element's value and its phx-value- attributes, and
// what Value and Values add. In phx-change and phx-submit it is the form, to
// which the values are added.
func (c Commands) Push(event string, how ...PushOption) Commands {
	switch {
	case event == "":
		panic("js: Push: the event has no name")
	case event[0] == '[':
		panic(fmt.Sprintf("js: Push: an event is not named %q: what begins with [ is read as commands", event))
	}
	var p push
	for _, o := range how {
		o.forPush(&p)
	}
	w := c.begin(make(writer, 0, usual), "push")
	w = w.text("event", event)
	if len(p.values) > 0 {
		w = w.name("value")
		w = append(append(append(w, '{'), p.values[1:]...), '}')
	}
	switch {
	case p.target == "":
	case isComponent(p.target):
		w = w.raw("target", p.target)
	default:
		w = w.text("target", p.target)
	}
	if p.loading != "" {
		w = w.text("loading", p.loading)
	}
	if p.pageLoading {
		w = w.raw("page_loading", "true")
	}
	return w.end()
}

// isComponent reports the number of a live component, as live.Target returns it.
func isComponent(target string) bool {
	n, err := strconv.Atoi(target)
	return err == nil && n > 0 && strconv.Itoa(n) == target
}

type valueOption struct {
	name  string
	value any
}

// Value adds a value to the payload under this name, as encoding/json writes
// it. It goes before a phx-value- attribute of the same name.
func Value(name string, value any) PushOption { return valueOption{name, value} }

func (o valueOption) forPush(p *push) {
	p.values = wire.AppendString(append(p.values, ','), o.name)
	p.values = append(append(p.values, ':'), encode("Value of "+o.name, o.value)...)
}

type valuesOption struct{ object any }

// Values adds to the payload what encoding/json writes as an object: the fields
// of a struct, or a map. A handler's own payload type is the surest way to send
// what it takes.
func Values(object any) PushOption { return valuesOption{object} }

func (o valuesOption) forPush(p *push) {
	text := encode("Values", o.object)
	if text[0] != '{' {
		panic(fmt.Sprintf("js: Values: JSON writes a %T as %.40s, want an object, as of a struct or a map", o.object, text))
	}
	if len(text) > len("{}") {
		p.values = append(append(p.values, ','), text[1:len(text)-1]...)
	}
}

type targetOption string

// Target is who gets the event: live.Target(ctx) for the live component whose
// template this is, or a CSS selector: then it goes to the view or component
// around each element that matches, once for each.
func Target(target string) PushOption { return targetOption(target) }

func (o targetOption) forPush(p *push) { p.target = plain("Target", Selector(o)) }

type loadingOption Selector

// Loading are elements that get the class phx-click-loading (or -change-, or
// -submit-) beside the one that the commands are on, until the server has
// answered.
func Loading(selector Selector) PushOption { return loadingOption(selector) }

func (o loadingOption) forPush(p *push) { p.loading = plain("Loading", Selector(o)) }

type pageLoadingOption struct{}

// PageLoading dispatches phx:page-loading-start and -stop around the event, as
// live navigation does, for which the page may show a bar.
func PageLoading() PushOption { return pageLoadingOption{} }

func (pageLoadingOption) forPush(p *push) { p.pageLoading = true }

// plain is a selector for those parts of the client that take no other.
func plain(what string, s Selector) string {
	if s.scoped() {
		panic(fmt.Sprintf("js: %s takes a CSS selector, not Closest or Inner: %s", what, s))
	}
	return string(s)
}

// encode writes a value as JSON, without the escapes that only a <script> needs.
func encode(what string, value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(fmt.Sprintf("js: %s: JSON cannot write a %T: %s", what, value, strings.TrimPrefix(err.Error(), "json: ")))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
