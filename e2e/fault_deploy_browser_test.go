package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"bennu"
	"bennu/e2e/views"
	"bennu/live"
)

// build is the App of one build: the showcase's scripts under names of their
// own, as if they had changed. The layout is the framework's, which tracks them.
func build(t *testing.T, mark string) (a *bennu.App, script string) {
	t.Helper()
	dist := os.DirFS("../examples/showcase/web/assets/dist")
	text, err := fs.ReadFile(dist, "manifest.json")
	if err != nil {
		t.Fatalf("%v; `make build` makes it", err)
	}
	var manifest map[string]string
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	built := fstest.MapFS{}
	for name, file := range manifest {
		b, err := fs.ReadFile(dist, file)
		if err != nil {
			t.Fatal(err)
		}
		manifest[name] = mark + "-" + file
		built[manifest[name]] = &fstest.MapFile{Data: b}
	}
	if text, err = json.Marshal(manifest); err != nil {
		t.Fatal(err)
	}
	built["manifest.json"] = &fstest.MapFile{Data: text}
	a = bennu.New(bennu.Options{SecretKeyBase: secret, Logger: slog.New(slog.DiscardHandler), Assets: built})
	a.Live("/page", func() live.View { return new(views.Page) })
	return a, "/assets/" + manifest["app.js"]
}

// A page of the former build comes back to the next one: it is loaded anew,
// once, and a script that is gone leaves it readable.
func TestFault81StaleAssetAfterADeploy(t *testing.T) {
	t.Parallel()
	former, formerScript := build(t, "former")
	next, nextScript := build(t, "next")
	var pages, rest atomic.Pointer[bennu.App] // who answers
	pages.Store(former)
	rest.Store(former)
	var loads atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			loads.Add(1)
			pages.Load().ServeHTTP(w, r)
			return
		}
		rest.Load().ServeHTTP(w, r)
	}))
	defer srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()

	p := newTab(t)
	p.visit(srv.URL + "/page")
	p.keep()
	script := `new URL(document.querySelector("script[src]").src).pathname`
	if got := p.js(script); got != formerScript {
		t.Fatalf("the page's script is %s, want %s", got, formerScript)
	}
	pages.Store(next)
	rest.Store(next)
	if err := former.Shutdown(ctx); err != nil { // the deploy
		t.Fatal(err)
	}
	p.wait(fmt.Sprintf(`!window.kept && %s === %q && %s`, script, nextScript, connected))
	p.errors() // of the connection
	if n := loads.Load(); n != 2 {
		t.Errorf("the page was loaded %d times, want once before and once after", n)
	}

	// A page of the former build that the browser, or a cache, still had.
	if resp, err := http.Get(srv.URL + formerScript); err != nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("the former script: %v %v, want 404", resp, err)
	} else {
		resp.Body.Close()
	}
	old, _ := build(t, "former")
	pages.Store(old)
	p.open(srv.URL + "/page?text=still+readable")
	if text := p.js(`document.body.innerText`); !strings.Contains(text, "still readable") {
		t.Errorf("with its script gone the page shows %q", text)
	}
	p.errors() // Chromium logs the 404
	pages.Store(next)
	p.do(chromedp.Evaluate[chromedp.Void](`void location.reload()`))
	p.wait(fmt.Sprintf(`%s === %q && %s`, script, nextScript, connected))
	for _, a := range []*bennu.App{next, old} {
		if err := a.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	}
	p.errors()
}
