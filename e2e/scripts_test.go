package e2e

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"bennu"
	"bennu/examples/showcase/web"
	"bennu/live"
	"bennu/livetest"
)

// Scripted visitors do random things on random pages of the showcase: click what
// can be clicked, fill forms, follow links, go back and forth, lose the line and
// come back. Each speaks to the server over a socket of its own; its page is
// what livetest makes of the messages. Every now and then, and in the end, the
// page must be what the server draws of the view as it is.
//
// SCRIPTS is how many there are at a time, SCRIPT_TIME how long they come; the
// two of `make soak` are 500 and ten minutes.
func TestScripts(t *testing.T) {
	visitors, last := 12, 6*time.Second
	if text := os.Getenv("SCRIPTS"); text != "" {
		var err error
		if visitors, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	if text := os.Getenv("SCRIPT_TIME"); text != "" {
		var err error
		if last, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	// Many visitors take their time, as people do: else they would only wait for
	// the two ends of their own machine.
	var think time.Duration
	if visitors >= 100 {
		think = time.Duration(visitors) * 60 * time.Millisecond
	}
	before := memory()
	var crashes atomic.Int64
	app := web.New(bennu.Options{SecretKeyBase: secret, Logger: slog.New(crashCount{slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}), &crashes}),
		Limits: bennu.Limits{EventRate: bennu.Unlimited}})
	srv := httptest.NewServer(app)
	address, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	// livetest drives a handler; this one passes all on over real sockets.
	proxy := httputil.NewSingleHostReverseProxy(address)
	proxy.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 64}

	var done atomic.Int64
	var actions [len(acts)]atomic.Int64
	end := time.Now().Add(last)
	run := func(n int) {
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				for round := 0; time.Now().Before(end) && !t.Failed(); round++ {
					t.Run(fmt.Sprintf("%d/%d", i, round), func(t *testing.T) {
						script(t, app, proxy, rand.New(rand.NewPCG(uint64(i), uint64(round))), think, end, &actions)
						done.Add(1)
					})
				}
			})
		}
		all.Wait()
	}
	early, begun := memory(), end.Add(-last*4/5)
	warm := make(chan struct{})
	go func() { // what there is after a fifth of the time
		time.Sleep(time.Until(begun)) // a moment of the run to look at, not a wait for something
		early = memory()
		close(warm)
	}()
	var tabs sync.WaitGroup
	for i := range 1 + 2*min(1, visitors/100) {
		tabs.Go(func() {
			t.Run(fmt.Sprint("chromium/", i), func(t *testing.T) {
				p, chance := newTabFor(t, last+3*patience), rand.New(rand.NewPCG(uint64(i), 99))
				for time.Now().Before(end) && !t.Failed() {
					tabScript(p, app, srv.URL, chance)
				}
			})
		})
	}
	run(visitors)
	tabs.Wait()
	<-warm
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := app.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	srv.Close()
	proxy.Transport.(*http.Transport).CloseIdleConnections()
	late := memory()
	var did []string
	for i := range actions {
		did = append(did, fmt.Sprintf("%d %s", actions[i].Load(), acts[i]))
	}
	t.Logf("%d scripts of %d visitors in %v: %s", done.Load(), visitors, last, strings.Join(did, ", "))
	t.Logf("heap %d kB and %d goroutines after a fifth of the time, %d kB and %d at the end, when all have left", early.heap>>10, early.goroutines, late.heap>>10, late.goroutines)
	if n := crashes.Load(); n > 0 {
		t.Errorf("%d views crashed", n)
	}
	if done.Load() == 0 {
		t.Error("no script came to its end")
	}
	if late.goroutines > before.goroutines+20 { // Chromium's connection has some
		t.Errorf("%d goroutines are left of %d before", late.goroutines, before.goroutines)
	}
	if late.heap > before.heap+16<<20 {
		t.Errorf("the heap has grown from %d to %d kB", before.heap>>10, late.heap>>10)
	}
}

type use struct {
	heap       uint64
	goroutines int
}

func memory() use {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return use{m.HeapAlloc, runtime.NumGoroutine()}
}

// crashCount counts the errors in the log.
type crashCount struct {
	slog.Handler
	n *atomic.Int64
}

func (h crashCount) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError && expectedError(r) {
		return nil
	}
	if r.Level >= slog.LevelError {
		h.n.Add(1)
	}
	return h.Handler.Handle(ctx, r)
}

