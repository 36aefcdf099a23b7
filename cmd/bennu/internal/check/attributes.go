package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bennu/internal/nearest"
)

// kind is what a phx- attribute is about, and so which values it takes.
type kind uint8

const (
	kindText     kind = iota // any
	kindEvent                // the name of an event, or commands
	kindForm                 // the same, of an event that carries a form
	kindCommands             // commands alone
	kindFlag                 // being there says it all
	kindTime                 // milliseconds
	kindUpdate               // how children are patched
)

// bindings are the attributes that phoenix_live_view 1.2.12 reads, without phx-
// (the calls of binding() in its sources), and phx-value- beside them.
var bindings = map[string]kind{
	"click": kindEvent, "click-away": kindEvent,
	"blur": kindEvent, "focus": kindEvent, "keydown": kindEvent, "keyup": kindEvent,
	"window-blur": kindEvent, "window-focus": kindEvent, "window-keydown": kindEvent, "window-keyup": kindEvent,
	"viewport-top": kindEvent, "viewport-bottom": kindEvent,
	"change": kindForm, "submit": kindForm, "auto-recover": kindForm,
	"mounted": kindCommands, "remove": kindCommands, "connected": kindCommands, "disconnected": kindCommands,
	"trigger-action": kindFlag, "no-unused-field": kindFlag, "patch-focused": kindFlag, "track-static": kindFlag,
	"debounce": kindTime, "throttle": kindTime,
	"update": kindUpdate,
	"key":    kindText, "target": kindText, "hook": kindText, "disable-with": kindText, "drop-target": kindText,
	"viewport-overrun-target": kindText, "progress": kindText,
}

// gone are names that people know from guides, with what takes their place.
var gone = map[string]string{
	"feedback-for":           "the client marks fields that were not used: see package form",
	"capture-click":          "write phx-click-away",
	"page-loading":           "commands can ask for it: [[\"push\",{\"event\":…,\"page_loading\":true}]]",
	"no-format":              "remove it: it speaks to the formatter of Phoenix's own templates",
	"no-curly-interpolation": "remove it: it speaks to Phoenix's own templates",
}

// theirs are the attributes that the client writes into the page itself.
var theirs = map[string]bool{
	"component": true, "view": true, "id": true, "skip": true, "root-id": true, "ref-src": true, "ref-loading": true,
	"ref-lock": true, "stream": true, "teleported": true, "teleported-src": true, "prune": true, "readonly": true,
	"disabled": true, "disable-with-restore": true, "pid": true,
}

// checkAttributes looks at the phx- attributes of all templates: whether the
// client knows them, takes their values, and reads them on such an element.
func (p *program) checkAttributes() []Finding {
	var found []Finding
	for _, f := range p.files {
		for _, t := range f.templates {
			elements(t.nodes, func(e *element) {
				for i := range e.attrs {
					if x, ok := p.checkAttributeOf(t, e, &e.attrs[i]); ok {
						found = append(found, e.about(x))
					}
				}
			})
		}
	}
	return found
}

func (p *program) checkAttributeOf(t *template, e *element, a *attribute) (Finding, bool) {
	if rest, ok := strings.CutPrefix(a.name, "data-phx-"); ok && theirs[rest] {
		return finding(checkAttribute, a.at, "remove it", "%s belongs to the client, which writes it itself", a.name), true
	}
	if strings.HasPrefix(a.name, "aria-") && a.asked {
		return finding(checkAttribute, a.at, fmt.Sprintf("write if … { %s=%q } among the attributes", a.name, ariaValue(a.name)),
			"%s?={ } writes the attribute without a value, which for ARIA is no value at all", a.name), true
	}
	if e.name == "input" && a.name == "name" && a.constant && a.value == "id" {
		return finding(checkAttribute, a.valueAt, "name it otherwise, such as user_id",
			"a field named \"id\" hides the id of its form from scripts, the client's among them, which then cannot follow the form"), true
	}
	name, ok := strings.CutPrefix(a.name, "phx-")
	if !ok {
		return Finding{}, false
	}
	if strings.HasPrefix(name, "value-") {
		if name == "value-" {
			return finding(checkAttribute, a.at, "name the value, as in phx-value-id=\"7\"", "phx-value- has no name"), true
		}
		return Finding{}, false
	}
	k, ok := bindings[name]
	if !ok {
		return finding(checkAttribute, a.at, fixOf(name), "the client does not know %s%s", a.name, attributeLike(name)), true
	}
	if f, wrong := misplaced(e, name, a); wrong {
		return f, true
	}
	value, constant := p.text(t, a)
	if !constant {
		return Finding{}, false
	}
	if message, fix := wrongValue(k, a, value); message != "" {
		return finding(checkAttribute, a.valueAt, fix, "%s", message), true
	}
	return Finding{}, false
}

// text is the value of an attribute as far as it is constant.
func (p *program) text(t *template, a *attribute) (string, bool) {
	if a.constant {
		return a.value, true
	}
	return p.constantText(t, a.expr)
}

