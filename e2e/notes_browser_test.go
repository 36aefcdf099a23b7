package e2e

import "testing"

// A live component shows its own messages, the user puts them away one by one,
// and the page shows what a component says as it leaves.
func TestItem111MessagesOfComponentsInChromium(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/notes")
	p.click("#left .note")
	p.waitText("#left .said", "left noted 1")
	p.click("#right .note")
	p.waitText("#right .said", "right noted 1")
	p.same(`document.querySelectorAll(".said").length + "," + !!document.querySelector("#info")`, "2,false")
	p.click("#left .said")
	p.wait(`!document.querySelector("#left .said")`)
	p.same(`document.querySelector("#right .said").textContent`, "right noted 1")
	p.click("#left .note")
	p.waitText("#left .said", "left noted 2")
	p.click("#right .go")
	p.wait(`location.pathname === "/tour/cards"`)
	p.waitText("#info", "sent by right")
}
