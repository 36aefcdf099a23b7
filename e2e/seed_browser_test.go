package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

const (
	increase = `button[phx-click="increase"]`
	decrease = `button[phx-click="decrease"]`
	crash    = `button[phx-click="crash"]`
)

func counter(t *testing.T) (*server, *tab) {
	t.Helper()
	s := showcase(t)
	p := newTab(t)
	p.visit(s.url + "/counter")
	return s, p
}

// computed is the value of a CSS property of an element.
func (p *tab) computed(selector, property string) string {
	p.t.Helper()
	return p.js(fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).getPropertyValue(%q)`, selector, property))
}

// colour is how the browser computes a colour that is written in CSS.
func (p *tab) colour(css string) string {
	p.t.Helper()
	return p.js(fmt.Sprintf(`(() => { const e = document.body.appendChild(document.createElement("i"));
		e.style.color = %q; const c = getComputedStyle(e).color; e.remove(); return c })()`, css))
}

// Tailwind's colours, as its theme writes them.
const (
	gray300  = "oklch(87.2% 0.01 258.338)"
	red600   = "oklch(57.7% 0.245 27.325)"
	green600 = "oklch(62.7% 0.194 149.214)"
)

func TestSEED04TailwindStylesTheButton(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	if got, want := p.computed(".bg-gray-300", "background-color"), p.colour(gray300); got != want {
		t.Errorf("background of .bg-gray-300 = %s, want Tailwind's gray %s", got, want)
	}
}

func TestSEED06MountSetsTheNumber(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	p.waitText("#count", "0")
}

func TestSEED07NumberFollowsTheState(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	p.click(increase)
	p.waitText("#count", "2")
	p.click(decrease)
	p.waitText("#count", "1")
}

func TestSEED08ClicksReachHandlersOnTheSameDocument(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	url := p.js(`location.href`)
	p.keep()
	for _, text := range []string{"2", "4", "6"} { // + adds 2 (SEED-11)
		p.click(increase)
		p.waitText("#count", text)
	}
	p.click(decrease)
	p.waitText("#count", "5")
	if got := p.js(`location.href`); got != url || p.js(sameDocument) != "true" {
		t.Errorf("the clicks navigated to %s from %s, or loaded it anew", got, url)
	}
}

func TestSEED10ColourFollowsTheSign(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	for _, step := range []struct{ click, text, class, colour string }{
		{"", "0", "font-bold px-4 text-xl", "var(--color-base-content)"}, // by day: ink
		{decrease, "-1", "font-bold px-4 text-xl text-red-600", red600},
		{increase, "1", "font-bold px-4 text-xl text-green-600", green600},
	} {
		if step.click != "" {
			p.click(step.click)
		}
		p.waitText("#count", step.text)
		if got := p.js(`document.querySelector("#count").className`); got != step.class {
			t.Errorf("%s has the classes %q, want %q", step.text, got, step.class)
		}
		if got, want := p.computed("#count", "color"), p.colour(step.colour); got != want {
			t.Errorf("%s is shown in %s, want %s", step.text, got, want)
		}
	}
}

func TestSEED11FrameOfAClick(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	p.click(increase)
	p.waitText("#count", "2")
	sent, _ := p.frames()
	if !strings.Contains(strings.Join(sent, "\n"), `"value":{"number":"2","value":""}`) {
		t.Errorf("no click with number 2 among the frames %v", sent)
	}
}

func TestSEED13PageWithoutScript(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(s.url+"/counter"), chromedp.WaitVisible(chromedp.CSS("#count")),
		chromedp.WaitVisible(chromedp.CSS(increase)), chromedp.WaitVisible(chromedp.CSS(decrease)))
	text, err := chromedp.Run(p.ctx, chromedp.Text(chromedp.CSS("#count")))
	if err != nil || strings.TrimSpace(text) != "0" {
		t.Errorf("without script the page shows %q (%v), want 0", text, err)
	}
	if n := len(p.opened()); n != 0 {
		t.Errorf("a page without script opened %d sockets", n)
	}
	v := get(t, s.url+"/counter")
	if !strings.Contains(v.inner, ">0<") || strings.Count(v.inner, "<button") < 2 {
		t.Errorf("the first response lacks the number or the buttons:\n%s", v.inner)
	}
}

func TestSEED15MetaTagAndSocket(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	if token := p.js(`document.querySelector("meta[name=csrf-token]").content`); len(token) < 20 {
		t.Errorf("csrf-token = %q", token)
	}
	if p.js(`window.liveSocket.isConnected()`) != "true" {
		t.Error("the page's LiveSocket is not connected")
	}
}

func TestSEED17SameElementAfterConnecting(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p := newTab(t)
	mark := s.mark()
	p.visit(s.url + "/counter")
	id := p.js(`document.querySelector("[data-phx-main]").id`)
	_, mark = s.line(mark, "msg=mount", "connected=false", "id="+id)
	s.line(mark, "msg=mount", "connected=true", "id="+id)
}

func TestSEED18OneSocketInProduction(t *testing.T) {
	t.Parallel()
	_, p := counter(t)
	p.click(increase)
	p.waitText("#count", "2")
	if got := p.opened(); len(got) != 1 || !strings.Contains(got[0], "/live/websocket?") {
		t.Errorf("the page opened %v, want the live socket alone", got)
	}
}

// crashed is a counter at 2 that was made to crash, with what the browser has
// painted since in its variables.
func crashed(t *testing.T) *tab {
	t.Helper()
	s, p := counter(t)
	p.click(increase)
	p.waitText("#count", "2")
	// Every frame that the browser paints is looked at: the number must stand in each.
	p.do(chromedp.Evaluate[chromedp.Void](`void (() => {
		window.blank = 0; window.painted = 0; window.seen = [];
		const look = () => {
			const c = document.querySelector("#count"), b = document.querySelectorAll("[data-phx-main] button");
			window.painted++;
			if (!c || !/^-?\d+$/.test(c.textContent.trim()) || b.length < 3) window.blank++;
			else if (window.seen.at(-1) !== c.textContent.trim()) window.seen.push(c.textContent.trim());
			requestAnimationFrame(look);
		};
		look();
	})()`))
	mark := s.mark()
	p.click(crash)
	_, mark = s.line(mark, "level=ERROR", "event=crash")
	s.line(mark, "msg=mount", "connected=true")
	p.waitText("#count", "0")
	p.wait(connected)
	p.errors() // the client logs the crash, as it should
	return p
}

func TestSEED23CrashLeavesThePage(t *testing.T) {
	t.Parallel()
	p := crashed(t)
	p.wait(`window.seen.at(-1) === "0"`)
	if blank, painted := p.js(`window.blank`), p.js(`window.painted`); blank != "0" {
		t.Errorf("%s of %s painted frames had no counter", blank, painted)
	}
	if seen := p.js(`window.seen.join(" ")`); seen != "2 0" {
		t.Errorf("the page showed %s, want 2 0", seen)
	}
	if n := len(p.opened()); n != 1 {
		t.Errorf("the crash took %d sockets, want the same one", n)
	}
	_, got := p.frames()
	if !strings.Contains(strings.Join(got, "\n"), `"phx_error"`) {
		t.Errorf("no phx_error among the frames %v", got)
	}
}

func TestSEED24CrashResetsTheCounter(t *testing.T) {
	t.Parallel()
	p := crashed(t)
	p.waitText("#count", "0")
	p.click(increase)
	p.waitText("#count", "2")
}

func TestSEED36TwoTabsCountForThemselves(t *testing.T) {
	t.Parallel()
	s, p := counter(t)
	other := newTab(t)
	other.visit(s.url + "/counter")
	p.click(increase)
	p.waitText("#count", "2")
	other.click(decrease)
	other.waitText("#count", "-1")
	p.waitText("#count", "2")
}
