package bennu

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks whose words about a request's way are believed.
type proxies []netip.Prefix

func (p proxies) trust(addr netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// remote is the address at the other end of the connection.
func remote(r *http.Request) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return ap.Addr().Unmap(), true
	}
	addr, err := netip.ParseAddr(r.RemoteAddr)
	return addr.Unmap(), err == nil
}

// peerAddr is the client's address without the port. Each proxy appends the
// address that it was called from to X-Forwarded-For; read from the end, the
// first one that is no trusted proxy is the client, and what stands before it
// is what the client says.
func (p proxies) peerAddr(r *http.Request) string {
	addr, ok := remote(r)
	if !ok {
		return r.RemoteAddr
	}
	if !p.trust(addr) {
		return addr.String()
	}
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for _, hop := range slices.Backward(hops) {
		next, ok := hopAddr(strings.TrimSpace(hop))
		if !ok {
			break
		}
		addr = next
		if !p.trust(addr) {
			break
		}
	}
	return addr.String()
}

// hopAddr reads an address with or without a port.
func hopAddr(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap(), true
	}
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return addr.Unmap(), err == nil
}

// https reports that the browser's connection is encrypted, up to this server
// or up to a trusted proxy.
func (p proxies) https(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	proto := r.Header["X-Forwarded-Proto"]
	if len(proto) == 0 || len(p) == 0 {
		return false
	}
	addr, ok := remote(r)
	if !ok || !p.trust(addr) {
		return false
	}
	first, _, _ := strings.Cut(proto[0], ",")
	return strings.EqualFold(strings.TrimSpace(first), "https")
}

// peerAddr is the client's address, for logs and views.
func (a *App) peerAddr(r *http.Request) string { return proxies(a.opts.TrustedProxies).peerAddr(r) }
