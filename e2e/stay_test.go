package e2e

import "github.com/chromedp/chromedp"

// stay notes which page is loaded and which process runs it. The function that
// it returns checks that since then no page was loaded, nothing asked for by
// HTTP, no other socket opened, and no other view mounted.
func (p *tab) stay() (check func()) {
	p.t.Helper()
	// Chromium asks for the icon at each new address, and finds it in its cache.
	const requests = `performance.getEntriesByType("resource").map(r => r.name).filter(n => n.startsWith("http") && !n.includes("favicon")).join(" ")`
	const pulse = `document.querySelector(".pulse").textContent`
	p.wait(`document.querySelector(".pulse[data-connected]")`)
	p.do(chromedp.Evaluate[chromedp.Void](`void (window.here = true)`))
	sockets, asked, process := len(p.opened()), p.js(requests), p.js(pulse)
	return func() {
		p.t.Helper()
		p.same(`window.here`, "true")
		p.same(requests, asked)
		p.same(pulse, process)
		if n := len(p.opened()); n != sockets {
			p.t.Errorf("%d sockets were opened, want the %d of before", n, sockets)
		}
	}
}

// key presses keys, one after the other, in whatever has the focus.
func (p *tab) key(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// back and forward are the browser's buttons.
func (p *tab) back() { p.t.Helper(); p.do(chromedp.Evaluate[chromedp.Void](`void history.back()`)) }
func (p *tab) forward() {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`void history.forward()`))
}
