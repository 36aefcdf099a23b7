package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bennu/internal/htmltree"
)

// exec does what the value of a phx- attribute says: it sends the event of that
// name, or runs the commands that it is as JSON. Data is what the browser adds.
func (v *View) exec(n htmltree.Node, kind, value string, data map[string]any) error {
	if !strings.HasPrefix(value, "[") {
		return v.pushFrom(n, kind, value, command{}, data)
	}
	sent, err := v.run(n, kind, value, data, 0)
	if err == nil && !sent {
		return fmt.Errorf("its commands %s send nothing to the server; what they change on the page only a browser can show", value)
	}
	return err
}

// command are the arguments of those commands that concern the server.
type command struct {
	Event   string         `json:"event"`
	Target  any            `json:"target"`
	Value   map[string]any `json:"value"`
	Href    string         `json:"href"`
	Replace bool           `json:"replace"`
	Attr    any            `json:"attr"`
	To      any            `json:"to"`
}

// mostNested is how far exec commands may lead to each other.
const mostNested = 20

// run runs commands; sent says that one of them reached the server.
func (v *View) run(n htmltree.Node, kind, value string, data map[string]any, depth int) (sent bool, err error) {
	if depth > mostNested {
		return false, errors.New("the command exec leads to itself")
	}
	var chain [][]json.RawMessage
	if err := json.Unmarshal([]byte(value), &chain); err != nil {
		return false, fmt.Errorf("the commands %s: %w; want [[name, {arguments}], …]", value, err)
	}
	for _, c := range chain {
		var op string
		var args command
		if len(c) != 2 || json.Unmarshal(c[0], &op) != nil || json.Unmarshal(c[1], &args) != nil {
			return sent, fmt.Errorf("the commands %s: want [[name, {arguments}], …]", value)
		}
		did, err := v.runOne(n, kind, op, args, data, depth)
		sent = sent || did
		if err != nil {
			return sent, fmt.Errorf("the command %s: %w", op, err)
		}
		if v.away != nil {
			return sent, nil
		}
	}
	return sent, nil
}

func (v *View) runOne(n htmltree.Node, kind, op string, args command, data map[string]any, depth int) (sent bool, err error) {
	switch op {
	case "push":
		if args.Event == "" {
			return false, errors.New("it has no event")
		}
		return true, v.pushFrom(n, kind, args.Event, args, data)
	case "patch", "navigate":
		return true, v.goTo(args.Href, op == "patch", args.Replace)
	case "exec":
		attr, _ := args.Attr.(string)
		els, err := v.to(n, args.To)
		if err != nil {
			return false, err
		}
		for _, el := range els {
			value, ok := el.Attr(attr)
			if !ok || !strings.HasPrefix(value, "[") {
				return sent, fmt.Errorf("%s has no commands in its attribute %q", openTag(el), attr)
			}
			did, err := v.run(el, kind, value, data, depth+1)
			sent = sent || did
			if err != nil {
				return sent, err
			}
		}
	}
	return sent, nil // what shows, hides and decorates is the browser's
}

// to are the elements that a command is for.
func (v *View) to(n htmltree.Node, to any) ([]htmltree.Node, error) {
	switch to := to.(type) {
	case nil:
		return []htmltree.Node{n}, nil
	case string:
		return v.doc.tree.All(to)
	case map[string]any:
		if inner, ok := to["inner"].(string); ok {
			return n.All(inner)
		}
		if closest, ok := to["closest"].(string); ok {
			around, err := n.Closest(closest)
			if err != nil || around.IsZero() {
				return nil, err
			}
			return []htmltree.Node{around}, nil
		}
	}
	return nil, fmt.Errorf("to is %v, want a selector, {\"inner\": selector} or {\"closest\": selector}", to)
}

