package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bennu"
)

// document is the HTTP status of the page that the tab shows.
func (p *tab) status() string {
	p.t.Helper()
	return p.js(`performance.getEntriesByType("navigation")[0].responseStatus`)
}

func TestERR01StyledErrorPageInProduction(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := newTab(t)
	for path, status := range map[string]string{"/page?mount=missing": "404", "/nowhere": "404", "/page?mount=error": "500", "/page?mount=panic": "500"} {
		p.open(a.url + path)
		if got := p.status(); got != status || !strings.Contains(p.js(`document.body.innerText`), status) {
			t.Errorf("%s is answered with %s and %q, want %s on the page", path, got, p.js(`document.body.innerText`), status)
		}
		if text := p.js(`document.documentElement.outerHTML`); strings.Contains(text, "the store is away") || strings.Contains(text, ".go") {
			t.Errorf("the production page of %s tells what went wrong: %s", path, text)
		}
		if p.js(`getComputedStyle(document.body).fontFamily.includes("serif") && !getComputedStyle(document.body).fontFamily.includes("sans")`) == "true" {
			t.Errorf("the page of %s is not styled", path)
		}
	}
	p.errors() // Chromium logs the statuses
}

func TestERR03DebugPageInDevelopment(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(o *bennu.Options) { o.Dev = true })
	p := newTab(t)
	p.open(a.url + "/page?mount=panic&password=hunter2")
	text := p.js(`document.body.innerText`)
	for _, want := range []string{"mount", "views.go", `panic("mount")`, "/page"} {
		if !strings.Contains(text, want) {
			t.Errorf("the debug page lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(p.js(`document.documentElement.outerHTML`), "hunter2") {
		t.Error("the debug page shows a password")
	}
	p.errors()
}

// The editor is a server here, so that the test sees what it is asked to open.
// BENNU_EDITOR is the process's: this test is not parallel.
func TestERR03AClickOpensTheEditor(t *testing.T) {
	asked := make(chan url.Values, 1)
	editor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/open" {
			asked <- r.URL.Query()
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer editor.Close()
	t.Setenv("BENNU_EDITOR", editor.URL+"/open?file=__FILE__&line=__LINE__")
	a := newApp(t, func(o *bennu.Options) { o.Dev = true })
	p := newTab(t)
	p.open(a.url + "/page?mount=panic")
	p.click("#focus .place a")
	var got url.Values
	select {
	case got = <-asked:
	case <-time.After(patience):
		t.Fatal("the click opens nothing")
	}
	source, err := filepath.Abs("views/views.go")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	line := 1 + strings.Count(strings.Split(string(b), `panic("mount")`)[0], "\n")
	if got.Get("file") != source || got.Get("line") != strconv.Itoa(line) {
		t.Errorf("the editor is asked for line %s of %s, want line %d of %s", got.Get("line"), got.Get("file"), line, source)
	}
	p.errors()
}

func TestERR04LiveNavigationToAMissingRecord(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := newTab(t)
	p.visit(a.url + "/page")
	p.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.js().navigate("/page?mount=missing")`))
	p.wait(`!document.querySelector("[data-phx-main]") && document.body.innerText.includes("404")`)
	if got := p.status(); got != "404" || !strings.HasSuffix(p.js(`location.href`), "/page?mount=missing") {
		t.Errorf("the browser ends with status %s at %s, want 404 at the missing record", got, p.js(`location.href`))
	}
	p.errors()
}

func TestLiveNavigationReachesAnotherView(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	p := newTab(t)
	p.visit(a.url + "/page")
	p.keep()
	p.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.js().navigate("/other")`))
	p.waitText("#other", "other")
	if p.js(sameDocument) != "true" || len(p.opened()) != 1 {
		t.Error("the navigation loaded a document")
	}
	p.wait(`document.title === "Other"`)
	// Another live session is reached by a page load.
	p.do(chromedp.Evaluate[chromedp.Void](`void liveSocket.js().navigate("/admin")`))
	p.wait(`!window.kept && location.pathname === "/admin" && document.querySelector("[data-phx-main].phx-connected")`)
	p.errors()
}
