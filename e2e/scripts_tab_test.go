package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A few scripts in a browser are part of every test run.
func TestScriptsInChromium(t *testing.T) {
	t.Parallel()
	s := newSoak(t, 1)
	b := s.open(1, 10*patience)[0]
	for i := range uint64(4) {
		b.script(t.Context(), t, s, rand.New(rand.NewPCG(i, 7)))
	}
	s.stop()
	t.Log(&s.tally)
	for _, wrong := range s.errors() {
		t.Error(wrong)
	}
}

// A browser is a visitor with Chromium and the official client, over a line of
// its own that can be cut.
type browser struct {
	*tab
	line *line
	poll bool     // it has found out that no WebSocket gets through
	did  []string // in this script
}

// open starts browsers for a soak that takes so long.
func (s *soak) open(n int, last time.Duration) (all []*browser) {
	s.t.Helper()
	for i := range n {
		all = append(all, &browser{tab: newTabFor(s.t, 2*last+10*patience), line: newLine(s.t, s.srv.URL), poll: i%2 == 1})
	}
	return all
}

// busy is what the browser still waits for: a page that is not connected, and
// elements whose event is not answered. It is empty when it waits for nothing.
// Whether a nested view is connected can not be seen: the client takes that class
// away with the next change of the page around it.
const busy = `(() => {
	const main = document.querySelector("[data-phx-main]");
	if (document.readyState !== "complete" || !window.liveSocket || !liveSocket.isConnected() || !main?.classList.contains("phx-connected")) return "the page";
	return [...document.querySelectorAll(".phx-loading, .phx-error, .phx-click-loading, .phx-change-loading, .phx-submit-loading, .phx-keydown-loading, [data-phx-ref-src]")]
		.map(e => e.cloneNode(false).outerHTML).join("\n");
})()`

// away is that the browser is where its visits began.
const away = `["/livez", "blank"].includes(location.pathname)`

// settle waits until the browser is busy no more.
func (b *browser) settle() {
	b.t.Helper()
	late := time.Now().Add(patience)
	for {
		what := b.ask(away + ` ? "" : ` + busy)
		if what == "" {
			return
		}
		if time.Now().After(late) {
			b.t.Fatalf("%s waits in vain, after %s, for\n%s", b.ask("location.href"), strings.Join(b.did, ", "), what)
		}
		time.Sleep(10 * time.Millisecond) // between two looks
	}
}

// kinds are what there is to do on a page, by selector.
var kinds = []struct{ name, selector string }{
	{"click", `[data-phx-session] [phx-click]:not([phx-click^="["], [phx-click=crash], :disabled)`},
	{"crash", `[data-phx-session] [phx-click=crash]`},
	{"link", `a[data-phx-link]`},
	{"away", `a[href^="/"]:not([data-phx-link], [href^="/system"], [href^="/gallery"])`},
	{"form", `form:is([phx-change], [phx-submit]) input:is(:not([type]), [type=text], [type=search])`},
	{"key", `[phx-window-keydown]`},
	{"scroll", `[phx-viewport-top], [phx-viewport-bottom]`},
}

// script is a visit.
func (b *browser) script(ctx context.Context, t *testing.T, s *soak, chance *rand.Rand) {
	b.t = t
	b.mu.Lock()
	b.sent, b.got, b.sockets = nil, nil, nil // or they would be all of the soak's
	b.mu.Unlock()
	if b.poll {
		b.open(b.line.url + "/livez")
		b.ask(`(sessionStorage.setItem("phx:fallback:LongPoll", "true"), 1)`)
	}
	// On the gallery commands change styles, which the server does not draw.
	start := s.start(chance)
	for strings.HasPrefix(start, "/gallery") {
		start = s.start(chance)
	}
	b.visit(b.line.url + start)
	b.settle()
	b.did = []string{b.ask("location.pathname")}
	for n := 3 + chance.IntN(10); n > 0 && ctx.Err() == nil; n-- {
		what := b.act(chance)
		s.tally.add(what + " in Chromium")
		b.did = append(b.did, what)
		b.settle()
		if b.ask(away) == "true" { // back to where it rested
			b.visit(b.line.url + "/")
		}
		if chance.IntN(3) == 0 {
			b.compare(s)
		}
	}
	b.compare(s)
	for _, line := range b.errors() {
		t.Errorf("the browser's console: %s", line)
	}
	if n := len(b.opened()); b.poll && n > 0 { // the others may find the WebSocket too slow
		t.Errorf("%d WebSockets were opened by a browser that goes by long polling", n)
	}
	s.tally.add("scripts in Chromium")
}

