package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// seeCards notes in the page which cards get a value, in their order, and which
// have been seen to wait.
const seeCards = `void (window.came = [], window.waited = new Set(), new MutationObserver(() => {
	for (const card of document.querySelectorAll("section.panel[aria-busy]")) {
		if (card.querySelector(".skeleton")) waited.add(card.id);
		if (card.querySelector(".value") && waited.has(card.id) && !came.includes(card.id)) came.push(card.id);
	}
}).observe(document.body, {subtree: true, childList: true, attributes: true}))`

func TestDashboardInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/dashboard")
	p.wait(`document.querySelectorAll(".value").length === 4`)
	process := p.js(`document.querySelector(".pulse").textContent`)

	// A source fails: its card says so, keeps what it had, and the others work.
	fix := p.js(`document.querySelector("#satellite .value").textContent`)
	p.click(`button[phx-click="reload"]:not([phx-value-forget])`)
	p.wait(`document.querySelector("#satellite [role=alert]")`)
	p.same(`document.querySelector("#satellite .value").textContent`, fix)
	p.same(`document.querySelectorAll("[role=alert]").length`, "1")
	p.click(`#gauge button`)
	p.wait(`document.querySelector("#gauge [role=alert]")`) // it panicked
	p.same(`document.querySelector(".pulse").textContent`, process)

	// A long job, called off while the failure is on the page.
	p.click(`button[phx-click="start"]`)
	p.wait(`+document.querySelector("#done")?.textContent >= 2`)
	p.click(`button[phx-click="cancel"]`)
	p.wait(`document.querySelector("#outcome")?.textContent.startsWith("Cancelled after ")`)
	p.same(`document.querySelector("#satellite [role=alert]") != null`, "true")
	p.click(`#satellite button[phx-click="ask"]`)
	p.wait(`document.querySelector("#satellite[aria-busy=false] .value") && !document.querySelector("#satellite [role=alert]")`)

	// The values are forgotten, and come one after the other.
	p.do(chromedp.Evaluate[chromedp.Void](seeCards))
	p.click(`button[phx-value-forget]`)
	p.wait(`document.querySelector("#satellite [role=alert]")`) // every other time
	p.click(`#satellite button[phx-click="ask"]`)
	p.wait(`came.length === 4`)
	p.same(`came[0]`, "river")
	p.same(`waited.size`, "4")

	// The stream has all lines, in order, and no twins.
	p.waitText("#written", "12")
	p.same(`[...document.querySelectorAll("#sightings > li")].map(l => l.id.slice(10))`, "1,2,3,4,5,6,7,8,9,10,11,12")
	p.same(`document.querySelector(".pulse").textContent`, process)
}
