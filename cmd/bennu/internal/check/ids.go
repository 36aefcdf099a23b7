package check

import (
	"go/types"
	"slices"
	"strings"
)

// checkIDs looks for elements that the client finds again by an id that they do
// not have, and for ids that are there twice.
func (p *program) checkIDs() []Finding {
	var found []Finding
	for _, f := range p.files {
		for _, t := range f.templates {
			elements(t.nodes, func(e *element) {
				for _, x := range p.withoutID(t, e) {
					found = append(found, e.about(x))
				}
			})
			found = append(found, constantInLoop(t.nodes, false)...)
		}
	}
	d := &idCounter{program: p, ids: map[*template]map[string][]hit{}}
	for _, f := range p.files {
		for _, t := range f.templates {
			d.template(t)
		}
	}
	return append(found, d.found...)
}

// withoutID are the findings about an element that needs an id and has none.
func (p *program) withoutID(t *template, e *element) []Finding {
	var found []Finding
	if a := e.attr("phx-update"); a != nil {
		if value, ok := p.text(t, a); ok && value == "stream" {
			for _, child := range children(e.nodes) {
				if !child.has("id") {
					found = append(found, finding(checkID, child.at, "give every child an id of its own",
						"the <%s> has no id, and its parent has phx-update=\"stream\": the client would remove it", child.name))
				}
			}
		}
	}
	if e.has("id") {
		return found
	}
	for _, name := range []string{"phx-hook", "phx-update", "phx-viewport-top", "phx-viewport-bottom"} {
		a := e.attr(name)
		if a == nil {
			continue
		}
		if value, ok := p.text(t, a); ok && name == "phx-update" && value == "replace" {
			continue
		}
		return append(found, finding(checkID, a.at, "add an id",
			"the <%s> has %s and no id, without which the client cannot follow it", e.name, name))
	}
	if e.name != "form" {
		return found
	}
	for _, name := range []string{"phx-change", "phx-submit"} {
		if a := e.attr(name); a != nil {
			return append(found, finding(checkID, a.at, "add an id",
				"the form has %s and no id: what was typed is lost when the page connects again", name))
		}
	}
	return found
}

// children are the elements that stand directly in a list of nodes, whatever
// decides whether and how often they do.
func children(nodes []node) []*element {
	var out []*element
	for _, n := range nodes {
		switch n := n.(type) {
		case *element:
			out = append(out, n)
		case *choice, *loop:
			for _, inner := range inside(n) {
				out = append(out, children(inner)...)
			}
		}
	}
	return out
}

// constantInLoop finds ids that every turn of a loop repeats. One that stands
// in an if may be meant for a single turn.
func constantInLoop(nodes []node, looping bool) []Finding {
	var found []Finding
	for _, n := range nodes {
		if e, ok := n.(*element); ok && looping {
			if a := e.attr("id"); a != nil && a.constant && !a.bare && !a.conditional {
				found = append(found, e.about(finding(checkID, a.valueAt, "make it of what tells the rows apart, as in id={ item.ID }",
					"every row of the list has the id %q", a.value)))
			}
		}
		inLoop := looping
		switch n.(type) {
		case *loop:
			inLoop = true
		case *choice, *call:
			inLoop = false
		}
		for _, inner := range inside(n) {
			found = append(found, constantInLoop(inner, inLoop)...)
		}
	}
	return found
}

// A hit is an element with a constant id.
type hit struct {
	at   place // of the id
	site place // in the template that is being looked at: the id, or the call that leads to it
	line int   // of the element
}

// An idCounter finds the ids that come more than once in what a template and the
// templates that it calls render together. Of the branches of an if or switch
// only one counts.
type idCounter struct {
	*program
	ids   map[*template]map[string][]hit
	found []Finding
}

// template returns the ids of a template with all that it calls.
func (d *idCounter) template(t *template) map[string][]hit {
	if ids, ok := d.ids[t]; ok {
		return ids
	}
	d.ids[t] = nil // a template that calls itself adds nothing
	ids := d.nodes(t.nodes)
	d.ids[t] = ids
	for id, hits := range ids {
		d.report(t, id, hits)
	}
	return ids
}

// report tells of the hits after the first. Those that come by one call are the
// called template's own.
func (d *idCounter) report(t *template, id string, hits []hit) {
	for i, h := range hits[min(1, len(hits)):] {
		j := slices.IndexFunc(hits[:i+1], func(o hit) bool { return o.site != h.site })
		if j < 0 || h.site == hits[i].site {
			continue
		}
		first := hits[j]
		fix := "give each its own id; one that a template gets as a parameter can differ"
		var f Finding
		switch {
		case h.site == h.at && first.site == first.at:
			f = finding(checkID, h.at, "give each its own id", "the id %q stands at %s too", id, first.at.in(d.program))
		case h.site == h.at:
			f = finding(checkID, h.at, fix, "the id %q comes with the call at %s too", id, first.site.in(d.program))
		default:
			f = finding(checkID, h.site, fix, "the id %q of %s is on the page already, by %s", id, h.at.in(d.program), first.site.in(d.program))
		}
		f.element = h.line
		if h.site != h.at {
			f.element = 0
		}
		d.found = append(d.found, f)
	}
}

func (d *idCounter) nodes(nodes []node) map[string][]hit {
	ids := map[string][]hit{}
	for _, n := range nodes {
		for id, hits := range d.node(n) {
			ids[id] = append(ids[id], hits...)
		}
	}
	return ids
}

func (d *idCounter) node(n node) map[string][]hit {
	switch n := n.(type) {
	case *element:
		ids := d.nodes(n.nodes)
		if a := n.attr("id"); a != nil && a.constant && !a.bare && !a.conditional && strings.TrimSpace(a.value) != "" {
			ids[a.value] = append([]hit{{a.valueAt, a.valueAt, n.at.line}}, ids[a.value]...)
		}
		return ids
	case *choice:
		var branches []map[string][]hit
		for _, b := range n.branches {
			branches = append(branches, d.nodes(b))
		}
		return either(branches)
	case *loop:
		return d.nodes(n.nodes)
	case *call:
		ids := d.nodes(n.nodes)
		for _, fn := range d.used(n.at, n.to) {
			var called []map[string][]hit
			for _, t := range d.renders(fn, map[*types.Func]bool{}) {
				called = append(called, d.template(t))
			}
			for id, hits := range either(called) {
				for _, h := range hits {
					h.site = n.at
					ids[id] = append(ids[id], h)
				}
			}
		}
		return ids
	}
	return nil
}

// either keeps, of each id, the branch that has it most often.
func either(branches []map[string][]hit) map[string][]hit {
	ids := map[string][]hit{}
	for _, b := range branches {
		for id, hits := range b {
			if len(hits) > len(ids[id]) {
				ids[id] = hits
			}
		}
	}
	return ids
}

// renders are the templates that a function may return: itself, or those that
// its Go code names.
func (p *program) renders(fn *types.Func, seen map[*types.Func]bool) []*template {
	if t := p.texts[fn]; t != nil {
		return []*template{t}
	}
	if seen[fn] {
		return nil
	}
	seen[fn] = true
	var out []*template
	for _, o := range p.references(fn) {
		if called, ok := o.(*types.Func); ok {
			out = append(out, p.renders(p.plain(called), seen)...)
		}
	}
	return out
}