// act does one thing, and says what.
func (b *browser) act(chance *rand.Rand) string {
	switch chance.IntN(20) {
	case 0, 1:
		b.try(chromedp.Evaluate[chromedp.Void](`void history.back()`))
		return "steps back"
	case 2:
		b.try(chromedp.Evaluate[chromedp.Void](`void history.forward()`))
		return "steps forward"
	case 3:
		if _, err := chromedp.Call(b.ctx, page.Reload, page.ReloadParams{}); err != nil {
			b.t.Fatal(err)
		}
		return "reloads"
	case 4: // with something on its way
		b.ask(`(document.querySelector("[data-phx-main] [phx-click]:not([phx-click^='['], [phx-click=crash], :disabled)")?.click(), 1)`)
		b.line.cut()
		b.settle()
		return "lines cut"
	}
	var present []struct{ name, selector string }
	for _, k := range kinds {
		if b.ask(fmt.Sprintf(`document.querySelectorAll(%q).length`, k.selector)) != "0" {
			present = append(present, k)
		}
	}
	if len(present) == 0 {
		return "nothing"
	}
	k := present[chance.IntN(len(present))]
	const pick = `(all => all[%d %% all.length])([...document.querySelectorAll(%q)])`
	one := fmt.Sprintf(pick, chance.IntN(1<<20), k.selector)
	switch k.name {
	case "form":
		b.ask(`(` + one + `?.focus(), 1)`)
		for _, letter := range words[chance.IntN(len(words)-1)] { // the last one no keyboard has
			if letter < 0x80 {
				b.try(chromedp.KeyEvent(string(letter)))
			}
		}
		if chance.IntN(2) == 0 {
			b.try(chromedp.KeyEvent(kb.Enter))
		}
	case "key":
		b.try(chromedp.KeyEvent(kb.Escape))
	case "scroll":
		b.ask(fmt.Sprintf(`(scrollTo(0, %s), 1)`, []string{"0", "document.documentElement.scrollHeight", "60", "document.documentElement.scrollHeight - innerHeight - 60"}[chance.IntN(4)]))
	case "click":
		if chance.IntN(3) == 0 && b.mouse(one) {
			return "mouse clicks"
		}
		fallthrough
	default:
		b.ask(`(` + one + `?.click(), 1)`)
	}
	return plurals[k.name]
}

// ask is js for a page that may be about to be replaced by another one, which is
// asked then.
func (b *browser) ask(expr string) string {
	b.t.Helper()
	late := time.Now().Add(patience)
	for {
		v, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("String("+expr+")"))
		if err == nil {
			return v
		}
		if time.Now().After(late) {
			b.t.Fatalf("%s: %v", expr, err)
		}
	}
}

// try is do for a page that may be about to be replaced by another one: then
// there is nobody to do it any more.
func (b *browser) try(step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, step); err != nil && !strings.Contains(err.Error(), "navigated") {
		b.t.Fatal(err)
	}
}

// mouse clicks an element with the mouse, if it can be seen and nothing covers it.
func (b *browser) mouse(one string) bool {
	text := b.ask(`(e => {
		if (!e) return "";
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
		return e.contains(document.elementFromPoint(x, y)) ? JSON.stringify([x, y]) : "";
	})(` + one + `)`)
	var at [2]float64
	if text == "" || json.Unmarshal([]byte(text), &at) != nil {
		return false
	}
	b.try(chromedp.MouseClickXY(at[0], at[1]))
	return true
}

// compare is same for the browser's page.
func (b *browser) compare(s *soak) {
	b.t.Helper()
	page := b.ask(`document.querySelector("[data-phx-main]")?.id`)
	same(b.t, s.app, page, func() (map[string]string, bool) {
		b.settle()
		var views [][2]string
		text := b.ask(`JSON.stringify([...document.querySelectorAll("[data-phx-session]")].map(v => [v.id, v.innerHTML]))`)
		if err := json.Unmarshal([]byte(text), &views); err != nil {
			b.t.Fatal(err)
		}
		shown := make(map[string]string, len(views))
		for _, v := range views {
			shown[v[0]] = v[1]
		}
		_, here := shown[page]
		return shown, here && !strings.HasPrefix(text, "[]")
	})
}

// rest leaves the page, and so its socket.
func (b *browser) rest(t *testing.T) {
	b.t = t
	b.open(b.line.url + "/livez")
}

// close is for the end of the soak.
func (b *browser) close() { b.line.cut() }
