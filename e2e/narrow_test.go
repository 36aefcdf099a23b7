package e2e

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"bennu"
)

func TestErrorPagesFitAPhone(t *testing.T) {
	t.Parallel()
	for _, dev := range []bool{false, true} {
		a := newApp(t, func(o *bennu.Options) { o.Dev = dev })
		p := newTab(t)
		p.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		for _, path := range []string{"/nowhere/" + "a-long-address-without-any-place-to-break-it", "/page?mount=error", "/page?mount=panic"} {
			p.do(chromedp.Navigate(a.url + path))
			if width := p.js(`document.documentElement.scrollWidth`); width != "390" {
				t.Errorf("development %v: %s is %s wide on a phone of 390", dev, path, width)
			}
		}
		p.errors()
	}
}

// No page of the showcase is wider than the screen, from the smallest phone on.
func TestPagesFitEveryScreen(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	for _, width := range []int64{320, 375, 768, 1280} {
		p.do(chromedp.EmulateViewport(width, 844))
		for _, path := range pages {
			p.visit(s.url + path)
			if got := p.js(`document.documentElement.scrollWidth`); got != strconv.FormatInt(width, 10) {
				t.Errorf("%s is %s wide on a screen of %d; what sticks out: %s", path, got, width, p.js(`[...document.body.querySelectorAll("*")].filter(
					e => e.getBoundingClientRect().right > innerWidth + .5).slice(0, 5).map(e => e.outerHTML.slice(0, 100)).join("\n")`))
			}
		}
	}
}
