package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"bennu/e2e/lab"
)

// The page of a server that is drained comes back to another one, over the same
// address and with the tokens that it has.
func TestItem27DrainLeadsToAnotherNode(t *testing.T) {
	t.Parallel()
	node := func() *app {
		a := newApp(t)
		lab.Routes(a.App)
		return a
	}
	first, second := node(), node()
	var balancer atomic.Pointer[app]
	balancer.Store(first)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { balancer.Load().ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	v := get(t, srv.URL+"/page")
	s := v.dial()
	s.join(v, 0)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	closed := make(chan error, 1)
	go func() {
		_, _, err := s.conn.Read(ctx)
		closed <- err
	}()

	p := newTab(t)
	p.visit(srv.URL + "/page?text=the+same")
	p.watchReturn()
	balancer.Store(second)
	if err := first.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-closed; websocket.CloseStatus(err) != websocket.StatusServiceRestart {
		t.Errorf("the socket is closed with %v, want 1012", err)
	}
	p.waitReturn()
	if n := second.called.Count("mount"); n != 1 {
		t.Errorf("the other node mounted %d views, want the one that came back", n)
	}
	p.same(`document.querySelector("#text").innerText`, "the same")
	p.errors() // of the connection
}

// watchReturn makes the page note that its view has come back, which a page that
// is loaded anew would forget.
func (p *tab) watchReturn() {
	p.t.Helper()
	p.js(`(addEventListener("phx:page-loading-stop", () => { window.returned = true }), 1)`)
}

func (p *tab) waitReturn() {
	p.t.Helper()
	p.wait(`window.returned && document.querySelector("[data-phx-main].phx-connected") && !document.querySelector(".phx-error")`)
}

// shows waits until elements have these texts.
func (p *tab) shows(selector, want string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent.trim()).join(",") == %q`, selector, want))
}

func TestItem81InTheBrowser(t *testing.T) {
	t.Parallel()
	a, p := labApp(t), newTab(t)
	p.visit(a.url + "/lab/desk")
	p.click("#card-b .add")
	p.shows("#cards > div > b", "0,1")
	p.click("#say") // the page's own text and that of its components
	p.shows("#note, #cards i", "said,said,said")
	p.shows("#cards > div > b", "0,1")
	p.click("#card-a .add")
	p.shows("#cards > div > b", "1,1")
}

func TestItem102And103InTheBrowser(t *testing.T) {
	t.Parallel()
	a, p := labApp(t), newTab(t)
	p.visit(a.url + "/lab/list?n=4")
	p.shows("#lines li", "line 0,line 1,line 2,line 3")
	p.click("#insert")
	p.shows("#lines li", "line 0,line 1,again,line 3")
	p.click("#move")
	p.shows("#lines li", "moved,line 0,line 1,line 3")
	p.click("#limit")
	p.shows("#lines li", "line 3,last")
}

// What was typed while the server was away is sent again before the page is
// patched, and the answers are changes of what the join has rendered.
func TestItem114FormsAreRecovered(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	lab.Routes(a.App)
	b := newApp(t)
	lab.Routes(b.App)
	var balancer atomic.Pointer[app]
	balancer.Store(a)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { balancer.Load().ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	p := newTab(t)
	p.visit(srv.URL + "/lab/form")
	p.js(`(() => { const i = document.querySelector("#name"); i.focus(); i.value = "Ann"; i.dispatchEvent(new Event("input", {bubbles: true})); return 1 })()`)
	p.waitText("#got", `["user" "name"] phone Ann/ []`)
	p.watchReturn()
	sent, _ := p.frames()
	before := len(sent)
	balancer.Store(b)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := a.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	p.waitReturn()
	p.waitText("#got", `["user" "name"] phone Ann/ []`) // a fresh view has got the form
	p.same(`document.querySelector("#name").value`, "Ann")
	sent, got := p.frames()
	var order []string
	for _, f := range sent[before:] {
		for _, event := range []string{"phx_join", `"event"`} {
			if strings.Contains(f, event) {
				order = append(order, strings.Trim(event, `"`))
			}
		}
	}
	if fmt.Sprint(order) != "[phx_join event]" {
		t.Errorf("the client sent %v, want a join and then the form", order)
	}
	answer := parseFrame(t, got[len(got)-1])
	for i := len(got) - 1; answer.topic == "phoenix"; i-- {
		answer = parseFrame(t, got[i])
	}
	if d := answer.diff(t); d["s"] != nil || findKey(d, "s") != nil {
		t.Errorf("the form is answered with %s, want changes of the join's render alone", answer.raw)
	}
	p.errors() // of the connection
}

// Item 116 and 117: the client runs what stands in the attributes.
func TestItem117IgnoredAttributes(t *testing.T) {
	t.Parallel()
	a, p := labApp(t), newTab(t)
	p.visit(a.url + "/lab/form")
	p.same(`Array.isArray(JSON.parse(document.querySelector("#details").getAttribute("phx-mounted"))[0][1].attrs)`, "true")
	p.js(`(document.querySelector("#details").open = true)`)
	p.click("#command")
	p.wait(`document.querySelector("#command").style.display == "none"`)
	p.wait(`document.querySelector("#got").textContent.includes("<>&\"'")`)
	p.same(`document.querySelector("#details").open`, "true") // the patch left it
}
