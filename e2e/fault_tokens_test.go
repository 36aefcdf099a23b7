package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

// Tests called TestFault… hold the rows of docs/faults.md that concern the
// built program or a browser, by the number of the row.

var pageToken = regexp.MustCompile(`(data-phx-session="[^"]{40})(.)`)

// The browser is given a page whose token somebody has changed on the way: its
// join is refused, and the client loads the page anew.
func TestFault01ForgedTokenLoadsThePageAnew(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	var pages atomic.Int32
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			if r.Request.URL.Path != "/counter" || pages.Add(1) > 1 {
				return nil
			}
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			b = pageToken.ReplaceAllFunc(b, func(m []byte) []byte {
				c := m[len(m)-1]
				if m[len(m)-1] = 'A'; c == 'A' {
					m[len(m)-1] = 'B'
				}
				return m
			})
			r.Body = io.NopCloser(bytes.NewReader(b))
			return nil
		},
	}
	proxy := httptest.NewServer(forward)
	t.Cleanup(proxy.CloseClientConnections)
	t.Cleanup(proxy.Close)
	p := newTab(t)
	mark := s.mark()
	p.open(proxy.URL + "/counter")
	line, _ := s.line(mark, "join refused", "stale")
	p.wait(connected)
	p.click(increase)
	p.waitText("#count", "2")
	if n := pages.Load(); n != 2 {
		t.Errorf("the page was loaded %d times, want twice", n)
	}
	if strings.Contains(line, "stack") || !strings.Contains(line, "level=INFO") || strings.Count(s.text(), `msg="join refused"`) != 1 || strings.Contains(s.text(), "goroutine ") {
		t.Errorf("the log, where one line is enough:\n%s", s.text())
	}
	p.errors() // the client tells of the refusal
}

// A rolling deploy that changes the secret: first every node accepts the new
// one, then one after the other signs with it.
func TestFault09SecretChangesInARollingDeploy(t *testing.T) {
	t.Parallel()
	next := strings.Repeat("fedcba9876543210", 4)
	old := showcase(t, "BENNU_RETIRED_SECRETS="+next)
	renewed := showcase(t, "SECRET_KEY_BASE="+next, "BENNU_RETIRED_SECRETS="+secret)
	after := showcase(t, "SECRET_KEY_BASE="+next)

	// at lets the browser's next request go to another node.
	at := func(v *visit, node *server) *visit {
		moved := *v
		moved.url = node.url + "/counter"
		return &moved
	}
	fromOld, fromNew := get(t, old.url+"/counter"), get(t, renewed.url+"/counter")
	for name, v := range map[string]*visit{"old to new": at(fromOld, renewed), "new to old": at(fromNew, old), "new to one that knows no other": at(fromNew, after)} {
		j := v.dial().join(v, 0)
		if f := j.push("increase", click); !strings.Contains(f.raw, `"2"`) {
			t.Errorf("%s: %s", name, f.raw)
		}
	}
	// The old page at a node that no longer knows its secret is loaded anew.
	v := at(fromOld, after)
	wantError(t, v.dial().answer("lv:"+v.id, v.joinPayload(0)), stale)
	// A session that the new node has seen is signed anew, and outlives the old
	// secret: the page's token is that of its browser still.
	v = at(fromOld, renewed)
	v.load()
	if v.response.Header.Get("Set-Cookie") == "" {
		t.Error("a session of the retired secret is not signed anew")
	}
	token := v.csrf
	v = at(v, after)
	v.load()
	if v.response.StatusCode != 200 || token == "" {
		t.Fatalf("status %d", v.response.StatusCode)
	}
	v.csrf = token // of the same session
	v.dial().join(v, 0)
}

// Text that is no UTF-8 or has NULs, in the address and in events, breaks
// neither the page nor its frames, which a browser closes the socket over.
func TestFault50TextThatIsNoText(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	for _, text := range []string{"\xff", "a\x00b", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "ok \xe2\x82 ok", "\ufffe\uffff", "\x00"} {
		v := get(t, a.url+"/page?text="+url.QueryEscape(text))
		if v.response.StatusCode != 200 || v.id == "" {
			t.Errorf("%q in the address: status %d", text, v.response.StatusCode)
			continue
		}
		j := v.dial().join(v, 0) // the client that we use refuses frames that are no UTF-8
		want := string([]rune(text))
		if got := j.frame.raw; !strings.Contains(got, quotedInside(t, want)) {
			t.Errorf("%q in the address: the join renders %s", text, got)
		}
		payload, err := json.Marshal(map[string]string{"text": text + "!"})
		if err != nil {
			t.Fatal(err)
		}
		if f := j.push("set", string(payload)); f.event != "phx_reply" || !strings.Contains(f.raw, quotedInside(t, want+"!")) {
			t.Errorf("%q in an event: %s", text, f.raw)
		}
		if f := j.push("set", `{"text":"\ud800 \u0000"}`); f.event != "phx_reply" || !strings.Contains(f.raw, "\ufffd \\u0000") {
			t.Errorf("half a surrogate in an event: %s", f.raw)
		}
	}
}

// quotedInside is a text as it stands inside a JSON string.
func quotedInside(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(string(b), `"`)
}
