package htmltree

import "golang.org/x/net/html/atom"

// Duplicate is an id that several elements have.
type Duplicate struct {
	ID       string
	Elements []Node
}

// DuplicateIDs are the ids in and at n that are not unique, in the order in
// which they come a second time. A client that patches a page by id puts the content
// of one such element into the other.
func (n Node) DuplicateIDs() []Duplicate {
	byID := map[string][]Node{}
	var order []string
	for e := range n.Elements() {
		id := e.ID()
		if id == "" {
			continue
		}
		if len(byID[id]) == 1 {
			order = append(order, id)
		}
		byID[id] = append(byID[id], e)
	}
	var found []Duplicate
	for _, id := range order {
		found = append(found, Duplicate{id, byID[id]})
	}
	return found
}

// FormsWithoutID are the forms in n that send events and have no id. Without
// one the client cannot give people back what they typed after a reconnect.
func (n Node) FormsWithoutID() []Node {
	var found []Node
	for e := range n.Elements() {
		if e.Tag() == "form" && e.ID() == "" && (e.Has("phx-change") || e.Has("phx-submit")) {
			found = append(found, e)
		}
	}
	return found
}

// Disabled reports whether people cannot use the element: it is a control with
// the attribute disabled, or stands in a fieldset that has it, outside of that
// fieldset's first legend.
func (n Node) Disabled() bool {
	switch n.n.DataAtom {
	case atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Option, atom.Optgroup, atom.Fieldset:
	default:
		return false
	}
	if n.Has("disabled") {
		return true
	}
	inside := n
	for p := n.Parent(); !p.IsZero(); inside, p = p, p.Parent() {
		if p.n.DataAtom == atom.Fieldset && p.Has("disabled") && inside != firstLegend(p) {
			return true
		}
	}
	return false
}

// firstLegend is the first child of a fieldset that is a legend.
func firstLegend(fieldset Node) Node {
	for c := fieldset.n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Legend {
			return Node{c}
		}
	}
	return Node{}
}
