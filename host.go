package bennu

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"bennu/internal/address"
)

type hostConfig struct {
	origins *origins // whose hosts are good too
	fail    failFunc
}

// localHost answers only requests for this machine's own names and for the
// hosts of Options.Origins. It guards development, where anything is shown to
// whoever asks: a page of another site can have its own name resolve to
// 127.0.0.1 and so reach a server on the developer's machine as its own host.
func localHost(cfg hostConfig) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !cfg.allows(r.Host) {
				host := cut(r.Host, maxQuoted)
				cfg.fail.answer(w, r, Status(http.StatusForbidden, &suspectError{fmt.Errorf(
					"bennu: in development only localhost is served, this request is for host %q; if that name is yours, add %q to Options.Origins or BENNU_ORIGINS", host, "//"+host)}))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func (c *hostConfig) allows(hostport string) bool {
	host, _, err := splitHost(address.Lower(hostport))
	if err != nil {
		return false
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true // these names never resolve to anywhere else (RFC 6761, section 6.3)
	}
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && addr.IsLoopback() {
		return true
	}
	return c.origins != nil && slices.ContainsFunc(c.origins.allowed, func(p originPattern) bool { return p.matchesHost(host) })
}
