package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Three visitors in one room, and one in another: what one says and who comes,
// writes and goes is seen by the others without a reload.
func TestChatOfSeveralPages(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	room := s.url + "/chat/e2e"
	ann, bob, cat, other := newTab(t), newTab(t), newTab(t), newTab(t)
	call := func(p *tab, name string) {
		p.do(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("#name").select(), document.querySelector("#name").focus())`))
		p.do(chromedp.KeyEvent(name))
		p.wait(`[...document.querySelectorAll("#people li")].some(li => li.textContent === "` + name + `")`)
	}
	ann.visit(room)
	call(ann, "Ann")
	bob.visit(room)
	call(bob, "Bob")
	cat.visit(room)
	other.visit(room + "-2")
	ann.waitText("#count", "3")
	other.waitText("#count", "1")

	bob.click("#text")
	bob.do(chromedp.KeyEvent("Is anybody"))
	ann.waitText("#writing", "Bob is writing…")
	bob.do(chromedp.KeyEvent(" there?" + kb.Enter))
	for _, p := range []*tab{ann, bob, cat} {
		p.waitText("#lines li:nth-last-child(2) p", "Is anybody there?")
	}
	bob.wait(`document.querySelector("#text").value === "" && document.activeElement.id === "text"`)
	ann.wait(`document.querySelector("#writing").textContent === ""`)
	other.same(`document.querySelectorAll("#lines p").length`, "0")

	// The list follows its end, but not away from somebody who reads further up.
	for i := range 40 {
		bob.do(chromedp.KeyEvent(fmt.Sprintf("line %d", i) + kb.Enter))
		bob.waitText("#lines li:nth-last-child(2) p", fmt.Sprintf("line %d", i))
	}
	ann.waitText("#lines li:nth-last-child(2) p", "line 39")
	ann.wait(`(l => l.scrollTop > 0 && l.scrollTop >= l.scrollHeight - l.clientHeight - 2)(document.querySelector("#lines"))`)
	ann.do(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("#lines").scrollTop = 0)`))
	bob.do(chromedp.KeyEvent("one more" + kb.Enter))
	ann.waitText("#lines li:nth-last-child(2) p", "one more")
	ann.same(`document.querySelector("#lines").scrollTop`, "0")

	// A killed tab leaves; a line that is cut comes back with its name.
	if err := chromedp.Cancel(cat.ctx); err != nil {
		t.Error(err)
	}
	ann.waitText("#count", "2")
	bob.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.disconnect()`))
	ann.waitText("#count", "1")
	bob.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.connect()`))
	ann.wait(`[...document.querySelectorAll("#people li")].map(li => li.textContent).sort().join() === "Ann,Bob"`)
	bob.waitText("#lines li:nth-last-child(2) p", "one more")
}
