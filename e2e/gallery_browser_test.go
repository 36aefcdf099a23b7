package e2e

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const focused = `document.activeElement.id`

// visible is an expression: whether an element is seen.
func visible(selector string) string {
	return `(e => e && e.getClientRects().length > 0 && getComputedStyle(e).display !== "none")(document.querySelector("` + selector + `"))`
}

// The ready components work as people expect of such: with the mouse and with the
// keyboard, before and after the page has changed (UI-04, UI-07, UI-08, UI-13,
// UI-15 to UI-18).
func TestGallery(t *testing.T) {
	t.Parallel()
	s, p := showcase(t), newTab(t)
	p.visit(s.url + "/gallery")
	p.click("#primary")
	p.waitText("#clicks", "1")

	// A dialog takes the focus, keeps it, and gives it back.
	p.same(visible("#about"), "false")
	p.click("#open")
	p.wait(visible("#about-box"))
	p.wait(`document.querySelector("#about-box").contains(document.activeElement)`)
	for range 4 {
		p.do(chromedp.KeyEvent(kb.Tab))
		p.same(`document.querySelector("#about-box").contains(document.activeElement)`, "true")
	}
	p.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	p.same(`document.querySelector("#about-box").contains(document.activeElement)`, "true")
	p.do(chromedp.KeyEvent(kb.Escape))
	p.wait(`!` + visible("#about"))
	p.wait(focused + ` === "open"`)
	p.click("#open")
	p.wait(visible("#about-box"))
	p.click("#about [aria-label=Close]")
	p.wait(`!` + visible("#about"))
	p.click("#primary") // a patch changes nothing of it
	p.waitText("#clicks", "2")
	p.same(visible("#about"), "false")

	// One that an address opens closes to the page without it.
	p.click("#rename")
	p.wait(visible("#renaming-box"))
	p.same(`location.search`, "?dialog=rename")
	p.wait(`document.querySelector("#renaming-box").contains(document.activeElement)`)
	p.do(chromedp.KeyEvent(kb.Escape))
	p.wait(`!document.querySelector("#renaming") && location.search === ""`)
	p.click("#rename")
	p.wait(visible("#renaming-box"))
	p.do(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("#new-name").value = "Reed bed")`))
	p.click("#renaming form button")
	p.waitText("#name", "Reed bed")
	p.wait(`!document.querySelector("#renaming") && location.search === ""`)
	p.same(`document.body.classList.contains("overflow-hidden")`, "false")

	// Menus.
	expanded := func(menu string) string {
		return `document.querySelector("#` + menu + `-button").getAttribute("aria-expanded")`
	}
	p.click("#menu-button")
	p.wait(visible("#menu-items") + ` && ` + expanded("menu") + ` === "true"`)
	p.click("#other-menu-button")
	p.wait(`!` + visible("#menu-items") + ` && ` + visible("#other-menu-items") + ` && ` + expanded("menu") + ` === "false"`)
	p.click("#other-menu-items button")
	p.waitText("#clicks", "3")
	p.do(chromedp.KeyEvent(kb.Escape))
	p.wait(`!` + visible("#other-menu-items") + ` && ` + expanded("other-menu") + ` === "false"`)

	// Tables, of a list and of a stream.
	p.click("#birds-1 td")
	p.wait(`document.querySelector("#birds-1").classList.contains("bg-base-200")`)
	p.click("[aria-label='Remove Bittern']")
	p.wait(`!document.querySelector("#birds-2") && document.querySelector("#birds-1").classList.contains("bg-base-200")`)
	p.click("#sight")
	p.waitText("#sights tr:first-child td", "Crane")

	// What is loaded.
	p.waitText("#level", "Thirteen centimetres above zero")
	p.click("#fail")
	p.waitText("#level [role=alert]", "Failed: nobody answers.")
	p.click("#ask")
	p.waitText("#level", "Thirteen centimetres above zero")

	// What stands elsewhere belongs to the page.
	p.same(`document.querySelector("#below #portal") !== null`, "true")
	p.click("#portal button")
	p.waitText("#portal", "Clicked 5 times. Once more")

	// Messages, and the notice while the line is gone.
	p.click("#inform")
	p.waitText("#flash-info p", "The heron has landed.")
	p.click("#warn")
	p.waitText("#flash-error p", "The heron has flown.")
	p.click("#flash-info button")
	p.wait(`!document.querySelector("#flash-info") && document.querySelector("#flash-error")`)
	p.same(visible("#flash-lost"), "false")
	p.do(chromedp.Evaluate[chromedp.Void](`void (liveSocket.socket.reconnectTimer.timerCalc = () => 3000, liveSocket.socket.conn.close(3000))`))
	p.wait(visible("#flash-lost"))
	p.wait(`!` + visible("#flash-lost"))
	p.errors() // of the connection
}

// axe finds nothing to complain of, with the dialog and the menu open too.
func TestGalleryForAxe(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("oracle/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v; `make setup` installs it", err)
	}
	s, p := showcase(t), newTab(t)
	p.visit(s.url + "/gallery")
	p.click("#inform")
	p.waitText("#flash-info p", "The heron has landed.")
	p.do(chromedp.Evaluate[chromedp.Void](string(axe) + "; void 0"))
	check := func(what string) {
		t.Helper()
		found := p.await(`axe.run().then(r => JSON.stringify(r.violations.map(v => [v.id, v.help, v.nodes.map(n => n.html.slice(0, 200))])))`)
		if found != "[]" {
			t.Errorf("%s: %s", what, found)
		}
	}
	check("the page")
	p.click("#menu-button")
	p.wait(visible("#menu-items"))
	check("with a menu")
	p.click("#open")
	p.wait(visible("#about-box"))
	check("with a dialog")
}
