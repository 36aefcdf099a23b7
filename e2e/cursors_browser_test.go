package e2e

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// pond is where the field of pointers is in the window, into which it is scrolled.
func (p *tab) pond() (left, top, width, height float64) {
	p.t.Helper()
	p.run(`document.querySelector("#pad").scrollIntoView({behavior: "instant"})`)
	text := p.js(`(b => [b.left, b.top, b.width, b.height].join(" "))(document.querySelector("#pad").getBoundingClientRect())`)
	if _, err := fmt.Sscan(text, &left, &top, &width, &height); err != nil {
		p.t.Fatalf("the field is at %q: %v", text, err)
	}
	return left, top, width, height
}

// mouse moves the mouse to a part of the field.
func (p *tab) mouse(x, y float64) {
	p.t.Helper()
	left, top, width, height := p.pond()
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, left+x*width, top+y*height))
}

// finger is on a part of the field: it comes down, moves or goes.
func (p *tab) finger(what input.DispatchTouchEventType, x, y float64) {
	p.t.Helper()
	left, top, width, height := p.pond()
	points := []*input.TouchPoint{{X: left + x*width, Y: top + y*height}}
	if what == input.DispatchTouchEventTypeTouchEnd {
		points = []*input.TouchPoint{}
	}
	if _, err := chromedp.Call(p.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: what, TouchPoints: points}); err != nil {
		p.t.Fatal(err)
	}
}

// pointer waits until somebody's pointer stands at a part of the field, as the
// browser shows it when it has come to rest.
func (p *tab) pointer(name string, x, y float64) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const li = [...document.querySelectorAll(".pointers li")].find(l => l.textContent.trim() === %q);
		if (!li) return false;
		const f = document.querySelector("#pad").getBoundingClientRect(), b = li.getBoundingClientRect();
		return Math.abs((b.left - f.left) / f.width - %g) < 0.01 && Math.abs((b.top - f.top) / f.height - %g) < 0.01;
	})()`, name, x, y))
}

// named gives the visitor a name, with the keyboard.
func (p *tab) named(name string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`void (document.querySelector("#name").focus(), document.querySelector("#name").select())`))
	p.do(chromedp.KeyEvent(name + kb.Enter))
	p.wait(fmt.Sprintf(`document.querySelector("#people").textContent.includes(%q)`, name))
}

func TestPointersOfSeveralPages(t *testing.T) {
	t.Parallel()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s := showcase(t, "PORT="+port)
	ann, bob, cat := newTab(t), newTab(t), newTab(t)
	ann.visit(s.url + "/cursors")
	ann.waitText(".hint", "You are alone here. Open this page in a second window, or send somebody the link.")
	ann.named("Ann")
	for p, name := range map[*tab]string{bob: "Bob", cat: "Cat"} {
		p.visit(s.url + "/cursors")
		p.named(name)
	}
	for _, p := range []*tab{ann, bob, cat} {
		p.waitText("#count", "3")
	}

	// A mouse, a finger and the arrow keys, each seen by the two others.
	for i := range 20 {
		ann.mouse(float64(i)/40, 0.25)
	}
	ann.mouse(0.6, 0.25)
	bob.finger(input.DispatchTouchEventTypeTouchStart, 0.2, 0.7)
	bob.finger(input.DispatchTouchEventTypeTouchMove, 0.3, 0.75)
	bob.finger(input.DispatchTouchEventTypeTouchEnd, 0, 0)
	cat.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#pad").focus()`))
	cat.do(chromedp.KeyEvent(kb.ArrowRight + kb.ArrowRight + kb.ArrowUp))
	for _, p := range []*tab{bob, cat} {
		p.pointer("Ann", 0.6, 0.25)
	}
	ann.pointer("Bob", 0.3, 0.75)
	ann.pointer("Cat", 0.54, 0.48)
	bob.pointer("Cat", 0.54, 0.48)
	ann.same(`document.querySelectorAll(".pointers li").length`, "2")
	ann.same(`document.querySelector(".own").hidden`, "true") // a mouse has an arrow
	bob.same(`document.querySelector(".own").hidden`, "false")

	// Another colour, and off the field.
	ann.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#you [aria-label="Lotus"]').click()`))
	bob.wait(`[...document.querySelectorAll(".pointers .ink-5")].some(l => l.textContent.includes("Ann"))`)
	ann.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 5, 5))
	bob.wait(`![...document.querySelectorAll(".pointers li")].some(l => l.textContent.includes("Ann"))`)
	bob.waitText("#count", "3")

	// A killed tab is gone with its pointer.
	if err := chromedp.Cancel(cat.ctx); err != nil {
		t.Error(err)
	}
	ann.waitText("#count", "2")
	ann.wait(`document.querySelectorAll(".pointers li").length === 1`)

	// The server is started again: all come back with their names, colours and
	// places.
	ann.mouse(0.5, 0.5)
	bob.pointer("Ann", 0.5, 0.5)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*tab{ann, bob} {
		p.wait(`document.querySelector("[data-phx-main].phx-error, [data-phx-main].phx-loading")`)
	}
	showcase(t, "PORT="+port)
	bob.pointer("Ann", 0.5, 0.5)
	ann.pointer("Bob", 0.3, 0.75)
	bob.wait(`[...document.querySelectorAll(".pointers .ink-5")].some(l => l.textContent.includes("Ann"))`)
	for _, p := range []*tab{ann, bob} {
		p.waitText("#count", "2")
		p.lineLost()
	}
}

