package e2e

import (
	"strings"
	"testing"

	"bennu/e2e/tour"
)

// tourApp serves the pages of the tour.
func tourApp(t *testing.T) *app {
	t.Helper()
	a := newApp(t)
	tour.Routes(a.App)
	return a
}

// same checks what the page shows.
func (p *tab) same(expr, want string) {
	p.t.Helper()
	if got := p.js(expr); got != want {
		p.t.Errorf("%s is %q, want %q", expr, got, want)
	}
}

func TestTourOfAddresses(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/tabs?tab=a")
	p.js(`(window.unloaded = false, window.heard = [], window.addEventListener("phx:leaving", e => heard.push(e.detail.n)), 1)`)
	p.waitText("#tab", "a")
	p.click("#b")
	p.waitText("#tab", "b")
	p.same(`location.search`, "?tab=b")
	p.same(`document.title`, "Tab b")
	p.same(`document.querySelector("#counts").innerText`, "1 2")
	p.click("#new")
	p.waitText("#action", "new")
	p.same(`document.querySelector("#url").innerText`, "/tour/tabs/new")
	p.js(`(history.back(), 1)`)
	p.waitText("#tab", "b")
	p.js(`(history.back(), 1)`)
	p.waitText("#tab", "a")
	p.js(`(history.forward(), 1)`)
	p.waitText("#tab", "b")
	p.click("#patch")
	p.waitText("#tab", "pushed")
	p.waitText("#info", "patched")
	length := p.js(`String(history.length)`)
	p.click("#replace")
	p.waitText("#tab", "replaced")
	p.same(`String(history.length)`, length)
	p.same(`location.search`, "?tab=replaced")
	p.click("#flash")
	p.waitText("#error", "oh no")
	p.click("#error")
	p.wait(`!document.querySelector("#error") && document.querySelector("#info").innerText == "hello"`)
	p.click("#a") // a live navigation of the user clears the flash
	p.wait(`!document.querySelector("#info")`)

	// To another view over the same socket, with a message.
	p.click("#go")
	p.waitText("h1", "Cards")
	p.waitText("#info", "welcome")
	p.same(`location.pathname`, "/tour/cards")
	p.same(`document.title`, "Cards")
	p.same(`String(heard)`, "1")
	p.js(`(history.back(), 1)`)
	p.waitText("h1", "Tabs")
	p.same(`String(window.unloaded)`, "false") // no page was loaded
	if n := len(p.opened()); n != 1 {
		t.Errorf("%d sockets were opened, want one", n)
	}
	// Out of the live session: the page is loaded, and the message comes along.
	p.click("#out")
	p.waitText("#message", "out you go")
	p.same(`String(window.unloaded)`, "undefined")
	p.visit(a.url + "/tour/tabs?tab=start") // patches itself while it joins
	p.waitText("#tab", "first")
	p.wait(`location.search == "?tab=first"`)
	p.click("#to-outside")
	p.waitText("h1", "Outside")
	p.same(`document.querySelector("#message").innerText`, "")
	p.visit(a.url + "/tour/tabs?locked")
	p.waitText("#message", "log in first")
	p.same(`location.pathname`, "/tour/outside")
}

func TestTourOfComponents(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/cards")
	show := func(want string) {
		t.Helper()
		p.wait(`[...document.querySelectorAll("#cards li")].map(l => l.id.slice(5) + l.querySelector("b").innerText).join(" ") == "` + want + `"`)
	}
	show("a0 b0 c0")
	p.click("#card-b button")
	show("a0 b1 c0")
	p.waitText("#total", "1")
	p.click("#turn")
	show("b1 c0 a0")
	p.click("#send")
	show("b100 c0 a0")
	p.click("#deal")
	show("b100 c0 a0 n30")
	p.click("#card-n3 button")
	show("b100 c0 a0 n31")
	p.click("#drop")
	show("b100 c0 a0")
	p.waitText("#total", "2")
	p.click("#deal") // the client has told that it is gone: it begins anew
	show("b100 c0 a0 n30")
	sent, _ := p.frames()
	if all := strings.Join(sent, "\n"); !strings.Contains(all, "cids_will_destroy") || !strings.Contains(all, "cids_destroyed") {
		t.Errorf("the client has not told which components are gone:\n%s", all)
	}
}

func TestTourOfStreams(t *testing.T) {
	t.Parallel()
	a, p, q := tourApp(t), newTab(t), newTab(t)
	show := func(p *tab, want string) {
		t.Helper()
		p.wait(`[...document.querySelectorAll("#lines li")].map(l => l.innerText).join(",") == "` + want + `"`)
	}
	p.visit(a.url + "/tour/feed")
	q.visit(a.url + "/tour/feed")
	show(p, "line 1,line 2,line 3")
	p.click("#more")
	show(p, "line 1,line 2,line 3,line 4,line 5")
	p.click("#tell")
	show(p, "told,line 1,line 2,line 3,line 4,line 5")
	show(q, "told,line 1,line 2,line 3")
	p.click("#delete")
	show(p, "told,line 1,line 2,line 4,line 5")
	p.click("#update")
	show(p, "told,line 1,two <new>,line 4,line 5")
	p.click("#move")
	show(p, "told,two <new>,line 4,line 5,moved")
	p.click("#limit")
	show(p, "top,told")
	p.click("#reset")
	show(p, "fresh")
}

func TestTourOfTasks(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/loads")
	p.waitText("#good", "here")
	p.waitText("#bad", "failed")
	p.waitText("#ticks", "5")
	p.click("#start")
	p.waitText("#job", "running")
	p.click("#stop")
	p.waitText("#job", "ended: context canceled")
}

func TestTourOfNestedViews(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/nests")
	p.waitText("#zone", "UTC")
	p.wait(`document.querySelector("#clock.phx-connected")`)
	p.click("#tick")
	p.waitText("#clock-n", "1")
	p.click("#up")
	p.waitText("#around", "1 0")
	p.waitText("#clock-n", "1")
	p.click("#tell-parent")
	p.waitText("#around", "1 5")
	process := p.js(`document.querySelector("#clock-process").innerText`)
	p.click("#crash")
	p.wait(`document.querySelector("#clock-process").innerText != "` + process + `"`)
	p.waitText("#clock-n", "0")
	p.same(`document.querySelector("#around").innerText`, "1 5") // the page around went on
	p.errors()                                                   // the client logs the crash
}

func TestTourOfAStickyView(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/tabs")
	p.wait(`document.querySelector("#player.phx-connected")`)
	p.click("#play")
	p.waitText("#played", "1")
	process := p.js(`document.querySelector("#player-process").innerText`)
	p.click("#to-cards")
	p.waitText("h1", "Cards")
	p.waitText("#played", "1")
	p.click("#play")
	p.waitText("#played", "2")
	p.same(`document.querySelector("#player-process").innerText`, process)
	p.click("#player-go") // the player itself sends the page elsewhere
	p.waitText("h1", "Feed")
	p.click("#play")
	p.waitText("#played", "3")
	p.same(`document.querySelector("#player-process").innerText`, process)
	p.click("#to-outside")
	p.waitText("h1", "Outside")
	p.wait(`!document.querySelector("#player")`)
}
