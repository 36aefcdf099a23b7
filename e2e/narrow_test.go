package e2e

import (
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