// lineLost takes out of the console what Chromium says of sockets to a server
// that was away.
func (p *tab) lineLost() {
	p.t.Helper()
	for _, line := range p.errors() {
		if !strings.Contains(line, "ERR_CONNECTION") && !strings.Contains(line, "WebSocket") {
			p.t.Errorf("the browser's console: %s", line)
		}
	}
}

// Whoever wants no motion sees pointers jump.
func TestPointersWithoutMotion(t *testing.T) {
	t.Parallel()
	s, ann, bob := showcase(t), newTab(t), newTab(t)
	ann.media("prefers-reduced-motion", "reduce")
	ann.visit(s.url + "/cursors")
	bob.visit(s.url + "/cursors")
	bob.named("Bob")
	bob.mouse(0.5, 0.5)
	ann.pointer("Bob", 0.5, 0.5)
	ann.same(`getComputedStyle(document.querySelector(".pointers li")).transitionDuration`, "0s")
}

// Two servers: pointers, people and messages of one are seen on the other, and
// who is on one that stops is gone at once.
func TestPagesOnTwoServers(t *testing.T) {
	t.Parallel()
	var at [2]string
	for i := range at {
		port, err := freePort()
		if err != nil {
			t.Fatal(err)
		}
		at[i] = "127.0.0.1:" + port
	}
	start := func(name, listen string) *server {
		return showcase(t, "BENNU_NODE="+name, "BENNU_LISTEN_NODES="+listen, "BENNU_NODES="+strings.Join(at[:], ","), "SYSTEM_KEY="+systemKey)
	}
	one, two := start("one", at[0]), start("two", at[1])
	ann, bob, cat := newTab(t), newTab(t), newTab(t)
	ann.visit(one.url + "/cursors")
	ann.named("Ann")
	bob.visit(two.url + "/cursors")
	bob.named("Bob")
	cat.enterSystem(two)
	cat.waitText("#node", "two")
	cat.wait(`[...document.querySelectorAll("li")].some(l => l.textContent.includes("one") && l.textContent.includes("heard"))`)
	for _, p := range []*tab{ann, bob} {
		p.waitText("#count", "2")
	}
	cat.waitText("#all", "2")
	cat.waitText("#here", "1")
	ann.mouse(0.2, 0.8)
	bob.pointer("Ann", 0.2, 0.8)
	bob.mouse(0.7, 0.1)
	ann.pointer("Bob", 0.7, 0.1)

	if err := one.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	bob.waitText("#count", "1")
	bob.wait(`document.querySelectorAll(".pointers li").length === 0`)
	cat.waitText("#all", "1")
	<-one.done
	ann.wait(`document.querySelector("[data-phx-main].phx-error, [data-phx-main].phx-loading")`)
	ann.lineLost()
	if err := chromedp.Cancel(ann.ctx); err != nil { // it would try again and again
		t.Error(err)
	}
}
