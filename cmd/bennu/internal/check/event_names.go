package check

import (
	"fmt"
	"slices"
	"strings"

	"bennu/internal/nearest"
)

// A sender is an attribute that sends events.
type sender struct {
	template *template
	element  *element
	attr     *attribute
	kind     kind
	event    string
	plain    bool // the name alone, not one of several commands
}

// A target is what phx-target says about where an element's events go.
type target uint8

const (
	targetNone  target = iota // the view of the page
	targetSelf                // live.Target: the component, in a view that itself
	targetOther               // somewhere else
)

func (p *program) targetOf(e *element) target {
	a := e.attr("phx-target")
	switch {
	case a == nil:
		return targetNone
	case a.constant && a.value == "":
		return targetNone
	case a.constant || a.conditional:
		return targetOther
	}
	for _, fn := range p.used(a.valueAt, a.to) {
		if fn.Pkg() != nil && fn.Pkg().Path() == livePath && fn.Name() == "Target" {
			return targetSelf
		}
	}
	return targetOther
}

// hears reports whether the events of an element come to the view, when the
// element is in a template of its own or in one of a component inside of it.
func (v *view) hears(to target, inner bool) bool {
	switch {
	case inner:
		return to == targetNone && v.page && !v.component
	case v.component: // what has no target goes to the page around it
		return to == targetSelf
	}
	return to != targetOther
}

// sent calls do for each element whose events come to the view, with those
// events, as far as they are known.
func (p *program) sent(v *view, do func(t *template, e *element, senders []sender)) {
	for _, part := range []struct {
		templates []*template
		inner     bool
	}{{v.templates, false}, {v.inner, true}} {
		for _, t := range part.templates {
			elements(t.nodes, func(e *element) {
				if v.hears(p.targetOf(e), part.inner) {
					do(t, e, p.sendersOf(t, e))
				}
			})
		}
	}
}

// sendersOf are the attributes of an element whose events are known. Names with
// lv: are the framework's.
func (p *program) sendersOf(t *template, e *element) []sender {
	var out []sender
	for i := range e.attrs {
		a := &e.attrs[i]
		name, ok := strings.CutPrefix(a.name, "phx-")
		k := bindings[name]
		if !ok || k != kindEvent && k != kindForm && k != kindCommands {
			continue
		}
		for _, event := range p.pushed(t, a) {
			if event != "" && !strings.HasPrefix(event, "lv:") {
				out = append(out, sender{t, e, a, k, event, false})
			}
		}
		value, constant := p.text(t, a)
		if !constant || value == "" || name == "auto-recover" && value == "ignore" {
			continue
		}
		commands, isCommands, err := commandsOf(value)
		switch {
		case err != nil, !isCommands && k == kindCommands:
		case !isCommands && !strings.HasPrefix(value, "lv:"):
			out = append(out, sender{t, e, a, k, value, true})
		default:
			for _, c := range commands {
				if c.op == "push" && c.args.Event != "" && c.args.Target == nil && !strings.HasPrefix(c.args.Event, "lv:") {
					out = append(out, sender{t, e, a, k, c.args.Event, false})
				}
			}
		}
	}
	return out
}

// checkEvents compares the events that the templates of a view send with those
// that the view takes.
func (p *program) checkEvents() []Finding {
	var found []Finding
	for _, v := range p.views {
		sent := map[string]bool{}
		p.sent(v, func(_ *template, e *element, senders []sender) {
			for _, s := range senders {
				sent[s.event] = true
				if _, ok := v.events.handlers[s.event]; !ok && !v.events.open {
					found = append(found, e.about(p.noHandler(v, s)))
				}
			}
		})
		found = append(found, p.notes(v, sent)...)
	}
	return found
}

func (p *program) noHandler(v *view, s sender) Finding {
	names := v.events.names()
	message := fmt.Sprintf("no handler for event %q in %s %s", s.event, v.kind(), v.name)
	fix := fmt.Sprintf("add %q to its Events, or take one of those that are there: %s", s.event, strings.Join(names, ", "))
	if len(names) == 0 {
		message += ", which takes no events"
		fix = fmt.Sprintf("give it a method Events() live.Events with a handler for %q", s.event)
	} else if near := nearest.Name(s.event, names); near != "" {
		message += fmt.Sprintf(" (did you mean %q?)", near)
	}
	if c := p.componentThatTakes(v, s); c != "" {
		fix = fmt.Sprintf("component %s takes it: add phx-target={ live.Target(ctx) } to the element, which sends it to the view else", c)
	}
	return finding(checkEvent, s.attr.valueAt, fix, "%s", message)
}

// componentThatTakes is the live component of a view, in whose template the
// element may stand, that has a handler for what the element sends to the view.
func (p *program) componentThatTakes(v *view, s sender) string {
	if !slices.Contains(v.inner, s.template) {
		return ""
	}
	for _, c := range p.views {
		if _, ok := c.events.handlers[s.event]; ok && slices.Contains(v.components, c.named.Obj()) {
			return c.name
		}
	}
	return ""
}

// notes tell of events that no template sends, which scripts may send, and of
// views whose events cannot be read.
func (p *program) notes(v *view, sent map[string]bool) []Finding {
	if v.events.open {
		return []Finding{note(finding(checkEvent, v.events.at, "", "the events of %s cannot all be read from here on, so those in its templates are not compared", v.name))}
	}
	var found []Finding
	for _, name := range v.events.names() {
		if !sent[name] {
			found = append(found, note(finding(checkEvent, v.events.handlers[name].at, "remove it unless a script pushes it",
				"no template of %s sends %q", v.name, name)))
		}
	}
	return found
}

func note(f Finding) Finding {
	f.Note = true
	return f
}
