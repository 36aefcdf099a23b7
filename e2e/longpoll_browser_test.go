package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// withoutWebSockets is a proxy before the showcase that lets none through, as
// those of some companies do.
func withoutWebSockets(t *testing.T, s *server) (address string, refused *atomic.Int32) {
	t.Helper()
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	refused = new(atomic.Int32)
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			refused.Add(1)
			http.Error(w, "no upgrades here", http.StatusBadGateway)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.CloseClientConnections)
	t.Cleanup(proxy.Close)
	return proxy.URL, refused
}

func TestLongPollingWhereNoWebSocketGetsThrough(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	address, refused := withoutWebSockets(t, s)
	p := newTab(t)
	mark := s.mark()
	p.visit(address + "/counter")
	if refused.Load() == 0 {
		t.Error("no WebSocket was tried")
	}
	s.line(mark, "msg=connected", "transport=longpoll")
	s.line(mark, "msg=mount", "connected=true", "transport=longpoll")
	p.waitText("#count", "0")
	for _, text := range []string{"2", "4", "6"} {
		p.click(increase)
		p.waitText("#count", text)
	}
	p.click(decrease)
	p.waitText("#count", "5")

	// A crash is a new beginning on the same connection.
	mark = s.mark()
	p.click(crash)
	s.line(mark, "msg=mount", "connected=true", "transport=longpoll")
	p.waitText("#count", "0")
	p.click(increase)
	p.waitText("#count", "2")

	// The browser remembers, and does not try a WebSocket again.
	tried := refused.Load()
	p.visit(address + "/counter")
	p.click(increase)
	p.waitText("#count", "2")
	if n := refused.Load(); n != tried {
		t.Errorf("%d more WebSockets were tried after the fallback", n-tried)
	}
}

// A browser whose WebSocket always fails.
func TestLongPollingInABrowserWithoutWebSocket(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	script := `window.WebSocket = class { constructor() { this.readyState = 3; setTimeout(() => { this.onerror && this.onerror({}); this.onclose && this.onclose({code: 1006}) }, 0) } close() {} send() {} }`
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		t.Fatal(err)
	}
	p.visit(s.url + "/counter")
	p.click(increase)
	p.waitText("#count", "2")

	// A large page, where one row of a thousand changes.
	p.visit(s.url + "/table")
	rows := p.js(`document.querySelectorAll("tbody tr").length`)
	p.do(chromedp.Evaluate[chromedp.Void](`void document.querySelector("tbody [phx-click]").click()`))
	p.wait(`!document.querySelector(".phx-click-loading")`)
	if got := p.js(`document.querySelectorAll("tbody tr").length`); got != rows {
		t.Errorf("%s rows after a click, want %s", got, rows)
	}
	if got := p.opened(); len(got) != 0 {
		t.Errorf("WebSockets were opened: %v", got)
	}
}

// A server that restarts: the client polls on, is told that it is unknown, and
// begins anew.
func TestLongPollingOverARestart(t *testing.T) {
	t.Parallel()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s := showcase(t, "PORT="+port)
	p := newTab(t)
	p.do(chromedp.Navigate(s.url + "/counter"))
	p.do(chromedp.Evaluate[chromedp.Void](`sessionStorage.setItem("phx:fallback:LongPoll", "true")`))
	mark := s.mark()
	p.visit(s.url + "/counter")
	s.line(mark, "msg=connected", "transport=longpoll")
	p.click(increase)
	p.waitText("#count", "2")
	s.stop()
	p.wait(`document.querySelector("[data-phx-main].phx-error")`)
	again := showcase(t, "PORT="+port)
	again.line(0, "msg=mount", "connected=true", "transport=longpoll")
	p.wait(`document.querySelector("[data-phx-main].phx-connected")`)
	p.waitText("#count", "0")
	p.click(increase)
	p.waitText("#count", "2")
	for _, line := range p.errors() {
		if !strings.Contains(line, "fetch") && !strings.Contains(line, "ERR_CONNECTION") {
			t.Errorf("the browser's console: %s", line)
		}
	}
}
