package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"bennu"
	"bennu/e2e/tour"
)

func signalsApp(t *testing.T, change ...func(*bennu.Options)) (*app, *tour.Watched) {
	t.Helper()
	a, w := newApp(t, change...), new(tour.Watched)
	tour.Signals(a.App, w)
	return a, w
}

// leave closes the page, as closing its tab does.
func (p *tab) leave() {
	p.t.Helper()
	p.do(chromedp.Navigate("about:blank"))
}

// A clock runs, and with the page its timer ends; so does the query that the
// view was waiting for (ASYNC-04).
func TestCORE06ASYNC04WhatEndsWithThePage(t *testing.T) {
	t.Parallel()
	a, w := signalsApp(t)
	b, other := signalsApp(t)
	p, q := newTab(t), newTab(t)
	p.visit(a.url + "/signals/clock")
	p.wait(`+document.querySelector(".ticks").textContent > 3`)
	if got := w.Tasks(); got != "begun" {
		t.Errorf("the query is %q, want it to run", got)
	}
	p.leave()
	until(t, "the end of the query", func() bool { return w.Tasks() == "begun, context canceled" })
	ticks := w.Ticks.Load()
	q.visit(b.url + "/signals/clock")
	until(t, "as many ticks of another clock", func() bool { return other.Ticks.Load() > 20 })
	if now := w.Ticks.Load(); now > ticks+1 { // one may have been on its way
		t.Errorf("the clock of the page that is closed ticked from %d to %d", ticks, now)
	}
	// Live navigation is an end, too.
	q.click("#to-signals")
	q.wait(`document.querySelector("#score")`)
	until(t, "the end of the query", func() bool { return other.Tasks() == "begun, context canceled" })
}

// A hook asks and is answered.
func TestCORE08HookGetsTheAnswer(t *testing.T) {
	t.Parallel()
	a, _ := signalsApp(t)
	p := newTab(t)
	p.visit(a.url + "/signals/clock")
	p.run(`liveSocket.hooks.Asker = {mounted() { this.pushEvent("double", {n: 21}, (reply, ref) => { window.answer = reply.twice }) }}`)
	p.click("#to-hook")
	p.wait(`window.answer === 42`)
}

// What a view pushes reaches the page's script after the page has changed, or
// before, as the view will have it.
func TestCORE19EventsAfterAndBeforeThePatch(t *testing.T) {
	t.Parallel()
	a, _ := signalsApp(t)
	p := newTab(t)
	p.visit(a.url + "/signals")
	p.run(`window.heard = []; addEventListener("phx:scores", e => heard.push(e.detail.n + " while the page has " + document.querySelector("#n").textContent))`)
	p.click("#score")
	p.waitText("#n", "1")
	p.click("#early")
	p.waitText("#n", "2")
	p.wait(`heard.length == 2`)
	p.same(`heard.join(", ")`, "1 while the page has 1, 2 while the page has 1")
}

// What is shown once is in no later message, until it is set again.
func TestCORE10ShownOnceSentOnce(t *testing.T) {
	t.Parallel()
	a, _ := signalsApp(t)
	v := get(t, a.url+"/signals")
	j := v.dial().join(v, 0)
	if !strings.Contains(j.frame.raw, "shown once") {
		t.Errorf("the join is answered with %s", j.frame.raw)
	}
	for i := range 3 {
		if got, want := j.push("count", `{}`).response(t), fmt.Sprintf(`{"diff":{"0":"%d"}}`, i+1); got != want {
			t.Errorf("a later message is %s, want %s", got, want)
		}
	}
	if got := j.push("once", `{}`).response(t); !strings.Contains(got, "shown again") {
		t.Errorf("set again: %s", got)
	}
}

// The log does not tell of a view that is to be silent.
func TestCORE26SilentViewInTheLog(t *testing.T) {
	t.Parallel()
	log := new(record)
	a, _ := signalsApp(t, func(o *bennu.Options) {
		o.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	})
	for path, mounts := range map[string]int{"/signals/quiet": 0, "/signals": 2} {
		before := strings.Count(log.String(), "msg=mount")
		v := get(t, a.url+path)
		v.dial().join(v, 0)
		if n := strings.Count(log.String(), "msg=mount") - before; n != mounts {
			t.Errorf("%d mounts of %s are logged, want %d:\n%s", n, path, mounts, log)
		}
	}
}

// With the page end the views inside of it, and those inside of them: the log
// has as many ends as live mounts.
func TestNEST04NoOrphans(t *testing.T) {
	t.Parallel()
	log := new(record)
	a, w := signalsApp(t, logged(log))
	p := newTab(t)
	p.visit(a.url + "/signals/nest")
	p.wait(`+document.querySelector("#inner .ticks")?.textContent > 0`)
	running := func() (n int) {
		for line := range strings.Lines(log.String()) {
			switch {
			case strings.Contains(line, "msg=mount") && strings.Contains(line, "connected=true"):
				n++
			case strings.Contains(line, `msg="view ended"`):
				n--
			}
		}
		return n
	}
	if n := running(); n != 3 {
		t.Errorf("%d views run, want the page and the two inside:\n%s", n, log)
	}
	p.leave()
	until(t, "the end of all views", func() bool { return running() == 0 })
	until(t, "the end of their tasks", func() bool { return strings.Count(w.Tasks(), "canceled") == 3 })
}

// The page says that the server is away, and that it is back; and that something
// went wrong, until it is whole again.
func TestUI08NoticesOfTheConnection(t *testing.T) {
	t.Parallel()
	first, second := newApp(t), newApp(t)
	tour.Notices(first.App)
	tour.Notices(second.App)
	down := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "nobody is here", http.StatusBadGateway) })
	var now atomic.Pointer[http.Handler]
	serve := func(h http.Handler) { now.Store(&h) }
	serve(first)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*now.Load()).ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)

	const shown = `[...document.querySelectorAll("#flash-group > *")].filter(e => getComputedStyle(e).display != "none").map(e => e.id).join()`
	p := newTab(t)
	p.visit(srv.URL + "/notices")
	p.same(shown, "")
	p.click("#say")
	p.waitText("h1", "1")
	p.same(shown, "flash-info")
	p.click("#flash-info button")
	p.wait(shown + ` == ""`)

	p.run(`window.crashed = false; new MutationObserver(() => { if (getComputedStyle(document.querySelector("#flash-crashed")).display != "none") crashed = true })
		.observe(document.body, {subtree: true, attributes: true})`)
	p.click("#crash")
	p.wait(`crashed && document.querySelector("h1").textContent == "0"`)
	p.wait(shown + ` == ""`)

	serve(down)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := first.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	p.wait(shown + ` == "flash-lost"`)
	serve(second)
	p.wait(connected + ` && ` + shown + ` == ""`)
	p.click("#say")
	p.waitText("h1", "1")
	p.errors() // of the connection and the crash
}
