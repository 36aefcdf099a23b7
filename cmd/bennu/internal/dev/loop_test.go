package dev

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"bennu/internal/devreload"
)

// SEED-03, SEED-18: the address is printed, the page answers, and what is saved
// is seen: templates, Go, scripts and styles, each by its own way.
func TestSEED18SavesAreSeen(t *testing.T) {
	t.Parallel()
	l := serve(t, newApp(t, nil))
	l.printed("ready in ")
	l.printed("→ " + strings.Replace(l.base, "127.0.0.1", "localhost", 1))
	page := l.shows("/", 200, "<h1>one good morning</h1>")
	if strings.Count(page, "/bennu/live_reload/client.js") != 1 || strings.Index(page, "client.js") > strings.Index(page, "</body>") {
		t.Errorf("the page has not one script of live reload before its </body>:\n%s", page)
	}
	l.shows("/assets/app.js", 200, "script one")
	l.shows("/assets/app.css", 200, "rgb(1, 1, 1)")
	refused := l.watchForRefusals()

	b := l.load()
	l.edit("web/assets/app.css", "rgb(1, 1, 1)", "rgb(2, 2, 2)")
	b.hears(devreload.CSS)
	l.shows("/assets/app.css", 200, "rgb(2, 2, 2)")

	l.edit("web/assets/app.js", "script one", "script two")
	b.hears(devreload.Reload)
	l.shows("/assets/app.js", 200, "script two")
	for _, m := range b.heard {
		if m.Type == devreload.Error {
			t.Errorf("an error was shown: %+v", m)
		}
	}

	b = l.load()
	l.edit("web/page.templ", "<h1>one", "<h1>two")
	b.hears(devreload.Reload)
	l.shows("/", 200, "<h1>two good morning</h1>")

	b = l.load()
	l.edit("web/page.go", "good morning", "good evening")
	b.hears(devreload.Reload)
	l.shows("/", 200, "<h1>two good evening</h1>")

	if n := refused(); n > 0 {
		t.Errorf("%d requests were refused while programs changed", n)
	}
}

// watchForRefusals requests the page over and over, and counts what was not
// answered or not by the app.
func (l *loopTest) watchForRefusals() (stop func() int64) {
	var failed atomic.Int64
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			default:
			}
			if status, _, err := l.get("/age"); err != nil || status != http.StatusOK {
				failed.Add(1)
				fmt.Fprintf(l.out, "refused: %d %v\n", status, err)
			}
		}
	}()
	return func() int64 {
		close(quit)
		<-done
		return failed.Load()
	}
}

// What does not compile is shown with its place, while the last good program
// serves, and the message goes when it is right again.
func TestMistakesAreShownUntilTheyAreFixed(t *testing.T) {
	t.Parallel()
	l := serve(t, newApp(t, nil))
	l.printed("ready in ")
	again := 0

	for _, tt := range []struct {
		name, file, right, wrong string
		tool                     string
		line, col                int
		source, message          string
	}{
		{"Go in a template", "web/page.templ", "{ greeting }", "{ greetings }", "templ", 20, 12, "\t<h1>one { greetings }</h1>", "undefined: greetings"},
		{"template", "web/page.templ", "</h1>", "</h2>", "templ", 20, 0, "", ""},
		{"Go", "web/page.go", "type Page struct{}", "type Page struct{ x Y }", "go", 5, 21, "type Page struct{ x Y }", "undefined: Y"},
		{"script", "web/assets/app.js", "console", "let let = console", "esbuild", 1, 5, "", ""},
		{"style", "web/assets/app.css", "h1 {", "@import './no.css'; h1 {", "esbuild", 1, 9, "", "Could not resolve"},
	} {
		b := l.load()
		l.edit(tt.file, tt.right, tt.wrong)
		m := b.hears(devreload.Error)
		if m.Tool != tt.tool || m.File != tt.file || m.Line != tt.line || tt.col > 0 && m.Col != tt.col ||
			tt.source != "" && m.Source != tt.source || !strings.Contains(m.Message, tt.message) {
			t.Errorf("%s: told %+v\nwant %+v", tt.name, m, tt)
		}
		l.shows("/", 200, "<h1>one good morning</h1>")
		late := l.load()
		if m := late.hears(devreload.Error); m.File != tt.file {
			t.Errorf("%s: a page that was loaded later was told %+v", tt.name, m)
		}
		l.edit(tt.file, tt.wrong, tt.right)
		for {
			m, ok := b.next()
			if !ok || m.Type == devreload.OK || m.Type == devreload.Reload {
				break
			}
		}
		l.shows("/", 200, "<h1>one good morning</h1>")
		again++
		eventually(t, "it is said that "+tt.file+" is right again", func() bool {
			return strings.Count(l.out.String(), "right again\n") >= again
		})
	}
	l.edit("web/page.templ", "{ greeting }", "{ greetings }")
	l.printed("web/page.templ:20:12: undefined: greetings\n    20 |  <h1>one { greetings }</h1>")
	// A save while a build runs makes that one stale: the last save counts.
	l.edit("web/page.templ", "{ greetings }", "{ greetingss }")
	l.edit("web/page.templ", "<h1>one { greetingss }", "<h1>three { greeting }")
	l.shows("/", 200, "<h1>three good morning</h1>")
}

