package livetest

import (
	"fmt"

	"bennu/internal/htmltree"
)

// Tree is a view as the official client keeps it, for programs that speak to a
// server by themselves, such as load tests over real sockets: give it the first
// render and then each diff, and ask what the page shows. It is as strict as a
// [View]: what the client would throw at, lose or show stale is an error.
//
// The zero Tree has no render yet. It belongs to one goroutine.
type Tree struct {
	v *View
}

// Apply merges a diff: the member "rendered" of the reply to a join, then "diff"
// of replies and the payload of the message "diff". After an error the Tree is
// of no more use.
func (t *Tree) Apply(diff []byte) error {
	value, err := parseJSON(diff)
	if err != nil {
		return fmt.Errorf("livetest: diff: %w", err)
	}
	o, ok := value.(object)
	if !ok {
		return fmt.Errorf("livetest: diff is %s, want an object", shorten(string(diff), 400))
	}
	if t.v == nil {
		page, err := htmltree.Parse("<!DOCTYPE html><div data-phx-session></div>")
		if err != nil {
			return err
		}
		el, err := page.Find("div")
		if err != nil {
			return err
		}
		t.v = &View{tab: &tab{doc: &document{tree: page}}, el: el, bare: true}
	}
	join := t.v.tree.root == nil
	if _, err := t.v.tree.apply(o); err != nil {
		return fmt.Errorf("livetest: diff: %w", err)
	}
	for _, d := range t.v.tree.drawn {
		if _, err := t.v.put(d, join); err != nil {
			return fmt.Errorf("livetest: %w", err)
		}
	}
	return nil
}

// Forget takes out live components that the server has forgotten: those in its
// answer to cids_destroyed. A Tree that never hears of it is none the worse, but
// for its memory.
func (t *Tree) Forget(cids ...int) {
	if t.v != nil {
		t.v.tree.prune(cids)
	}
}

// HTML is what the page shows of the view, with the marks that the client gives
// to the elements of live components and of streams.
func (t *Tree) HTML() string {
	if t.v == nil {
		return ""
	}
	return t.v.el.Inner()
}

// Markup is the view as the client wrote it for its last patch of the page,
// without marks: of streams it has only what the last message brought.
func (t *Tree) Markup() string {
	if t.v == nil {
		return ""
	}
	return t.v.tree.page.last
}