// expectedError reports a failure that a page of the showcase shows on purpose.
func expectedError(r slog.Record) bool {
	return strings.Contains(r.Message, "task") // the gauge of the dashboard panics when it is asked to
}

const (
	actClick = iota
	actForm
	actLink
	actHistory
	actScroll
	actLine
)

var acts = [...]string{"clicks", "forms", "links", "steps of the history", "scrolls", "lost lines"}

var startPages = []string{"/", "/counter", "/table", "/inspect", "/dashboard", "/music", "/nested", "/pair", "/feed", "/tabs", "/todo", "/reorder"}

// script is one visit.
func script(t *testing.T, app *bennu.App, h http.Handler, chance *rand.Rand, think time.Duration, end time.Time, actions *[len(acts)]atomic.Int64) {
	known := slices.DeleteFunc(slices.Clone(startPages), func(path string) bool {
		return !slices.ContainsFunc(app.Routes(), func(r bennu.Route) bool { return r.Path == path || strings.HasPrefix(r.Path, path+"/") && path != "/" })
	})
	v := livetest.Mount(t, h, known[chance.IntN(len(known))], livetest.Options{Deadline: patience, AllowLeakedGoroutines: true})
	for n := 3 + chance.IntN(15); n > 0 && time.Now().Before(end); n-- {
		kind := act(v, chance)
		actions[kind].Add(1)
		if v.Redirected() != "" {
			v.Follow() // as a browser does
		}
		if think > 0 {
			time.Sleep(time.Duration(chance.Int64N(int64(think)))) // as a person who reads; nothing is waited for
		}
		if chance.IntN(3) == 0 {
			compare(t, app, v)
		}
	}
	compare(t, app, v)
	v.Close()
}

// tabScript is a visit in a real browser: random clicks on one page.
func tabScript(p *tab, app *bennu.App, address string, chance *rand.Rand) {
	p.t.Helper()
	paths := []string{"/counter", "/table", "/dashboard", "/nested", "/pair"}
	p.visit(address + paths[chance.IntN(len(paths))])
	const quiet = `![...document.querySelectorAll(".phx-click-loading, .phx-loading")].length`
	for range 3 + chance.IntN(10) {
		p.js(fmt.Sprintf(`(all => all.length && all[%d %% all.length].click())
			([...document.querySelectorAll("[data-phx-main] [phx-click]:not([phx-click=crash]):not(:disabled)")])`, chance.IntN(1000)))
		p.wait(quiet)
	}
	id := p.js(`document.querySelector("[data-phx-main]").id`)
	var got, want string
	for end := time.Now().Add(patience); time.Now().Before(end); runtime.Gosched() {
		text, err := live.Snapshot(p.ctx, app.View(id))
		if err != nil {
			p.t.Errorf("%s: %v", p.js("location.pathname"), err)
			return
		}
		var tree livetest.Tree
		if err := tree.Apply(text); err != nil {
			p.t.Errorf("the snapshot: %v", err)
			return
		}
		if got, want = shown(p.js(`document.querySelector("[data-phx-main]").innerHTML`)), shown(tree.HTML()); got == want {
			return
		}
	}
	p.t.Errorf("%s shows in the browser\n%s\nthe server draws\n%s", p.js("location.pathname"), got, want)
}

// act does one thing that a user can do.
func act(v *livetest.View, chance *rand.Rand) int {
	switch k := chance.IntN(20); {
	case k == 0:
		v.Disconnect()
		v.Rejoin()
		return actLine
	case k < 3:
		if addresses, at := v.History(); at > 0 && chance.IntN(2) == 0 {
			v.Back()
			return actHistory
		} else if at < len(addresses)-1 {
			v.Forward()
			return actHistory
		}
	}
	all := things(v.HTML())
	if len(all) == 0 {
		return actClick
	}
	one := all[chance.IntN(len(all))]
	if forms := slices.DeleteFunc(slices.Clone(all), func(o thing) bool { return o.kind != actForm }); len(forms) > 0 && chance.IntN(3) == 0 {
		one = forms[chance.IntN(len(forms))] // buttons are many
	}
	e := v.Element(one.selector)
	switch one.kind {
	case actForm:
		values := url.Values{}
		for _, name := range one.inputs {
			values.Set(name, words[chance.IntN(len(words))])
		}
		if one.changes && (!one.submits || chance.IntN(2) == 0) {
			e.Change(values)
		} else {
			e.Submit(values)
		}
	case actScroll:
		if chance.IntN(2) == 0 && one.up {
			e.ScrollToTop()
		} else if one.down {
			e.ScrollToBottom()
		}
	default:
		e.Click()
	}
	return one.kind
}

