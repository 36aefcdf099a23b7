package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bennu/e2e/tour"
)

// waysApp serves the pages that lead to each other, and to another site.
func waysApp(t *testing.T) *app {
	t.Helper()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><link rel=icon href='data:,'><title>elsewhere</title><h1>another site</h1>")
	}))
	t.Cleanup(elsewhere.Close)
	a := newApp(t)
	tour.Ways(a.App, elsewhere.URL+"/far")
	return a
}

// loaded are the addresses that the page has asked for by HTTP since it was
// loaded, but for its icon.
const loaded = `performance.getEntriesByType("resource").map(r => r.name).filter(n => n.startsWith("http") && !n.includes("favicon")).join(" ")`

// dead is the page as it is drawn for who has no script, with the browser's
// cookies.
func (p *tab) dead() string {
	p.t.Helper()
	return p.await(`fetch(location.href).then(r => r.text())`)
}

// sentEvents are the names of the events in frames.
func sentEvents(t *testing.T, frames []string) string {
	t.Helper()
	var names []string
	for _, f := range frames {
		names = append(names, parseFrame(t, f).event)
	}
	return strings.Join(names, " ")
}

func TestCORE03ParamsInMount(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/house/7?x=1")
	p.waitText("h1", "House 7")
	p.same(`document.querySelector("#x").innerText`, "1")
	if dead := p.dead(); !strings.Contains(dead, "House 7") || !strings.Contains(dead, `<p id="x">1</p>`) {
		t.Errorf("the dead render has not both:\n%s", dead)
	}
}

// The session says who it is in both renders, which look as each of them is to
// (CORE-14): a skeleton first, and the whole page when it lives.
func TestCORE04CORE14SessionInBothRenders(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/login/ann")
	p.waitText("h1", "ann is here")
	if dead := p.dead(); !strings.Contains(dead, "ann is expected") || strings.Contains(dead, "is here") {
		t.Errorf("the dead render is\n%s", dead)
	}
}

// A patch asks for nothing by HTTP, leaves the page where it is scrolled to, and
// is a place in the history.
func TestNAV02PatchKeepsThePlace(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/tall?page=1")
	p.keep()
	asked := p.js(loaded)
	p.run(`scrollTo(0, document.documentElement.scrollHeight)`)
	p.wait(`scrollY > 1000`)
	at := p.js(`scrollY`)
	p.click("#next")
	p.waitText("#page", "2")
	p.click("#patch")
	p.waitText("#page", "3")
	p.same(`location.search`, "?page=3")
	p.same(`scrollY`, at)
	p.back()
	p.waitText("#page", "2")
	p.back()
	p.waitText("#page", "1")
	p.same(`location.search`, "?page=1")
	p.same(loaded, asked)
	p.same(sameDocument, "true")
}

// A navigation leaves one view and joins the other, on the socket that is there,
// and nothing above the page is drawn again (CORE-16).
func TestNAV03CORE16NavigationIsALeaveAndAJoin(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/tall")
	p.keep()
	p.run(`window.head = document.head, window.script = document.querySelector("script[src]")`)
	asked := p.js(loaded)
	sentBefore, gotBefore := p.frames()
	p.click("#house")
	p.waitText("h1", "House 9")
	p.same(`document.querySelector("#x").innerText`, "2")
	sent, got := p.frames()
	if names := sentEvents(t, sent[len(sentBefore):]); names != "phx_leave phx_join" {
		t.Errorf("the client sent %s, want phx_leave phx_join", names)
	}
	for _, f := range got[len(gotBefore):] {
		if strings.Contains(f, "csrf-token") || strings.Contains(f, "<script") || strings.Contains(f, "title>") {
			t.Errorf("the head comes again: %s", f)
		}
	}
	p.same(loaded, asked)
	p.same(`document.head === head && document.querySelector("script[src]") === script`, "true")
	p.same(`document.title`, "House")
	p.same(sameDocument, "true")
	if n := len(p.opened()); n != 1 {
		t.Errorf("%d sockets were opened, want one", n)
	}
}

func TestNAV04RedirectToAnotherSite(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/tall")
	p.keep()
	p.click("#abroad")
	p.waitText("h1", "another site")
	p.same(`location.pathname`, "/far")
	p.same(`window.kept`, "undefined")
}

// Out of the live session a navigation loads the page, which has the look and
// the values of its own session (NAV-10).
func TestNAV08NAV10PageOfAnotherLiveSession(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/tall")
	p.keep()
	p.same(`document.querySelector("meta[name=look]")`, "null")
	p.click("#desk")
	p.waitText("#tenant", "acme")
	p.same(`document.querySelector("meta[name=look]").content + " " + document.title + " " + window.kept`, "desk Desk undefined")
	p.same(`performance.getEntriesByType("navigation")[0].name`, a.url+"/ways/desk")
	p.errors() // the client tells of the join that was refused
}

// A page that is not for this visitor: its request is answered 302, its join
// with a redirect.
func TestNAV12RedirectFromMount(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(a.url + "/ways/me")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusFound || to != "/ways/door" {
		t.Errorf("the request is answered %d to %q, want 302 to /ways/door", r.StatusCode, to)
	}
	p.open(a.url + "/ways/me")
	p.wait(`location.pathname === "/ways/door"`)
	p.waitText("#message", "who are you?")
	p.visit(a.url + "/ways/tall")
	p.click("#me")
	p.waitText("#message", "who are you?")
	p.same(`location.pathname`, "/ways/door")
	_, got := p.frames()
	lastWith(t, got, `"redirect":{"to":"/ways/door"`)
	p.errors() // the client tells of the join that was refused
}

// What a view pushes along with a redirect is heard, once, before the page goes.
func TestNAV14EventBeforeTheRedirect(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/tall")
	p.run(`sessionStorage.heard = ""; addEventListener("phx:leaving", e => { sessionStorage.heard += e.detail.from + " at " + location.pathname + ";" })`)
	p.click("#leave")
	p.waitText("h1", "Outside")
	p.same(`location.pathname + " " + sessionStorage.heard`, "/ways/door tall at /ways/tall;")
}

// A message cookie that was tampered with is no message, and no fault.
func TestCORE18ForgedMessageInTheBrowser(t *testing.T) {
	t.Parallel()
	a, p := waysApp(t), newTab(t)
	p.visit(a.url + "/ways/me")
	p.waitText("#message", "who are you?")
	p.visit(a.url + "/ways/door") // it was shown once
	p.same(`document.querySelector("#message").innerText`, "")
	cookies := p.js(`document.cookie`)
	p.run(`document.cookie = "__phoenix_flash__=SFMyNTY.e30.forged; path=/"`)
	if now := p.js(`document.cookie`); now == cookies {
		t.Fatalf("the cookie was not set: %q", now)
	}
	p.visit(a.url + "/ways/door")
	p.same(`document.querySelector("#message").innerText`, "")
	p.wait(`!document.cookie.includes("__phoenix_flash__")`)
}
