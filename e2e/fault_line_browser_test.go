package e2e

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bennu"
)

// record is the log of an App in this process.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// logged makes an App's log readable.
func logged(r *record) func(*bennu.Options) {
	return func(o *bennu.Options) {
		o.Logger = slog.New(slog.NewTextHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
}

// until waits for something that happens outside of the browser.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// set makes the page's view show a text.
func (p *tab) set(text string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`void liveSocket.execJS(document.querySelector("button"), JSON.stringify([["push", {event: "set", value: {text: %q}}]]))`, text)))
}

// beat makes the client's heartbeat as short as a test needs it.
const beat = `void (s => { s.heartbeatIntervalMs = 300; s.resetHeartbeat() })(liveSocket.getSocket())`

// A message of the server is lost, and then the connection: the page that comes
// back is drawn from nothing, so that nothing is missing.
func TestFault92LostDiff(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	l := newLine(t, a.url)
	p := newTab(t)
	p.visit(l.url + "/page?text=start")
	p.keep()
	p.set("one")
	p.waitText("#text", "one")
	_, before := p.frames()
	mounts := a.called.Count("mount")
	l.lose(false)
	p.set("two")
	until(t, "the diff to be lost", func() bool { return l.bytesLost() > 0 })
	l.cut()
	until(t, "the page to join again", func() bool { return a.called.Count("mount") > mounts })
	p.waitText("#text", "start")
	p.wait(`document.querySelector("[data-phx-main].phx-connected")`)
	if got := p.js(`document.querySelector("#text").title + document.querySelector("#has").textContent`); got != "start5" {
		t.Errorf("the page shows %q, want all of it as the server has it", got)
	}
	_, after := p.frames()
	joined := strings.Join(after[len(before):], "\n")
	if !strings.Contains(joined, `"rendered":{`) || !strings.Contains(joined, `"s":`) || strings.Contains(joined, "two") {
		t.Errorf("after the loss came %s, want a whole render", joined)
	}
	p.set("three")
	p.waitText("#text", "three")
	if p.js(sameDocument) != "true" {
		t.Error("the page was loaded anew")
	}
	p.errors() // Chromium logs the loss
}

// The connection is there and carries nothing, as after the sleep of a laptop:
// the server gives its side up, and the page comes back by a new one.
func TestFault98HalfOpenConnection(t *testing.T) {
	t.Parallel()
	log := new(record)
	a := newApp(t, logged(log), func(o *bennu.Options) { o.Limits.IdleTime = 3 * time.Second })
	l := newLine(t, a.url)
	p := newTab(t)
	p.visit(l.url + "/page?text=start")
	p.do(chromedp.Evaluate[chromedp.Void](beat))
	p.set("one")
	p.waitText("#text", "one")
	mounts := a.called.Count("mount")
	l.lose(true)
	until(t, "the server to give the connection up", func() bool { return strings.Contains(log.String(), "cause=idle") })
	until(t, "the page to join again", func() bool { return a.called.Count("mount") > mounts })
	p.waitText("#text", "start")
	p.set("two")
	p.waitText("#text", "two")
	p.errors()
}

// A handler takes its time: the element that asked shows it, the client's
// heartbeats are answered, and nothing is joined anew.
func TestFault88LoadingDuringASlowHandler(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := newTab(t)
	p.visit(a.url + "/page?text=start")
	p.do(chromedp.Evaluate[chromedp.Void](beat))
	p.click("button")
	<-a.gate.Entered
	p.wait(`document.querySelector("button.phx-click-loading")`)
	until(t, "three heartbeats and their answers", func() bool {
		sent, got := p.frames()
		beats, answers := 0, 0
		for _, f := range sent {
			if strings.Contains(f, `"phoenix","heartbeat"`) {
				beats++
			}
		}
		for _, f := range got {
			if strings.Contains(f, `"phoenix","phx_reply",{"status":"ok"`) {
				answers++
			}
		}
		return beats >= 3 && answers >= 3
	})
	if p.js(`document.querySelector("button.phx-click-loading") !== null`) != "true" {
		t.Error("the button no longer shows that its click is worked on")
	}
	close(a.gate.Open)
	p.wait(`!document.querySelector(".phx-click-loading")`)
	p.set("one")
	p.waitText("#text", "one")
	if n := len(p.opened()); n != 1 {
		t.Errorf("%d sockets were opened, want one", n)
	}
}
