package livetest

import (
	"fmt"
	"maps"
	"strings"

	"bennu/internal/htmltree"
)

// show puts what a message has drawn into the document and tells the server
// what has gone by it, and joins what is new.
func (v *View) show(d drawn, join bool) error {
	before := v.inventory()
	if done, err := v.put(d, join); !done || err != nil {
		return err
	}
	return v.changed(before, join)
}

// put puts what a message has drawn into the document, as the client's patch
// does. Done is false when the place is not there any more.
//
// Most of the page becomes what was drawn. Some of it stays: what stands in an
// element with phx-update="ignore", the views that are nested in this one, and
// the elements of streams, which the server sends once and then forgets.
func (v *View) put(d drawn, join bool) (done bool, err error) {
	target := v.el
	if d.cid != 0 {
		if target = v.component(d.cid); target.IsZero() {
			return false, nil // its element has gone, and the server not yet heard
		}
		if err := v.drawnInside(d); err != nil {
			return false, err
		}
	}
	p := patch{v: v, inserts: map[string]placed{}, restore: map[string]htmltree.Node{}}
	if err := p.streams(d.streams, join); err != nil {
		return false, err
	}
	p.old = byID(target)
	if err := p.perform(target, d); err != nil {
		return false, err
	}
	if err := v.allShown(d); err != nil {
		return true, err
	}
	return true, v.allDrawn(d)
}

// drawnInside fails when a component stands in another one that the same message
// has drawn, and was not drawn along: the client draws the outer one only.
func (v *View) drawnInside(d drawn) error {
	for _, other := range v.tree.drawn {
		if other.cid == d.cid || other.reached[d.cid] {
			continue
		}
		if around := v.component(other.cid); other.cid != 0 && !around.IsZero() && around.Contains(v.component(d.cid)) {
			return fmt.Errorf("diff: component %d stands in component %d and both are in one message, so the client shows the change of the outer one only", d.cid, other.cid)
		}
	}
	return nil
}

// allShown fails when the message has a component whose element is on the page
// and that it made the client draw nowhere.
func (v *View) allShown(d drawn) error {
	if d.cid != 0 {
		return nil
	}
	for cid := range v.tree.sent {
		if !d.reached[cid] && !v.component(cid).IsZero() {
			return fmt.Errorf("diff: component %d is in the message, but no place that holds it is, so the client does not show its change", cid)
		}
	}
	return nil
}

// allDrawn fails when the page has a component that the client has never drawn:
// it came along with one whose element was not on the page. The client then
// writes an empty stub for it.
func (v *View) allDrawn(d drawn) error {
	if v.tree.page.seen == nil {
		v.tree.page.seen = map[int]bool{}
	}
	maps.Copy(v.tree.page.seen, d.reached)
	for e := range v.el.Elements() {
		if cid, ok := cidOf(e); ok && !v.tree.page.seen[cid] && v.owns(e) {
			return fmt.Errorf("diff: component %d is not in the message, and came before only in a component that was not on the page, so the client has never drawn it and shows an empty element", cid)
		}
	}
	return nil
}

// component is the element of a live component of this view, the zero Node if
// it is not on the page.
func (v *View) component(cid int) htmltree.Node {
	for e := range v.el.Elements() {
		if c, ok := cidOf(e); ok && c == cid && v.owns(e) {
			return e
		}
	}
	return htmltree.Node{}
}

// owns reports whether an element is of this view and not of one nested in it.
func (v *View) owns(e htmltree.Node) bool {
	around, err := e.Closest("[data-phx-session]")
	return err == nil && around == v.el
}

// patch is one change of the document.
type patch struct {
	v       *View
	old     map[string]htmltree.Node // of what is patched, by id
	inserts map[string]placed        // the elements that streams bring, by id
	restore map[string]htmltree.Node // those of them that were taken out to be put elsewhere
}

