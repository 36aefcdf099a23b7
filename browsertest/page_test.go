package browsertest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// guestbook is a site without live views; what is written there is the test's.
type guestbook struct {
	mu    sync.Mutex
	names []string
}

func (g *guestbook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	g.mu.Lock()
	defer g.mu.Unlock()
	visitor := "nobody yet"
	if c, err := r.Cookie("visitor"); err == nil {
		visitor = c.Value
	}
	if name := r.FormValue("name"); name != "" {
		g.names = append(g.names, name)
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: name})
		visitor = name
	}
	fmt.Fprintf(w, `<!doctype html><title>guests</title><link rel="icon" href="data:,">
<h1>You are %s</h1><p id="all">%s</p><form><input id="name" name="name" value="old"><button>Write  in</button></form>
<div style="height:3000px"></div><a href="/far?x=1">far away</a>
<button id="off" disabled>off</button><button id="under" style="position:fixed;top:0;left:0">under</button><div style="position:fixed;top:0;left:0;width:200px;height:60px" id="cover">cover</div>
<button id="late" hidden onclick="document.title = 'clicked'">late</button><script>setTimeout(() => document.querySelector("#late").hidden = false, 100)</script>
<button id="wrong" onclick="console.error('oh', 'no'); undefined.x">wrong</button>
<button class="two">two</button><button class="two">two more</button><button id="hidden" style="visibility:hidden">hidden</button>`,
		visitor, strings.Join(g.names, ", "))
}

func TestVisitors(t *testing.T) {
	t.Parallel()
	book := new(guestbook)
	p := Open(t, book, "/")
	p.RequireText("You are nobody yet")
	p.Fill("#name", "Ann")
	p.Click("button", "Write in")
	p.RequireText("You are Ann")
	if got := p.Path(); got != "/?name=Ann" {
		t.Errorf("Path = %q", got)
	}
	book.mu.Lock() // what the page wrote is the test's own
	if !slices.Equal(book.names, []string{"Ann"}) {
		t.Errorf("the guests are %v", book.names)
	}
	book.mu.Unlock()
	other := p.Other("/")
	other.RequireText("You are nobody yet")
	other.Fill("#name", "Bob\r") // Enter sends the form
	other.RequireText("Ann, Bob")
	p.Visit("/")
	p.RequireText("You are Ann")
	if got := p.Text("#all"); got != "Ann, Bob" {
		t.Errorf("Text = %q", got)
	}
	p.Click("a") // far below
	p.Require(`location.search === "?x=1"`)
	p.Back()
	p.Require(`location.search === ""`)
	p.Forward()
	p.Require(`location.search === "?x=1"`)
	p.RefuteText("You are nobody")
	p.Fill("#name", "")
	if got := Eval[string](p, `Promise.resolve(document.querySelector("#name").value)`); got != "" {
		t.Errorf("the field has %q, want nothing", got)
	}
	p.Click("#late") // waits until it can be seen
	p.RequireElement("title", "clicked")
}

func TestScreenshot(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	file := Open(t, new(guestbook), "/").Screenshot()
	picture, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(picture), "\x89PNG") {
		t.Errorf("Screenshot: %v, %d bytes", err, len(picture))
	}
}

// inner is a test within the test, which may fail.
type inner struct {
	testing.TB
	mu      sync.Mutex
	said    []string
	cleanup []func()
	failed  bool
}

func (i *inner) note(format string, args ...any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.failed = true
	i.said = append(i.said, fmt.Sprintf(format, args...))
}
func (i *inner) Helper()                    {}
func (i *inner) Cleanup(f func())           { i.cleanup = append(i.cleanup, f) }
func (i *inner) Failed() bool               { return i.failed }
func (i *inner) Errorf(f string, a ...any)  { i.note(f, a...) }
func (i *inner) Fatalf(f string, a ...any)  { i.note(f, a...); runtime.Goexit() }
func (i *inner) Logf(f string, args ...any) {}

// failureOf is how a test fails.
func failureOf(t *testing.T, f func(t testing.TB)) string {
	t.Helper()
	i := &inner{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for _, f := range slices.Backward(i.cleanup) {
				f()
			}
		}()
		f(i)
	}()
	<-done
	return strings.Join(i.said, "\n")
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(p *Page)
		want []string
	}{
		{"text", func(p *Page) { p.RequireText("nowhere") }, []string{`waited 100ms in vain for the text "nowhere"`, "the page is /", "You are nobody yet"}},
		{"no text", func(p *Page) { p.RefuteText("You are") }, []string{`the end of the text "You are"`}},
		{"element", func(p *Page) { p.RequireElement("b", "x") }, []string{`an element "b" with the text "x"`}},
		{"several", func(p *Page) { p.Click("button.two") }, []string{`cannot click "button.two" within 100ms: 2 elements match, want one`, `<button class="two">two more</button>`}},
		{"none", func(p *Page) { p.Click("b") }, []string{"0 elements match"}},
		{"disabled", func(p *Page) { p.Click("#off") }, []string{"it is disabled"}},
		{"hidden", func(p *Page) { p.Click("#hidden") }, []string{"it cannot be seen"}},
		{"covered", func(p *Page) { p.Click("#under") }, []string{`it is covered by <div`, `id="cover"`}},
		{"selector", func(p *Page) { p.Click("p[") }, []string{"p[", "not a valid selector"}},
		{"script", func(p *Page) { Eval[string](p, "nothing.x") }, []string{"nothing is not defined"}},
		{"never", func(p *Page) { p.Require("1 > 2") }, []string{"in vain for 1 > 2"}},
		{"address", func(p *Page) { p.Visit("http://[") }, []string{`address "http://["`}},
		{"console", func(p *Page) { p.Click("#wrong"); p.Require("true") }, []string{"the page's console: console.error", "oh", "TypeError"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := failureOf(t, func(t testing.TB) {
				p := Open(t, new(guestbook), "/")
				p.RequireElement("#off")
				p.opts.Deadline = 100 * time.Millisecond
				tt.do(p)
			})
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("failed with\n%s\nwant in it %q", got, want)
				}
			}
		})
	}
	if got := failureOf(t, func(t testing.TB) { Open(t, nil, "/", Options{}, Options{}) }); !strings.Contains(got, "takes one Options, got 2") {
		t.Errorf("failed with %q", got)
	}
	if got := failureOf(t, func(t testing.TB) {
		p := Open(t, new(guestbook), "/", Options{AllowConsoleErrors: true})
		p.Click("#wrong")
		p.Require("true")
	}); got != "" {
		t.Errorf("a test that allows errors failed with %q", got)
	}
}

func TestNoChromium(t *testing.T) {
	t.Setenv("BENNU_CHROMIUM", "")
	t.Setenv("PATH", t.TempDir())
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("find: %v, want what to do", err)
	}
	t.Setenv("BENNU_CHROMIUM", "/no/such/chrome")
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "/no/such/chrome") {
		t.Errorf("find: %v, want the path", err)
	}
}

// The browser ends with the last test that uses it. Not parallel, so that it is
// that one.
func TestBrowserEnds(t *testing.T) {
	if got := failureOf(t, func(t testing.TB) {
		Open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<link rel=icon href='data:,'><h1>here</h1>")
		}), "/").RequireText("here")
	}); got != "" {
		t.Error(got)
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.users != 0 || shared.ctx.Err() == nil {
		t.Errorf("%d tests use the browser, which has not ended: %v", shared.users, shared.ctx.Err())
	}
}
