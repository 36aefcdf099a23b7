package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// pages are those of the showcase.
var pages = []string{"/", "/counter", "/table", "/inspect", "/dashboard", "/nested", "/pair", "/feed", "/todo", "/tabs/spring", "/reorder", "/music", "/gallery", "/chat/lobby"}

func TestFrontPageInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/")
	p.waitText(".tally output", "0")
	p.click(`.tally button[phx-value-number="1"]`)
	p.waitText(".tally output", "1")
	p.click(`.tally button[phx-value-number="-1"]`)
	p.waitText(".tally output", "0")
	// The receipt says what that has cost, and is right.
	sent, got := p.frames()
	for cost, frame := range map[string]string{
		"up": lastWith(t, sent, `"event"`), "down": lastWith(t, got, `"diff"`), "join": lastWith(t, got, `"rendered"`),
	} {
		p.waitText(fmt.Sprintf("[data-cost=%q]", cost), sizeText(frame))
	}
	p.wait(`document.querySelector("[data-cost=diff]").textContent.startsWith('{"diff":')`)
	p.wait(`document.querySelector("[data-cost=page]").textContent.endsWith(" B")`)
	// The links lead to the pages.
	for _, path := range pages[1:] {
		if p.js(fmt.Sprintf(`!!document.querySelector('#main a[href=%q]')`, path)) != "true" {
			t.Errorf("the front page has no link to %s", path)
		}
	}
}

// lastWith is the last frame with this text; heartbeats come between.
func lastWith(t *testing.T, frames []string, text string) string {
	t.Helper()
	for i := len(frames) - 1; i >= 0; i-- {
		if strings.Contains(frames[i], text) {
			return frames[i]
		}
	}
	t.Fatalf("no frame with %s among %q", text, frames)
	return ""
}

// sizeText is a frame's size as the showcase's scripts write it.
func sizeText(frame string) string {
	n := fmt.Sprint(len(frame))
	if len(n) > 3 {
		n = n[:len(n)-3] + "," + n[len(n)-3:]
	}
	return n + " B"
}

func TestInspectPageInTheBrowser(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/inspect?sun=up")
	p.waitText("#count", "0")
	facts := func() map[string]string {
		t.Helper()
		var list [][2]string
		text := p.js(`JSON.stringify([...document.querySelectorAll(".ledger div")].map(d => [...d.children].map(c => c.textContent.trim())))`)
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err)
		}
		m := make(map[string]string)
		for _, pair := range list {
			m[pair[0]] = pair[1]
		}
		return m
	}
	p.wait(`document.querySelector(".ledger").textContent.includes("websocket")`)
	got := facts()
	for name, want := range map[string]string{"View": p.js(`document.querySelector("[data-phx-main]").id`), "Connected": "true", "Transport": "websocket", "Params": "sun=up"} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}

	p.click(`button[phx-click="change"][phx-value-number="1"]`)
	p.waitText("#count", "1")
	p.wait(`document.querySelector("#tree [data-changed]")`) // the value of the last diff is marked
	p.click(`button[phx-click="idle"]`)
	p.wait(`document.querySelector("#frames li .gist").textContent === "nothing changed"`)

	// The newest first: what the browser says went over its socket.
	type row struct{ Way, Title, Size, Text string }
	var shown []row
	text := p.js(`JSON.stringify([...document.querySelectorAll("#frames li")].map(li => ({
		Way: li.querySelector(".way").textContent, Title: li.querySelector("b").textContent,
		Size: li.querySelector(".size").textContent, Text: li.querySelector("pre").textContent})))`)
	if err := json.Unmarshal([]byte(text), &shown); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(shown)
	sent, received := p.frames()
	var up, down []row
	for _, r := range shown {
		if r.Way == "up" {
			up = append(up, r)
		} else {
			down = append(down, r)
		}
	}
	for way, pair := range map[string]struct {
		shown  []row
		frames []string
	}{"up": {up, sent}, "down": {down, received}} {
		if len(pair.shown) != len(pair.frames) || len(pair.shown) < 3 {
			t.Errorf("%d frames %s are shown, want the join and the clicks, %d", len(pair.shown), way, len(pair.frames))
			continue
		}
		for i, r := range pair.shown {
			if r.Size != sizeText(pair.frames[i]) || !strings.HasPrefix(pair.frames[i], r.Text[:20]) {
				t.Errorf("frame %d %s is shown as %+v, want %s of %s", i, way, r, sizeText(pair.frames[i]), pair.frames[i])
			}
		}
	}

	// Statics and dynamics: the fixed text and the values, as the join brought them.
	if still, moving := p.js(`document.querySelectorAll("#tree .still").length`), p.js(`document.querySelectorAll("#tree mark.moving").length`); still == "0" || moving == "0" {
		t.Errorf("the tree shows %s fixed texts and %s values", still, moving)
	}
	if summary := p.js(`document.querySelector("#tree .summary").textContent`); !strings.HasPrefix(summary, "The last diff: ") {
		t.Errorf("above the tree stands %q, want the last diff", summary)
	}
}

func TestPagesOnAPhone(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: 375, Height: 740, DeviceScaleFactor: 3, Mobile: true,
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(pages, "/nowhere") {
		p.open(s.url + path)
		if path != "/nowhere" {
			p.wait(connected)
		}
		if got := p.js(`window.innerWidth`); got != "375" {
			t.Errorf("%s is laid out %s wide, want 375", path, got)
		}
		if wide := p.js(`document.documentElement.scrollWidth`); wide != "375" {
			t.Errorf("%s is %s wide on a phone of 375: it scrolls sideways", path, wide)
		}
	}
	p.errors() // Chromium logs the status 404
}

func TestPagesInTheDark(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	}); err != nil {
		t.Fatal(err)
	}
	// light is how bright the browser paints a colour, from 0 to 1.
	const light = `(css => {
		const c = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
		c.fillStyle = css; c.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...c.getImageData(0, 0, 1, 1).data].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	})`
	for _, path := range append(pages, "/nowhere") {
		p.open(s.url + path)
		ground := light + `([document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor).find(c => c !== "rgba(0, 0, 0, 0)"))`
		text := light + `(getComputedStyle(document.querySelector("main h1")).color)`
		if p.js(ground+" < 0.05") != "true" || p.js("("+text+" + 0.05) / ("+ground+" + 0.05) >= 7") != "true" {
			t.Errorf("%s in the dark: the ground is %s bright and its heading %s", path, p.js(ground), p.js(text))
		}
	}
	p.errors()
}

func TestPagesWithoutScript(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.open(s.url + "/")
	for _, tt := range []struct{ path, has string }{
		{"/counter", "#count"},
		{"/table", "tbody tr:nth-child(1000) td:nth-child(8) button"},
		{"/inspect", ".ledger"},
		{"/", ".tally output"},
	} {
		// By the links, as somebody without script goes.
		p.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`nav a[href=%q]`, tt.path))), chromedp.WaitVisible(chromedp.CSS(tt.has)),
			chromedp.WaitVisible(chromedp.CSS("noscript p")))
	}
	if n := len(p.opened()); n != 0 {
		t.Errorf("pages without script opened %d sockets", n)
	}
}
