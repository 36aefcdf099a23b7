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
		p.do(chromedp.KeyEvent(text))
		sent, _ := p.frames()
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
}
