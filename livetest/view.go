package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"bennu/internal/htmltree"
)

// View is a live view in a page, as a browser has it: the page's own, which
// [Mount] opens, or one that is nested in it, see [View.Child]. Its methods
// belong to the goroutine of the test.
type View struct {
	*tab
	id     string
	el     htmltree.Node // its element
	parent *View         // nil for the page's own and for a sticky one
	sticky bool
	tree   rendered
	bare   bool // the View of a Tree, which draws whatever it is told
	status status

	joinRef string
	mounts  int // successful joins
	// attempts are the joins since the last successful one.
	attempts  int
	refused   json.RawMessage // the response that refused the last join
	expecting bool            // a crash is expected

	// Of the page's own view:
	href      *url.URL // the address by which it joins
	navigated bool     // it was reached without loading the page
	landing   move     // how
	flash     string   // the token that it brings along
	referer   *url.URL // the page before
}

// status is how it stands between the page and the view.
type status uint8

const (
	unopened status = iota // there is no page
	joining                // the page is there, or the view left and can be joined again
	joined
	crashed // phx_error
	gone    // left, or it has sent the page away
)

// Dead is the page as the request brought it, before any script: the whole
// document as text.
func (v *View) Dead() string { return v.doc.dead }

// HTML is what the page shows now inside the view's element, of a page without
// a view inside its body. Elements of live components carry their number in
// data-phx-component and those of streams the stream's name in data-phx-stream,
// as in a browser.
func (v *View) HTML() string {
	v.t.Helper()
	v.look()
	return v.content().Inner()
}

// content is the element in which the view's elements are looked for.
func (v *View) content() htmltree.Node {
	if v.main == nil {
		return v.doc.body
	}
	return v.el
}

// Title is the title that the browser shows.
func (v *View) Title() string {
	v.t.Helper()
	v.look()
	return v.doc.title
}

// ID is the id of the view, and of its element in the page.
func (v *View) ID() string { return v.id }

// Path is the address of the page without scheme and host.
func (v *View) Path() string {
	v.t.Helper()
	v.look()
	return v.doc.url.RequestURI()
}

// History are the addresses that the back button and the forward button lead
// through, and which of them is the present one.
func (v *View) History() (addresses []string, at int) {
	v.t.Helper()
	v.look()
	for _, e := range v.history {
		addresses = append(addresses, e.url.RequestURI())
	}
	return addresses, v.at
}

// Frames are all messages on the page's sockets so far, in both directions,
// from the first join on.
func (v *View) Frames() []Frame {
	v.t.Helper()
	v.look()
	return slices.Clone(v.frames)
}

// JoinError is the response, as JSON, with which the server refused the last
// join: {"reason":"stale"}. It is "" for a view that is joined; a refused join
// fails the test unless Options.AllowJoinError is set.
func (v *View) JoinError() string { return string(v.refused) }

// goneError says that the view is not in the page any more.
func (v *View) goneError() error {
	return fmt.Errorf("the view %q is gone from the page", v.id)
}

// ExpectCrash runs f and fails the test if the view does not crash by it. The
// page keeps what it shows; Rejoin goes on as the client would. The page's other
// views are not to crash along.
func (v *View) ExpectCrash(f func()) {
	v.t.Helper()
	v.expecting = true
	defer func() { v.expecting = false }()
	f()
	if v.status == crashed {
		return
	}
	if v.socket == nil || v.closed {
		v.t.Fatalf("livetest: expected a crash of the view, but its connection ended")
	}
	if err := v.wait("crash of the view, which is expected,", func() bool { return v.status == crashed }); err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
}

// Disconnect cuts the connection, as a network does. Rejoin connects again.
func (v *View) Disconnect() {
	v.t.Helper()
	v.look()
	if v.closed || v.socket == nil {
		v.t.Fatalf("livetest: Disconnect: there is no connection")
	}
	v.hangUp()
	if v.main.status == crashed {
		v.main.status = joining
	}
}

// Close leaves the page: its views end before Close returns, and what had come
// from the server until then must be no surprise; what the server has begun for
// the page must end, or the test fails with the goroutines that do not. It is
// called at the end of the test if the test has not; a second call does nothing.
func (v *View) Close() {
	v.t.Helper()
	v.close()
}

// find are the elements of the view that match a selector and, if given, hold
// the text.
func find(in htmltree.Node, selector string, text []string) (all, matching []htmltree.Node, err error) {
	all, err = in.All(selector)
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

// RequireText fails the test if the view does not show the text. If it is not
// there yet, RequireText first waits for what the server may still send, until
// the deadline. White space counts as one space, whatever it is.
func (v *View) RequireText(text string) {
	v.t.Helper()
	v.look()
	want := htmltree.Squeeze(text)
	if v.comes("the text "+strconv.Quote(text), func() bool { return contains(v.content().Text(), want) }) {
		return
	}
	shown := v.content().Text()
	v.t.Fatalf("livetest: the view does not show the text %q%s%s\nthe view at %s shows\n  %s\nin\n%s",
		text, otherCase(shown, want), v.whereabouts(), v.Path(), shorten(shown, 500), excerpt(v.content()))
}

// RequireElement is [View.Element] for what need not be there yet: like
// RequireText it first waits for what the server may still send.
func (v *View) RequireElement(selector string, text ...string) *Element {
	v.t.Helper()
	v.look()
	v.comes("an element "+strconv.Quote(selector), func() bool { return has(v.t, v.content(), selector, text) })
	return v.Element(selector, text...)
}

// comes waits until the view shows something, and reports whether it does.
func (v *View) comes(what string, shown func() bool) bool {
	v.t.Helper()
	if !shown() && v.status == joined && !v.closed {
		err := v.wait("change", func() bool { return shown() || v.status != joined })
		if err != nil && !errors.Is(err, errSilence) {
			v.t.Fatalf("livetest: while waiting for %s: %v", what, err)
		}
	}
	return shown()
}

// RefuteText fails the test if the view shows the text now.
func (v *View) RefuteText(text string) {
	v.t.Helper()
	v.look()
	if contains(v.content().Text(), htmltree.Squeeze(text)) {
		v.t.Fatalf("livetest: the view shows the text %q; it shows\n  %s", text, shorten(v.content().Text(), 500))
	}
}

// Has reports whether the view has an element that matches the CSS selector
// and contains the text, if given. Several will do.
func (v *View) Has(selector string, text ...string) bool {
	v.t.Helper()
	v.look()
	return has(v.t, v.content(), selector, text)
}
