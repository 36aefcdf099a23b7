package bennu

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// upgrade is a request to open a socket, with the Origin headers given.
func upgrade(host string, origin ...string) *http.Request {
	r := httptest.NewRequest("GET", "/live/websocket", nil)
	r.Host = host
	if len(origin) > 0 {
		r.Header["Origin"] = origin
	}
	return r
}

func TestFault26To27Origin(t *testing.T) {
	t.Parallel()
	none := []string{}
	list := []string{"https://shop.test", "http://localhost:4000", "//*.wild.test:4000", "//any.test", "https://[2001:db8::1]:8443"}
	tests := []struct {
		list   []string
		host   string
		origin string
		want   bool
	}{
		{none, "shop.test", "https://shop.test", true},
		{none, "shop.test", "http://shop.test", true},
		{none, "shop.test:443", "https://shop.test", true},
		{none, "shop.test:80", "http://shop.test", true},
		{none, "shop.test", "https://shop.test:443", true},
		{none, "shop.test:4000", "http://shop.test:4000", true},
		{none, "localhost:4000", "http://localhost:4000", true},
		{none, "[::1]:4000", "http://[::1]:4000", true},
		{none, "shop.test", "HTTPS://SHOP.TEST", true}, // the same host by RFC 3986; no browser writes it
		{none, "SHOP.test", "https://shop.test", true},
		{none, "shop.test", "https://shop.test:4000", false},
		{none, "shop.test:4000", "https://shop.test", false},
		{none, "shop.test:443", "http://shop.test", false},
		{none, "shop.test", "https://evil.test", false},
		{none, "shop.test", "https://evilshop.test", false},
		{none, "shop.test", "https://shop.test.evil.test", false},
		{none, "shop.test", "https://sub.shop.test", false},
		{none, "shop.test", "https://shop.test.", false},
		{none, "shop.test", "https://xn--shp-0na.test", false},
		{none, "shop.test", "https://shöp.test", false},
		{none, "shop.test", "https://ſhop.test", false}, // Unicode folds ſ to s
		{none, "ok.test", "https://o\u212a.test", false},
		{none, "shop.test", "null", false},
		{none, "null", "null", false},
		{none, "shop.test", "", false},
		{none, "", "https://", false},
		{none, "", "http://", false},
		{none, "shop.test", "shop.test", false},
		{none, "shop.test", "//shop.test", false},
		{none, "shop.test", "ftp://shop.test", false},
		{none, "shop.test", "file://shop.test", false},
		{none, "shop.test", "chrome-extension://shop.test", false},
		{none, "shop.test", "https://shop.test/", false},
		{none, "shop.test", "https://shop.test/path", false},
		{none, "shop.test", "https://shop.test?q", false},
		{none, "shop.test", "https://shop.test#f", false},
		{none, "shop.test", "https://evil.test@shop.test", false},
		{none, "shop.test", "https://shop.test@evil.test", false},
		{none, "shop.test", `https://shop.test\evil`, false},
		{none, "shop.test", "https://shop.test:", false},
		{none, "shop.test", "https://shop.test:0", false},
		{none, "shop.test", "https://shop.test:0443", false},
		{none, "shop.test", "https://shop.test:+443", false},
		{none, "shop.test", "https://shop.test:65536", false},
		{none, "shop.test", "https://shop.test:443:443", false},
		{none, "shop.test", " https://shop.test", false},
		{none, "shop.test", "https://shop.test\t", false},
		{none, "shop.test", "https://shop.test, https://evil.test", false},
		{none, "[::1%25lo]", "http://[::1%25lo]", false},
		{none, "[::1", "http://[::1", false},
		{none, "[1.2.3.4]", "http://[1.2.3.4]", false},

		{list, "inner:8080", "https://shop.test", true}, // behind a proxy that changes Host
		{list, "shop.test", "https://shop.test:443", true},
		{list, "shop.test", "http://shop.test", false},
		{list, "shop.test", "https://shop.test:444", false},
		{list, "inner", "http://inner", false}, // the list alone counts
		{list, "x", "http://localhost:4000", true},
		{list, "x", "http://localhost", false},
		{list, "x", "http://wild.test:4000", true},
		{list, "x", "https://a.wild.test:4000", true},
		{list, "x", "https://a.b.wild.test:4000", true},
		{list, "x", "https://a.wild.test", false},
		{list, "x", "https://evilwild.test:4000", false},
		{list, "x", "https://wild.test.evil.test:4000", false},
		{list, "x", "https://.wild.test:4000", true}, // no browser has such a host
		{list, "x", "http://any.test", true},
		{list, "x", "https://any.test:9", true},
		{list, "x", "https://sub.any.test", false},
		{list, "x", "https://[2001:db8::1]:8443", true},
		{list, "x", "https://[2001:db8::2]:8443", false},
		{list, "x", "null", false},
	}
	for _, tt := range tests {
		o, err := newOrigins(tt.list)
		if err != nil {
			t.Fatal(err)
		}
		err = o.check(upgrade(tt.host, tt.origin))
		if (err == nil) != tt.want {
			t.Errorf("list %v, host %q, origin %q: check = %v, want allowed %v", tt.list, tt.host, tt.origin, err, tt.want)
		}
		if err != nil && statusOf(err) != http.StatusForbidden {
			t.Errorf("origin %q: status %d", tt.origin, statusOf(err))
		}
	}
}

