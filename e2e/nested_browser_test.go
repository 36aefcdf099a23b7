package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// ownText defines own(id) in the page: what a nest shows by itself, without its
// clock and the nest inside.
const ownText = `void (window.own = id => {
	const nest = document.querySelector("#" + id + " > .nest").cloneNode(true);
	nest.querySelectorAll(".nest, .seconds").forEach(e => e.remove());
	return nest.textContent.replace(/\s+/g, " ").trim();
})`

func TestNestedViewsInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/nested")
	p.wait(`document.querySelector("#known-Hollow")`) // the innermost has joined
	p.do(chromedp.Evaluate[chromedp.Void](ownText))
	p.same(`new Set([...document.querySelectorAll(".process")].map(e => e.textContent)).size`, "4")

	// Up and down: eggs are told to the page, calls reach all.
	for _, id := range []string{"reed", "reed", "poplar", "willow", "hollow"} {
		p.click("#" + id + " > .nest > div > .lay")
	}
	p.waitText("#eggs", "5")
	p.click("#call")
	p.wait(`[...document.querySelectorAll(".nest .calls")].every(e => e.textContent === "1")`)

	// Each has a clock of its own.
	p.wait(`[...document.querySelectorAll(".nest .seconds")].every(e => +e.textContent >= 1)`)

	// A crash costs one nest what it had.
	p.js(`(window.articles = Object.fromEntries(["reed", "poplar", "willow", "hollow"].map(id => [id, document.querySelector("#" + id + " > .nest")])), 1)`)
	process := p.js(`document.querySelector(".pulse").textContent`)
	poplar, willow, hollow := p.js(`own("poplar")`), p.js(`own("willow")`), p.js(`own("hollow")`)
	p.click("#reed > .nest > div > .crash")
	p.waitText("#known-Reed td:nth-child(4)", "1")
	p.waitText("#reed .eggs", "0")
	p.waitText("#eggs", "3")
	for id, was := range map[string]string{"poplar": poplar, "willow": willow, "hollow": hollow} {
		p.same(`own("`+id+`")`, was)
		p.same(`document.querySelector("#`+id+` > .nest") === articles.`+id, "true")
	}
	p.same(`document.querySelector("#calls").textContent`, "1")
	p.same(`document.querySelector(".pulse").textContent`, process)
	p.click("#reed > .nest > div > .lay") // it works again
	p.waitText("#reed .eggs", "1")
	p.waitText("#eggs", "4")

	// The one inside takes nobody along.
	p.click("#hollow > .nest > div > .crash")
	p.waitText("#known-Hollow td:nth-child(4)", "1")
	p.same(`own("willow")`, willow)
	p.click("#call")
	p.wait(`[...document.querySelectorAll("#hollow .calls, #reed .calls")].every(e => e.textContent === "1")`)

	// One with another inside takes that along, and both come back.
	p.click("#willow > .nest > div > .crash")
	p.waitText("#known-Willow td:nth-child(4)", "1")
	p.waitText("#known-Hollow td:nth-child(4)", "2")
	p.click("#hollow > .nest > div > .lay")
	p.waitText("#known-Hollow td:nth-child(2)", "1")
	p.same(`own("poplar")`, strings.Replace(poplar, "1 call", "2 calls", 1))
	p.same(`document.querySelector(".pulse").textContent`, process)
	p.errors() // the client logs the crashes
}
