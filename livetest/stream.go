package livetest

import (
	"fmt"

	"bennu/internal/htmltree"
)

// placed is where a stream wants an element.
type placed struct {
	streamInsert
	ref   string
	reset bool
}

// streams does what messages say of streams besides their new elements: it takes
// out those that are deleted, all in a reset, and in a join all that the page
// had. What comes again is kept at hand, to be put in its new place.
func (p *patch) streams(all []streamOps, join bool) error {
	var out []htmltree.Node
	for _, s := range all {
		for _, in := range s.inserts {
			p.inserts[in.id] = placed{in, s.ref, s.reset}
		}
		for e := range p.v.el.Elements() {
			if ref, ok := e.Attr("data-phx-stream"); s.reset && ok && ref == s.ref && p.v.owns(e) {
				out = append(out, e)
			}
		}
		for _, id := range s.deletes {
			if e := p.v.doc.tree.ByID(id); !e.IsZero() && p.v.owns(e) {
				out = append(out, e)
			}
		}
	}
	containers, err := p.v.el.All(`[phx-update="stream"]`)
	for _, c := range containers {
		if join && p.v.owns(c) {
			out = append(out, c.Children()...)
		}
	}
	for _, e := range out {
		p.takeOut(e)
	}
	return err
}

// checkItems fails at the items of a stream that stand where the client does not
// take them for such: it would show them until the next change.
func (p *patch) checkItems(drawn htmltree.Node) error {
	if p.v.bare {
		return nil
	}
	met := map[string]bool{}
	for e := range drawn.Elements() {
		at, flows := p.inserts[e.ID()]
		if !flows {
			continue
		}
		met[e.ID()] = true
		if in := e.Parent(); !in.IsZero() && !updates(in, "stream") {
			return fmt.Errorf("an item of the stream %q stands in %s, which has no phx-update=\"stream\", so the client loses it at the next change:\n  %s",
				at.ref, openTag(in), shorten(e.Outer(), 200))
		}
	}
	for id, at := range p.inserts {
		if !met[id] {
			return fmt.Errorf("no element has the id %q, which the stream %q gives to an item: write id={ id }, the first variable of the loop over live.Items", id, at.ref)
		}
	}
	return nil
}

// takeOut takes an element of a stream out of the page.
func (p *patch) takeOut(e htmltree.Node) {
	if _, again := p.inserts[e.ID()]; again {
		p.restore[e.ID()] = e
	}
	e.Remove()
}

// stream makes the content of a stream's element: what was there, with what the
// message brings put in its place.
func (p *patch) stream(n, old htmltree.Node) error {
	items := n.Children()
	if err := checkStream(n, items); err != nil {
		return err
	}
	if !old.IsZero() {
		n.Clear()
		for _, kept := range old.Children() {
			if kept.ID() != "" {
				n.Insert(kept, htmltree.Node{})
			}
		}
	}
	for _, item := range items {
		if err := p.item(n, item, !old.IsZero()); err != nil {
			return err
		}
	}
	return nil
}

// checkStream fails at what the client would take out of a stream's element
// without a word.
func checkStream(n htmltree.Node, items []htmltree.Node) error {
	if n.ID() == "" {
		return fmt.Errorf("a stream's element needs an id, or the client loses what it shows: %s", openTag(n))
	}
	if text := n.LooseText(); text != "" {
		return fmt.Errorf("text stands in the stream %s: %q; the client takes out what has no id", openTag(n), shorten(text, 100))
	}
	for _, item := range items {
		if item.ID() == "" {
			return fmt.Errorf("an element in the stream %s has no id; the client takes it out:\n  %s", openTag(n), shorten(item.Outer(), 200))
		}
	}
	return nil
}

// item puts one element into a stream, into a place of its own or of the element
// that it takes the place of.
func (p *patch) item(into, item htmltree.Node, update bool) error {
	at, placed := p.inserts[item.ID()]
	if old := p.match(item); !old.IsZero() {
		p.old[item.ID()] = old // to be matched for what is in it, too
		stays, err := p.settle(item)
		if err != nil {
			return err
		}
		if ref, ok := old.Attr("data-phx-stream"); ok {
			stays.SetAttr("data-phx-stream", ref)
		}
		if !update { // in an element that is new itself
			item.Replace(stays)
			if stays != old {
				old.Remove()
			}
		}
		old.Replace(stays)
		p.order(into, stays, false)
		return nil
	}
	restored, again := p.restore[item.ID()]
	if placed && at.updateOnly && !again && update {
		item.Remove()
		return nil
	}
	inner := p
	if again {
		delete(p.restore, item.ID())
		inner = &patch{v: p.v, inserts: p.inserts, restore: p.restore, old: byID(restored)}
		inner.old[item.ID()] = restored
	}
	stays, err := inner.settle(item)
	if err != nil {
		return err
	}
	if update {
		p.add(into, stays)
	} else {
		item.Replace(stays)
	}
	p.order(into, stays, true)
	return nil
}

// add puts a new element where its stream wants it. What is of no stream stands
// behind what is.
func (p *patch) add(into, item htmltree.Node) {
	at, ok := p.inserts[item.ID()]
	children := into.Children()
	before := htmltree.Node{}
	if ok {
		item.SetAttr("data-phx-stream", at.ref)
		switch {
		case at.at == 0 && len(children) > 0:
			before = children[0]
		case at.at > 0 && at.at < len(children):
			before = children[at.at]
		case at.at == -1 && len(children) > 0 && !children[len(children)-1].Has("data-phx-stream"):
			for _, c := range children {
				if !c.Has("data-phx-stream") {
					before = c
					break
				}
			}
		}
	}
	into.Insert(item, before)
}

// order moves an element of a stream to its place if it is new, or all of the
// stream is, and keeps the stream within its limit.
func (p *patch) order(into, item htmltree.Node, isNew bool) {
	at, ok := p.inserts[item.ID()]
	if !ok {
		return
	}
	item.SetAttr("data-phx-stream", at.ref)
	if !at.reset && !isNew || item.Parent().IsZero() {
		return
	}
	children := into.Children()
	switch {
	case at.at == 0:
		into.Insert(item, children[0])
	case at.at > 0 && at.at >= len(children)-1:
		into.Insert(item, htmltree.Node{})
	case at.at > 0:
		now := 0
		for i, c := range children {
			if c == item {
				now = i
			}
		}
		before := children[at.at]
		if now <= at.at {
			before = children[at.at+1]
		}
		into.Insert(item, before)
	}
	p.limit(into, at)
}

// limit takes out what stands beyond the number of elements that may stay.
func (p *patch) limit(into htmltree.Node, at placed) {
	if !at.limited {
		return
	}
	children := into.Children()
	switch {
	case at.limit < 0 && len(children) > -at.limit:
		children = children[:len(children)+at.limit]
	case at.limit >= 0 && len(children) > at.limit:
		children = children[at.limit:]
	default:
		return
	}
	for _, c := range children {
		p.takeOut(c)
	}
}
