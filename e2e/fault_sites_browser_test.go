package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"bennu"
	"bennu/live"

	"bennu/e2e/views"
)

// site is a page of somebody else, under a name that is another site to the
// browser than localhost and 127.0.0.1 are.
func site(t *testing.T, html string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!DOCTYPE html><title>evil</title>"+html)
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return "http://evil.localhost:" + u.Port()
}

func TestFault26SocketOfAForeignPage(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/counter") // the browser has a session there
	mark := s.mark()
	p.open(site(t, fmt.Sprintf(`<script>
		const s = new WebSocket(%q)
		s.onopen = () => document.title = "opened"
		s.onerror = () => document.title = "refused"
	</script>`, "ws"+strings.TrimPrefix(s.url, "http")+"/live/websocket?vsn=2.0.0")))
	p.wait(`document.title !== "evil"`)
	if got := p.js(`document.title`); got != "refused" {
		t.Errorf("the socket of a foreign page is %s", got)
	}
	line, _ := s.line(mark, "level=WARN", "socket refused", "evil.localhost")
	if !strings.Contains(line, "Options.Origins") || !strings.Contains(line, "BENNU_ORIGINS") {
		t.Errorf("the log does not say what to do: %s", line)
	}
	p.errors() // Chromium logs the 403
}

func TestFault30FormOfAForeignPage(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	var done atomic.Int32
	a.Post("/pay", func(w http.ResponseWriter, _ *http.Request) error {
		done.Add(1)
		_, err := io.WriteString(w, "paid")
		return err
	})
	p := newTab(t)
	p.visit(a.url + "/page")
	form := func(enctype string) string {
		return fmt.Sprintf(`<form id="f" method="post" action=%q enctype=%q><input name="amount" value="9"></form><script>document.getElementById("f").submit()</script>`, a.url+"/pay", enctype)
	}
	for _, enctype := range []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"} {
		p.do(chromedp.Navigate(site(t, form(enctype))))
		p.wait(`location.pathname === "/pay" && document.readyState === "complete"`)
		if got := p.status(); got != "403" || done.Load() != 0 {
			t.Errorf("a foreign form as %s: status %s, done %d times", enctype, got, done.Load())
		}
	}
	p.open(a.url + "/plain")
	p.do(chromedp.Evaluate[chromedp.Void](`void document.body.insertAdjacentHTML("beforeend", '<form id="f" method="post" action="/pay"></form>')`))
	p.do(chromedp.Evaluate[chromedp.Void](`void document.getElementById("f").submit()`))
	p.wait(`document.body && document.body.innerText === "paid"`)
	p.errors() // Chromium logs the 403s
}

// Live navigation into another live session is a full page load, so that the
// pipeline of the page runs.
func TestFault16NavigationRunsThePipelines(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	var ran, mounted atomic.Int32
	members := bennu.Pipeline{Name: "members", Use: []func(http.Handler) http.Handler{func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			ran.Add(1)
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `<p id="no">members only</p>`)
		})
	}}}
	a.Group("/members", members, func(g *bennu.Group) {
		g.Live("/", func() live.View {
			mounted.Add(1)
			return new(views.Other)
		})
	})
	mounted.Store(0) // registration makes one
	p := newTab(t)
	p.visit(a.url + "/page")
	p.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.js().navigate("/members")`))
	p.waitText("#no", "members only")
	if got := p.status(); got != "403" || ran.Load() != 1 || mounted.Load() != 0 {
		t.Errorf("status %s, the pipeline ran %d times, %d views were made; want 403, 1 and none", got, ran.Load(), mounted.Load())
	}
	_, frames := p.frames()
	if all := strings.Join(frames, "\n"); !strings.Contains(all, "unauthorized") {
		t.Errorf("the socket said\n%s", all)
	}
	p.errors()
}

// offHost are samples of addresses that browsers read as another site.
var offHost = []string{
	"//evil.localhost", `/\evil.localhost`, `\/evil.localhost`, "/\t/evil.localhost", "/%09/evil.localhost", "/\n/evil.localhost", "/\r/evil.localhost",
	"https:evil.localhost", "http:///evil.localhost", "/@evil.localhost", "/x/..//evil.localhost", "///evil.localhost", "javascript:alert(1)",
}

func TestFault34BrowserStaysOnTheHost(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.Get("/return", func(w http.ResponseWriter, r *http.Request) error { return bennu.Redirect(w, r, r.FormValue("to")) })
	p := newTab(t)
	u, err := url.Parse(a.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range offHost {
		p.open(a.url + "/return?to=" + url.QueryEscape(to))
		if got := p.js(`location.host + location.pathname`); got != u.Host+"/return" || p.status() != "500" {
			t.Errorf("return to %q leads to %s with status %s", to, got, p.status())
		}
	}
	p.open(a.url + "/return?to=" + url.QueryEscape("/page?text=back"))
	p.waitText("#text", "back")
	p.errors() // Chromium logs the 500s
}
