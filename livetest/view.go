package livetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"bennu/internal/htmltree"
)

// View is a page with its live view, as a browser has it. Make one with
// [Mount]; its methods belong to the goroutine of the test.
type View struct {
	t       testing.TB
	opts    Options
	site    *site
	doc     *document
	socket  *socket
	frames  []Frame
	tree    rendered
	status  status
	closed  bool
	joinRef string
	lastRef int
	mounts  int // successful joins
	// attempts are the joins since the last successful one.
	attempts  int
	refused   json.RawMessage // the response that refused the last join
	pending   *pending        // the message whose reply is awaited
	redirect  string
	expecting bool // a crash is expected
}

// status is how it stands between the page and the view.
type status uint8

const (
	unopened status = iota // there is no page
	joining                // the page is there, or the view left and can be joined again
	joined
	crashed   // phx_error
	navigated // a redirect took the page away
)

// pending is the message that the page waits for an answer to.
type pending struct {
	ref, what string
	response  json.RawMessage
	answered  bool
}

// Dead is the page as the request brought it, before any script: the whole
// document as text.
func (v *View) Dead() string { return v.doc.dead }

// HTML is what the page shows now inside the view's element. Elements of live
// components carry their number in data-phx-component, as in a browser.
func (v *View) HTML() string {
	v.t.Helper()
	v.settle()
	return v.doc.container.Inner()
}

// Title is the title that the browser shows.
func (v *View) Title() string {
	v.t.Helper()
	v.settle()
	return v.doc.title
}

// ID is the id of the view, and of its element in the page.
func (v *View) ID() string { return v.doc.id }

// Path is the address of the page without scheme and host.
func (v *View) Path() string {
	v.t.Helper()
	v.settle()
	return v.doc.url.RequestURI()
}

// Redirected is the address to which the view sent the page away, "" while the
// page stays. The view has ended then.
func (v *View) Redirected() string {
	v.t.Helper()
	v.settle()
	return v.redirect
}

// Frames are all messages on the socket so far, in both directions, from the
// first join on.
func (v *View) Frames() []Frame {
	v.t.Helper()
	v.settle()
	return slices.Clone(v.frames)
}

// JoinError is the response, as JSON, with which the server refused the last
// join: {"reason":"stale"}. It is "" for a view that is joined; a refused join
// fails the test unless Options.AllowJoinError is set.
func (v *View) JoinError() string { return string(v.refused) }

// draw puts what the tree shows into the document and checks the result.
func (v *View) draw() error {
	html, err := v.tree.html(v.tree.page.root, true)
	if err != nil {
		return err
	}
	if err := v.doc.container.SetInner(html); err != nil {
		return fmt.Errorf("%w\n%s", err, shorten(html, 2000))
	}
	return v.check()
}

// check finds what a browser would get wrong without a word.
func (v *View) check() error {
	if twice := v.doc.tree.DuplicateIDs(); len(twice) > 0 && !v.opts.AllowDuplicateIDs {
		d := twice[0]
		text := fmt.Sprintf("the id %q is used %d times on the page; the client patches elements by id and mixes them up:", d.ID, len(d.Elements))
		for _, e := range d.Elements {
			text += "\n  " + shorten(e.Outer(), 200)
		}
		return fmt.Errorf("%s\ngive each its own id (or set Options.AllowDuplicateIDs)", text)
	}
	if forms := v.doc.tree.FormsWithoutID(); len(forms) > 0 && !v.opts.AllowFormsWithoutID {
		return fmt.Errorf("a form that sends events has no id, so what people typed is lost at a reconnect:\n  %s\ngive it an id (or set Options.AllowFormsWithoutID)",
			shorten(forms[0].Outer(), 200))
	}
	return nil
}

// find are the elements of the view that match a selector and, if given, hold
// the text.
func (v *View) find(selector string, text []string) (all, matching []htmltree.Node, err error) {
	all, err = v.doc.container.All(selector)
	if err != nil {
		return nil, nil, err
	}
	matching = all
	for _, want := range text {
		matching = withText(matching, htmltree.Squeeze(want))
	}
	return all, matching, nil
}

// withText are the nodes that hold the text. Those whose whole text it is come
// before those that only contain it: the button + is not the button ++.
func withText(nodes []htmltree.Node, want string) []htmltree.Node {
	var exact, some []htmltree.Node
	for _, n := range nodes {
		switch text := n.Text(); {
		case text == want:
			exact = append(exact, n)
		case contains(text, want):
			some = append(some, n)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return some
}
