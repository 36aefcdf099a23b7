package check

import (
	"fmt"
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

// senders are the attributes of a template whose events are known and go to the
// view around: phx-target sends them elsewhere, names with lv: are the
// framework's.
func (p *program) senders(t *template) []sender {
	var out []sender
	elements(t.nodes, func(e *element) { out = append(out, p.sendersOf(t, e)...) })
	return out
}

func (p *program) sendersOf(t *template, e *element) []sender {
	if e.attr("phx-target") != nil {
		return nil
	}
	var out []sender
	for i := range e.attrs {
		a := &e.attrs[i]
		name, ok := strings.CutPrefix(a.name, "phx-")
		k := bindings[name]
		if !ok || k != kindEvent && k != kindForm && k != kindCommands {
			continue
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
		for _, t := range v.templates {
			for _, s := range p.senders(t) {
				sent[s.event] = true
				if _, ok := v.events.handlers[s.event]; ok || v.events.open {
					continue
				}
				found = append(found, s.element.about(v.noHandler(s)))
			}
		}
		found = append(found, p.notes(v, sent)...)
	}
	return found
}

func (v *view) noHandler(s sender) Finding {
	names := v.events.names()
	message := fmt.Sprintf("no handler for event %q in view %s", s.event, v.name)
	fix := fmt.Sprintf("add %q to its Events, or take one of those that are there: %s", s.event, strings.Join(names, ", "))
	if len(names) == 0 {
		message += ", which takes no events"
		fix = fmt.Sprintf("give it a method Events() live.Events with a handler for %q", s.event)
	} else if near := nearest.Name(s.event, names); near != "" {
		message += fmt.Sprintf(" (did you mean %q?)", near)
	}
	return finding(checkEvent, s.attr.valueAt, fix, "%s", message)
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
