package bennu

import (
	"cmp"
	"net/url"
	"strings"

	"bennu/internal/transport"
	"bennu/internal/wire"
	"bennu/live"
)

// maxHost is the longest host that a join's address may have (RFC 1035).
const maxHost = 253

// liveHost starts the views that sockets join.
type liveHost struct{ app *App }

// Join starts the view of a topic "lv:<id>"; other topics have nobody.
func (h liveHost) Join(j transport.Join) live.Channel {
	id, ok := strings.CutPrefix(j.Topic, "lv:")
	if !ok {
		return nil
	}
	return h.app.views.Start(j.Out, func() (live.Spec, error) { return h.app.prepareJoin(id, j) })
}

// prepareJoin decides whether a join may mount, and which view: the token says
// who the element is, the address says which route it stands for, and the
// route's view is what runs.
//
// The Spec says in any case which join it was, for the log.
func (a *App) prepareJoin(id string, j transport.Join) (live.Spec, error) {
	spec := live.Spec{ID: id, Info: &j.Conn.Info, Witness: j.Conn.Witness}
	req, err := wire.ParseJoin(j.Payload)
	if err != nil {
		return spec, stale("payload: %v", err)
	}
	if req.URL == "" && req.Redirect == "" {
		return a.prepareChild(spec, req, j)
	}
	var tok viewToken
	if err := a.verify(purposeView, req.Session, viewTokenAge, tok.read); err != nil {
		if child, isChild := a.childOf(req); isChild { // an island, whose address is that of the page around it
			return a.startChild(spec, child, req, j)
		}
		return spec, stale("session token: %v", err)
	}
	if tok.ID != id {
		return spec, stale("session token is of %q, the topic of %q", tok.ID, id)
	}
	var static staticToken
	if err := a.verifyStatic(req.Static, id, &static); err != nil {
		return spec, err
	}
	if j.Conn.Session == nil {
		return spec, stale("the socket has no session: its cookie or its _csrf_token is missing or wrong")
	}
	if tok.Owner != ownerOf(j.Conn.Session) {
		return spec, stale("the page was drawn for another session")
	}
	rt, at, params, err := a.joinRoute(req, tok)
	if err != nil {
		return spec, err
	}
	spec.Outdated = a.assets.outdated(req.TrackStatic)
	// The first join of a page is let pass: while servers of two builds run side
	// by side, it would be loaded again and again.
	if req.Mounts > 0 && spec.Outdated && !rt.keepsOld {
		return spec, stale("the page has scripts or styles of another build")
	}
	spec.View, spec.Name, spec.Route, spec.Layout = rt.new(), rt.name, rt.pattern, rt.layout
	spec.Session, spec.Params, spec.Connect = j.Conn.Session, params, connectParams(req)
	spec.URL, spec.ReloadToken = at.RequestURI(), a.reloadToken(tok.Owner) // without the host, which is the client's claim
	spec.Navigated, spec.Frame = req.Redirect != "", &rt.frame
	spec.LiveSession, spec.Action, spec.OnMount, spec.LogLevel = rt.liveSession, rt.action, rt.onMount, rt.logLevel
	switch {
	case req.Flash != "":
		spec.Flash = openFlash(a.keys, j.Conn.Session, req.Flash)
	case req.Redirect == "" && req.Mounts == 0:
		spec.Flash = static.Flash
	}
	return spec, nil
}

// verifyStatic reads the token of a dead render, "" for none.
func (a *App) verifyStatic(token, id string, into *staticToken) error {
	if token == "" {
		return nil
	}
	if err := a.verify(purposeStatic, token, viewTokenAge, into.read); err != nil {
		return stale("static token: %v", err)
	}
	if into.ID != id {
		return stale("static token is of %q, the topic of %q", into.ID, id)
	}
	return nil
}

// joinRoute finds the live route of the join's address and checks that the
// token may stand for it: the same view for the page itself, the same live
// session for a page reached by live navigation.
func (a *App) joinRoute(req wire.Join, tok viewToken) (rt *liveRoute, at *url.URL, params live.Params, err error) {
	address := cmp.Or(req.Redirect, req.URL)
	if address == "" {
		return nil, nil, params, unauthorized("the join of a page has neither url nor redirect")
	}
	at, err = url.Parse(address)
	if err != nil || len(at.Host) > maxHost {
		return nil, nil, params, unauthorized("url %.100q is none", address)
	}
	rt, path, ok := a.matchLive(at)
	switch {
	case !ok:
		return nil, nil, params, unauthorized("url %.100q is no live route", address)
	case rt.liveSession != tok.Session:
		return nil, nil, params, unauthorized("live session of %s is %q, the token's %q", rt.pattern, rt.liveSession, tok.Session)
	case req.Redirect == "" && rt.name != tok.View:
		return nil, nil, params, unauthorized("view of %s is %s, the token's %s", rt.pattern, rt.name, tok.View)
	}
	return rt, at, live.NewParams(path, at.RawQuery), nil
}

// connectParams are the page script's own parameters, and where the user came
// from; the client's others and the CSRF token are left out. Values that are no
// strings are kept as JSON.
func connectParams(req wire.Join) map[string]string {
	var params map[string]string
	put := func(name, value string) {
		if params == nil {
			params = make(map[string]string)
		}
		params[name] = value
	}
	_ = wire.Object(req.Params, func(key, value []byte) error { // ParseJoin has checked it
		if len(key) > 0 && key[0] == '_' {
			return nil
		}
		text, ok := wire.String(value)
		if !ok {
			text = string(value)
		}
		put(string(key), text)
		return nil
	})
	if req.Referer != "" && req.Referer != "undefined" { // what the client sends for nothing
		put(live.RefererParam, req.Referer)
	}
	return params
}