var words = []string{"", "7", "-3.5", "milk", "<b>bold</b>", "héron", strings.Repeat("long ", 40)}

// thing is something on a page that a user can use.
type thing struct {
	kind             int
	selector         string
	inputs           []string
	changes, submits bool // of a form
	up, down         bool // of a list that scrolls
}

// things finds them, each with a selector of its own.
func things(markup string) []thing {
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return nil
	}
	var all []thing
	var walk func(n *html.Node, path string)
	walk = func(n *html.Node, path string) {
		if n.Type != html.ElementNode {
			return
		}
		has := func(name string) (string, bool) {
			for _, a := range n.Attr {
				if a.Key == name {
					return a.Val, true
				}
			}
			return "", false
		}
		_, off := has("disabled")
		click, clicks := has("phx-click")
		_, link := has("data-phx-link")
		_, change := has("phx-change")
		_, submit := has("phx-submit")
		_, up := has("phx-viewport-top")
		_, down := has("phx-viewport-bottom")
		switch {
		case off || click == "crash" || strings.HasPrefix(click, "[["):
		case clicks:
			all = append(all, thing{kind: actClick, selector: path})
		case link:
			all = append(all, thing{kind: actLink, selector: path})
		case n.Data == "form" && (change || submit):
			all = append(all, thing{kind: actForm, selector: path, inputs: texts(n), changes: change, submits: submit})
		case up || down:
			all = append(all, thing{kind: actScroll, selector: path, up: up, down: down})
		}
		i := 0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				i++
				walk(c, fmt.Sprintf("%s > :nth-child(%d)", path, i))
			}
		}
	}
	i := 0
	for _, n := range nodes {
		if n.Type == html.ElementNode {
			i++
			walk(n, fmt.Sprintf("[data-phx-main] > :nth-child(%d)", i))
		}
	}
	return all
}

// texts are the names of a form's inputs that take text.
func texts(form *html.Node) (names []string) {
	for n := range form.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" && n.Data != "textarea" {
			continue
		}
		name, kind := "", "text"
		for _, a := range n.Attr {
			switch a.Key {
			case "name":
				name = a.Val
			case "type":
				kind = a.Val
			}
		}
		if name != "" && (kind == "text" || kind == "search" || kind == "number") {
			names = append(names, name)
		}
	}
	return names
}

// compare waits until the page is what the server draws of the view. What is
// still on its way comes.
func compare(t *testing.T, app *bennu.App, v *livetest.View) {
	t.Helper()
	var got, want string
	for end := time.Now().Add(patience); ; {
		v.Settle()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		text, err := live.Snapshot(ctx, app.View(v.ID()))
		cancel()
		if err != nil {
			t.Errorf("%s: %v", v.Path(), err)
			return
		}
		var tree livetest.Tree
		if err := tree.Apply(text); err != nil {
			t.Errorf("%s: the snapshot: %v", v.Path(), err)
			return
		}
		if got, want = shown(v.HTML()), shown(tree.HTML()); got == want {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%s shows\n%s\nthe server draws\n%s", v.Path(), got, want)
			return
		}
		runtime.Gosched()
	}
}

// shown is a page without what is no part of its view: the content of the views
// within it, the items of streams, which live in the page alone, and what the
// client writes by itself.
func shown(markup string) string {
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, n := range nodes {
		strip(n)
		if err := html.Render(io.Writer(&b), n); err != nil {
			return err.Error()
		}
	}
	return b.String()
}

func strip(n *html.Node) {
	inner := false
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		inner = inner || a.Key == "data-phx-session" || a.Key == "phx-update" && (a.Val == "stream" || a.Val == "ignore")
		switch a.Key {
		case "data-phx-session", "data-phx-static", "data-phx-root-id", "data-phx-id", "data-phx-skip", "data-phx-view":
			return true
		case "class":
			return strings.HasPrefix(a.Val, "phx-")
		case "value", "checked", "selected": // which a user has changed
			return n.Data == "input" || n.Data == "option"
		}
		return false
	})
	slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	if inner || n.Data == "textarea" {
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		strip(c)
	}
}
