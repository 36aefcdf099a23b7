package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

func TestTabsInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTabFor(t, 6*patience)
	p.visit(s.url + "/tabs/spring")
	process := p.js(`document.querySelector(".pulse").textContent`)
	p.js(`(window.same = true, 1)`)
	run := func(js string) { p.do(chromedp.Evaluate[chromedp.Void](`void (` + js + `)`)) }
	tab := func(name, at string) {
		t.Helper()
		p.waitText(`nav a[aria-current].font-semibold`, name)
		p.wait(`location.pathname + location.search === "` + at + `"`)
	}

	// A tab, from far down, and back to where one was.
	run(`scrollTo(0, 900)`)
	p.wait(`history.state?.scroll === 900`)
	p.click(`nav a[href="/tabs/winter"]`)
	tab("Winter", "/tabs/winter")
	p.waitText("#found", "5")
	p.wait(`scrollY < 900`)
	run(`history.back()`)
	tab("Spring", "/tabs/spring")
	p.wait(`scrollY === 900`)
	run(`history.forward()`)
	tab("Winter", "/tabs/winter")
	p.wait(`scrollY < 900`)

	// What is typed into the filter is in the address, and no place of its own.
	places := p.js(`history.length`)
	p.do(chromedp.SendKeys(chromedp.CSS("#q"), "day 3"))
	tab("Winter", "/tabs/winter?q=day+3")
	p.waitText("#found", "1")
	p.same(`history.length`, places)
	p.same(`document.activeElement.id + " " + document.activeElement.value`, "q day 3")

	// Back closes the panel, forward opens it.
	p.click("#new")
	tab("Winter", "/tabs/winter/new?q=day+3")
	p.wait(`document.activeElement.id === "text"`)
	run(`history.back()`)
	tab("Winter", "/tabs/winter?q=day+3")
	p.wait(`!document.querySelector("#panel")`)
	p.waitText("#found", "1")
	run(`history.forward()`)
	p.wait(`document.querySelector("#panel")`)
	p.click("#add button")
	p.waitText("#add [role=alert]", "Write what was seen.")
	p.do(chromedp.SendKeys(chromedp.CSS("#text"), "ice\r"))
	tab("Winter", "/tabs/winter")
	p.waitText("#entries li:first-child span:last-child", "ice")
	p.wait(`document.querySelector(".flash").textContent.includes("Written into Winter.")`)
	p.same(`document.querySelector(".pulse").textContent`, process)

	// To another page over the same socket, and back.
	p.click("#away")
	p.waitText("h1", "Pair")
	p.same(`document.querySelector(".flash")`, "null")
	run(`history.back()`)
	tab("Winter", "/tabs/winter")
	p.same(`window.same`, "true")

	// The redirect loads a page, and its message comes along.
	p.wait(connected)
	p.click("#close-year")
	p.wait(`window.same === undefined && document.querySelector(".flash")?.textContent.includes("loaded anew")`)
	tab("Winter", "/tabs/winter")
	p.wait(connected)
	p.click(".flash button")
	p.wait(`!document.querySelector(".flash")`)
}
