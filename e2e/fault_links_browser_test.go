package e2e

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"bennu/e2e/views"
	"bennu/live"
)

// schemes is what the browser makes of the page's addresses.
const schemes = `JSON.stringify([...document.querySelectorAll("[data-phx-main] [id]")].map(e => {
	const v = e.getAttribute("href") ?? e.getAttribute("src") ?? e.getAttribute("action") ?? e.getAttribute("formaction") ?? e.getAttribute("xlink:href")
	return e.id + " " + new URL(v, location.href).protocol
}))`

// Addresses from outside run no code, drawn by HTTP or patched in, wherever
// they stand.
func TestFault35AddressesRunNoCode(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.Live("/links", func() live.View { return new(views.Links) })
	p := newTab(t)
	hack := `window.top.hacked=true`
	check := func(to, when string) {
		t.Helper()
		var got []string
		if err := json.Unmarshal([]byte(p.js(schemes)), &got); err != nil || len(got) != 8 {
			t.Fatalf("addresses %q, %v, want 8", got, err)
		}
		for _, address := range got {
			if !strings.HasSuffix(address, " about:") && !strings.HasPrefix(address, "image data:") {
				t.Errorf("%s, %q leads to %s", when, to, address)
			}
		}
		if p.js(`window.hacked`) != "undefined" {
			t.Fatalf("%s, %q runs code", when, to)
		}
	}
	for _, to := range []string{
		"javascript:" + hack, " JaVaScRiPt:" + hack, "java\tscript:" + hack, "\x01javascript:" + hack, "javascript\n:" + hack,
		"data:text/html,<script>" + hack + "</script>", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='" + hack + "'/>", "vbscript:" + hack,
	} {
		p.visit(a.url + "/links?to=" + url.QueryEscape(to))
		check(to, "drawn")
		payload, err := json.Marshal(map[string]string{"to": to + "//"})
		if err != nil {
			t.Fatal(err)
		}
		p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`void liveSocket.execJS(document.querySelector("[data-phx-main]"), JSON.stringify([["push", {event: "set", value: %s}]]))`, payload)))
		p.wait(`document.querySelector("output").textContent.endsWith("//")`)
		check(to, "patched")
	}
	p.visit(a.url + "/links?to=" + url.QueryEscape("/page?text=there"))
	p.click("#href")
	p.waitText("#text", "there")
	p.errors() // of frames and images that are refused
}
