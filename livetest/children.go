package livetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bennu/internal/htmltree"
)

// Child is the view that is nested in this one, or sticks to the page, in the
// element of this id. It fails the test when there is none. The View stays good
// while the element is in the page, over crashes and reconnects.
func (v *View) Child(id string) *View {
	v.t.Helper()
	v.look()
	c := v.views[id]
	if c == nil || c == v.main {
		v.t.Fatalf("livetest: no view is nested in the page with the id %q; there are %s", id, v.nestedIDs())
	}
	return c
}

func (b *tab) nestedIDs() string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(b.views)) {
		if b.views[id] != b.main {
			ids = append(ids, strconv.Quote(id))
		}
	}
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}

// Children are the views that are nested right in this one, in the order of the
// page. Sticky views are nobody's children.
func (v *View) Children() []*View {
	var found []*View
	for e := range v.el.Elements() {
		if c := v.views[e.ID()]; c != nil && c.parent == v && c.el == e {
			found = append(found, c)
		}
	}
	return found
}

// joinedViews are the views that run on the server, inner ones first.
func (b *tab) joinedViews() []*View {
	var found []*View
	if b.doc == nil {
		return nil
	}
	for e := range b.doc.tree.Elements() {
		if v := b.views[e.ID()]; v != nil && v.el == e && v.status == joined {
			found = append(found, v)
		}
	}
	slices.Reverse(found)
	return found
}

// inventory is what of a page the server has to hear about when it goes.
type inventory struct {
	components map[int]bool
	views      []*View
}

func (v *View) inventory() inventory {
	in := inventory{components: map[int]bool{}}
	for e := range v.el.Elements() {
		if cid, ok := cidOf(e); ok && v.owns(e) {
			in.components[cid] = true
		}
		if c := v.views[e.ID()]; c != nil && c != v && c.el == e {
			in.views = append(in.views, c)
		}
	}
	return in
}

// componentAround is the element of the live component of this view that an
// element stands in, the zero Node if it stands in none.
func (v *View) componentAround(e htmltree.Node) htmltree.Node {
	around, err := e.Closest("[data-phx-component]")
	if err != nil || around.IsZero() || !v.owns(around) {
		return htmltree.Node{}
	}
	return around
}

// cidOf is the number of the live component whose element it is.
func cidOf(e htmltree.Node) (int, bool) {
	mark, ok := e.Attr("data-phx-component")
	if !ok {
		return 0, false
	}
	cid, err := strconv.Atoi(mark)
	return cid, err == nil
}

// changed tells the server what a patch has taken from the page and has brought:
// it leaves views that have gone, says which components have, and joins views
// that are new.
func (v *View) changed(before inventory, join bool) error {
	for _, c := range before.views {
		if !v.doc.tree.Contains(c.el) && v.views[c.id] == c {
			if err := c.destroy(); err != nil {
				return err
			}
		}
	}
	var cids []int
	for cid := range before.components {
		if v.component(cid).IsZero() {
			cids = append(cids, cid)
		}
	}
	if len(cids) > 0 && !join {
		slices.Sort(cids)
		if err := v.willDestroy(cids); err != nil {
			return err
		}
	}
	if err := v.joinChildren(); err != nil {
		return err
	}
	return v.joinSticky()
}

// cidList is the payload of the messages about components that have gone.
type cidList struct {
	CIDs []int `json:"cids"`
}

// willDestroy tells the server that the elements of components have gone, and
// once it has answered, that they did not come back.
func (v *View) willDestroy(cids []int) error {
	_, err := v.send(v.nextRef(), "cids_will_destroy", cidList{cids}, "cids_will_destroy", func(ok bool, _ json.RawMessage) error {
		if !ok {
			return fmt.Errorf("cids_will_destroy is answered with an error")
		}
		cids = slices.DeleteFunc(cids, func(cid int) bool { return !v.component(cid).IsZero() })
		if len(cids) == 0 || v.status != joined {
			return nil
		}
		_, err := v.send(v.nextRef(), "cids_destroyed", cidList{cids}, "cids_destroyed", v.destroyed)
		return err
	})
	return err
}

// destroyed forgets the components that the server has forgotten.
func (v *View) destroyed(ok bool, response json.RawMessage) error {
	var gone cidList
	if err := json.Unmarshal(response, &gone); err != nil || !ok || gone.CIDs == nil {
		return fmt.Errorf("the answer to cids_destroyed is %s, want {\"cids\":[…]}", response)
	}
	v.tree.prune(gone.CIDs)
	return nil
}

// joinChildren joins the views that are nested in this one and are not joined.
func (v *View) joinChildren() error {
	elements, err := v.doc.tree.All(`[data-phx-parent-id]`)
	for _, e := range elements {
		if parent, _ := e.Attr("data-phx-parent-id"); parent != v.id || v.views[e.ID()] != nil || err != nil {
			continue
		}
		if session(e) == "" {
			return fmt.Errorf("the nested view %s has no token in data-phx-session though its parent is joined", openTag(e))
		}
		err = v.nest(e, v, v.mounts-1)
	}
	return err
}

// joinSticky joins the sticky views that are not joined, and the islands of the
// root layout.
func (b *tab) joinSticky() error {
	elements, err := b.doc.tree.All(`[data-phx-session]:not([data-phx-parent-id]):not([data-phx-main])`)
	for _, e := range elements {
		if b.views[e.ID()] == nil && err == nil {
			err = b.nest(e, nil, 0)
		}
	}
	return err
}

// nest joins the view of an element.
func (b *tab) nest(e htmltree.Node, parent *View, mounts int) error {
	v := b.known[e.ID()]
	if v == nil {
		v = &View{tab: b, id: e.ID()}
		b.known[v.id] = v
	}
	if v.id == "" {
		return fmt.Errorf("a nested view has no id: %s", openTag(e))
	}
	expecting := v.expecting
	*v = View{tab: b, id: v.id, el: e, parent: parent, sticky: parent == nil, mounts: mounts, joinRef: v.joinRef, expecting: expecting}
	if parent == nil && !e.Has("data-phx-sticky") {
		v.href = b.doc.url // an island says where it stands
	}
	b.views[v.id] = v
	return v.join()
}

// destroy leaves a view whose element has gone, and those that are nested in it.
func (v *View) destroy() error {
	for _, c := range v.Children() {
		if err := c.destroy(); err != nil {
			return err
		}
	}
	was := v.status
	v.status = gone
	delete(v.views, v.id)
	if was != joined && was != joining {
		return nil
	}
	return v.sendLeave(v)
}

// sendLeave tells the server that a view is left.
func (b *tab) sendLeave(v *View) error {
	b.past[v.joinRef] = true
	if b.socket == nil {
		return nil
	}
	_, err := v.send(v.nextRef(), "phx_leave", struct{}{}, "phx_leave", func(ok bool, response json.RawMessage) error {
		if !ok {
			return fmt.Errorf("phx_leave is answered with an error: %s", response)
		}
		return nil
	})
	return err
}
