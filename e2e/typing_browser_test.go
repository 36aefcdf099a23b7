package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A user who is faster than the line writes into one field, goes on to the next
// and submits before the server has answered. Whatever comes late, the fields
// show what was written.
func TestTypingFasterThanTheLine(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/typing")
	p.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.enableLatencySim(400)`))
	p.click("#first")
	for _, text := range []string{"a", " heron"} { // the second while the first is on its way
		sent, _ := p.frames()
		p.do(chromedp.KeyEvent(text))
		until(t, "the letters to be sent", func() bool { now, _ := p.frames(); return len(now) > len(sent) })
	}
	p.do(chromedp.KeyEvent(" in the reeds" + kb.Tab + "at dawn" + kb.Enter))
	p.waitText("#said", "a heron in the reeds, at dawn")
	p.wait(`!document.querySelector("#typing [data-phx-ref-src], #typing[data-phx-ref-src]")`)
	p.same(`document.querySelector("#first").value`, "a heron in the reeds")
	p.same(`document.querySelector("#second").value`, "at dawn")
	p.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.disableLatencySim()`))
}

// After a submission a field shows what the template says, though that is the
// same as before.
func TestAFieldIsEmptiedAfterASubmission(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/typing")
	for _, text := range []string{"ibis", "stork"} {
		p.click("#once")
		p.do(chromedp.KeyEvent(text + kb.Enter))
		p.waitText("#said", text)
		p.wait(`document.querySelector("#once").value === ""`)
		p.same(`document.activeElement.id`, "once")
	}
	for _, text := range []string{"ibis", "stork"} { // of a live component in which nothing changes
		p.click("#asked")
		p.do(chromedp.KeyEvent(text))
		p.same(`document.querySelector("#asked").value`, text)
		p.do(chromedp.KeyEvent(kb.Enter))
		p.wait(`document.querySelector("#asked").value === ""`)
	}
}

// What is written into a form that says nothing before it is sent stays, while
// another form on the page is answered.
func TestUnsentTextOutlastsTheAnswersToAnotherForm(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/typing")
	p.click("#once")
	p.do(chromedp.KeyEvent("not sent yet"))
	p.click("#first")
	p.do(chromedp.KeyEvent("wren" + kb.Enter))
	p.waitText("#said", "wren,")
	p.wait(`!document.querySelector("#typing [data-phx-ref-src], #typing[data-phx-ref-src]")`)
	p.same(`document.querySelector("#once").value`, "not sent yet")
	p.click("#once")
	p.do(chromedp.KeyEvent(kb.Enter))
	p.waitText("#said", "not sent yet")
	p.wait(`document.querySelector("#once").value === ""`)
}
