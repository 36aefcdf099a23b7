package bennu

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// notLocalPaths are what browsers and proxies could read as another site.
var notLocalPaths = []string{
	"", "evil", "evil.test", "?q", "#f", ".", "..", "./a", " /a", "\t/a", "\n/a", "\x00/a",
	"//evil", "//evil.test/a", "///evil", "////evil", "//", "//@evil",
	`/\evil`, `\/evil`, `\\evil`, `/\/evil`, `/a\b`, `/a?b=\`, `/a#\`,
	"/\t/evil", "/\n/evil", "/\r/evil", "/\r\n/evil", "/a\tb", "/a?b\n", "/a\x00", "/a\x7f", "/\v/evil", "/\f/evil",
	"/%09/evil", "/%09evil", "/%0a/evil", "/%0A/evil", "/%0d/evil", "/%0D%0A/evil", "/a/%09/evil", "/a%00", "/a%1fb", "/a%7Fb", "/a?b=/%09/evil",
	"/%2f/evil", "/%2F%2Fevil", "/%2fevil.test", "/%5cevil", "/%5C%5Cevil",
	"/@evil", "/@evil.test/a", "/%40evil",
	"/x/../%2fevil", "/./%2fevil", "/x/../%2Fevil", "/%2fx/..", "/x/..%2f/../evil", "/x/../%5cevil", "/./%5Cevil", "/x/../@evil", "/./@evil",
	"/x/%2e%2e/@evil", "/x/.%2E/%40evil", "/a/b/../../%2fevil", "/a/./../@evil/b", "/..%2fevil", "/x/..%2f%2fevil", "/%2e%2f%2fevil", "/x%2f..%2f%2fevil", "/.%5c%5cevil",
	"/..//evil", "/.//evil", "/a/..//evil", "/%2e%2e//evil", "/%2E//evil", "/a//../b", "/..//..//evil",
	"http://evil", "https://evil.test", "https:evil", "http:///evil", "HTTPS://evil", "javascript:alert(1)", "data:text/html,x", "mailto:a@evil.test",
	"https:/evil", "https:\\evil", "https:///evil", "/\u0000/evil",
}

var localPaths = []string{
	"/", "/orders", "/orders/17", "/orders?page=2&q=a%0Ab", "/a#b", "/?q=//x", "/?return=https://x.test", "/#//x",
	"/a/b/", "/a//b", "/.well-known/security.txt", "/a/../b", "/./a", "/a/@anna", "/a%2Fb", "/a%2Fb/@anna", "/a/../b?to=@anna%2F", "/..a/@b", "/a../%2f", "/a.%2fb", "/a%20b", "/a b", "/100%", "/%", "/%2", "/ü", "/a:b", "/a;b=c", "/~anna", "/a?b=%09",
}

func TestFault34LocalPath(t *testing.T) {
	t.Parallel()
	for _, path := range localPaths {
		if got, err := LocalPath(path); got != path || err != nil {
			t.Errorf("LocalPath(%q) = %q, %v", path, got, err)
		}
	}
	for _, path := range notLocalPaths {
		if got, err := LocalPath(path); err == nil || got != "" {
			t.Errorf("LocalPath(%q) = %q, want an error", path, got)
		} else if !strings.Contains(err.Error(), "/orders?page=2") {
			t.Errorf("LocalPath(%q) = %v, and not how it should be", path, err)
		}
	}
}

