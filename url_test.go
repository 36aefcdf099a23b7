package bennu

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"bennu/route"
)

var _ route.Site = (*App)(nil) // helpers are mounted on it

func TestURL(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, tt := range []struct {
		name  string
		opts  Options
		peer  string
		tls   bool
		heads map[string]string
		want  string
	}{
		{"as asked", Options{}, "10.0.0.1:1", false, nil, "http://shop.test:4000/a?b=c"},
		{"encrypted", Options{}, "10.0.0.1:1", true, nil, "https://shop.test:4000/a?b=c"},
		{"a proxy", Options{TrustedProxies: trusted}, "10.0.0.1:1", false,
			map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "www.shop.test"}, "https://www.shop.test/a?b=c"},
		{"no proxy of ours", Options{TrustedProxies: trusted}, "192.0.2.1:1", false,
			map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test"}, "http://shop.test:4000/a?b=c"},
		{"nonsense through a proxy", Options{TrustedProxies: trusted}, "10.0.0.1:1", false,
			map[string]string{"X-Forwarded-Host": `evil.test"><script>`}, "http://shop.test:4000/a?b=c"},
		{"configured", Options{URL: "https://shop.example", TrustedProxies: trusted}, "10.0.0.1:1", false,
			map[string]string{"X-Forwarded-Host": "evil.test"}, "https://shop.example/a?b=c"},
	} {
		tt.opts.SecretKeyBase = testSecret
		app := newTestApp(t, tt.opts)
		r := httptest.NewRequest("GET", "http://shop.test:4000/", nil)
		r.RemoteAddr = tt.peer
		if tt.tls {
			r.TLS = new(tls.ConnectionState)
		}
		for name, value := range tt.heads {
			r.Header.Set(name, value)
		}
		for range 2 {
			if got := app.URL(r, "/a?b=c"); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
		if got, want := app.pageInfo(r).Origin+"/a?b=c", tt.want; got != want {
			t.Errorf("%s: a view is told %q, want %q", tt.name, got, want)
		}
		if got, want := app.page(r, "").URL("/a?b=c"), tt.want; got != want {
			t.Errorf("%s: a layout is told %q, want %q", tt.name, got, want)
		}
	}
}

func TestURLWithoutRequest(t *testing.T) {
	t.Parallel()
	if got, want := newTestApp(t, Options{URL: "https://shop.example"}).URL(nil, "a@b"), "https://shop.example/a@b"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := newTestApp(t, Options{Dev: true, Addr: ":4001"}).URL(nil, "/a"), "http://localhost:4001/a"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	app := newTestApp(t, Options{})
	if got := panicText(func() { app.URL(nil, "/a") }); !strings.Contains(got, "set it, or BENNU_URL=") {
		t.Errorf("panic %q, want the way out", got)
	}
}

func TestWrongURLs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"shop.test", "https://", "https://shop.test/", "https://shop.test/admin", "ftp://shop.test", "https://a:b@shop.test", "https://shop.test:x", "https://sh op.test", "https://shop.test?a"} {
		if err := checkURL(text); err == nil {
			t.Errorf("checkURL(%q) = nil, want an error", text)
		}
	}
	for _, text := range []string{"", "https://shop.test", "http://localhost:4000", "https://[::1]:4000"} {
		if err := checkURL(text); err != nil {
			t.Errorf("checkURL(%q) = %v", text, err)
		}
	}
}
