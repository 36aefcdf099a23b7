package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is the one browser of all tests; each test has a profile of its own
// in it.
var chromium context.Context

func TestMain(m *testing.M) {
	if os.Getenv(asNode) != "" {
		if err := serveNode(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e: no chromium; `make setup` installs it")
		os.Exit(1)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
	var stop context.CancelFunc
	chromium, stop = chromedp.NewContext(allocator)
	code := m.Run()
	stop()
	stopAllocator()
	if running != nil {
		if err := running.end(); err != nil {
			fmt.Fprintln(os.Stderr, "e2e:", err)
			code = 1
		}
	}
	os.Exit(code)
}

var startBrowser = sync.OnceValue(func() error { return chromedp.Do(chromium) })

// tab is a page in the browser.
type tab struct {
	t   testing.TB
	ctx context.Context

	mu      sync.Mutex
	sockets []string // addresses of the WebSockets that the page opened
	sent    []string // text frames
	got     []string
	console []string // errors and exceptions
}

// newTab opens a tab with a profile of its own. It fails the test if the page
// logs an error that the test did not take out with forgive.
func newTab(t testing.TB) *tab {
	t.Helper()
	return newTabFor(t, 3*patience)
}

// newTabFor is newTab for a test that takes longer than most.
func newTabFor(t testing.TB, life time.Duration) *tab {
	t.Helper()
	if err := startBrowser(); err != nil {
		t.Fatal(err)
	}
	ctx, closeTab := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	ctx, expire := context.WithTimeout(ctx, life)
	p := &tab{t: t, ctx: ctx}
	t.Cleanup(func() {
		if !t.Failed() {
			for _, line := range p.errors() {
				t.Errorf("the browser's console: %s", line)
			}
		}
		expire()
		closeTab()
	})
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *tab) listen(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventWebSocketCreated:
		p.sockets = append(p.sockets, ev.URL)
	case *network.EventWebSocketFrameSent:
		p.sent = append(p.sent, string(ev.Response.PayloadData))
	case *network.EventWebSocketFrameReceived:
		p.got = append(p.got, string(ev.Response.PayloadData))
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError {
			line := "console.error"
			for _, a := range ev.Args {
				line += " " + string(a.Value) + a.Description
			}
			p.console = append(p.console, line)
		}
	case *runtime.EventExceptionThrown:
		line := ev.ExceptionDetails.Text
		if e := ev.ExceptionDetails.Exception; e != nil {
			line += " " + e.Description
		}
		p.console = append(p.console, line)
	}
}

// errors returns and forgets what the page complained of.
func (p *tab) errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := p.console
	p.console = nil
	return lines
}

func (p *tab) frames() (sent, got []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.sent...), append([]string(nil), p.got...)
}

func (p *tab) opened() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.sockets...)
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// open goes to a page and waits until all of it is there.
func (p *tab) open(url string) {
	p.t.Helper()
	p.do(chromedp.Navigate(url))
	p.wait(`document.readyState === "complete"`)
}

// visit goes to a live page and waits until it is connected.
func (p *tab) visit(url string) {
	p.t.Helper()
	p.do(chromedp.Navigate(url))
	p.wait(`document.querySelector("[data-phx-main].phx-connected")`)
}

// wait returns when a JavaScript expression is truthy. The document may be
// replaced meanwhile.
func (p *tab) wait(expr string) {
	p.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for {
		ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expr+")"))
		if ok && err == nil {
			return
		}
		select {
		case <-tick.C: // an error is a document that is being replaced, or it lasts
		case <-late:
			html, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.documentElement.outerHTML.slice(0, 3000)`))
			p.t.Fatalf("%s does not become true: %v; the page:\n%s", expr, err, html)
		}
	}
}

// js is the text of a JavaScript expression's value.
func (p *tab) js(expr string) string {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expr+")"))
	if err != nil {
		p.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// await is the text that a promise gives.
func (p *tab) await(expr string) string {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](expr, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// click clicks the element as a person does, with the mouse.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

// waitText waits until an element's whole text is the given one.
func (p *tab) waitText(selector, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`(document.querySelector(%q) || {textContent: ""}).textContent.trim() === %q`, selector, text))
}

var _ cdp.Session = (*chromedp.Target)(nil)
