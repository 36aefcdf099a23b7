package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Options are what a test may choose; the zero value is for most.
type Options struct {
	// Deadline is how long the page may take for what is waited for; 20 seconds
	// if it is 0.
	Deadline time.Duration
	// AllowConsoleErrors lets a test pass whose page logs errors.
	AllowConsoleErrors bool
}

// Page is a tab of the browser. Its methods belong to the goroutine of the test,
// and fail the test when they cannot do what they say.
type Page struct {
	t    testing.TB
	opts Options
	site string
	ctx  context.Context

	mu     sync.Mutex
	errors []string
}

// Open serves h from this process and opens path, an address without host, as a
// new visitor. Everything ends with the test; a handler with a method Shutdown, as
// a bennu.App has, is shut down.
func Open(t testing.TB, h http.Handler, path string, opts ...Options) *Page {
	t.Helper()
	if len(opts) > 1 {
		t.Fatalf("browsertest: Open takes one Options, got %d", len(opts))
	}
	p := &Page{t: t}
	if len(opts) == 1 {
		p.opts = opts[0]
	}
	if p.opts.Deadline == 0 {
		p.opts.Deadline = 20 * time.Second
	}
	chromium := browser(t)
	p.site = serve(t, h, p.opts.Deadline)
	p.enter(chromium)
	p.Visit(path)
	return p
}

// serve serves h until the test ends.
func serve(t testing.TB, h http.Handler, deadline time.Duration) (address string) {
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		if app, ok := h.(interface{ Shutdown(context.Context) error }); ok {
			ctx, cancel := context.WithTimeout(context.Background(), deadline)
			defer cancel()
			if err := app.Shutdown(ctx); err != nil {
				t.Errorf("browsertest: Shutdown: %v", err)
			}
		}
		s.Close()
	})
	return s.URL
}

// Other opens path of the same server as another visitor, who has no cookies yet.
func (p *Page) Other(path string) *Page {
	p.t.Helper()
	other := &Page{t: p.t, opts: p.opts, site: p.site}
	other.enter(browser(p.t))
	other.Visit(path)
	return other
}

// enter makes a tab in a profile of its own.
func (p *Page) enter(chromium context.Context) {
	p.t.Helper()
	ctx, leave := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	p.ctx = ctx
	p.t.Cleanup(func() {
		errors := p.ConsoleErrors()
		leave()
		if !p.opts.AllowConsoleErrors && !p.t.Failed() {
			for _, line := range errors {
				p.t.Errorf("browsertest: the page's console: %s", line)
			}
		}
	})
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		p.t.Fatalf("browsertest: %v", err)
	}
	p.do(chromedp.Navigate("about:blank"))
}

// listen notes the errors of the page. It is called by the browser's goroutine.
func (p *Page) listen(ev any) {
	var line string
	switch ev := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		if ev.Type != runtime.ConsoleAPICalledTypeError {
			return
		}
		line = "console.error"
		for _, a := range ev.Args {
			line += " " + string(a.Value) + a.Description
		}
	case *runtime.EventExceptionThrown:
		line = ev.ExceptionDetails.Text
		if e := ev.ExceptionDetails.Exception; e != nil {
			line += " " + e.Description
		}
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errors = append(p.errors, line)
}

// ConsoleErrors returns the errors of the page's console and forgets them, so
// that they do not fail the test.
func (p *Page) ConsoleErrors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := slices.Clone(p.errors)
	p.errors = nil
	return lines
}

// Context is for steps of package chromedp that are not here.
func (p *Page) Context() context.Context { return p.ctx }

// Visit loads an address of the app, as typed into the address bar, and waits
// until the page is there and its live view, if it has one, is connected.
func (p *Page) Visit(path string) {
	p.t.Helper()
	at, err := url.Parse(p.site)
	if err == nil {
		at, err = at.Parse(path)
	}
	if err != nil {
		p.t.Fatalf("browsertest: address %q: %v", path, err)
	}
	p.do(chromedp.Navigate(at.String()))
	p.until("the page of "+path, ready)
}

// Path is the path and the query of the page's address.
func (p *Page) Path() string {
	p.t.Helper()
	return Eval[string](p, "location.pathname + location.search")
}

// Back goes back in the history, by the browser's button; Forward goes forward
// again. What is there is waited for by the next action or Require.
func (p *Page) Back() { p.t.Helper(); p.do(chromedp.Evaluate[chromedp.Void]("void history.back()")) }

// Forward goes forward in the history.
func (p *Page) Forward() {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void]("void history.forward()"))
}

// do runs steps of the browser.
func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.opts.Deadline+answer)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("browsertest: %v", fmt.Errorf("%w%s", err, p.state()))
	}
}
