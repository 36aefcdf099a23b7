package e2e

import (
	"fmt"
	"testing"
)

func TestThePlayerInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/music")
	p.wait(`document.querySelector("#player.phx-connected")`)
	process := p.js(`document.querySelector("#player-process").textContent`)
	p.js(`(window.here = true, 1)`)
	position := func() string { return p.js(`document.querySelector("#position").value`) }
	goesOn := func() {
		t.Helper()
		p.wait(fmt.Sprintf(`document.querySelector("#position").value > %s`, position()))
	}

	// A page tells the player what to play.
	p.click(`#main a[href="/music/long-dusk"]`)
	p.waitText("h1", "The Long Dusk")
	p.click(`[phx-value-track="1"]`)
	p.waitText("#track", "Colony, with Frogs")
	p.waitText("[aria-current] span", "Colony, with Frogs")
	goesOn()

	// From page to page, and back: one process, one element, which plays on.
	p.js(`(window.player = document.querySelector("#player"), 1)`)
	for _, step := range []struct{ script, page string }{
		{`document.querySelector("nav a[href='/music/first-light']").click()`, "First Light"},
		{`document.querySelector("nav a[href='/music/night-heron']").click()`, "Night Heron"},
		{`history.back()`, "First Light"},
		{`document.querySelector("#main a[href='/music']").click()`, "Music"},
	} {
		before := position()
		p.js(`(` + step.script + `, 1)`)
		p.waitText("h1", step.page)
		p.same(`document.querySelector("#player-process").textContent`, process)
		p.same(`document.querySelector("#player") === player`, "true")
		p.same(`document.querySelector("#position").value >= `+before, "true")
		p.waitText("#track", "Colony, with Frogs")
		goesOn()
	}
	p.same(`window.here`, "true") // no page was loaded
	if n := len(p.opened()); n != 1 {
		t.Errorf("%d sockets were opened, want one", n)
	}

	// The line is cut: the player that comes back knows where it was.
	before := position()
	p.js(`(liveSocket.disconnect(), 1)`)
	p.wait(`!liveSocket.isConnected()`)
	p.js(`(liveSocket.connect(), 1)`)
	p.wait(`document.querySelector("#player.phx-connected") && document.querySelector("#player-process").textContent !== "` + process + `"`)
	p.waitText("#track", "Colony, with Frogs")
	p.same(`document.querySelector("#position").value >= `+before, "true")
	goesOn()

	// Paused it stays where it is, on other pages too.
	p.click("#toggle")
	p.wait(`document.querySelector("#toggle").ariaLabel === "play"`)
	paused := position()
	p.click(`#main a[href="/music/high-water"]`)
	p.waitText("h1", "High Water")
	p.same(`document.querySelector("#position").value`, paused)
	p.click("#toggle")
	goesOn()
}
