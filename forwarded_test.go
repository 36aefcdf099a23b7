package bennu

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
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

// Faults, row 37: what X-Forwarded-… says counts from trusted proxies only, and
// of what they pass on only their own words.
func TestFault37SpoofedForwardedHeaders(t *testing.T) {
	t.Parallel()
	trusted := proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fe80::/10")}
	const client, proxy = "203.0.113.7:1", "10.0.0.1:1"
	for _, tt := range []struct {
		name, remote     string
		way, proto, host []string
		wantPeer         string
		wantHTTPS        bool
		wantHost         string
	}{
		{"a client", client, nil, nil, nil, "203.0.113.7", false, "shop.test"},
		{"a client that says all of it", client, []string{"1.1.1.1"}, []string{"https"}, []string{"evil.test"}, "203.0.113.7", false, "shop.test"},
		{"a client that names a proxy", client, []string{"10.0.0.9"}, []string{"https"}, []string{"evil.test"}, "203.0.113.7", false, "shop.test"},
		{"a proxy", proxy, []string{"203.0.113.7"}, []string{"https"}, []string{"www.shop.test"}, "203.0.113.7", true, "www.shop.test"},
		{"a proxy without TLS", proxy, []string{"203.0.113.7"}, []string{"http"}, nil, "203.0.113.7", false, "shop.test"},
		{"a proxy that says nothing", proxy, nil, nil, nil, "10.0.0.1", false, "shop.test"},
		{"a client's words before the proxy's", proxy, []string{"1.1.1.1, 203.0.113.7"}, []string{"https, http"}, []string{"evil.test, www.shop.test"}, "203.0.113.7", false, "www.shop.test"},
		{"in lines of their own", proxy, []string{"1.1.1.1", "203.0.113.7"}, []string{"https", "http"}, []string{"evil.test", "www.shop.test"}, "203.0.113.7", false, "www.shop.test"},
		{"a client that names a proxy before the proxy's words", proxy, []string{"10.0.0.9, 203.0.113.7"}, []string{"https, http"}, nil, "203.0.113.7", false, "shop.test"},
		{"two proxies", proxy, []string{"1.1.1.1, 203.0.113.7, 10.0.0.2"}, []string{"http, HTTPS, http"}, []string{"evil.test, www.shop.test, inner.test"}, "203.0.113.7", true, "www.shop.test"},
		{"two proxies, the outer's word alone", proxy, []string{"203.0.113.7, 10.0.0.2"}, []string{"https"}, []string{"www.shop.test"}, "203.0.113.7", true, "www.shop.test"},
		{"no proxy's address, but two words", proxy, nil, []string{"https, http"}, nil, "10.0.0.1", false, "shop.test"},
		{"nonsense", proxy, []string{"203.0.113.7, <script>"}, []string{"<script>"}, nil, "10.0.0.1", false, "shop.test"},
		{"nothing between commas", proxy, []string{",,"}, []string{","}, []string{", "}, "10.0.0.1", false, "shop.test"},
		{"an address of a link", "[fe80::1%eth0]:1", []string{"203.0.113.7"}, []string{"https"}, nil, "203.0.113.7", true, "shop.test"},
		{"no address", "@", []string{"203.0.113.7"}, []string{"https"}, []string{"evil.test"}, "@", false, "shop.test"},
	} {
		r := &http.Request{RemoteAddr: tt.remote, Host: "shop.test", Header: http.Header{
			"X-Forwarded-For": tt.way, "X-Forwarded-Proto": tt.proto, "X-Forwarded-Host": tt.host,
		}}
		peer, https, host := trusted.peerAddr(r), trusted.https(r), trusted.host(r)
		if peer != tt.wantPeer || https != tt.wantHTTPS || host != tt.wantHost {
			t.Errorf("%s: peer %s, https %v, host %s; want %s, %v, %s", tt.name, peer, https, host, tt.wantPeer, tt.wantHTTPS, tt.wantHost)
		}
		var none proxies
		if none.https(r) || none.host(r) != "shop.test" {
			t.Errorf("%s: believed although nobody is trusted", tt.name)
		}
		if !slices.Equal(r.Header["X-Forwarded-For"], tt.way) {
			t.Errorf("%s: the header was changed", tt.name)
		}
	}
	if !trusted.https(&http.Request{RemoteAddr: client, TLS: new(tls.ConnectionState)}) {
		t.Error("the server's own TLS is none")
	}
}

// Behind a proxy that changes the header Host, its word for the host is what
// Origin is held against; a stranger's is not.
func TestOriginBehindAProxy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		remote, origin string
		want           int
	}{
		{"10.0.0.1:1", "https://shop.test", http.StatusUpgradeRequired}, // let pass, but it is no upgrade
		{"10.0.0.1:1", "https://inner.test", http.StatusForbidden},
		{"10.0.0.1:1", "https://evil.test", http.StatusForbidden},
		{"203.0.113.7:1", "https://shop.test", http.StatusForbidden},
		{"203.0.113.7:1", "https://inner.test:443", http.StatusUpgradeRequired},
	} {
		app := newTestApp(t, Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
		r := httptest.NewRequest("GET", "/live/websocket?vsn=2.0.0", nil)
		r.RemoteAddr, r.Host = tt.remote, "inner.test"
		r.Header.Set("Origin", tt.origin)
		r.Header.Set("X-Forwarded-Host", "shop.test")
		rec := httptest.NewRecorder()
		app.ServeHTTP(rec, r)
		if rec.Code != tt.want {
			t.Errorf("Origin %s from %s: %d, want %d", tt.origin, tt.remote, rec.Code, tt.want)
		}
	}
}

func TestParseProxies(t *testing.T) {
	t.Parallel()
	got, err := parseProxies(" 10.0.0.0/8, 192.0.2.7,, 2001:db8::/32, ::1 ")
	if want := "[10.0.0.0/8 192.0.2.7/32 2001:db8::/32 ::1/128]"; fmt.Sprint(got) != want || err != nil {
		t.Errorf("%v, %v, want %s", got, err, want)
	}
	for _, list := range []string{"10.0.0.0/33", "proxy.test", "10.0.0.0/8 192.0.2.7", "*"} {
		if got, err := parseProxies(list); err == nil {
			t.Errorf("parseProxies(%q) = %v, want an error", list, got)
		}
	}
}
