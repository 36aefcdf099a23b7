package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"bennu"
	"bennu/e2e/tour"
)

// placesApp serves the pages about where the user is.
func placesApp(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	tour.Places(a.App, "only")
	return a
}

// run evaluates statements.
func (p *tab) run(script string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void]("{" + script + "; void 0}"))
}

// The page's script says in which time zone it is.
func TestCORE20ConnectParams(t *testing.T) {
	t.Parallel()
	a, p := placesApp(t), newTab(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Tokyo"}); err != nil {
		t.Fatal(err)
	}
	p.visit(a.url + "/places/zone")
	p.waitText("#zone-name", "Asia/Tokyo")
	p.waitText("#time", "21:00")
}

// swapped is a site whose App is replaced by that of the next build.
type swapped struct {
	url          string
	former, next *bennu.App
	now          atomic.Pointer[bennu.App]
}

func newSwapped(t *testing.T) *swapped {
	t.Helper()
	s := new(swapped)
	s.former, _ = build(t, "former")
	s.next, _ = build(t, "next")
	tour.Places(s.former, "old")
	tour.Places(s.next, "new")
	s.now.Store(s.former)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.now.Load().ServeHTTP(w, r) }))
	s.url = srv.URL
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		for _, a := range []*bennu.App{s.former, s.next} {
			if err := a.Shutdown(ctx); err != nil {
				t.Errorf("Shutdown: %v", err)
			}
		}
		srv.Close()
	})
	return s
}

// deploy lets the next build answer, and ends the former one.
func (s *swapped) deploy(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s.now.Store(s.next)
	if err := s.former.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
}

// A page that may stay shows its notice when it comes back to another build, and
// one that may not is loaded anew.
func TestCORE22Banner(t *testing.T) {
	t.Parallel()
	s := newSwapped(t)
	stays, renewed := newTab(t), newTab(t)
	stays.visit(s.url + "/places/build")
	stays.same(`document.querySelector("#banner")`, "null")
	stays.keep()
	renewed.visit(s.url + "/places/renewed")
	renewed.keep()
	s.deploy(t)
	stays.waitText("h1", "build new") // its view is one of the new server
	stays.wait(`document.querySelector("#banner") && ` + sameDocument)
	stays.run(`document.querySelector("#banner a").click()`)
	stays.wait(`!window.kept && !document.querySelector("#banner") && ` + connected)
	renewed.waitText("h1", "build new")
	renewed.wait(`!window.kept && !document.querySelector("#banner") && ` + connected)
	stays.errors() // of the connection
	renewed.errors()
}

// An address that has another view after a deploy is loaded anew.
func TestNAV11MovedRoute(t *testing.T) {
	t.Parallel()
	s, p := newSwapped(t), newTab(t)
	p.visit(s.url + "/places/moved")
	p.waitText("h1", "before")
	p.keep()
	s.deploy(t)
	p.waitText("h1", "after")
	p.wait(`!window.kept && ` + connected)
	p.errors()
}

// bar is whether the bar of the page's script is seen.
const bar = `[...document.querySelectorAll("canvas")].some(c => !c.hidden)`

// A slow navigation shows the bar; a click does not, however slow it is.
func TestNAV16BarWhileLoading(t *testing.T) {
	t.Parallel()
	a, p := placesApp(t), newTab(t)
	p.visit(a.url + "/places/form")
	p.run(`window.kinds = []; for (const name of ["start", "stop"]) addEventListener("phx:page-loading-" + name, e => kinds.push(name + " " + e.detail.kind))`)
	p.run(`window.bars = 0; new MutationObserver(() => { if (` + bar + `) bars++ }).observe(document.body, {childList: true, subtree: true, attributes: true})`)
	p.run(`liveSocket.enableLatencySim(1000)`)
	p.click("#click")
	p.wait(`document.querySelector("#click.phx-click-loading")`)
	p.wait(`!document.querySelector("#click.phx-click-loading")`)
	p.same(`bars + " " + kinds`, "0 ")
	p.click("#slow")
	p.wait(bar)
	p.waitText("h1", "Slow")
	p.wait(`!(` + bar + `)`)
	p.same(`kinds[0] + " " + kinds.includes("stop redirect")`, "start redirect true")
	p.run(`liveSocket.disableLatencySim()`)
}

// A listener keeps the user on the page while something is not saved.
func TestNAV17NavigationIsCancelled(t *testing.T) {
	t.Parallel()
	a, p := placesApp(t), newTab(t)
	p.visit(a.url + "/places/form")
	p.run(`window.asked = []; window.stay = true;
		addEventListener("phx:before-navigate", e => { asked.push(e.detail.patch + " " + new URL(e.detail.href, location).pathname); if (stay) e.preventDefault() })`)
	p.click("#text")
	p.do(chromedp.KeyEvent("not saved"))
	p.click("#slow")
	p.wait(`asked.length == 1`)
	p.click("#next")
	p.wait(`asked.length == 2`)
	p.same(`asked`, "false /places/slow,true /places/form")
	p.same(`location.pathname + location.search + " " + document.querySelector("#text").value + " " + document.querySelector("#visits").innerText`, "/places/form not saved 1")
	p.run(`stay = false`)
	p.click("#slow")
	p.waitText("h1", "Slow")
}

// Scripts hear which way a navigation goes.
func TestNAV18Directions(t *testing.T) {
	t.Parallel()
	a, p := placesApp(t), newTab(t)
	p.visit(a.url + "/places/form")
	p.run(`window.ways = []; addEventListener("phx:navigate", e => ways.push([new URL(e.detail.href, location).pathname, e.detail.patch, e.detail.pop, e.detail.direction].join(" ")))`)
	p.click("#slow")
	p.waitText("h1", "Slow")
	p.back()
	p.wait(`document.querySelector("#draft") && ways.length == 2`)
	p.forward()
	p.wait(`document.querySelector("h1") && ways.length == 3`)
	p.same(`ways.join("; ")`, "/places/slow false false forward; /places/form false true backward; /places/slow false true forward")
}

// The language of an address holds for the page as it is loaded, and for its
// view, before and after a reconnection.
func TestNAV20LanguageOfTheAddress(t *testing.T) {
	t.Parallel()
	a, p := placesApp(t), newTab(t)
	for path, want := range map[string]string{"de": "Guten Tag", "en": "Good day"} {
		if dead := get(t, a.url+"/places/"+path+"/greeting"); !strings.Contains(dead.body, want) {
			t.Errorf("the page of %s does not say %q:\n%s", path, want, dead.body)
		}
	}
	p.visit(a.url + "/places/de/greeting")
	p.waitText("h1", "Guten Tag")
	p.click("#again")
	p.waitText("h1", "Guten Tag de")
	p.run(`liveSocket.disconnect(() => liveSocket.connect())`)
	p.waitText("h1", "Guten Tag")
	p.click("#again")
	p.waitText("h1", "Guten Tag de")
}
