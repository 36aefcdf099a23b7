package e2e

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"bennu"
)

// A page whose mount panics is answered with the error page, in development
// with the line of the panic; the next page is as if nothing had been.
func TestFault82PanicInAPage(t *testing.T) {
	t.Parallel()
	for _, dev := range []bool{false, true} {
		a := newApp(t, func(o *bennu.Options) { o.Dev = dev })
		p := newTab(t)
		p.open(a.url + "/page?mount=panic")
		text := p.js(`document.body.innerText`)
		if got := p.status(); got != "500" || strings.Contains(text, "views.go") != dev || strings.Contains(text, `panic("mount")`) != dev {
			t.Errorf("in development %v: status %s, page\n%s", dev, got, text)
		}
		p.errors() // Chromium logs the status
		p.visit(a.url + "/page?text=fine")
		p.waitText("#text", "fine")
	}
}

// A handler that panics ends its view; the page comes back by itself on the same
// socket, and the page beside it does not notice.
func TestFault83PanicInAHandler(t *testing.T) {
	t.Parallel()
	s := showcase(t)
	p, beside := newTab(t), newTab(t)
	p.visit(s.url + "/counter")
	beside.visit(s.url + "/counter")
	for _, c := range []*tab{p, beside} {
		c.keep()
		c.click(increase)
		c.waitText("#count", "2")
	}
	mark := s.mark()
	p.click(crash)
	s.line(mark, "level=ERROR", "msg=\"view crashed\"", "view=", "event=crash", "stack=")
	p.waitText("#count", "0")
	p.click(increase)
	p.waitText("#count", "2")
	beside.click(increase)
	beside.waitText("#count", "4")
	for _, c := range []*tab{p, beside} {
		if n := len(c.opened()); n != 1 || c.js(sameDocument) != "true" {
			t.Errorf("%d sockets were opened, want one and the same document", n)
		}
	}
}

// hurry makes the client's pause before a reload as short as a test needs it.
const hurry = `setInterval(() => { if (window.liveSocket) { liveSocket.reloadJitterMin = 50; liveSocket.reloadJitterMax = 100 } }, 1)`

// A view that can be drawn and never joined: the client loads the page again
// after a pause, counts how often, and the log does not fill.
func TestFault83PanicInEveryJoin(t *testing.T) {
	t.Parallel()
	log := new(record)
	a := newApp(t, logged(log))
	p := newTab(t)
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: hurry}); err != nil {
		t.Fatal(err)
	}
	p.open(a.url + "/page?text=start&mount=live+panic")
	const reloads = 8
	p.wait(fmt.Sprintf(`Object.entries(localStorage).some(([k, v]) => k.includes("consecutive-reloads") && Number(v) >= %d)`, reloads))
	p.waitText("#text", "start") // what was drawn stays readable
	if n := strings.Count(log.String(), `msg="mount failed"`); n < 1 || n > 6 {
		t.Errorf("%d joins that failed are in the log, want the first few", n)
	}
	if resp, err := http.Get(a.url + "/plain"); err != nil || resp.StatusCode != 200 {
		t.Errorf("the server answers %v, %v", resp, err)
	} else {
		resp.Body.Close()
	}
	p.errors() // the client logs that it could not join
}

// A crash loop over a real socket: of hundreds of crashes the log has the first
// few with their stacks, and the number of the others when the server ends.
func TestFault86CrashLoop(t *testing.T) {
	t.Parallel()
	s := showcase(t, "BENNU_EVENT_RATE=off")
	v := get(t, s.url+"/counter")
	c := v.dial()
	const crashes = 300
	for range crashes {
		if f := c.join(v, 1).push("crash", `{}`); f.event != "phx_error" {
			t.Fatalf("a crash is answered with %s", f.raw)
		}
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	whole, left := 0, 0
	for line := range strings.Lines(s.text()) {
		if !strings.Contains(line, `msg="view crashed"`) {
			continue
		}
		var n int
		if _, count, ok := strings.Cut(line, "left_out="); ok {
			if _, err := fmt.Sscan(count, &n); err != nil {
				t.Fatal(err)
			}
			left += n
		} else {
			whole++
		}
	}
	if whole < 1 || whole > 5 || whole+left != crashes {
		t.Errorf("%d crashes in full and %d counted, want the first 5 of %d and the rest", whole, left, crashes)
	}
}

// A process that has no file descriptors left goes on when it has some again.
func TestFault100NoFileDescriptors(t *testing.T) {
	t.Parallel()
	s := run(t, exec.Command("bash", "-c", "ulimit -n 40; exec "+binary(t, "showcase")), "PORT=0", "SECRET_KEY_BASE="+secret)
	listening, _ := s.line(0, "msg=listening")
	s.url = strings.TrimSuffix(field(t, listening, "url"), "/")
	v := get(t, s.url+"/counter")
	j := v.dial().join(v, 0)
	hold, let := connections(t, strings.TrimPrefix(s.url, "http://"), 60)
	if hold == 0 {
		t.Fatal("no connection was opened")
	}
	s.line(0, "too many open files")
	if f := j.push("increase", `{"number":"2"}`); f.event != "phx_reply" { // who is there is served
		t.Errorf("a click is answered with %s", f.raw)
	}
	let()
	w := get(t, s.url+"/counter")
	if w.response.StatusCode != 200 {
		t.Errorf("afterwards the page is answered with %s", w.response.Status)
	}
	w.dial().join(w, 0)
}

// connections opens connections that send nothing, and returns how many there
// are and what closes them.
func connections(t *testing.T, address string, n int) (open int, let func()) {
	t.Helper()
	var all []net.Conn
	let = func() {
		for _, c := range all {
			c.Close()
		}
		all = nil
	}
	t.Cleanup(func() { let() })
	for range n {
		c, err := net.DialTimeout("tcp", address, patience)
		if err != nil {
			break // the queue of what waits to be accepted is full as well
		}
		all = append(all, c)
	}
	return len(all), let
}