func TestFault27OriginMissingOrTwice(t *testing.T) {
	t.Parallel()
	for _, list := range [][]string{nil, {"https://shop.test"}} {
		o, err := newOrigins(list)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.check(upgrade("shop.test")); err != nil {
			t.Errorf("without Origin: %v", err)
		}
		if err := o.check(upgrade("shop.test", "https://shop.test", "https://evil.test")); err == nil {
			t.Error("two origins are accepted")
		}
	}
}

func TestFault26RefusalNamesTheFix(t *testing.T) {
	t.Parallel()
	for _, list := range [][]string{nil, {"https://shop.test"}} {
		o, err := newOrigins(list)
		if err != nil {
			t.Fatal(err)
		}
		err = o.check(upgrade("inner:4000", "https://www.shop.test"))
		if err == nil || !strings.Contains(err.Error(), "add it to Options.Origins or BENNU_ORIGINS") || !strings.Contains(err.Error(), "www.shop.test") {
			t.Errorf("list %v: %v", list, err)
		}
	}
}

// Whoever sends a long header does not fill the log with it.
func TestRefusalsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 60<<10)
	var errs []error
	for _, list := range [][]string{nil, {"https://shop.test"}} {
		o, err := newOrigins(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, origins := range [][]string{{"https://" + long[:200]}, {long}, {"https://" + long}, {"https://\x00" + long}, {"a", long}} {
			errs = append(errs, o.check(upgrade(long, origins...)))
		}
		r := upgrade(long, "https://"+long)
		r.Method = "M" + long
		r.Header.Set("Sec-Fetch-Site", long)
		c := csrfConfig{origins: o}
		errs = append(errs, c.check(http.NewCrossOriginProtection(), r))
	}
	fail := failFunc(func(_ http.ResponseWriter, _ *http.Request, err error) { errs = append(errs, err) })
	localHost(hostConfig{fail: fail})(http.NotFoundHandler()).ServeHTTP(nil, upgrade(long))
	for _, err := range errs {
		if err == nil || len(err.Error()) > 1000 || !strings.Contains(err.Error(), "…") {
			t.Errorf("%d bytes, want a short error: %.300v", len(fmt.Sprint(err)), err)
		}
	}
}