func fixOf(name string) string {
	if fix, ok := gone[name]; ok {
		return fix
	}
	return "remove it or write its name right; attributes for scripts of your own are named data-…"
}

func attributeLike(name string) string {
	if _, ok := gone[name]; ok {
		return ""
	}
	if key, ok := strings.CutPrefix(name, "values-"); ok {
		return fmt.Sprintf(" (did you mean %q?)", "phx-value-"+key)
	}
	near := nearest.Name(name, slices.Sorted(maps.Keys(bindings)))
	if near == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", "phx-"+near)
}

// misplaced finds attributes that the client reads on other elements only.
func misplaced(e *element, name string, a *attribute) (Finding, bool) {
	if strings.Contains(e.name, "-") { // a custom element can be part of a form
		return Finding{}, false
	}
	switch name {
	case "submit", "auto-recover", "trigger-action":
		if e.name != "form" {
			return finding(checkAttribute, a.at, "put it on the form", "%s is read on a <form> only, this is <%s>", a.name, e.name), true
		}
	case "change":
		switch e.name {
		case "form", "input", "select", "textarea":
		default:
			return finding(checkAttribute, a.at, "put it on the form, or on one of its fields",
				"phx-change is read on forms and their fields only, this is <%s>", e.name), true
		}
	}
	return Finding{}, false
}

// wrongValue says what is wrong with a value, "" for nothing.
func wrongValue(k kind, a *attribute, value string) (message, fix string) {
	switch k {
	case kindEvent, kindForm:
		if value == "" {
			return a.name + " names no event", "write the name of one of the view's events"
		}
		return wrongCommands(a.name, value)
	case kindCommands:
		if !strings.HasPrefix(value, "[") {
			return fmt.Sprintf("%s takes commands, %q is none", a.name, value),
				fmt.Sprintf(`to send an event write [["push",{"event":%q}]]`, value)
		}
		return wrongCommands(a.name, value)
	case kindFlag:
		if value == "false" || value == "off" || value == "0" {
			return fmt.Sprintf("%s=%q is as good as true: the client only looks whether it is there", a.name, value),
				"leave it out, or write " + a.name + "?={ condition }"
		}
	case kindTime:
		if a.bare || value == "" || value == "blur" && a.name == "phx-debounce" {
			return "", ""
		}
		if n, err := strconv.Atoi(value); err != nil || n < 0 {
			want := "a number of milliseconds"
			if a.name == "phx-debounce" {
				want += ` or "blur"`
			}
			return fmt.Sprintf("%s is %q, want %s", a.name, value, want), ""
		}
	case kindUpdate:
		return wrongUpdate(value)
	case kindText:
		if value == "" && a.name != "phx-target" && a.name != "phx-drop-target" {
			return a.name + " has no value", ""
		}
	}
	return "", ""
}

func wrongUpdate(value string) (message, fix string) {
	known := []string{"ignore", "replace", "stream"}
	switch {
	case slices.Contains(known, value):
		return "", ""
	case value == "append" || value == "prepend":
		return fmt.Sprintf("phx-update=%q is what streams have replaced", value), `write phx-update="stream"`
	}
	message = fmt.Sprintf(`phx-update is %q, want "ignore", "stream" or "replace"`, value)
	if near := nearest.Name(value, known); near != "" {
		message += fmt.Sprintf(" (did you mean %q?)", near)
	}
	return message, ""
}

// A command is one step of what an attribute tells the client to do.
type command struct {
	op   string
	args struct {
		Event  string
		Href   json.RawMessage
		Target json.RawMessage
	}
}

// commandsOf reads [["push",{"event":"save"}]]; ok is false for the name of an
// event.
func commandsOf(value string) (list []command, ok bool, err error) {
	if !strings.HasPrefix(value, "[") {
		return nil, false, nil
	}
	var raw [][]json.RawMessage
	if err := json.Unmarshal([]byte(value), &raw); err != nil {
		return nil, true, err
	}
	for _, r := range raw {
		var c command
		if len(r) != 2 {
			return nil, true, fmt.Errorf("a command has %d parts, want a name and its arguments", len(r))
		}
		if err := json.Unmarshal(r[0], &c.op); err != nil {
			return nil, true, err
		}
		if err := json.Unmarshal(r[1], &c.args); err != nil {
			return nil, true, err
		}
		list = append(list, c)
	}
	return list, true, nil
}

func wrongCommands(name, value string) (message, fix string) {
	if _, ok, err := commandsOf(value); ok && err != nil {
		return fmt.Sprintf("%s begins like commands and is none: %v", name, err), `commands are written [["push",{"event":"save"}],["hide",{"to":"#menu"}]]`
	}
	return "", ""
}

// ariaValue is a value that somebody may have meant who wrote an ARIA attribute
// without one.
func ariaValue(name string) string {
	if name == "aria-current" {
		return "page"
	}
	return "true"
}
