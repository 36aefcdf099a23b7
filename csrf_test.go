package bennu

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bennu/live"
)

// csrfApp shows a token on GET and says who posted otherwise.
func csrfApp(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		fmt.Fprint(w, CSRFToken(r), " ", CSRFToken(r))
		return
	}
	fmt.Fprint(w, "done by ", r.Method, " with ", r.FormValue("name"))
}

func TestFault30To31ForgedRequests(t *testing.T) {
	t.Parallel()
	h := newWebStack(t, sessionConfig{}, []string{"https://admin.shop.test"}, csrfApp).handler
	b := newBrowser(t, h)
	_, body := b.get("http://shop.test/")
	own, again, _ := strings.Cut(body, " ")
	if own == "" || own != again {
		t.Fatalf("one response has the tokens %q and %q", own, again)
	}
	if _, body := b.get("http://shop.test/"); strings.HasPrefix(body, own) {
		t.Error("two responses have the same token: it is not masked")
	}
	_, body = newBrowser(t, h).get("http://shop.test/")
	other, _, _ := strings.Cut(body, " ")

	header := func(pairs ...string) func(*http.Request) {
		return func(r *http.Request) {
			for i := 0; i < len(pairs); i += 2 {
				r.Header.Set(pairs[i], pairs[i+1])
			}
		}
	}
	tests := []struct {
		what   string
		token  string // in the form
		set    func(*http.Request)
		cookie bool
		want   int
	}{
		{"the page's own form", own, header("Sec-Fetch-Site", "same-origin", "Origin", "http://shop.test"), true, 200},
		{"the same without token", "", header("Sec-Fetch-Site", "same-origin"), true, 200},
		// The browser's own word counts for more than the page's token, which
		// may be of a session that a login has ended since.
		{"the page's own form with an old token", other, header("Sec-Fetch-Site", "same-origin"), true, 200},
		{"typed by the user", "", header("Sec-Fetch-Site", "none"), true, 200},
		{"an older browser's own form", own, header("Origin", "http://shop.test"), true, 200},
		{"cross-site", own, header("Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test"), true, 403},
		{"another host of the site", own, header("Sec-Fetch-Site", "same-site", "Origin", "https://x.shop.test"), true, 403},
		{"nonsense for a site", own, header("Sec-Fetch-Site", "SAME-ORIGIN"), true, 403},
		{"cross-site, older browser", own, header("Origin", "https://evil.test"), true, 403},
		{"origin null", own, header("Origin", "null"), true, 403},
		{"no word of where from, no token", "", header(), true, 403},
		{"no word, token in the form", own, header(), true, 200},
		{"no word, token in the header", "", header(csrfHeader, own), true, 200},
		{"no word, token of another session", other, header(), true, 403},
		{"no word, token cut", own[1:], header(), true, 403},
		{"no word, wrong header beats good field", own, header(csrfHeader, other), true, 403},
		{"no word and no cookie: no browser", "", header(), false, 200},
		{"a listed site with token", own, header("Sec-Fetch-Site", "same-site", "Origin", "https://admin.shop.test"), true, 200},
		{"a listed site without token", "", header("Sec-Fetch-Site", "same-site", "Origin", "https://admin.shop.test"), true, 403},
		{"a site that looks like a listed one", own, header("Sec-Fetch-Site", "cross-site", "Origin", "https://admin.shop.test.evil.test"), true, 403},
	}
	for _, tt := range tests {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			fields := url.Values{"name": {"anna"}}
			if tt.token != "" {
				fields.Set(csrfField, tt.token)
			}
			r := formPost("http://shop.test/", fields)
			r.Method = method
			tt.set(r)
			asked := newBrowser(t, h)
			if tt.cookie {
				asked.cookies = b.cookies
			}
			resp := asked.do(r)
			if body := bodyOf(t, resp); resp.StatusCode != tt.want {
				t.Errorf("%s, %s: status %d (%s), want %d", tt.what, method, resp.StatusCode, strings.TrimSpace(body), tt.want)
			} else if resp.StatusCode == 403 && !strings.Contains(body, "CSRF token") {
				t.Errorf("%s: the refusal says %q and not what to do", tt.what, body)
			} else if resp.StatusCode == 200 && method == "POST" && body != "done by POST with anna" {
				t.Errorf("%s: the handler found %q in the body", tt.what, body)
			}
		}
	}
	for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
		r := httptest.NewRequest(method, "http://shop.test/", nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if resp := b.do(r); resp.StatusCode != 200 {
			t.Errorf("a link from another site: %s = %d", method, resp.StatusCode)
		}
	}
}

