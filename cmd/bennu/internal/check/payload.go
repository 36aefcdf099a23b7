package check

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"bennu/internal/nearest"
)

// A field is one that package form fills, seen from the types of the program.
type field struct {
	key      string // folded, unless exact
	name     string // as HTML would write it
	exact    bool
	required bool
}

// fieldsOf are the fields that a payload type takes by name; ok is false for a
// type that takes any key.
func fieldsOf(t types.Type) (fields []field, ok bool) {
	if pointer, isPointer := types.Unalias(t).(*types.Pointer); isPointer {
		t = pointer.Elem()
	}
	s, ok := underlying(t).(*types.Struct)
	if !ok || isText(t) {
		return nil, false
	}
	return structFields(s, nil), true
}

// structFields adds the fields of a struct and of those that it embeds. Which
// of two fields with the same key is filled makes no difference here.
func structFields(s *types.Struct, fields []field) []field {
	for i := range s.NumFields() {
		f := s.Field(i)
		name, options, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get("form"), ",")
		if inner, ok := f.Type().Underlying().(*types.Struct); ok && f.Embedded() && name == "" && !isText(f.Type()) {
			fields = structFields(inner, fields)
			continue
		}
		if !f.Exported() || name == "-" {
			continue
		}
		required := options == "required"
		if name != "" {
			fields = append(fields, field{key: name, name: name, exact: true, required: required})
			continue
		}
		fields = append(fields, field{key: fold(f.Name()), name: strings.ToLower(f.Name()), required: required})
	}
	return fields
}

// isText reports whether values of a type are decoded from one text although it
// is a struct.
func isText(t types.Type) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Time" {
		return true
	}
	return types.NewMethodSet(types.NewPointer(t)).Lookup(nil, "UnmarshalText") != nil
}

// fold is the form in which package form compares names.
func fold(name string) string {
	return strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
}

// takes reports whether a field takes a key.
func (f field) takes(key string) bool {
	if f.exact {
		return f.key == key
	}
	return !strings.HasPrefix(key, "_") && f.key == fold(key)
}

// checkPayloads compares phx-value- attributes with the fields of the payloads
// of the events that carry them.
func (p *program) checkPayloads() []Finding {
	var found []Finding
	for _, v := range p.views {
		p.sent(v, func(t *template, e *element, senders []sender) {
			if len(senders) == 0 || !allKnown(p, t, e, len(senders)) {
				return
			}
			found = append(found, v.unknownKeys(e, senders)...)
			for _, s := range senders {
				found = append(found, v.missingKeys(s)...)
			}
		})
	}
	return found
}

// allKnown reports whether each attribute of the element that may send an event
// is among its n senders.
func allKnown(p *program, t *template, e *element, n int) bool {
	may := 0
	for i := range e.attrs {
		switch k, ok := bindings[strings.TrimPrefix(e.attrs[i].name, "phx-")]; {
		case !ok || !strings.HasPrefix(e.attrs[i].name, "phx-"):
		case k == kindEvent, k == kindForm:
			if _, constant := p.text(t, &e.attrs[i]); !constant {
				return false
			}
			may++
		}
	}
	return may <= n
}

// unknownKeys are the phx-value- attributes that no handler of the element's
// events has a field for.
func (v *view) unknownKeys(e *element, senders []sender) []Finding {
	var fields []field
	var events []string
	var payload types.Type
	for _, s := range senders {
		h, ok := v.events.handlers[s.event]
		if !ok || !h.known {
			return nil
		}
		events = append(events, fmt.Sprintf("%q", s.event))
		if h.payload == nil {
			continue
		}
		more, closed := fieldsOf(h.payload)
		if !closed {
			return nil
		}
		fields, payload = append(fields, more...), h.payload
	}
	slices.Sort(events)
	events = slices.Compact(events)
	event := "event " + events[0]
	if len(events) > 1 {
		event = "events " + strings.Join(events, " and ")
	}
	var found []Finding
	for _, a := range e.attrs {
		key, ok := strings.CutPrefix(a.name, "phx-value-")
		if !ok || key == "" || slices.ContainsFunc(fields, func(f field) bool { return f.takes(key) }) {
			continue
		}
		found = append(found, e.about(unknownKey(v, a, key, event, payload, fields)))
	}
	return found
}

func unknownKey(v *view, a attribute, key, event string, payload types.Type, fields []field) Finding {
	if payload == nil {
		return finding(checkPayload, a.at, "remove the attribute, or register the handler with live.On",
			"the handler for %s in %s %s takes no payload, so %s is lost", event, v.kind(), v.name, a.name)
	}
	if i := slices.IndexFunc(fields, func(f field) bool { return f.exact && strings.EqualFold(f.key, key) }); i >= 0 {
		return finding(checkPayload, a.at, fmt.Sprintf("write the tag in lower case, `form:%q`", key),
			"browsers send the key %q in lower case, and the tag `form:%q` wants exactly that", key, fields[i].key)
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	near := ""
	if n := nearest.Name(key, names); n != "" {
		near = fmt.Sprintf(" (did you mean %q?)", "phx-value-"+n)
	}
	fix := fmt.Sprintf("add a field for it to %s, or take one of those that are there: %s", shortType(payload), strings.Join(names, ", "))
	if len(names) == 0 {
		fix = "add a field for it to " + shortType(payload)
	}
	return finding(checkPayload, a.at, fix, "the payload of %s in %s %s has no field for %q%s", event, v.kind(), v.name, key, near)
}

// missingKeys are the required fields that nothing on the element fills. A form
// may have them as inputs, and commands bring values of their own.
func (v *view) missingKeys(s sender) []Finding {
	h, ok := v.events.handlers[s.event]
	if !ok || h.payload == nil || s.kind == kindForm || s.element.unknown || !s.plain {
		return nil
	}
	fields, closed := fieldsOf(h.payload)
	if !closed {
		return nil
	}
	var found []Finding
	for _, f := range fields {
		if !f.required || s.brings(f) {
			continue
		}
		found = append(found, s.element.about(finding(checkPayload, s.attr.at, fmt.Sprintf("add phx-value-%s", f.name),
			"event %q in %s %s requires %q, and nothing here sends it", s.event, v.kind(), v.name, f.name)))
	}
	return found
}

// brings reports whether the element sends what fills the field: by an
// attribute, or because the client adds it to events of this kind.
func (s sender) brings(f field) bool {
	if f.takes("value") { // of buttons, fields and list items
		return true
	}
	switch {
	case strings.HasSuffix(s.attr.name, "keydown"), strings.HasSuffix(s.attr.name, "keyup"):
		if f.takes("key") {
			return true
		}
	case strings.HasPrefix(s.attr.name, "phx-viewport-"):
		if f.takes("id") || f.takes("_overran") {
			return true
		}
	}
	return slices.ContainsFunc(s.element.attrs, func(a attribute) bool {
		key, ok := strings.CutPrefix(a.name, "phx-value-")
		return ok && f.takes(key)
	})
}

// shortType is a type as code outside its package writes it.
func shortType(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}
