package bennu

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"testing"
)

func TestPeerAddr(t *testing.T) {
	t.Parallel()
	trusted := proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tt := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"a client", "203.0.113.7:1234", nil, "203.0.113.7"},
		{"a client that lies", "203.0.113.7:1234", []string{"1.1.1.1"}, "203.0.113.7"},
		{"a proxy", "10.0.0.1:1234", []string{"203.0.113.7"}, "203.0.113.7"},
		{"a client that lies to a proxy", "10.0.0.1:1234", []string{"1.1.1.1, 203.0.113.7"}, "203.0.113.7"},
		{"two proxies", "10.0.0.1:1234", []string{"1.1.1.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		{"two headers", "10.0.0.1:1234", []string{"1.1.1.1", "203.0.113.7, 10.0.0.2"}, "203.0.113.7"},
		{"nobody but proxies", "10.0.0.1:1234", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"a proxy that says nothing", "10.0.0.1:1234", nil, "10.0.0.1"},
		{"nonsense", "10.0.0.1:1234", []string{"203.0.113.7, unknown"}, "10.0.0.1"},
		{"with a port", "10.0.0.1:1234", []string{"203.0.113.7:99"}, "203.0.113.7"},
		{"IPv6", "[fd00::1]:1234", []string{"2001:db8::7"}, "2001:db8::7"},
		{"IPv6 with a port", "[fd00::1]:1234", []string{"[2001:db8::7]:99"}, "2001:db8::7"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1234", []string{"203.0.113.7"}, "203.0.113.7"},
		{"a Unix socket", "@", []string{"203.0.113.7"}, "@"},
	} {
		r := &http.Request{RemoteAddr: tt.remote, Header: http.Header{"X-Forwarded-For": tt.forwarded}}
		if got := trusted.peerAddr(r); got != tt.want {
			t.Errorf("%s: peerAddr = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHTTPS(t *testing.T) {
	t.Parallel()
	trusted := proxies{netip.MustParsePrefix("10.0.0.0/8")}
	for _, tt := range []struct {
		name, remote, proto string
		tls                 *tls.ConnectionState
		want                bool
	}{
		{"its own TLS", "203.0.113.7:1", "", new(tls.ConnectionState), true},
		{"plain", "203.0.113.7:1", "", nil, false},
		{"a client's word", "203.0.113.7:1", "https", nil, false},
		{"a proxy's word", "10.0.0.1:1", "https", nil, true},
		{"two proxies' words", "10.0.0.1:1", "HTTPS, http", nil, true},
		{"a proxy without TLS", "10.0.0.1:1", "http", nil, false},
	} {
		r := &http.Request{RemoteAddr: tt.remote, TLS: tt.tls, Header: http.Header{}}
		if tt.proto != "" {
			r.Header.Set("X-Forwarded-Proto", tt.proto)
		}
		if got := trusted.https(r); got != tt.want {
			t.Errorf("%s: https = %v, want %v", tt.name, got, tt.want)
		}
	}
}
