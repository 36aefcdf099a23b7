package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bennu"
	"bennu/e2e/tour"
)

// A page that is no view has two live views in it, each by itself.
func TestCORE25Islands(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.open(a.url + "/tour/islands")
	p.wait(`document.querySelectorAll(".phx-connected").length == 2`)
	p.same(`document.querySelectorAll("[data-phx-main]").length + " " + document.title`, "0 Islands")
	p.click("#one .more")
	p.click("#two .more")
	p.waitText("#one .n", "1")
	p.waitText("#two .n", "2") // the client drops clicks on what has not been answered
	p.click("#two .more")
	p.waitText("#two .n", "4")
	p.click("#two .crash")
	p.waitText("#two .n", "0") // a fresh one, by itself
	p.same(`document.querySelector("#one .n").innerText`, "1")
	p.click("#two .more")
	p.waitText("#two .n", "2")
}

// A page of another router is one live view, and comes back when its tokens are
// good no longer.
func TestCORE25IslandOfAForeignHandler(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	mux := http.NewServeMux()
	mux.Handle("/", a)
	mux.Handle("GET /tally", a.Island("tally", "Tally", 3))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	p.open(s.URL + "/tally")
	p.wait(`document.querySelector("#island.phx-connected")`)
	p.click(".more")
	p.waitText(".n", "3")
	p.js(`(window.kept = true, document.querySelector("#island").setAttribute("data-phx-session", "forged"), 1)`)
	p.js(`(document.querySelector(".crash").click(), 1)`)
	p.wait(`!window.kept && document.querySelector("#island.phx-connected")`) // it was loaded anew
	p.waitText(".n", "0")
	p.errors() // the client tells of the join that was refused
}

// An island of the root layout stays while the pages beside it change.
func TestCORE25IslandOfTheRootLayout(t *testing.T) {
	t.Parallel()
	a := newApp(t, func(o *bennu.Options) {
		o.RootLayout = tour.RootWithTally
	})
	tour.Routes(a.App)
	p := newTab(t)
	p.visit(a.url + "/tour/wide")
	p.wait(`document.querySelector("#bar.phx-connected")`)
	p.click("#bar .more")
	p.waitText("#bar .n", "5")
	p.click("#other")
	p.waitText("h1", "page")
	p.same(`document.querySelector("#bar .n").innerText + " " + !!document.querySelector("[data-phx-main] #bar")`, "5 false")
	p.click("#bar .more")
	p.waitText("#bar .n", "10")
}

// The element of a page follows its view (CORE-17).
func TestCORE17ContainersFollowTheView(t *testing.T) {
	t.Parallel()
	a, p := tourApp(t), newTab(t)
	p.visit(a.url + "/tour/wide")
	container := `(m => m.tagName + " " + m.classList.contains("wide"))(document.querySelector("[data-phx-main]"))`
	p.same(container, "MAIN true")
	p.click("#other")
	p.waitText("h1", "page")
	p.same(container, "MAIN false")
	p.waitText("#from", a.url+"/tour/wide")
	p.js(`(history.back(), 1)`)
	p.waitText("h1", "wide page")
	p.same(container, "MAIN true")
}

// A page with the scripts of another build is loaded anew when it comes back,
// or says so, as its route will have it (protocol item 65).
func TestItem65CORE22PageOfAnotherBuild(t *testing.T) {
	t.Parallel()
	a := tourApp(t)
	v := get(t, a.url+"/tour/plainly")
	old := map[string]any{"_csrf_token": v.csrf, "_mounts": 1, "_mount_attempts": 0, "_track_static": []string{a.url + "/assets/app-OLD.js"}}
	if r := v.dial().answer("lv:"+v.id, v.payload(map[string]any{"params": old})); r.Status != "ok" || !strings.Contains(string(r.Response), `"true"`) {
		t.Errorf("a page that may stay: %s %s, want it to know that it is outdated", r.Status, r.Response)
	}
	v = get(t, a.url+"/tour/wide")
	old["_csrf_token"] = v.csrf
	wantError(t, v.dial().answer("lv:"+v.id, v.payload(map[string]any{"params": old})), stale)
}