// byID are the elements in n that have ids.
func byID(n htmltree.Node) map[string]htmltree.Node {
	found := map[string]htmltree.Node{}
	for e := range n.Elements() {
		if id := e.ID(); id != "" && e != n {
			found[id] = e
		}
	}
	return found
}

func (p *patch) perform(target htmltree.Node, d drawn) error {
	if d.cid == 0 {
		to, err := target.Fragment(d.html)
		if err != nil {
			return fmt.Errorf("%w\n%s", err, shorten(d.html, 2000))
		}
		if err := p.checkItems(to); err != nil {
			return err
		}
		if err := p.inside(to); err != nil {
			return err
		}
		target.TakeContent(to)
		return nil
	}
	to, err := target.Parent().Element(d.html)
	if err != nil {
		return fmt.Errorf("component %d: %w\n%s", d.cid, err, shorten(d.html, 2000))
	}
	if err := p.checkItems(to); err != nil {
		return err
	}
	if target.ID() != "" {
		p.old[target.ID()] = target
	}
	stays, err := p.settle(to)
	if err != nil {
		return err
	}
	if ref, ok := target.Attr("data-phx-stream"); ok {
		stays.SetAttr("data-phx-stream", ref)
	}
	target.Replace(stays)
	return nil
}

// inside settles the elements right inside of n, which is new.
func (p *patch) inside(n htmltree.Node) error {
	if n.Tag() == "template" {
		return nil
	}
	for _, c := range n.Children() {
		stays, err := p.settle(c)
		if err != nil {
			return err
		}
		c.Replace(stays)
	}
	return nil
}

// match is the element that a new one takes the place of, if there is one: it
// has the same id and the same tag. Each is matched once.
func (p *patch) match(n htmltree.Node) htmltree.Node {
	old := p.old[n.ID()]
	if n.ID() == "" || old.IsZero() || old.Tag() != n.Tag() {
		return htmltree.Node{}
	}
	if old.Has("data-phx-parent-id") && p.v.views[old.ID()] == nil && session(old) != "" {
		return htmltree.Node{} // a view that has ended; the new element is a new view's
	}
	delete(p.old, n.ID())
	return old
}

// settle brings a new element to what the page is to show: its content goes on
// from what was there. It returns the element that is to stand in its place,
// which is an old one for what the server has no say in.
func (p *patch) settle(n htmltree.Node) (htmltree.Node, error) {
	old := p.match(n)
	switch {
	case old.IsZero():
	case old.Has("data-phx-sticky"):
		for _, name := range []string{"data-phx-session", "data-phx-static"} {
			if value, _ := n.Attr(name); value != "" {
				old.SetAttr(name, value)
			}
		}
		return old, nil
	case updates(old, "ignore"):
		mergeAttrs(old, n, func(name string) bool { return strings.HasPrefix(name, "data-") })
		return old, nil
	case n.Has("data-phx-parent-id"):
		had := session(old)
		mergeAttrs(old, n, func(name string) bool { return name != "data-phx-static" })
		if had != "" {
			old.SetAttr("data-phx-session", had)
		}
		return old, nil
	}
	if updates(n, "stream") {
		return n, p.stream(n, old)
	}
	return n, p.inside(n)
}

func session(n htmltree.Node) string {
	s, _ := n.Attr("data-phx-session")
	return s
}

// updates reports whether the content of an element is updated in this way.
func updates(n htmltree.Node, how string) bool {
	value, _ := n.Attr("phx-update")
	if value == "" && how == "ignore" {
		value, _ = n.Attr("data-phx-update")
	}
	return value == how
}

// mergeAttrs brings those attributes of an element that count to what another
// one has.
func mergeAttrs(n, to htmltree.Node, counts func(name string) bool) {
	n.RemoveAttrs(func(name string) bool { return counts(name) && !to.Has(name) })
	for name, value := range to.Attrs() {
		if counts(name) {
			n.SetAttr(name, value)
		}
	}
}
