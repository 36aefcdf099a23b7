package livetest_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/livetest"
	"bennu/render"
	"bennu/token"
)

// Counter is a live page with a number and some buttons.
type Counter struct{ Count int }

type step struct{ Number int } // phx-value-number

func (c *Counter) Events() live.Events {
	return live.Events{
		"increase": live.On(func(_ *live.Socket, by step) error { c.Count += by.Number; return nil }),
		"crash":    live.Do(func(*live.Socket) error { panic("crash") }),
	}
}

// Render is what a template file compiles to.
func (c *Counter) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, counterPage)
		w.Int(0, int64(c.Count))
		w.End()
		return nil
	})
}

var counterPage = render.New(1001, 0, `<p>Count: <span id="count">`, `</span></p>`+
	`<button phx-click="increase" phx-value-number="2">+</button>`+
	`<button phx-click="incraese">misspelt</button><button phx-click="crash">crash</button>`)

// layout is a root layout.
func layout(p bennu.Page) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, rootPage)
		if err := w.Comp(0, p.Head()); err != nil {
			return err
		}
		if err := w.Children(1, children); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

var rootPage = render.New(1002, 0, `<!DOCTYPE html><html lang="en"><head>`, `<title>Counter</title></head><body><nav>Home</nav>`, `</body></html>`)

func newApp(log io.Writer, opts bennu.Options) *bennu.App {
	opts.SecretKeyBase = token.NewSecret()
	opts.Logger = slog.New(slog.NewTextHandler(log, nil))
	opts.RootLayout = layout
	app := bennu.New(opts)
	app.Live("/counter", func() live.View { return new(Counter) })
	return app
}

func TestCounter(t *testing.T) {
	t.Parallel()
	v := livetest.Mount(t, newApp(io.Discard, bennu.Options{}), "/counter")
	v.RequireText("Count: 0")
	v.RefuteText("Home") // the root layout is outside of the view
	v.Element("button", "+").Click()
	v.Element("button", "+").Click()
	v.RequireText("Count: 4")
	if got := v.Element("#count").Text(); got != "4" {
		t.Errorf("count = %s, want 4", got)
	}
	if !strings.Contains(v.Dead(), `<span id="count">0</span>`) || v.Title() != "Counter" {
		t.Errorf("dead render: %s", v.Dead())
	}
	v.Event("increase", map[string]any{"number": "-5"})
	v.RequireText("Count: -1")
}

func TestCounterCrashes(t *testing.T) {
	t.Parallel()
	v := livetest.Mount(t, newApp(io.Discard, bennu.Options{}), "/counter")
	v.Element("button", "+").Click()
	v.ExpectCrash(func() { v.Element("button", "crash").Click() })
	v.RequireText("Count: 2")
	v.Rejoin()
	v.RequireText("Count: 0")
	v.Element("button", "+").Click()
	v.RequireText("Count: 2")
	v.ExpectCrash(func() { v.Event("increase", map[string]string{"number": "abc"}) })
	v.Rejoin()
	v.Disconnect()
	v.Rejoin()
	v.RequireText("Count: 0")
}

// What the view does not handle ends it, and livetest tells what there is.
func TestCounterDoesNotHandle(t *testing.T) {
	t.Parallel()
	var log logBuffer
	v := livetest.Mount(t, newApp(&log, bennu.Options{}), "/counter")
	v.ExpectCrash(func() { v.Element("button", "misspelt").Click() })
	v.Close()
	if !strings.Contains(log.String(), `did you mean`) {
		t.Errorf("the log has no hint: %s", log.String())
	}
}

func TestCounterUnderAPrefix(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/admin/", newApp(io.Discard, bennu.Options{Prefix: "/admin"}))
	v := livetest.Mount(t, mux, "/admin/counter")
	v.Element("button", "+").Click()
	v.RequireText("Count: 2")
}

func TestCounterInABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := livetest.Mount(t, newApp(io.Discard, bennu.Options{}), "/counter")
		v.Element("button", "+").Click()
		v.RequireText("Count: 2")
	})
}

// logBuffer takes what a server logs while the test reads it.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func BenchmarkClick(b *testing.B) {
	v := livetest.Mount(b, newApp(io.Discard, bennu.Options{}), "/counter")
	for b.Loop() {
		v.Event("increase", map[string]string{"number": "1"})
	}
}
