package bennu

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks whose words about a request's way are believed:
// what X-Forwarded-For, -Proto and -Host say. From anybody else these headers
// are the invention of whoever sent the request.
//
// Each proxy adds its word behind those that a request brought along, so that
// only the last words are those of proxies: as many as proxies are on the way.
// What stands before is what the client says. A proxy that replaces a header in
// place of adding to it leaves one word, which is then the one that counts.
type proxies []netip.Prefix

func (p proxies) trust(addr netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// parseProxies reads a list as BENNU_TRUSTED_PROXIES has it: networks and
// addresses, separated by commas.
func parseProxies(list string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for entry := range strings.SplitSeq(list, ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		if addr, err := netip.ParseAddr(entry); err == nil {
			addr = addr.Unmap().WithZone("")
			networks = append(networks, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		n, err := netip.ParsePrefix(entry)
		if err != nil {
			return nil, fmt.Errorf("%q is no network, want 10.0.0.0/8 or 10.0.0.7, more of them separated by commas", entry)
		}
		networks = append(networks, n)
	}
	return networks, nil
}

// remote is the address at the other end of the connection.
func remote(r *http.Request) (netip.Addr, bool) { return hopAddr(r.RemoteAddr) }

// hopAddr reads an address with or without a port.
func hopAddr(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}

// way is the client's address, and how many trusted proxies the request came
// through. It is false when the other end has no address.
func (p proxies) way(r *http.Request) (client netip.Addr, through int, ok bool) {
	client, ok = remote(r)
	if !ok || !p.trust(client) {
		return client, 0, ok
	}
	through = 1
	words := newWords(r.Header["X-Forwarded-For"])
	for {
		word, more := words.last()
		if !more {
			return client, through, true
		}
		hop, ok := hopAddr(word)
		if !ok {
			return client, through, true // nonsense comes from beyond the proxies
		}
		client = hop
		if !p.trust(hop) {
			return client, through, true
		}
		through++
	}
}

// peerAddr is the client's address without the port.
func (p proxies) peerAddr(r *http.Request) string {
	client, _, ok := p.way(r)
	if !ok {
		return r.RemoteAddr
	}
	return client.String()
}

// word is what the outermost trusted proxy says in a header, "" if no trusted
// one says anything.
func (p proxies) word(r *http.Request, header string) string {
	lines := r.Header[header]
	if len(lines) == 0 || len(p) == 0 {
		return ""
	}
	_, through, _ := p.way(r)
	words, word := newWords(lines), ""
	for range through {
		next, more := words.last()
		if !more {
			break
		}
		word = next
	}
	return word
}

// https reports that the browser's connection is encrypted, up to this server
// or up to a trusted proxy.
func (p proxies) https(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(p.word(r, "X-Forwarded-Proto"), "https")
}

// host is the host that the browser asked for, with its port if it named one.
// It is for the comparison with the header Origin, which no page can set. It
// decides on no route: a proxy that guards some hosts may pass the header of a
// client on.
func (p proxies) host(r *http.Request) string {
	if host := p.word(r, "X-Forwarded-Host"); host != "" {
		return host
	}
	return r.Host
}

// words are the entries of a header that is a list, from the last one on: who
// is far from the end has no say, however many entries there are.
type words struct{ lines []string }

func newWords(lines []string) words { return words{lines: slices.Clone(lines)} }

// last takes the last entry that was not taken yet.
func (w *words) last() (word string, more bool) {
	if len(w.lines) == 0 {
		return "", false
	}
	end := len(w.lines) - 1
	line := w.lines[end]
	i := strings.LastIndexByte(line, ',')
	if i < 0 {
		w.lines = w.lines[:end]
	} else {
		w.lines[end] = line[:i]
	}
	return strings.TrimSpace(line[i+1:]), true
}

// peerAddr is the client's address, for logs and views.
func (a *App) peerAddr(r *http.Request) string { return proxies(a.opts.TrustedProxies).peerAddr(r) }
