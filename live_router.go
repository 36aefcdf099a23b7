package bennu

import (
	"net/url"

	"bennu/live"
)

// liveRouter tells running views what stands at an address.
type liveRouter struct{ app *App }

// Resolve finds the live route of an address as a page's request would.
func (r liveRouter) Resolve(host, address string) (live.Place, bool) {
	u, err := url.Parse(address)
	if err != nil || len(u.Host) > maxHost {
		return live.Place{}, false
	}
	if u.Host == "" {
		u.Host = host
	}
	rt, path, ok := r.app.matchLive(u)
	if !ok {
		return live.Place{}, false
	}
	return live.Place{
		View: rt.name, Route: rt.pattern, Session: rt.liveSession, Action: rt.action,
		Params: live.NewParams(path, u.RawQuery), URL: u.RequestURI(),
	}, true
}
