package browsertest

import (
	"context"
	"fmt"

	"github.com/chromedp/chromedp"
)

// Click clicks the one element that matches the selector and, if one is given,
// has the text: its middle, with the mouse.
func (p *Page) Click(selector string, text ...string) {
	p.t.Helper()
	at := p.reach("click", selector, text)
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

// Fill clicks the field that matches the selector, and writes a text in place of
// what is there, by the keyboard.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	at := p.reach("fill", selector, nil)
	p.do(chromedp.MouseClickXY(at.X, at.Y),
		chromedp.Evaluate[chromedp.Void](`void document.activeElement.select?.()`))
	if text == "" {
		text = "\b"
	}
	p.Press(text)
}

// Press presses keys, one after the other, in whatever has the focus. Names of
// keys that write nothing are in chromedp's package kb; "\r" is Enter.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// spot is where an element is met by the mouse, or why it is not.
type spot struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Reason string  `json:"reason"`
}

// reach waits until the mouse can reach the element: it is there, the only one,
// enabled, in sight and covered by nothing, its live view is connected and has
// answered what the element sent before. (The client drops what comes earlier.)
func (p *Page) reach(what, selector string, text []string) spot {
	p.t.Helper()
	find := fmt.Sprintf(`(() => {
		if (!(%s)) return {reason: "the page is not connected"};
		const all = %s;
		if (all.length !== 1) return {reason: all.length + " elements match, want one" + all.slice(0, 3).map(e => "\n  " + e.outerHTML.slice(0, 200)).join("")};
		const e = all[0];
		if (e.disabled) return {reason: "it is disabled"};
		if (e.closest("[data-phx-ref-src]")) return {reason: "the server has not answered what it sent before"};
		e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
		if (!r.width || !r.height || getComputedStyle(e).visibility !== "visible") return {reason: "it cannot be seen"};
		const top = document.elementFromPoint(x, y);
		if (!top || !e.contains(top)) return {reason: "it is covered by " + (top ? top.outerHTML.slice(0, 200) : "nothing, outside of the window")};
		return {x, y, reason: ""};
	})()`, ready, found(selector, text))
	var at spot
	if why := p.poll(func(ctx context.Context) (why string, err error) {
		at, err = chromedp.Run(ctx, chromedp.Evaluate[spot](find))
		return at.Reason, err
	}); why != "" {
		p.t.Fatalf("browsertest: cannot %s %s within %v: %s%s", what, name(selector, text), p.opts.Deadline, why, p.state())
	}
	return at
}