func TestCSRFTokenInMultipartForm(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, newWebStack(t, sessionConfig{}, nil, csrfApp).handler)
	_, body := b.get("/")
	token, _, _ := strings.Cut(body, " ")
	var form bytes.Buffer
	mw := multipart.NewWriter(&form)
	file, err := mw.CreateFormFile("_csrf_token", "a file is no field.txt")
	if err == nil {
		_, err = file.Write([]byte("x"))
	}
	if err == nil {
		err = mw.WriteField(csrfField, token)
	}
	if err == nil {
		err = mw.WriteField("name", strings.Repeat("long ", 20_000))
	}
	if err == nil {
		err = mw.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/", &form)
	r.Header.Set("Content-Type", mw.FormDataContentType())
	resp := b.do(r)
	if body := bodyOf(t, resp); resp.StatusCode != 200 || !strings.HasSuffix(body, strings.Repeat("long ", 20_000)) {
		t.Errorf("status %d, %.100q", resp.StatusCode, body)
	}
}

func TestCSRFTokenFollowsRenewal(t *testing.T) {
	t.Parallel()
	stack := newWebStack(t, sessionConfig{}, nil, func(w http.ResponseWriter, r *http.Request) {
		before := CSRFToken(r)
		s := Session(r)
		s.Renew()
		after := CSRFToken(r)
		fmt.Fprint(w, verifyCSRF(s, before), verifyCSRF(s, after))
	})
	if _, body := newBrowser(t, stack.handler).get("/"); body != "false true" {
		t.Errorf("after Renew the former and the new token are good: %s, want false true", body)
	}
}

func TestCSRFTokenTooLate(t *testing.T) {
	t.Parallel()
	stack := newWebStack(t, sessionConfig{}, nil, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "first byte, token %q", "")
		fmt.Fprintf(w, "%q", CSRFToken(r))
	})
	if _, body := newBrowser(t, stack.handler).get("/"); !strings.HasSuffix(body, `""`) {
		t.Errorf("a token without a cookie that it belongs to: %s", body)
	}
}

func FuzzVerifyCSRF(f *testing.F) {
	s := new(live.Session)
	good, err := maskCSRF(s, [csrfLen]byte{1, 2, 3})
	if err != nil {
		f.Fatal(err)
	}
	bare := new(live.Session)
	f.Add(good)
	f.Add("")
	f.Add(strings.Repeat("A", len(good)))
	f.Fuzz(func(t *testing.T, masked string) {
		if verifyCSRF(bare, masked) || verifyCSRF(nil, masked) {
			t.Errorf("%q is good for a session without secret", masked)
		}
		if !verifyCSRF(s, masked) {
			return
		}
		var mask [csrfLen]byte // a token that is good is the secret under its own mask
		if n, err := csrfEncoding.Decode(mask[:], []byte(masked[:csrfTextLen])); err != nil || n != csrfLen {
			t.Fatalf("%q is good and has no mask: %v", masked, err)
		}
		if want, err := maskCSRF(s, mask); err != nil || masked != want {
			t.Errorf("%q is good, but under its mask the token is %q, %v", masked, want, err)
		}
	})
}

func FuzzPeekFormField(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", []byte("_method=delete&a=b"))
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nput\r\n--b--\r\n"))
	f.Add("multipart/form-data", []byte("--\r\n"))
	f.Add("application/x-www-form-urlencoded", append(bytes.Repeat([]byte("a"), peekLen), "&_method=put"...))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		for _, length := range []int64{-1, int64(len(body))} {
			r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
			r.Header.Set("Content-Type", contentType)
			r.ContentLength = length
			first, second := peekFormField(r, methodField), peekFormField(r, methodField)
			if first != second {
				t.Errorf("the field is %q, then %q", first, second)
			}
			var rest bytes.Buffer
			if _, err := rest.ReadFrom(r.Body); err != nil || !bytes.Equal(rest.Bytes(), body) {
				t.Errorf("of %q the handler reads %q, %v", body, rest.Bytes(), err)
			}
		}
	})
}
