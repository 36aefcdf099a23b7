package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The server is started again while two people talk: both are there again under
// their names, nobody twice, what was being written is still in its field, and
// they go on.
func TestChatOverARestart(t *testing.T) {
	t.Parallel()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s := showcase(t, "PORT="+port)
	ann, bob := newTab(t), newTab(t)
	for p, name := range map[*tab]string{ann: "Ann", bob: "Bob"} {
		p.visit(s.url + "/chat/restart")
		p.keep()
		p.named(name)
	}
	ann.waitText("#count", "2")
	ann.click("#text")
	ann.do(chromedp.KeyEvent("before" + kb.Enter))
	bob.wait(`document.querySelector("#lines").textContent.includes("before")`)
	bob.click("#text")
	bob.do(chromedp.KeyEvent("half a sen"))
	ann.waitText("#writing", "Bob is writing…")

	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*tab{ann, bob} {
		p.wait(`document.querySelector("[data-phx-main].phx-error, [data-phx-main].phx-loading")`)
	}
	showcase(t, "PORT="+port)
	for _, p := range []*tab{ann, bob} {
		p.wait(connected)
		p.wait(`[...document.querySelectorAll("#people li")].map(li => li.textContent.trim()).sort().join() === "Ann,Bob"`)
		p.waitText("#count", "2")
		p.same(sameDocument, "true")
	}
	bob.same(`document.querySelector("#text").value`, "half a sen")
	bob.click("#text")
	bob.do(chromedp.KeyEvent(kb.End + "tence" + kb.Enter))
	ann.wait(`document.querySelector("#lines").textContent.includes("half a sentence")`)
	for _, p := range []*tab{ann, bob} {
		p.lineLost()
	}
}
