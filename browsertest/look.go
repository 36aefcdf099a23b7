package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// ready is whether the page has been loaded and its live view is connected.
const ready = `document.readyState === "complete" && [...document.querySelectorAll("[data-phx-main]")].every(e => e.classList.contains("phx-connected"))`

// shown is the text of the page as a reader sees it, with single spaces.
const shown = `document.body.innerText.replace(/\s+/g, " ")`

// RequireText waits until the page shows a text. White space counts as one space.
func (p *Page) RequireText(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the text %q", text), shown+".includes("+quote(spaced(text))+")")
}

// RefuteText waits until the page does not show a text, once it has settled.
func (p *Page) RefuteText(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the end of the text %q", text), ready+" && !"+shown+".includes("+quote(spaced(text))+")")
}

// RequireElement waits until an element matches the selector and, if one is given,
// has the text.
func (p *Page) RequireElement(selector string, text ...string) {
	p.t.Helper()
	p.until("an element "+name(selector, text), found(selector, text)+".length > 0")
}

// Text is the text of the one element that matches the selector, which is waited
// for. White space counts as one space.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	one := found(selector, nil)
	p.until("the only element "+name(selector, nil), one+".length === 1")
	return spaced(Eval[string](p, one+"[0].textContent"))
}

// Require waits until a JavaScript expression is true.
func (p *Page) Require(expr string) {
	p.t.Helper()
	p.until(expr, "!!("+expr+")")
}

// Eval is the value of a JavaScript expression, which is waited for if it is a
// promise.
func Eval[T any](p *Page, expr string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.opts.Deadline+answer)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expr, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("browsertest: %s: %v%s", expr, err, p.state())
	}
	return v
}

// Screenshot writes a picture of the whole page to a file, whose name it logs and
// returns.
func (p *Page) Screenshot() string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.opts.Deadline+answer)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	var f *os.File
	if err == nil {
		f, err = os.CreateTemp("", "browsertest-*.png")
	}
	if err == nil {
		_, err = f.Write(picture)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		p.t.Fatalf("browsertest: Screenshot: %v", err)
	}
	p.t.Logf("browsertest: the page is in %s", f.Name())
	return f.Name()
}

// until waits for an expression to be true.
func (p *Page) until(what, expr string) {
	p.t.Helper()
	if why := p.poll(func(ctx context.Context) (string, error) {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expr))
		if ok {
			return "", err
		}
		return "it is not so", err
	}); why != "" {
		p.t.Fatalf("browsertest: waited %v in vain for %s: %s%s", p.opts.Deadline, what, why, p.state())
	}
}

// poll asks again and again until there is no reason why not, or too much time
// has passed; then it returns the last reason. The document may be replaced
// meanwhile, so that an error is a reason like others. However little time there
// is, the page has answered at least once.
func (p *Page) poll(ask func(context.Context) (why string, err error)) (why string) {
	ctx, cancel := context.WithTimeout(p.ctx, p.opts.Deadline+answer)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(p.opts.Deadline)
	for {
		why, err := ask(ctx)
		if err != nil {
			why = err.Error()
		}
		if why == "" {
			return ""
		}
		select {
		case <-tick.C:
		case <-late:
			return why
		case <-ctx.Done():
			return why
		}
	}
}

// answer is how long the browser may take for one step, on a machine that has
// other things to do.
const answer = 20 * time.Second

// state is what the page shows, for failures.
func (p *Page) state() string {
	ctx, cancel := context.WithTimeout(p.ctx, answer)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + location.search + "\n" + document.body.outerHTML.slice(0, 2000)`))
	if err != nil {
		return fmt.Sprintf("\nof the page there is nothing to see: %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range p.errors {
		text += "\nconsole: " + line
	}
	return "\nthe page is " + text
}

// found is an expression for the elements that a selector and a text name: those
// whose whole text it is, or else those that have it in theirs.
func found(selector string, text []string) string {
	all := "[...document.querySelectorAll(" + quote(selector) + ")]"
	if len(text) == 0 {
		return all
	}
	return `((all, text, of) => { const whole = all.filter(e => of(e) === text); return whole.length ? whole : all.filter(e => of(e).includes(text)) })(` +
		all + ", " + quote(spaced(strings.Join(text, " "))) + `, e => e.textContent.replace(/\s+/g, " ").trim())`
}

func name(selector string, text []string) string {
	if len(text) == 0 {
		return fmt.Sprintf("%q", selector)
	}
	return fmt.Sprintf("%q with the text %q", selector, strings.Join(text, " "))
}

// spaced is a text with single spaces.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// quote writes a text as JavaScript does.
func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text is always JSON
	}
	return string(b)
}