func TestOriginsRefusesBadEntries(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"shop.test":           `has no "//"`,
		"*":                   `has no "//"`,
		"":                    `has no "//"`,
		"https:shop.test":     `has no "//"`,
		"ws://shop.test":      "scheme other than http and https",
		"https//shop.test":    "scheme other than",
		"https://":            "has no host",
		"//*.test":            "whole top-level domain",
		"//*.":                "has no host",
		"//*shop.test":        `has a '*'`,
		"//a.*.test":          `has a '*'`,
		"https://shop.test/":  `has a '/'`,
		"https://shop.test:x": "no number",
		"https://ſhop.test":   "has a",
		"https://[::1":        "no IPv6 address",
	} {
		_, err := newOrigins([]string{"https://good.test", entry})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "Options.Origins") {
			t.Errorf("newOrigins(%q) = %v, want %q", entry, err, want)
		}
	}
}

// A foreign name that resolves to this machine is not served in dev.
func TestFault28LocalHost(t *testing.T) {
	t.Parallel()
	o, err := newOrigins([]string{"https://dev.shop.test", "//*.tunnel.test"})
	if err != nil {
		t.Fatal(err)
	}
	h := localHost(hostConfig{origins: o})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{
		"localhost": 200, "localhost:4000": 200, "LOCALHOST:4000": 200, "app.localhost:4000": 200,
		"127.0.0.1:4000": 200, "127.0.0.1": 200, "[::1]:4000": 200, "[::1]": 200,
		"dev.shop.test": 200, "dev.shop.test:4000": 200, "x.tunnel.test": 200,
		"evil.test": 403, "evil.test:4000": 403, "localhost.evil.test": 403, "evillocalhost": 403,
		"127.0.0.1.evil.test": 403, "10.0.0.1:4000": 403, "0.0.0.0:4000": 403, "": 403, "localhost.": 403, "a b": 403,
	} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, upgrade(host))
		if rec.Code != want {
			t.Errorf("host %q = %d, want %d", host, rec.Code, want)
		}
		if rec.Code == 403 && !strings.Contains(rec.Body.String(), "Options.Origins") {
			t.Errorf("host %q: the refusal says %q", host, rec.Body)
		}
	}
}

func TestFailFuncAnswers(t *testing.T) {
	t.Parallel()
	var got error
	fail := failFunc(func(w http.ResponseWriter, _ *http.Request, err error) {
		got = err
		w.WriteHeader(statusOf(err))
	})
	rec := httptest.NewRecorder()
	localHost(hostConfig{fail: fail})(http.NotFoundHandler()).ServeHTTP(rec, upgrade("evil.test"))
	if rec.Code != 403 || got == nil {
		t.Errorf("status %d, error %v", rec.Code, got)
	}
	if code := statusOf(errors.New("plain")); code != 500 {
		t.Errorf("statusOf(plain) = %d", code)
	}
}

// What the check lets pass must be, to an independent parser, a URL whose host
// is that of the request.
func FuzzOrigin(f *testing.F) {
	for _, s := range []string{"https://shop.test", "http://[::1]:4000", "null", "https://a@shop.test", "https://shop.test:443", "HTTP://SHOP.TEST"} {
		f.Add(s, "shop.test")
	}
	any, err := newOrigins(nil)
	if err != nil {
		f.Fatal(err)
	}
	listed, err := newOrigins([]string{"//*.shop.test"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, origin, host string) {
		if any.check(upgrade(host, origin)) == nil {
			u, err := url.Parse(origin)
			if err != nil || u.User != nil || u.Path != "" || !strings.EqualFold(u.Hostname(), (&url.URL{Host: host}).Hostname()) {
				t.Errorf("host %q accepts %q (%v, %v)", host, origin, u, err)
			}
		}
		if listed.check(upgrade(host, origin)) == nil {
			u, err := url.Parse(origin)
			if err != nil {
				t.Fatalf("%q is accepted: %v", origin, err)
			}
			if name := strings.ToLower(u.Hostname()); name != "shop.test" && !strings.HasSuffix(name, ".shop.test") {
				t.Errorf("the list accepts %q", origin)
			}
		}
	})
}
