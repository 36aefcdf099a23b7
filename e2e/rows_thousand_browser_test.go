package e2e

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// A thousand rows down, and never more than sixty on the page; TestFeedInTheBrowser
// goes the other way. It scrolls there and a step away again, because what is
// scrolled while the client waits for rows asks for no more.
func TestSTR07AThousandRows(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTabFor(t, 15*patience)
	p.visit(s.url + "/feed")
	p.do(chromedp.Evaluate[chromedp.Void](`void (window.most = 0, window.gaps = 0, new MutationObserver(() => {
		const all = ` + posts + `;
		most = Math.max(most, all.length);
		if (all.some((n, i) => i > 0 && n !== all[i - 1] - 1)) gaps++;
	}).observe(document.querySelector("#posts"), {childList: true}))`))
	for last := 1150; last >= 150; last -= 50 {
		p.wait(posts + `.at(-1) <= ` + strconv.Itoa(last) +
			` || (scrollTo(0, document.documentElement.scrollHeight - innerHeight - (window.step = !window.step) * 60), false)`)
	}
	p.same(posts+`[0] <= 210`, "true")
	p.same(`most <= 60 && gaps == 0`, "true")
}
