package livetest

import (
	"encoding/json"
	"strings"

	"bennu/internal/htmltree"
)

// Click clicks the element and waits for what the server says to it, after which
// the page shows what the click has changed. What it does is what a browser
// makes of the element:
//
//   - phx-click sends its event, or runs its commands as far as they concern the
//     server;
//   - a link with data-phx-link patches the page or navigates, and is followed
//     as the client does;
//   - a submit button of a form with phx-submit submits the form, with what the
//     page shows in it, see [Element.Submit];
//   - any other link sends the page away, as a redirect does: [View.Follow] loads
//     the page that it leads to.
//
// The element must do one of these and must not be disabled. An event that
// crashes the view fails the test, outside of [View.ExpectCrash]; so does one
// that the view does not handle.
func (e *Element) Click() {
	e.t.Helper()
	n := e.acting("click")
	if n.Disabled() {
		e.t.Fatalf("livetest: cannot click %s: it is disabled\n  %s", e, shorten(n.Outer(), 400))
	}
	if err := e.v.click(e, n); err != nil {
		e.t.Fatalf("livetest: click %s: %v", e, err)
	}
}

// acting is the element, which something is to be done to.
func (e *Element) acting(what string) htmltree.Node {
	e.t.Helper()
	n := e.node()
	if e.v == nil {
		e.t.Fatalf("livetest: cannot %s %s: what is no live page sends nothing; Mount a page that has it", what, e)
	}
	return n
}

func (v *View) click(e *Element, n htmltree.Node) error {
	v.t.Helper()
	event, bound := n.Attr("phx-click")
	if kind, ok := n.Attr("data-phx-link"); ok && n.Tag() == "a" {
		return v.clickPhxLink(n, kind, event)
	}
	form, isSubmit := v.submits(n)
	href, isLink := n.Attr("href")
	switch {
	case bound:
		return v.exec(n, "click", event, nil)
	case isSubmit:
		return v.submit(form, n, nil)
	case n.Tag() == "a" && isLink && href != "" && !strings.HasPrefix(href, "#"):
		if err := v.main.mayMove(); err != nil {
			return err
		}
		return v.goAway(move{kind: byRedirect, to: href})
	}
	v.t.Fatalf("livetest: cannot click %s: it has no phx-click%s%s\n  %s", e, bearer(n), instead(n), shorten(n.Outer(), 400))
	return nil
}

// mayMove is an error when the page was sent away already. A page without a
// view may move.
func (v *View) mayMove() error {
	if v == nil {
		return nil
	}
	return v.canPush()
}

func (v *View) clickPhxLink(n htmltree.Node, kind, event string) error {
	href, _ := n.Attr("href")
	state, _ := n.Attr("data-phx-link-state")
	if err := v.clickLink(href, kind, state); err != nil || event == "" || v.away != nil {
		return err
	}
	if !v.doc.tree.Contains(n) {
		return nil // the page that it was on is gone
	}
	return v.exec(n, "click", event, nil)
}

// bearer names an element around n that would take its clicks in a browser.
func bearer(n htmltree.Node) string {
	around, err := n.Closest("[phx-click], a[href], button")
	if err != nil || around.IsZero() || around == n {
		return ""
	}
	return "; a browser gives its clicks to " + openTag(around) + ", click that"
}

// instead names what is done to an element that is not clicked.
func instead(n htmltree.Node) string {
	switch n.Tag() {
	case "form":
		return "; a form is filled by Change and Submit"
	case "input", "select", "textarea", "option":
		return "; a field is filled by Change, or by the Submit of its form"
	}
	return ""
}

// ClickAway clicks somewhere else, which an element with phx-click-away hears.
func (e *Element) ClickAway() {
	e.t.Helper()
	e.fire("click away from", "click", nil, "phx-click-away")
}

// Focus gives the element the focus: it must have phx-focus, or phx-window-focus
// for the focus of the window.
func (e *Element) Focus() {
	e.t.Helper()
	e.fire("focus", "focus", nil, "phx-focus", "phx-window-focus")
}

// Blur takes the focus from the element: it must have phx-blur, or
// phx-window-blur for the focus of the window.
func (e *Element) Blur() {
	e.t.Helper()
	e.fire("blur", "blur", nil, "phx-blur", "phx-window-blur")
}

