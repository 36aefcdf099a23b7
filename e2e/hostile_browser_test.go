package e2e

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// texts of attackers. Each of them would set window.hit if it ran.
var hostileTexts = []string{
	`<script>window.hit=1</script>`,
	`<img src=x onerror="window.hit=1">`,
	`"><img src=x onerror=window.hit=1>`,
	`'><svg onload=window.hit=1>`,
	`" onmouseover="window.hit=1" autofocus onfocus="window.hit=1`,
	`x onclick=window.hit=1 y`,
	`onclick`,
	`</title><script>window.hit=1</script>`,
	`</textarea><img src=x onerror=window.hit=1>`,
	`</script><script>window.hit=1</script>`,
	`</style><script>window.hit=1</script>`,
	`<!--<script>`,
	`--><script>window.hit=1</script>`,
	`</main></div></body></html><script>window.hit=1</script>`,
	`javascript:window.hit=1`,
	` JaVaScRiPt:window.hit=1`,
	"java\tscript:window.hit=1",
	"/a 1x, javascript:window.hit=1",
	`data:text/html,<script>parent.hit=1</script>`,
	`vbscript:window.hit=1`,
	`red;background:url(javascript:window.hit=1)`,
	`expression(window.hit=1)`,
	`';window.hit=1;//`,
	`";window.hit=1;//`,
	"`;window.hit=1;//",
	`${window.hit=1}`,
	`\';window.hit=1;//`,
	"\u2028window.hit=1//",
	`a.b#c"d e`,
	`&lt;script&gt;window.hit=1&lt;/script&gt;`,
}

// harmful is JavaScript that lists what a page has that it should not have.
const harmful = `(() => {
	const found = [];
	if (window.hit) found.push("code ran");
	for (const e of document.querySelectorAll("body *")) {
		for (const a of e.attributes) {
			if (/^on/i.test(a.name)) found.push(e.tagName + " has " + a.name);
			if (/^(href|xlink:href|src|action|formaction|data|poster|ping|srcset)$/i.test(a.name) && /^[\s\x00-\x20]*(j\s*a\s*v\s*a\s*script|vbscript|data):?/i.test(a.value.replace(/[\t\n\r]/g, "")) && a.value.includes(":"))
				found.push(e.tagName + " has " + a.name + "=" + a.value);
		}
	}
	return found.join("; ");
})()`

// shape is the number of elements of the page.
const shape = `document.querySelectorAll("[data-phx-main] *").length`

// The policy of the page would stop what escaping lets through, so it is off.
func hostileApp(t *testing.T) *app {
	t.Helper()
	a := newApp(t, func(o *bennu.Options) {
		o.CSP = "default-src * 'unsafe-inline' 'unsafe-eval' data: blob: javascript:"
	})
	a.Live("/hostile", func() live.View { return new(views.Hostile) })
	return a
}

// checkHostile looks at a page that shows a text.
func (p *tab) checkHostile(what, text string) {
	p.t.Helper()
	if found := p.js(harmful); found != "" {
		p.t.Errorf("%s of %q: %s", what, text, found)
	}
	for _, place := range []string{
		`document.querySelector("#text").textContent`, `document.querySelector("#flash").textContent`, `document.querySelector("#attribute").title`,
		`document.querySelector("#attribute").dataset.x`, `document.querySelector("#area").defaultValue`, `document.querySelector("#svg").textContent`,
		`document.querySelector("#set").title`, `document.querySelector("option").value`, `document.querySelector("ul").firstElementChild.textContent`,
		`JSON.parse(document.querySelector("#json").textContent).v`,
	} {
		if got := p.js(place); got != text {
			p.t.Errorf("%s of %q: %s is %q", what, text, place, got)
		}
	}
	// A title is shown without space around it.
	if got := p.js(`document.title`); strings.TrimSpace(got) != strings.Join(strings.Fields(text), " ") {
		p.t.Errorf("%s of %q: the title is %q", what, text, got)
	}
	if got := p.js(`document.querySelector("iframe[srcdoc]").srcdoc.includes("<")`); got != "false" {
		p.t.Errorf("%s of %q: the text of srcdoc is HTML", what, text)
	}
}

func TestFault40To46HostileTextsInTheBrowser(t *testing.T) {
	t.Parallel()
	a := hostileApp(t)
	p := newTab(t)
	p.visit(a.url + "/hostile?text=plain")
	elements := p.js(shape)
	for i, text := range hostileTexts {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		p.js(`document.querySelector("#go").setAttribute("phx-value-text", ` + string(quoted) + `)`)
		p.js(`document.querySelector("#go").click()`)
		p.waitText("#count", strconv.Itoa(i+1))
		p.js(`document.querySelector("#set").dispatchEvent(new MouseEvent("mouseover", {bubbles: true})), document.querySelector("#set").click(), document.querySelector("#named").click(), document.querySelector("#set").focus()`)
		p.checkHostile("the update", text)
		if got := p.js(shape + ` - document.querySelectorAll("#odd").length`); got != elements {
			t.Errorf("the update of %q has %s elements, want %s", text, got, elements)
		}
		if i%5 != 0 && !strings.Contains(text, "script") {
			continue // a page of its own takes its time
		}
		q := newTab(t)
		q.visit(a.url + "/hostile?text=" + url.QueryEscape(text))
		q.checkHostile("the page", text)
		for _, script := range []string{"value", "literal"} {
			if got := q.js("window." + script); got != text {
				t.Errorf("the script of %q has %s = %q", text, script, got)
			}
		}
		if got := q.js(shape); got != elements {
			t.Errorf("the page of %q has %s elements, want %s", text, got, elements)
		}
		q.errors()
	}
	p.errors() // addresses that lead nowhere
}