// An app that never ran has its mistakes shown by bennu dev itself.
func TestABrokenAppIsShownFromTheStart(t *testing.T) {
	t.Parallel()
	l := serve(t, newApp(t, map[string]string{"web/page.go": strings.Replace(sources["web/page.go"], `"good`, `1 + "good`, 1)}))
	page := l.shows("/", 503, "web/page.go:9:18: ")
	if !strings.Contains(page, "const greeting = 1 +") || !strings.Contains(page, "/bennu/live_reload/client.js") {
		t.Errorf("the page has not the line that is wrong and the script:\n%s", page)
	}
	b := l.load()
	if m := b.hears(devreload.Error); m.File != "web/page.go" || m.Line != 9 {
		t.Errorf("told %+v", m)
	}
	l.edit("web/page.go", `1 + "good`, `"good`)
	for {
		if _, ok := b.next(); !ok {
			break // the app has the port now; the script connects to it and loads the page
		}
	}
	l.shows("/", 200, "<h1>one good morning</h1>")
	l.printed("ready in ")
}

// An app that ends at its start, or later, is shown with its last words.
func TestACrashIsShown(t *testing.T) {
	t.Parallel()
	l := serve(t, newApp(t, map[string]string{"main.go": strings.Replace(sources["main.go"], "opts.RootLayout", "panic(\"no database\")\n\topts.RootLayout", 1)}))
	page := l.shows("/", 503, "The app ended before it was ready: exit status 2")
	for _, want := range []string{"main.go:27:", "panic: no database"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has not %q:\n%s", want, page)
		}
	}
	l.edit("main.go", "panic(\"no database\")", "")
	l.shows("/", 200, "<h1>one good morning</h1>")

	// A program that starts but fails leaves the old one serving.
	b := l.load()
	l.edit("main.go", "opts.RootLayout", "panic(\"no network\")\n\topts.RootLayout")
	if m := b.hears(devreload.Error); m.Tool != "app" || m.File != "main.go" || !strings.Contains(m.Message, "panic: no network") {
		t.Errorf("told %+v", m)
	}
	l.shows("/", 200, "<h1>one good morning</h1>")
	l.edit("main.go", "panic(\"no network\")\n\topts.RootLayout", "opts.RootLayout")
	eventually(t, "the error goes", func() bool { m, ok := b.next(); return !ok || m.Type == devreload.OK || m.Type == devreload.Reload })

	// One that has run for a while is started again.
	eventually(t, "the app has run for a while", func() bool {
		_, age, err := l.get("/age")
		return err == nil && len(age) >= len("2500") && age >= "2500"
	})
	_, _, _ = l.get("/exit") // which does not answer
	l.printed("these are my last words")
	l.printed("starting it again")
	l.shows("/", 200, "<h1>one good morning</h1>")
}