// Keydown presses a key, named as browsers do: "Enter", "a", "ArrowUp". The
// element must have phx-keydown, or phx-window-keydown for keys pressed anywhere,
// and if it has phx-key that must be the key.
func (e *Element) Keydown(key string) {
	e.t.Helper()
	e.key("keydown", key)
}

// Keyup releases a key, see [Element.Keydown].
func (e *Element) Keyup(key string) {
	e.t.Helper()
	e.key("keyup", key)
}

func (e *Element) key(kind, key string) {
	e.t.Helper()
	n := e.acting(kind)
	if only, ok := n.Attr("phx-key"); ok && only != "" && !strings.EqualFold(only, key) {
		e.t.Fatalf("livetest: cannot %s %s: its phx-key is %q, so the key %q sends nothing", kind, e, only, key)
	}
	e.fire(kind, kind, map[string]any{"key": key}, "phx-"+kind, "phx-window-"+kind)
}

// fire runs what the first of these attributes says.
func (e *Element) fire(what, kind string, data map[string]any, attrs ...string) {
	e.t.Helper()
	n := e.acting(what)
	for _, attr := range attrs {
		if event, ok := n.Attr(attr); ok && event != "" {
			if err := e.v.exec(n, kind, event, data); err != nil {
				e.t.Fatalf("livetest: %s %s: %v", what, e, err)
			}
			return
		}
	}
	e.t.Fatalf("livetest: cannot %s %s: it has no %s\n  %s", what, e, strings.Join(attrs, " and no "), shorten(n.Outer(), 400))
}

// ScrollToTop shows the first element of a list with phx-viewport-top, as
// scrolling does; ScrollToBottom the last one of a list with phx-viewport-bottom.
func (e *Element) ScrollToTop() {
	e.t.Helper()
	e.scroll("phx-viewport-top", func(all []htmltree.Node) htmltree.Node { return all[0] })
}

// ScrollToBottom shows the last element of a list with phx-viewport-bottom.
func (e *Element) ScrollToBottom() {
	e.t.Helper()
	e.scroll("phx-viewport-bottom", func(all []htmltree.Node) htmltree.Node { return all[len(all)-1] })
}

func (e *Element) scroll(attr string, pick func([]htmltree.Node) htmltree.Node) {
	e.t.Helper()
	n := e.acting("scroll")
	children := n.Children()
	if len(children) == 0 {
		e.t.Fatalf("livetest: cannot scroll %s: it is empty\n  %s", e, openTag(n))
	}
	e.fire("scroll", "js", map[string]any{"id": pick(children).ID()}, attr)
}

// HookEvent sends an event as the script of the element's phx-hook does with
// pushEvent; if the element has a phx-target, as pushEventTo does with that. It
// returns what the handler replied with, nil for nothing. The element needs an
// id, or the client makes no hook.
func (e *Element) HookEvent(name string, payload any) json.RawMessage {
	e.t.Helper()
	n := e.acting("send a hook event from")
	if !n.Has("phx-hook") && !n.Has("data-phx-hook") || n.ID() == "" {
		e.t.Fatalf("livetest: %s has no hook: it needs phx-hook and an id\n  %s", e, openTag(n))
	}
	text, err := encode(payload)
	if err != nil {
		e.t.Fatalf("livetest: event %q: payload: %v", name, err)
	}
	targets, err := e.v.hookTargets(n)
	if err != nil {
		e.t.Fatalf("livetest: event %q from %s: %v", name, e, err)
	}
	var reply json.RawMessage
	for _, to := range targets {
		if reply, err = to.view.hookEvent(name, text, to.cid); err != nil {
			e.t.Fatalf("livetest: event %q from %s: %v", name, e, err)
		}
	}
	return reply
}

// hookTargets are those of phx-target; without it the view that the element is
// of, whichever component it stands in.
func (v *View) hookTargets(n htmltree.Node) ([]target, error) {
	if n.Has("phx-target") {
		return v.targets(n, nil)
	}
	owner, err := v.owner(n)
	return []target{{owner, 0}}, err
}
