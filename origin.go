package bennu

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"bennu/internal/address"
)

// origins decides which sites may open a socket to this App. Browsers send
// cookies with every upgrade, whichever site asks for it, and name that site in
// the header Origin; nothing else protects a socket.
type origins struct {
	allowed []originPattern
	host    func(*http.Request) string // that the browser asked for; nil: the header Host
}

// originPattern is an entry of Options.Origins. Empty parts match anything.
type originPattern struct {
	scheme, host, port string
	subdomains         bool // host and all below it
}

// newOrigins reads the entries of Options.Origins: "https://shop.test",
// "https://shop.test:8443", "//shop.test" for any scheme and port, and
// "//*.shop.test:4000" for shop.test and all below it. Without entries the
// origin must be the host that the request was sent to.
func newOrigins(entries []string) (*origins, error) {
	o := new(origins)
	for _, e := range entries {
		p, err := parseOriginPattern(e)
		if err != nil {
			return nil, fmt.Errorf("bennu: Options.Origins (BENNU_ORIGINS): %q: %w; want \"https://shop.test\", \"//shop.test:4000\" or \"//*.shop.test\"", e, err)
		}
		o.allowed = append(o.allowed, p)
	}
	return o, nil
}

func parseOriginPattern(entry string) (originPattern, error) {
	scheme, rest, ok := strings.Cut(address.Lower(entry), "//")
	if !ok {
		return originPattern{}, errors.New("has no \"//\" before the host")
	}
	p := originPattern{scheme: strings.TrimSuffix(scheme, ":")}
	if scheme != "" && (p.scheme == scheme || defaultPort(p.scheme) == "") {
		return originPattern{}, errors.New("has a scheme other than http and https")
	}
	if rest, ok = strings.CutPrefix(rest, "*."); ok {
		p.subdomains = true
	}
	host, port, err := splitHost(rest)
	if err != nil {
		return originPattern{}, err
	}
	if port == "" {
		port = defaultPort(p.scheme)
	}
	if p.subdomains && !strings.Contains(host, ".") && host != "localhost" {
		return originPattern{}, errors.New("would allow a whole top-level domain")
	}
	p.host, p.port = host, port
	return p, nil
}

// check refuses the upgrade of a foreign site with an error of status 403.
// A request without an Origin comes from no browser and is let pass.
func (o *origins) check(r *http.Request) error {
	headers := r.Header["Origin"]
	if len(headers) == 0 {
		return nil
	}
	origin, err := parseOrigin(headers)
	if err != nil {
		return Status(http.StatusForbidden, fmt.Errorf("bennu: origin %s refused: %w", quoteAll(headers), err))
	}
	if len(o.allowed) > 0 {
		if o.matches(origin) {
			return nil
		}
		return Status(http.StatusForbidden, fmt.Errorf("bennu: origin %q is not allowed to open a socket; if it is yours, add it to Options.Origins or BENNU_ORIGINS", cut(headers[0], maxQuoted)))
	}
	asked := r.Host
	if o.host != nil {
		asked = o.host(r)
	}
	if host, port, err := splitHost(address.Lower(asked)); err == nil {
		if port == "" {
			port = defaultPort(origin.scheme)
		}
		if host == origin.host && port == origin.port {
			return nil
		}
	}
	return Status(http.StatusForbidden, fmt.Errorf("bennu: origin %q is not allowed to open a socket to host %q; if it is yours, add it to Options.Origins or BENNU_ORIGINS; if a proxy changes the header Host, Options.TrustedProxies or BENNU_TRUSTED_PROXIES will do", cut(headers[0], maxQuoted), cut(asked, maxQuoted)))
}

// listed reports that the request's origin is an entry of the list.
func (o *origins) listed(r *http.Request) bool {
	if o == nil || len(o.allowed) == 0 {
		return false
	}
	origin, err := parseOrigin(r.Header["Origin"])
	return err == nil && o.matches(origin)
}

func (o *origins) matches(origin originPattern) bool {
	return slices.ContainsFunc(o.allowed, func(p originPattern) bool { return p.matches(origin) })
}

func (p originPattern) matches(origin originPattern) bool {
	if p.scheme != "" && p.scheme != origin.scheme || p.port != "" && p.port != origin.port {
		return false
	}
	return p.matchesHost(origin.host)
}

func (p originPattern) matchesHost(host string) bool {
	if host == p.host {
		return true
	}
	below, ok := strings.CutSuffix(host, p.host)
	return ok && p.subdomains && strings.HasSuffix(below, ".")
}

// parseOrigin reads the header as browsers write it (RFC 6454, section 6.2),
// scheme://host with a port unless it is the scheme's own, and nothing else.
func parseOrigin(headers []string) (originPattern, error) {
	if len(headers) != 1 {
		return originPattern{}, errors.New("want one header Origin")
	}
	if headers[0] == "null" {
		return originPattern{}, errors.New("\"null\" is what sandboxed frames and local files send")
	}
	scheme, rest, ok := strings.Cut(address.Lower(headers[0]), "://")
	if !ok || defaultPort(scheme) == "" {
		return originPattern{}, errors.New("want http://host or https://host")
	}
	host, port, err := splitHost(rest)
	if err != nil {
		return originPattern{}, err
	}
	if port == "" {
		port = defaultPort(scheme)
	}
	return originPattern{scheme: scheme, host: host, port: port}, nil
}

// splitHost splits a host, in lower case, from its port. It takes names of
// ASCII letters, digits and marks and addresses, and no user, path or
// anything else that some other parser may read in another way.
func splitHost(s string) (host, port string, err error) {
	host = s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host, port = s[:i], s[i+1:]
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || port[0] == '0' || port[0] == '+' {
			return "", "", errors.New("its port is no number from 1 to 65535")
		}
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		addr, err := netip.ParseAddr(inner)
		if !ok || err != nil || addr.Zone() != "" || !addr.Is6() {
			return "", "", errors.New("its host is no IPv6 address")
		}
		return host, port, nil
	}
	if host == "" || len(host) > 253 {
		return "", "", errors.New("it has no host")
	}
	for _, c := range []byte(host) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return "", "", fmt.Errorf("its host has a %q", c)
		}
	}
	return host, port, nil
}

// defaultPort is the port that a scheme's origins leave out, "" for a scheme
// that has no origins here.
func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

// quoteAll shows the values of a header that should have one.
func quoteAll(values []string) string {
	short := make([]string, min(len(values), 3))
	for i := range short {
		short[i] = cut(values[i], maxQuoted)
	}
	return fmt.Sprintf("%q", short)
}
