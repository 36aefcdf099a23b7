package bennu

import (
	"encoding/json"
	"fmt"

	"bennu/internal/transport"
	"bennu/internal/wire"
	"bennu/live"
)

// Nested registers a view that stands in the templates of other views, where
// live.Nested or live.Sticky names it:
//
//	app.Nested("clock", func() live.View { return &clock.Clock{Zones: zones} })
//
// The factory runs twice at registration, to check its views. A second
// registration of a name panics. Options are OnMount, whose hooks those of the
// page around it do not replace, LogLevel and WithContainer.
func (a *App) Nested(name string, newView func() live.View, opts ...LiveOption) {
	call := fmt.Sprintf("Nested(%q)", name)
	if name == "" {
		a.refuse(call, fmt.Errorf("the name is empty"))
	}
	if _, taken := a.views.Nested[name]; taken {
		a.refuse(call, fmt.Errorf("the name is taken; each nested view is registered once"))
	}
	rt, err := newLiveRoute(name, newView, nil, opts)
	if err != nil {
		a.refuse(call, err)
	}
	if rt.frame.Title != "" || rt.action != "" || rt.layout != nil || rt.root != nil || rt.keepsOld {
		a.refuse(call, fmt.Errorf("a nested view has no page of its own; want OnMount, LogLevel and WithContainer alone of the options"))
	}
	if a.views.Nested == nil {
		a.views.Nested = make(map[string]live.NestedView)
	}
	a.views.Nested[name] = live.NestedView{New: newView, Container: rt.frame.Container, OnMount: rt.onMount, LogLevel: rt.logLevel}
}

// childTokens makes the tokens of nested views.
type childTokens struct{ app *App }

// SignChild makes the token of a nested view's element.
func (t childTokens) SignChild(c live.Child, session *live.Session) string {
	c.Owner = ownerOf(session)
	text, _ := json.Marshal(c) // Given is JSON already, the rest is text and numbers
	return t.app.keys.Sign(purposeChild, text)
}

// SignStatic makes the token of its dead render.
func (t childTokens) SignStatic(id string) string {
	text, _ := json.Marshal(staticToken{ID: id}) // text
	return t.app.keys.Sign(purposeStatic, text)
}

// prepareChild decides whether a nested view may join, and which one: its token
// says all, for it has no address.
func (a *App) prepareChild(spec live.Spec, req wire.Join, j transport.Join) (live.Spec, error) {
	var c live.Child
	if err := a.verifyJSON(purposeChild, req.Session, viewTokenAge, &c); err != nil {
		return spec, stale("session token: %v", err)
	}
	return a.startChild(spec, c, req, j)
}

// childOf is the child that the token of a join with an address is of, if it is
// of one: live navigation leads to pages alone.
func (a *App) childOf(req wire.Join) (c live.Child, ok bool) {
	ok = req.Redirect == "" && a.verifyJSON(purposeChild, req.Session, viewTokenAge, &c) == nil
	return c, ok
}

// startChild is prepareChild for a token that was read.
func (a *App) startChild(spec live.Spec, c live.Child, req wire.Join, j transport.Join) (live.Spec, error) {
	switch {
	case c.ID != spec.ID:
		return spec, stale("session token is of %q, the topic of %q", c.ID, spec.ID)
	case j.Conn.Session == nil:
		return spec, stale("the socket has no session: its cookie or its _csrf_token is missing or wrong")
	case c.Owner != ownerOf(j.Conn.Session):
		return spec, stale("the page was drawn for another session")
	}
	if err := a.verifyStatic(req.Static, spec.ID, new(staticToken)); err != nil {
		return spec, err
	}
	as, ok := a.views.Nested[c.Name]
	if !ok {
		return spec, stale("no nested view %.100q", c.Name)
	}
	spec.View, spec.OnMount, spec.LogLevel = as.New(), as.OnMount, as.LogLevel
	spec.Name, spec.Route = live.TypeName(spec.View), "nested "+c.Name
	spec.Nested, spec.Sticky, spec.Given = true, c.Parent == 0, c.Given
	spec.Session, spec.Connect = j.Conn.Session, connectParams(req)
	spec.Outdated = a.assets.outdated(req.TrackStatic)
	if spec.Sticky {
		return spec, nil
	}
	var err error
	spec.Parent, err = a.views.Parent(c)
	return spec, err
}
