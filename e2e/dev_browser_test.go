package e2e

import (
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const connected = `document.querySelector("[data-phx-main].phx-connected")`

// keep marks the document, so that sameDocument tells whether a page load has
// taken its place.
func (p *tab) keep() {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`void (window.kept = true)`))
}

const sameDocument = `window.kept === true`

func TestSEED03DevServerOnItsPort(t *testing.T) {
	s, d := devShowcase(t)
	if want := "http://localhost:" + d.port; s.url != want {
		t.Fatalf("PORT=%s make demo names %q as its address, want %q; its output:\n%s", d.port, s.url, want, s.text())
	}
	if v := get(t, s.url+"/counter"); v.response.StatusCode != 200 || v.id == "" {
		t.Errorf("/counter: status %d, want 200 and a live page:\n%s", v.response.StatusCode, v.body)
	}
	p := newTab(t)
	p.visit(s.url + "/counter")
	p.click(increase)
	p.waitText("#count", "2")
}

// The port is 4000 when nothing is said. It is held here, if it is not held by
// somebody else, so that both programs have to name it.
func TestSEED03DefaultPort(t *testing.T) {
	t.Parallel()
	if l, err := net.Listen("tcp", ":4000"); err == nil {
		defer l.Close()
	}
	for name, cmd := range map[string]*exec.Cmd{
		"the showcase": exec.Command(binary(t, "showcase")),
		"bennu dev":    exec.Command(binary(t, "bennu"), "dev", "--dir", "../examples/showcase"),
	} {
		s := run(t, cmd, "PORT=", "SECRET_KEY_BASE="+secret)
		<-s.done
		if s.cmd.ProcessState.Success() || !strings.Contains(s.text(), "port 4000 is taken") {
			t.Errorf("%s without PORT: %v, want a failure that names port 4000; its output:\n%s", name, s.cmd.ProcessState, s.text())
		}
	}
}

func TestSEED04AClassNeverUsedBefore(t *testing.T) {
	s, d := devShowcase(t)
	p := newTab(t)
	p.visit(s.url + "/counter")
	d.edit(t, "web/counter/counter.templ", `"font-bold px-4 text-xl"`, `"font-bold px-4 text-xl", "w-[123px]"`)
	p.wait(`getComputedStyle(document.querySelector("#count")).width === "123px"`)
	p.wait(connected)
	p.errors()
}

func TestSEED18TwoSocketsAndSavesShowUp(t *testing.T) {
	s, d := devShowcase(t)
	p := newTab(t)
	p.visit(s.url + "/counter")
	p.click(increase)
	p.waitText("#count", "2")
	if got := p.opened(); len(got) != 2 || !strings.Contains(strings.Join(got, "\n"), "/live_reload/socket") || !strings.Contains(strings.Join(got, "\n"), "/live/websocket") {
		t.Errorf("in development the page opened %v, want the live and the reload socket", got)
	}

	// A style comes without a page load: the number is still there.
	p.keep()
	d.add(t, "web/assets/app.css", "\n#count { letter-spacing: 3px; }\n")
	p.wait(`getComputedStyle(document.querySelector("#count")).letterSpacing === "3px"`)
	if p.js(sameDocument) != "true" || p.js(`document.querySelector("#count").textContent`) != "2" {
		t.Error("the new style came by a page load")
	}

	// A template.
	d.edit(t, "web/counter/counter.templ", `aria-label="increase by 2"`, `aria-label="two more"`)
	p.wait(`document.querySelector("[aria-label='two more']") && ` + connected)

	// Go, and the page that it serves works.
	mark := s.mark()
	d.edit(t, "web/routes.go", `"Counter · Bennu"`, `"From Go · Bennu"`)
	p.wait(`document.title === "From Go · Bennu" && ` + connected)
	s.line(mark, "routes.go", "running")
	p.click(increase)
	p.waitText("#count", "2")
	p.errors()
}

func TestASavedScriptReloadsThePage(t *testing.T) {
	s, d := devShowcase(t)
	p := newTab(t)
	p.visit(s.url + "/counter")
	p.keep()
	d.add(t, "web/assets/js/dom.js", "\nwindow.script = \"saved\";\n")
	p.wait(`window.script === "saved" && !(` + sameDocument + `) && ` + connected)
	p.click(increase)
	p.waitText("#count", "2")
	p.errors()
}

func TestAMistakeIsShownUntilItIsMended(t *testing.T) {
	s, d := devShowcase(t)
	p := newTab(t)
	p.visit(s.url + "/counter")
	p.click(increase)
	p.waitText("#count", "2")
	shown := `[...document.querySelectorAll("*")].some(e => e.shadowRoot && e.shadowRoot.textContent.includes("counter.templ"))`
	d.edit(t, "web/counter/counter.templ", "{ c.Count }", "{ c.Cuont }")
	p.wait(shown)
	p.waitText("#count", "2") // the page of the last good build, below
	d.edit(t, "web/counter/counter.templ", "{ c.Cuont }", "{ c.Count }")
	p.wait(`!` + shown + ` && ` + connected)
	p.errors()
}
