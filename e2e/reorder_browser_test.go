package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

func TestReorderInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/reorder")
	const rows = `[...document.querySelectorAll("#stops > li")].map(l => l.id.slice(5)).join("")`
	p.same(rows, "12345678")
	p.js(`(window.rows = [...document.querySelectorAll("#stops > li")], 1)`)
	// here checks that the note of Luxor is as it was left: text, focus, selection.
	here := func(want string) {
		t.Helper()
		p.same(`document.activeElement.id + " " + document.activeElement.value + " " + document.activeElement.selectionStart + " " + document.activeElement.selectionEnd`, "note-6 "+want)
	}

	// The Enter key takes the row up, and the caret with it.
	p.do(chromedp.SendKeys(chromedp.CSS("#note-6"), "two nights\r"))
	p.wait(rows + ` === "12346578"`)
	p.wait(`document.activeElement.id === "note-6"`)
	p.js(`(document.activeElement.setSelectionRange(4, 7), 1)`)
	p.js(`(document.querySelector("[phx-value-by=name]").click(), 1)`) // it takes no focus, unlike the mouse
	p.wait(rows + ` === "58273641"`)
	here("two nights 4 7")

	// What is typed now goes where the row is.
	p.do(chromedp.SendKeys(chromedp.CSS("#note-6"), "!"))
	p.js(`(document.querySelector("[phx-click=reverse]").click(), 1)`)
	p.wait(rows + ` === "14637285"`)
	p.wait(`document.activeElement.id === "note-6" && document.activeElement.value.includes("!")`)

	// By the list itself, again and again, while somebody writes.
	p.do(chromedp.Evaluate[chromedp.Void](`void (window.moves = 0, new MutationObserver(() => {
		const now = ` + rows + `;
		if (now !== window.last) moves++;
		last = now;
	}).observe(document.querySelector("#stops"), {childList: true}))`))
	p.js(`(document.querySelector("[phx-click=keep]").click(), 1)`)
	p.wait(`moves >= 1`)
	p.do(chromedp.SendKeys(chromedp.CSS("#note-6"), "?"))
	p.wait(`moves >= 3`)
	p.js(`(document.querySelector("[phx-click=keep]").click(), 1)`)
	p.waitText(`[aria-pressed=false]`, "Keep shuffling")
	p.same(`document.activeElement.id + document.activeElement.value.includes("?")`, "note-6true")

	// The others' texts stay theirs, and every row is the element that it was.
	p.do(chromedp.SendKeys(chromedp.CSS("#note-2"), "pyramids"))
	p.click(`[phx-value-by="km"]`)
	p.wait(rows + ` === "12345678"`)
	p.click(`#stop-2 .down`)
	p.wait(rows + ` === "13245678"`)
	p.same(`document.querySelector("#note-2").value`, "pyramids")
	p.same(`[...document.querySelectorAll("#stops > li")].every(l => rows.includes(l))`, "true")
}
