package livetest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"bennu/internal/htmltree"
)

// Element is the one element of a view that a selector and a text name. It is
// looked up anew at each use, so it stays good while the page changes.
type Element struct {
	v        *View
	selector string
	text     []string
}

// Element is the element that matches the CSS selector and, if given, contains
// the text; of several, the one whose whole text it is. None or more than one
// fail the test, with what there is instead.
func (v *View) Element(selector string, text ...string) *Element {
	v.t.Helper()
	e := &Element{v: v, selector: selector, text: text}
	e.node()
	return e
}

// node looks the element up.
func (e *Element) node() htmltree.Node {
	e.v.t.Helper()
	e.v.settle()
	all, matching, err := e.v.find(e.selector, e.text)
	if err != nil {
		e.v.t.Fatalf("livetest: %v", err)
	}
	if len(matching) != 1 {
		e.v.t.Fatalf("livetest: %s", e.v.notOne(e, all, matching))
	}
	return matching[0]
}

// String is the selector, and the text if there is one.
func (e *Element) String() string {
	s := strconv.Quote(e.selector)
	for _, t := range e.text {
		s += " with the text " + strconv.Quote(t)
	}
	return s
}

// Text is the text that the element shows.
func (e *Element) Text() string {
	e.v.t.Helper()
	return e.node().Text()
}

// HTML is the element with its tag.
func (e *Element) HTML() string {
	e.v.t.Helper()
	return e.node().Outer()
}

// Attr is the value of an attribute, and whether the element has it.
func (e *Element) Attr(name string) (string, bool) {
	e.v.t.Helper()
	return e.node().Attr(name)
}

// Click clicks the element and waits for the answer of the view, after which
// the page shows what the click has changed. The element must have phx-click
// and must not be disabled. An event that crashes the view fails the test,
// outside of [View.ExpectCrash]; so does one that the view does not handle.
func (e *Element) Click() {
	e.v.t.Helper()
	n := e.node()
	event, ok := n.Attr("phx-click")
	switch {
	case !ok:
		e.v.t.Fatalf("livetest: cannot click %s: it has no phx-click%s\n  %s", e, bearer(n), shorten(n.Outer(), 400))
	case n.Disabled():
		e.v.t.Fatalf("livetest: cannot click %s: it is disabled\n  %s", e, shorten(n.Outer(), 400))
	case event == "" || strings.HasPrefix(event, "["):
		e.v.t.Fatalf("livetest: cannot click %s: its phx-click is no event but %q, which only a browser can run", e, event)
	}
	value, err := clickValue(n)
	if err == nil {
		err = e.v.send(n, "click", event, value, fmt.Sprintf("the event %q by a click on %s", event, openTag(n)))
	}
	if err != nil {
		e.v.t.Fatalf("livetest: click %s: %v", e, err)
	}
}

// bearer names an element around n that would take its clicks in a browser.
func bearer(n htmltree.Node) string {
	around, err := n.Closest("[phx-click]")
	if err != nil || around.IsZero() {
		return ""
	}
	return "; a browser gives its clicks to " + openTag(around) + ", click that"
}

// send pushes an event once for each place that phx-target names; without
// phx-target that is the view.
func (v *View) send(n htmltree.Node, kind, event string, value json.RawMessage, what string) error {
	targets, err := v.targets(n)
	if err != nil {
		return err
	}
	for _, cid := range targets {
		if _, err := v.push("event", eventPayload{Type: kind, Event: event, Value: value, CID: cid}, what); err != nil {
			return err
		}
	}
	return nil
}

// targets are the components that an element's events go to, 0 for the view.
func (v *View) targets(n htmltree.Node) ([]int, error) {
	target, ok := n.Attr("phx-target")
	if !ok {
		return []int{0}, nil
	}
	if cid, err := strconv.Atoi(target); err == nil {
		found, err := v.doc.container.Find(`[data-phx-component="` + strconv.Itoa(cid) + `"]`)
		if err != nil || found.IsZero() {
			return nil, fmt.Errorf("phx-target is component %d, which is not on the page", cid)
		}
		return []int{cid}, nil
	}
	found, err := v.doc.container.All(target)
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("phx-target %q matches nothing in the view (%v)", target, err)
	}
	var cids []int
	for _, f := range found {
		around, err := f.Closest("[data-phx-component]")
		if err != nil || around.IsZero() {
			cids = append(cids, 0)
			continue
		}
		mark, _ := around.Attr("data-phx-component")
		cid, err := strconv.Atoi(mark)
		if err != nil {
			return nil, fmt.Errorf("data-phx-component is %q", mark)
		}
		cids = append(cids, cid)
	}
	return cids, nil
}

// clickValue is the value of a click: the phx-value-* attributes in their order
// and then the property value of those elements that have one.
func clickValue(n htmltree.Node) (json.RawMessage, error) {
	var o orderedObject
	property, has := valueProperty(n)
	for attr, value := range n.Attrs() {
		name, ok := strings.CutPrefix(attr, "phx-value-")
		if ok && !(has && name == "value") {
			o.add(name, value)
		}
	}
	if has {
		o.add("value", property)
	}
	return o.bytes()
}

// valueProperty is what a script reads as the element's value, if it has one.
func valueProperty(n htmltree.Node) (any, bool) {
	value, has := n.Attr("value")
	kind, _ := n.Attr("type")
	switch n.Tag() {
	case "button", "data":
		return value, true
	case "input":
		if kind == "checkbox" || kind == "radio" {
			if !has {
				value = "on"
			}
			return value, n.Has("checked")
		}
		return value, true
	case "li":
		number, err := strconv.Atoi(value)
		if err != nil {
			number = 0
		}
		return number, true
	case "option":
		if !has {
			value = n.Text()
		}
		return value, true
	case "textarea":
		return n.RawText(), true
	}
	return nil, false
}