// pushFrom pushes an event of an element, once for each place that its target
// names; without one that is the view that the element is of.
func (v *View) pushFrom(n htmltree.Node, kind, event string, args command, data map[string]any) error {
	targets, err := v.targets(n, args.Target)
	if err != nil {
		return err
	}
	if kind == "submit" || kind == "change" {
		return fmt.Errorf("commands in phx-%s are for a browser", kind)
	}
	value, err := eventValue(n, data, args.Value)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("the event %q by a %s on %s", event, kind, openTag(n))
	if len(targets) == 1 && targets[0].cid == 0 && !targets[0].view.componentAround(n).IsZero() {
		what += ", which stands in a live component and went to the view around it: for the component itself it needs phx-target={ live.Target(ctx) }"
	}
	for _, to := range targets {
		if _, err := to.view.push("event", eventPayload{Type: kind, Event: event, Value: value, CID: to.cid}, what); err != nil {
			return err
		}
	}
	return nil
}

// target is where an event goes: a view, or a live component in it.
type target struct {
	view *View
	cid  int
}

// owner is the view that an element is of.
func (b *tab) owner(n htmltree.Node) (*View, error) {
	around, err := n.Closest("[data-phx-session]")
	if err != nil {
		return nil, err
	}
	if around.IsZero() { // it stands beside the view, in the layout
		if b.main == nil {
			return nil, errors.New("the page has no live view")
		}
		return b.main, nil
	}
	if v := b.views[around.ID()]; v != nil {
		return v, nil
	}
	if b.closed {
		return nil, errClosed
	}
	return nil, fmt.Errorf("its view %q is not joined", around.ID())
}

// targets are those of an element's events: what a command says, or else
// phx-target, or else the view that it is of.
func (v *View) targets(n htmltree.Node, of any) ([]target, error) {
	owner, err := v.owner(n)
	if err != nil {
		return nil, err
	}
	attr, ok := n.Attr("phx-target")
	switch of := of.(type) {
	case nil:
	case float64:
		attr, ok = strconv.Itoa(int(of)), true
	case string:
		attr, ok = of, true
	default:
		return nil, fmt.Errorf("target is %v, want a component's number or a selector", of)
	}
	if !ok || attr == "" {
		return []target{{owner, 0}}, nil
	}
	if cid, err := strconv.Atoi(attr); err == nil {
		if owner.component(cid).IsZero() {
			return nil, fmt.Errorf("phx-target is component %d, which is not on the page", cid)
		}
		return []target{{owner, cid}}, nil
	}
	found, err := v.doc.tree.All(attr)
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("phx-target %q matches nothing in the page (%v)", attr, err)
	}
	var all []target
	for _, f := range found {
		view, err := v.owner(f)
		if err != nil {
			return nil, err
		}
		to := target{view: view}
		if around := view.componentAround(f); !around.IsZero() {
			to.cid, _ = cidOf(around)
		}
		all = append(all, to)
	}
	return all, nil
}

// eventValue is the value of an event that is no form's: what the browser adds,
// the phx-value-* attributes in their order, the property value of those
// elements that have one, and over them what the command says.
func eventValue(n htmltree.Node, data, over map[string]any) (json.RawMessage, error) {
	var o orderedObject
	for _, name := range slices.Sorted(maps.Keys(data)) {
		o.set(name, data[name])
	}
	for attr, value := range n.Attrs() {
		if name, ok := strings.CutPrefix(attr, "phx-value-"); ok {
			o.set(name, value)
		}
	}
	property, has := valueProperty(n)
	if has {
		o.set("value", property)
	} else if n.Tag() == "input" { // a box that is not checked
		o.remove("value")
	}
	for _, name := range slices.Sorted(maps.Keys(over)) {
		o.set(name, over[name])
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
	case "select":
		chosen := chosenOptions(n)
		if len(chosen) == 0 {
			return "", true
		}
		return optionValue(chosen[0]), true
	case "textarea":
		return textareaValue(n), true
	}
	return nil, false
}
