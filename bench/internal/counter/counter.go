// Package counter is an app of one page, the counter of the showcase without its
// looks, for tests of this module: they need a server whose templates and
// behaviour are those of an app, in the process of the test.
package counter

import (
	"io"
	"log/slog"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
	"bennu/token"
)

// Counter is the page.
type Counter struct{ Count int }

type step struct{ Number int }

// Events are those of the showcase's counter.
func (c *Counter) Events() live.Events {
	return live.Events{
		"increase": live.On(func(_ *live.Socket, by step) error { c.Count += by.Number; return nil }),
		"decrease": live.On(func(_ *live.Socket, by step) error { c.Count -= by.Number; return nil }),
		"crash":    live.Do(func(*live.Socket) error { panic("the crash button was pressed") }),
	}
}

// Render draws the page.
func (c *Counter) Render() templ.Component { return page(c) }

// App serves the page at /counter. It logs errors to w; warnings are of slow
// handlers, which says more about the machine than about a test.
func App(w io.Writer) *bennu.App {
	app := bennu.New(bennu.Options{
		SecretKeyBase: token.NewSecret(), RootLayout: root, Limits: bennu.Limits{EventRate: bennu.Unlimited},
		Logger: slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	app.Live("/counter", func() live.View { return new(Counter) }, bennu.Title("Counter"))
	return app
}