// waysToRead are what a path may become on its way: decoded once, with its dot
// segments resolved (RFC 3986, section 5.2.4), and one after the other.
func waysToRead(path string) []string {
	ways := []string{path, withoutDots(path)}
	for _, way := range ways {
		if decoded, err := url.PathUnescape(way); err == nil {
			ways = append(ways, decoded, withoutDots(decoded), withoutDots(strings.ReplaceAll(decoded, `\`, "/")))
		}
	}
	return ways
}

// withoutDots resolves "." and ".." as browsers do, encoded ones too.
func withoutDots(path string) string {
	var out []string
	segments := strings.Split(path, "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(s), "%2e", ".") {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 1 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}

func FuzzLocalPath(f *testing.F) {
	for _, p := range append(notLocalPaths, localPaths...) {
		f.Add(p)
	}
	base, err := url.Parse("https://shop.test/some/page")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got, err := LocalPath(path)
		if err != nil {
			return
		}
		// As browsers read it (WHATWG URL, section 4.4): without tabs and line
		// breaks, \ as /; and as a lenient proxy would, once decoded.
		browser := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/")
		for _, text := range []string{got, browser.Replace(got)} {
			if strings.HasPrefix(text, "//") || !strings.HasPrefix(text, "/") {
				t.Fatalf("LocalPath accepts %q, which browsers read as %q", path, text)
			}
		}
		before, _, _ := strings.Cut(got, "?")
		before, _, _ = strings.Cut(before, "#")
		if decoded, err := url.PathUnescape(before); err == nil && strings.HasPrefix(browser.Replace(decoded), "//") {
			t.Fatalf("LocalPath accepts %q, which decoded is %q", path, decoded)
		}
		for _, way := range waysToRead(before) {
			if begins := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(way); strings.HasPrefix(begins, "//") || strings.HasPrefix(begins, "/@") {
				t.Fatalf("LocalPath accepts %q, which can be read as %q", path, way)
			}
		}
		if u, err := base.Parse(got); err == nil && (u.Host != "shop.test" || u.Scheme != "https" || u.User != nil || strings.HasPrefix(u.Path, "//")) {
			t.Fatalf("LocalPath accepts %q, which leads to %v", path, u)
		}
		w := httptest.NewRecorder()
		if err := Redirect(w, httptest.NewRequest("GET", "/", nil), got); err != nil {
			t.Fatal(err)
		}
		for _, c := range []byte(w.Header().Get("Location")) {
			if c < ' ' || c > '~' {
				t.Fatalf("Location of %q = %q", path, w.Header().Get("Location"))
			}
		}
	})
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	for method, status := range map[string]int{"GET": 302, "HEAD": 302, "POST": 303, "PUT": 303, "DELETE": 303} {
		w := httptest.NewRecorder()
		if err := Redirect(w, httptest.NewRequest(method, "/", nil), "/a/../ü?q=1"); err != nil {
			t.Fatal(err)
		}
		if w.Code != status || w.Header().Get("Location") != "/a/../%C3%BC?q=1" {
			t.Errorf("%s: %d %q, want %d and the path as it was given", method, w.Code, w.Header().Get("Location"), status)
		}
	}
}

func TestFault34RedirectExternal(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://pay.test/a?b#c", "http://pay.test", "HTTPS://pay.test", "mailto:anna@shop.test", "tel:+491234", "https://[::1]:8080/",
	} {
		w := httptest.NewRecorder()
		if err := RedirectExternal(w, httptest.NewRequest("POST", "/", nil), address); err != nil || w.Code != http.StatusSeeOther || w.Header().Get("Location") != address {
			t.Errorf("RedirectExternal(%q) = %v, %d %q", address, err, w.Code, w.Header().Get("Location"))
		}
	}
	for _, address := range []string{
		"", "/a", "//pay.test", "pay.test", "?a:b", "#a:b", ":x",
		"javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank",
		"https:pay.test", "https:/pay.test", "https://", "http:///pay.test", "https://?q", "https://@pay.test", "https://:80", `https:\\pay.test`, `https://pay.test\@evil`,
		"https://pay.test/a b", "https://pay.test\r\nSet-Cookie: a=b", "https://pay.test\x7f",
	} {
		w := httptest.NewRecorder()
		if err := RedirectExternal(w, httptest.NewRequest("GET", "/", nil), address); err == nil || len(w.Header()) > 0 {
			t.Errorf("RedirectExternal(%q) = %v, header %v; want an error", address, err, w.Header())
		}
	}
}
