package live

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"bennu/internal/wire"
)

// ParamsHandler is a [View] that follows the address of its page.
//
// HandleParams runs after Mount, in the dead render too, and again whenever a
// link or [Socket.Patch] changes the address without leaving the view.
type ParamsHandler interface {
	HandleParams(*Socket, Params) error
}

// Router says what stands at an address. The App implements it; it is called
// from the goroutines of views.
type Router interface {
	// Resolve finds the live route of an address: a path with a query, taken on
	// the given host, or an absolute URL as browsers name it. False: there is
	// none.
	Resolve(host, address string) (Place, bool)
}

// Place is a live route with the params of one address.
type Place struct {
	View    string // the name of the view's type
	Route   string // the pattern
	Session string // the live session
	Action  string
	Params  Params
	URL     string // path and query
}

// mostPatches is how often callbacks may patch before the client says something
// again: more than that is a view that patches to itself for ever.
const mostPatches = 20

// livePatch is the client's message that the user has gone to another address
// of the same view, by a link or through the history.
func (p *Process) livePatch(m Message) error {
	var to struct {
		URL string `json:"url"`
	}
	if err := json.Unmarshal(m.Payload, &to); err != nil {
		p.ignore(m, "malformed live_patch")
		return nil
	}
	place, ok := p.resolve(to.URL)
	if !ok {
		// The client then navigates there, and finds what the address really is.
		p.out.Reply(m.Ref, true, []byte(`{"link_redirect":true}`))
		return nil
	}
	start := time.Now()
	p.clearFlash()
	a, err := p.enterLive(place)
	if err != nil {
		return &eventError{"live_patch", true, err}
	}
	return p.answer(m.Ref, "live_patch", start, a)
}

// resolve finds an address if it is one of this view in this live session.
func (p *Process) resolve(to string) (Place, bool) {
	if p.rt.Router == nil {
		return Place{}, false
	}
	place, ok := p.rt.Router.Resolve(p.host(), to)
	return place, ok && place.View == p.spec.Name && place.Session == p.spec.LiveSession
}

func (v *instance) host() string {
	if v.spec.Info == nil {
		return ""
	}
	return v.spec.Info.Host
}

// enter brings the view to another address of its own.
func (v *instance) enter(at Place) (*asks, error) {
	v.spec.URL, v.spec.Route, v.spec.Action = at.URL, at.Route, at.Action
	return v.handleParams(at.Params)
}

func (p *Process) enterLive(at Place) (a *asks, err error) {
	defer catch(&err)
	return p.enter(at)
}

// handleFirstParams runs the callbacks for the address that a view starts with.
// One that was taken over has seen it already, but not the hooks of its mount.
func (v *instance) handleFirstParams(takenOver bool) (*asks, error) {
	if !takenOver {
		return v.handleParams(v.spec.Params)
	}
	a, _, err := v.hookParams(v.spec.Params)
	return a, err
}

// hookParams runs the hooks for an address; halt: the view does not hear of it.
func (v *instance) hookParams(params Params) (a *asks, halt bool, err error) {
	if v.extras == nil {
		return nil, false, nil
	}
	return v.extras.hooks.runParams(v, params)
}

// handleParams runs the view's callback for an address.
func (v *instance) handleParams(params Params) (*asks, error) {
	if a, halt, err := v.hookParams(params); halt || err != nil {
		return a, err
	}
	h, ok := v.spec.View.(ParamsHandler)
	if !ok || v.spec.Nested {
		return nil, nil
	}
	s := &Socket{view: v}
	defer s.end()
	var start time.Time
	if v.rt.Observe.Params != nil {
		start = time.Now()
	}
	err := h.HandleParams(s, params)
	if v.rt.Observe.Params != nil {
		v.observeParams(start, err)
	}
	if err != nil {
		return nil, fmt.Errorf("live: HandleParams of %s: %w", v.spec.Name, err)
	}
	return s.wanted()
}

// follow does what callbacks asked for, patches one after the other, and
// returns the move that takes the page elsewhere, nil when it stays. Say tells
// the client of each patch.
func (p *Process) follow(a *asks, say func(*move)) (*move, error) {
	for a != nil {
		p.take(a)
		m := a.move
		if m == nil {
			return nil, nil
		}
		if m.kind == patchMove && p.spec.Nested {
			return nil, p.patchPage(m)
		}
		if m.kind != patchMove {
			if p.extras != nil {
				m.flash = p.extras.put
			}
			return m, nil
		}
		e := p.more()
		if e.patches++; e.patches > mostPatches {
			return nil, fmt.Errorf("live: %s patched its address %d times without anything from the user, last to %.100q; does HandleParams patch each time?",
				p.spec.Name, mostPatches, m.to)
		}
		place, err := p.patchable(m)
		if err != nil {
			return nil, err
		}
		// A link to where the page is adds no place to the history. The client
		// sees that of links, but of a patch, which has no host, it does not
		// (browser.js, pushState).
		m.replace = m.replace || place.URL == p.spec.URL && !strings.Contains(m.to, "#")
		say(m)
		if a, err = p.enterLive(place); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// patchPage passes the wish of a nested view on to the view of the page.
func (p *Process) patchPage(m *move) error {
	root := p.root()
	if root == p {
		return fmt.Errorf("live: Patch to %.100q: a sticky view has no page of its own; use Navigate", m.to)
	}
	root.post(&patchRequest{m})
	return nil
}

// patchable is the place that a callback wants to patch to.
func (p *Process) patchable(m *move) (Place, error) {
	if place, ok := p.resolve(m.to); ok {
		return place, nil
	}
	if p.rt.Router != nil {
		if place, ok := p.rt.Router.Resolve(p.host(), m.to); ok {
			return Place{}, fmt.Errorf("live: Patch to %.100q: that is a page of %s in live session %q, and Patch stays in one view; use Navigate",
				m.to, place.View, place.Session)
		}
	}
	return Place{}, fmt.Errorf("live: Patch to %.100q: no live route is there; use Redirect for pages that are none", m.to)
}

// sayPatch tells the client its page's new address.
func (p *Process) sayPatch(m *move) {
	buf := takeBuffer()
	defer giveBuffer(buf)
	buf.b = appendPatch(buf.b, m)
	p.out.Push("live_patch", buf.b)
}

func appendPatch(dst []byte, m *move) []byte {
	return append(appendKind(wire.AppendString(append(dst, `{"to":`...), m.to), m), '}')
}
