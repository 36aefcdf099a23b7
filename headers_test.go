package bennu

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestSecureHeaders(t *testing.T) {
	t.Parallel()
	h := newWebStack(t, sessionConfig{}, nil, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/error":
			http.Error(w, "an error page", http.StatusInternalServerError)
		case "/redirect":
			if err := Redirect(w, r, "/"); err != nil {
				t.Error(err)
			}
		default:
			fmt.Fprint(w, Nonce(r.Context()))
		}
	}).handler
	nonces := map[string]bool{}
	for _, path := range []string{"/", "/", "/error", "/redirect"} {
		resp, body := newBrowser(t, h).get("http://shop.test:4000" + path)
		csp := resp.Header.Get("Content-Security-Policy")
		for _, want := range []string{
			"default-src 'self'", "script-src 'self' 'nonce-", "connect-src 'self' ws://shop.test:4000 wss://shop.test:4000",
			"base-uri 'self'", "frame-ancestors 'self'", "object-src 'none'",
		} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: CSP %q, want %q in it", path, csp, want)
			}
		}
		nonce := regexp.MustCompile(`'nonce-([\w-]{20,})'`).FindStringSubmatch(csp)
		if nonce == nil || nonces[nonce[1]] || path == "/" && body != nonce[1] {
			t.Errorf("%s: nonce %v (page %q), want a new one each time", path, nonce, body)
		} else {
			nonces[nonce[1]] = true
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options":            "nosniff",
			"Referrer-Policy":                   "strict-origin-when-cross-origin",
			"X-Permitted-Cross-Domain-Policies": "none",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got, want)
			}
		}
	}
}

// The header is built from Host, which a client can send at will.
func TestSecureHeadersWithAnyHost(t *testing.T) {
	t.Parallel()
	h := newWebStack(t, sessionConfig{}, nil, func(http.ResponseWriter, *http.Request) {}).handler
	for _, host := range []string{"", "a; script-src *", "a b", "a'b", "ä.test", "a,b", "[::1"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		csp := newBrowser(t, h).do(r).Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "connect-src 'self' ws://invalid wss://invalid;") {
			t.Errorf("host %q: CSP %q", host, csp)
		}
	}
}

func TestOwnCSP(t *testing.T) {
	t.Parallel()
	mw, err := secureHeaders("script-src 'nonce-{nonce}'; connect-src ws://{host}; x {nonce}")
	if err != nil {
		t.Fatal(err)
	}
	var nonce string
	h := requestID(0)(mw(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { nonce = Nonce(r.Context()) })))
	resp, _ := newBrowser(t, h).get("http://shop.test/")
	if got, want := resp.Header.Get("Content-Security-Policy"), "script-src 'nonce-"+nonce+"'; connect-src ws://shop.test; x "+nonce; got != want || nonce == "" {
		t.Errorf("CSP = %q, want %q", got, want)
	}
	for policy, want := range map[string]string{
		"a\r\nSet-Cookie: b": "printable ASCII on one line", "ä": "printable ASCII",
		"script-src {nounce}": "unknown placeholder",
	} {
		if _, err := secureHeaders(policy); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "Options.CSP") {
			t.Errorf("secureHeaders(%q) = %v, want %q", policy, err, want)
		}
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	h := requestID(0)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, RequestID(r)) }))
	for id, keep := range map[string]bool{
		"":                          false,
		"short":                     false,
		strings.Repeat("a", 19):     false,
		strings.Repeat("a", 20):     true,
		strings.Repeat("Az-_.9", 5): true,
		strings.Repeat("a", 200):    true,
		strings.Repeat("a", 201):    false,
		strings.Repeat("a", 20) + " forged=log line": false,
		strings.Repeat("a", 20) + "\n":               false,
		strings.Repeat("a", 20) + "<b>":              false,
		strings.Repeat("ä", 20):                      false,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set(requestIDHeader, id)
		resp := newBrowser(t, h).do(r)
		got, seen := resp.Header.Get("X-Request-Id"), bodyOf(t, resp)
		if got != seen || (got == id) != keep || !saneRequestID(got) {
			t.Errorf("id %q: response has %q, handler saw %q, want kept %v", id, got, seen, keep)
		}
	}
}

