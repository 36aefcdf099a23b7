// Package script has scripts in live views, in layouts and around them.
package script

import (
	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

type Page struct{}

func (p *Page) Mount(*live.Socket, live.Params) error { return nil }

func (p *Page) Render() templ.Component { return page() }

func register(app *bennu.App) {
	app.Live("/", func() live.View { return new(Page) })
}

var inner live.Layout = around

func other() live.Layout {
	return func(*live.Socket) templ.Component { return alsoAround() }
}

var once = templ.NewOnceHandle()
