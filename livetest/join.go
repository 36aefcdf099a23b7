package livetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"bennu/internal/htmltree"
)

// joinPayload is what the client sends to join a view, member by member and in
// its order.
type joinPayload struct {
	Redirect string     `json:"redirect,omitempty"`
	URL      string     `json:"url,omitempty"`
	Params   joinParams `json:"params"`
	Session  string     `json:"session"`
	Static   *string    `json:"static"`
	Flash    string     `json:"flash,omitempty"`
	Sticky   bool       `json:"sticky"`
}

// joinParams are the CSRF token, the app's parameters, and behind them the
// client's own.
type joinParams struct {
	csrf     string
	app      map[string]string
	tracked  []string
	mounts   int
	attempts int
	referer  *url.URL
}

// MarshalJSON writes the parameters in the client's order.
func (p joinParams) MarshalJSON() ([]byte, error) {
	var o orderedObject
	o.set("_csrf_token", p.csrf)
	for _, name := range slices.Sorted(maps.Keys(p.app)) {
		o.set(name, p.app[name])
	}
	if len(p.tracked) > 0 {
		o.set("_track_static", p.tracked)
	}
	o.set("_mounts", p.mounts)
	o.set("_mount_attempts", p.attempts)
	if p.referer != nil {
		o.set("_live_referer", p.referer.String())
	}
	return o.bytes()
}

// joinPayload is the payload with which the view joins now. Its tokens are those
// of its element.
func (v *View) joinPayload() joinPayload {
	session, _ := v.el.Attr("data-phx-session")
	j := joinPayload{
		Params:  joinParams{v.doc.csrf, v.opts.Params, v.doc.tracked, v.mounts, v.attempts, v.referer},
		Session: session,
		Flash:   v.flash,
		Sticky:  v.sticky && v.href == nil,
	}
	if static, _ := v.el.Attr("data-phx-static"); static != "" {
		j.Static = &static
	}
	switch {
	case v.href == nil:
	case v.navigated:
		j.Redirect = v.href.String()
	default:
		j.URL = v.href.String()
	}
	return j
}

// join sends the view's join; the reply is handled when it comes.
func (v *View) join() error {
	v.status, v.refused = joining, nil
	if v.joinRef != "" {
		v.past[v.joinRef] = true
	}
	v.joinRef = v.nextRef()
	payload := v.joinPayload()
	v.attempts++
	what := "the join"
	if v != v.main {
		what = fmt.Sprintf("the join of %q", v.id)
	}
	_, err := v.send(v.joinRef, "phx_join", payload, what, v.joinReply)
	return err
}

// joinPage opens the socket if need be, joins the page's view and the sticky
// ones that stand beside it, and waits until they and all that are nested in
// them have answered.
func (b *tab) joinPage() error {
	if b.socket == nil {
		if err := b.connect(); err != nil {
			return err
		}
	}
	if err := b.main.join(); err != nil {
		return err
	}
	if err := b.joinSticky(); err != nil {
		return err
	}
	return b.main.refusal(b.settle("the joins"))
}

// refusal is the error of a join that was refused, err if it is not nil.
func (v *View) refusal(err error) error {
	if err == nil && v.refused != nil && !v.opts.AllowJoinError {
		return v.joinError()
	}
	return err
}

// joinReply handles the answer to a join.
func (v *View) joinReply(ok bool, text json.RawMessage) error {
	if ok {
		return v.joinedBy(text)
	}
	var r struct {
		response
		Reason string          `json:"reason"`
		Events json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("the refusal of the join: %s: %w", text, err)
	}
	for kind, to := range map[moveKind]json.RawMessage{byRedirect: r.Redirect, byNavigate: r.LiveRedirect} {
		if to == nil {
			continue
		}
		if err := v.takeEvents(r.Events); err != nil {
			return err
		}
		if err := v.sendLeave(v); err != nil { // as the client does, though there is nobody
			return err
		}
		return v.sentAway(kind, to)
	}
	v.refused = text
	switch {
	case v == v.main && v.navigated && v.mounts == 0 && (r.Reason == "unauthorized" || r.Reason == "stale"):
		// Out of the live session: the client asks for the page by HTTP.
		v.refused = nil
		return v.goAway(move{kind: byRedirect, to: v.href.String()})
	case v != v.main && !v.opts.AllowJoinError:
		return fmt.Errorf("the nested view %q: %w", v.id, v.joinError())
	}
	return nil
}

// joinedBy takes the first render out of the reply to a join.
func (v *View) joinedBy(text json.RawMessage) error {
	var r struct {
		response
		Container []json.RawMessage `json:"container"`
	}
	if err := json.Unmarshal(text, &r); err != nil || r.Rendered == nil {
		return fmt.Errorf("the reply to the join has no \"rendered\": %s", shorten(string(text), 400))
	}
	v.status = joined
	v.mounts++
	v.attempts = 0
	v.flash = ""
	if v == v.main {
		v.joins++
	}
	if v.navigated && v.mounts == 1 {
		if err := v.replaceContent(r.Container); err != nil {
			return err
		}
	}
	v.tree = rendered{}
	if err := v.apply(r.Rendered, true); err != nil {
		return err
	}
	if r.LivePatch != nil {
		return v.patched(r.LivePatch)
	}
	return nil
}

// replaceContent takes the old page away when the new one has answered. What is
// sticky waits in the new one's element for the template to take it up.
func (v *View) replaceContent(container []json.RawMessage) error {
	var tag string
	attrs := map[string]string{}
	if len(container) != 2 || json.Unmarshal(container[0], &tag) != nil || json.Unmarshal(container[1], &attrs) != nil {
		return fmt.Errorf("the reply to the join of live navigation has container %s, want [tag, {attributes}]; without it the classes of the page before stay", container)
	}
	if tag != v.el.Tag() {
		return fmt.Errorf("the container is a <%s> on this page and was a <%s>; the client can not change it", tag, v.el.Tag())
	}
	sticky, err := v.doc.tree.All("[data-phx-sticky]")
	if err != nil {
		return err
	}
	v.el.Clear()
	for _, s := range sticky {
		v.el.Insert(s, htmltree.Node{})
	}
	keep := map[string]bool{"id": true, "data-phx-session": true, "data-phx-static": true, "data-phx-main": true}
	v.el.RemoveAttrs(func(name string) bool { return !keep[name] })
	for name, value := range attrs {
		v.el.SetAttr(name, value)
	}
	v.doc.url = v.href
	v.arrive(v.landing.replace, false)
	return nil
}

// Rejoin joins the view again, with the tokens of the page, as the client does
// by itself after a crash and after a lost connection. The page then shows a
// view that was mounted anew, and so are the views that are nested in it.
func (v *View) Rejoin() {
	v.t.Helper()
	if err := v.rejoin(); err != nil {
		v.t.Fatalf("livetest: %v", err)
	}
}

func (v *View) rejoin() error {
	switch {
	case v.closed:
		return errClosed
	case v.away != nil:
		return v.awayError()
	case v.main == nil:
		return errNoPage
	case v.status == joined:
		return fmt.Errorf("the view is joined; Rejoin is for after a crash or Disconnect")
	case v.status == gone:
		return v.goneError()
	}
	if v == v.main || v.socket == nil {
		return v.joinPage()
	}
	if err := v.join(); err != nil {
		return err
	}
	return v.refusal(v.settle("the join"))
}

var errClosed = errors.New("the View is closed")