// An App inside another one's handler has a scope of its own.
func TestScopesDoNotMix(t *testing.T) {
	t.Parallel()
	inner := newWebStack(t, sessionConfig{name: "inner"}, nil, sessionApp).handler
	outer := newWebStack(t, sessionConfig{name: "outer"}, nil, func(w http.ResponseWriter, r *http.Request) {
		if err := Session(r).Put("user", "outer"); err != nil {
			t.Error(err)
		}
		before := CSRFToken(r)
		inner.ServeHTTP(w, r)
		if Session(r).Get("user") != "outer" || !verifyCSRF(Session(r), before) {
			t.Error("the inner App changed the session of the outer one")
		}
	}).handler
	b := newBrowser(t, outer)
	b.get("/put?v=inner")
	if _, body := b.get("/"); body != "inner" || len(b.cookies) != 2 {
		t.Errorf("inner session %q, cookies %v", body, b.cookies)
	}
}

func TestFault33MethodOverride(t *testing.T) {
	t.Parallel()
	h := methodOverride()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Method, " ", r.PostFormValue("name"))
	}))
	const form = "application/x-www-form-urlencoded"
	const parts = "multipart/form-data; boundary=b"
	part := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	long := strings.Repeat("x", peekLen)
	for _, tt := range []struct {
		what, method, target, contentType, body, want string
	}{
		{"a form", "POST", "/", form, "_method=delete&name=a", "DELETE "},
		{"upper case", "POST", "/", form, "_method=PUT&name=a", "PUT a"},
		{"not first", "POST", "/", form, "name=a&_method=patch", "PATCH a"},
		{"a form with files", "POST", "/", parts, part("_method", "put") + part("name", "a") + "--b--\r\n", "PUT a"},
		{"in the query", "POST", "/?_method=delete", form, "name=a", "POST a"},
		{"by GET", "GET", "/?_method=delete", "", "", "GET "},
		{"by GET with a body", "GET", "/", form, "_method=delete", "GET "},
		{"in a PUT", "PUT", "/", form, "_method=delete&name=a", "PUT a"},
		{"in JSON", "POST", "/", "application/json", `{"_method":"delete"}`, "POST "},
		{"in text", "POST", "/", "text/plain", "_method=delete", "POST "},
		{"a method that links have", "POST", "/", form, "_method=get&name=a", "POST a"},
		{"an unknown method", "POST", "/", form, "_method=connect&name=a", "POST a"},
		{"a bad escape", "POST", "/", form, "_method=%zz&name=a", "POST a"},
		{"beyond the first part", "POST", "/", form, "name=" + long + "&_method=delete", "POST " + long},
		{"a file of that name", "POST", "/", parts, strings.Replace(part("_method", "put"), `"_method"`, `"_method"; filename="f"`, 1) + part("name", "a") + "--b--\r\n", "POST a"},
		{"no boundary", "POST", "/", "multipart/form-data", part("_method", "put"), "POST "},
		{"nothing", "POST", "/", form, "", "POST "},
	} {
		r := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.contentType)
		resp := newBrowser(t, h).do(r)
		if got := bodyOf(t, resp); got != tt.want {
			t.Errorf("%s: handler saw %.50q, want %.50q", tt.what, got, tt.want)
		}
		if r.Method != tt.method {
			t.Errorf("%s: the caller's request became a %s", tt.what, r.Method)
		}
	}
}

// The whole stack around a page that draws its CSRF token.
func BenchmarkWebStack(b *testing.B) {
	for name, h := range map[string]http.HandlerFunc{
		"static": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200) },
		"page":   func(w http.ResponseWriter, r *http.Request) { CSRFToken(r); w.WriteHeader(200) },
	} {
		stack := newWebStack(b, sessionConfig{}, nil, h)
		first := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		stack.handler.ServeHTTP(first, r)
		again := httptest.NewRequest("GET", "/", nil)
		for _, c := range first.Result().Cookies() {
			again.AddCookie(c)
		}
		for _, visit := range []struct {
			name string
			r    *http.Request
		}{{"first", r}, {"again", again}} {
			b.Run(name+"/"+visit.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					stack.handler.ServeHTTP(nullWriter{make(http.Header, 8)}, visit.r)
				}
			})
		}
	}
}

type nullWriter struct{ h http.Header }

func (n nullWriter) Header() http.Header       { return n.h }
func (nullWriter) Write(b []byte) (int, error) { return len(b), nil }
func (nullWriter) WriteHeader(int)             {}
