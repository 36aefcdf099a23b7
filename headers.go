package bennu

import (
	"fmt"
	"net/http"
	"strings"

	"bennu/internal/address"
)

// defaultCSP is what pages may load and run; {nonce} and {host} are filled in
// for each request.
//
// Scripts are this App's files and elements with the nonce. Of styles, elements
// need the nonce too, but style attributes are allowed: templates draw bars and
// colours with them, they are escaped like all attributes, and the client
// patches them by setAttribute, which the policy governs. Images may be data:
// (icons in style sheets) and blob: (previews of uploads). The socket is named
// by its host besides 'self', which older browsers do not take for ws: and wss:.
const defaultCSP = "default-src 'self'; " +
	"script-src 'self' 'nonce-{nonce}'; " +
	"style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data: blob:; font-src 'self' data:; " +
	"connect-src 'self' ws://{host} wss://{host}; " +
	"object-src 'none'; base-uri 'self'; frame-ancestors 'self'"

// secureHeaders sets the headers that make browsers careful with every
// response, error pages and files included. A handler may change them. The
// policy is Options.CSP, "" for the default. It belongs inside requestID.
func secureHeaders(policy string) (func(http.Handler) http.Handler, error) {
	if policy == "" {
		policy = defaultCSP
	}
	csp, err := parseCSP(policy)
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sc, h := scopeOf(r.Context()), w.Header()
			sc.set(h, "Content-Security-Policy", csp.fill(sc.nonce, r.Host))
			sc.set(h, "X-Content-Type-Options", "nosniff")
			sc.set(h, "Referrer-Policy", "strict-origin-when-cross-origin")
			sc.set(h, "X-Permitted-Cross-Domain-Policies", "none")
			next.ServeHTTP(w, r)
		})
	}, nil
}

// cspPolicy is a policy cut at its placeholders.
type cspPolicy []cspPart

// cspPart is a literal text and the placeholder that follows it, 0 for none.
type cspPart struct {
	text string
	fill byte // 'n' for the nonce, 'h' for the host
}

func parseCSP(policy string) (cspPolicy, error) {
	for _, c := range []byte(policy) {
		if c < ' ' || c > '~' {
			return nil, fmt.Errorf("bennu: Options.CSP has a %q, want printable ASCII on one line", c)
		}
	}
	var parts cspPolicy
	for {
		i := strings.IndexByte(policy, '{')
		if i < 0 {
			return append(parts, cspPart{text: policy}), nil
		}
		text, rest := policy[:i], policy[i:]
		switch {
		case strings.HasPrefix(rest, "{nonce}"):
			parts = append(parts, cspPart{text, 'n'})
			policy = rest[len("{nonce}"):]
		case strings.HasPrefix(rest, "{host}"):
			parts = append(parts, cspPart{text, 'h'})
			policy = rest[len("{host}"):]
		default:
			return nil, fmt.Errorf("bennu: Options.CSP has an unknown placeholder at %.20q, want {nonce} or {host}", rest)
		}
	}
}

// fill is the policy for one request. A host that is none, which only the
// browser's own user can send, leaves the names of the socket out of use.
func (p cspPolicy) fill(nonce, host string) string {
	if _, _, err := splitHost(address.Lower(host)); err != nil {
		host = "invalid"
	}
	n := 0
	for _, part := range p {
		n += len(part.text) + len(nonce) + len(host)
	}
	var b strings.Builder
	b.Grow(n)
	for _, part := range p {
		b.WriteString(part.text)
		switch part.fill {
		case 'n':
			b.WriteString(nonce)
		case 'h':
			b.WriteString(host)
		}
	}
	return b.String()
}
