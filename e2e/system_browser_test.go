package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

const systemKey = "the key of the tests"

// media has the page think that somebody prefers something.
func (p *tab) media(name, value string) {
	p.t.Helper()
	features := []*emulation.MediaFeature{{Name: name, Value: value}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		p.t.Fatal(err)
	}
}

// enterSystem opens /system with the key.
func (p *tab) enterSystem(s *server) {
	p.t.Helper()
	p.open(s.url + "/system")
	p.same(`location.pathname`, "/system/key")
	p.do(chromedp.SendKeys(chromedp.CSS("#key"), systemKey+"\r"))
	p.wait(`location.pathname === "/system"`)
	p.wait(connected)
}

// A button crashes a worker. It is seen to come back on this page and another
// one, and nothing else has noticed.
func TestAWorkerCrashesInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t, "SYSTEM_KEY="+systemKey)
	ann, bob := newTab(t), newTab(t)
	for _, p := range []*tab{ann, bob} {
		p.enterSystem(s)
		p.keep()
		p.waitText("#fisher-state", "running")
	}
	ann.waitText("#views", "2")
	process := ann.js(`document.querySelector(".pulse").textContent`)
	ann.wait(`parseInt(document.querySelector("#caught").textContent) >= 2`)
	ann.run(`window.states = new Set(); new MutationObserver(() => states.add(document.querySelector("#fisher-state").textContent))
		.observe(document.querySelector("#fisher-state"), {subtree: true, childList: true, characterData: true})`)

	mark := s.mark()
	ann.click(`[phx-click="crash"]`)
	s.line(mark, "level=ERROR", "worker=app/workers/fisher", "the button of /system was pressed")
	for _, p := range []*tab{ann, bob} {
		p.waitText("#restarts", "1 restart")
		p.waitText("#fisher-state", "running")
		p.wait(`document.querySelector("#part-app-workers-fisher").textContent.includes("the button of /system was pressed")`)
	}
	ann.wait(`parseInt(document.querySelector("#caught").textContent) >= 1`) // it works again

	// The second time it is away for long enough to be seen.
	ann.click(`[phx-click="crash"]`)
	bob.waitText("#restarts", "2 restarts")
	bob.waitText("#fisher-state", "running")
	ann.waitText("#restarts", "2 restarts")
	ann.wait(`states.has("backing off")`)
	for _, p := range []*tab{ann, bob} {
		p.same(sameDocument, "true")
	}
	ann.same(`document.querySelector(".pulse").textContent`, process)
}

// In production nobody gets in without the key, and no way leads around the
// form: neither a link within the site nor the socket.
func TestSystemIsForOperators(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.open(s.url + "/system")
	p.same(`location.pathname`, "/system/key")
	p.same(`document.querySelector("form") === null && document.body.textContent.includes("This page is closed")`, "true")
	p.visit(s.url + "/todo")
	p.run(`liveSocket.execJS(document.querySelector("[data-phx-main]"), JSON.stringify([["navigate", {href: "/system"}]]))`)
	p.wait(`location.pathname === "/system/key"`)
}
