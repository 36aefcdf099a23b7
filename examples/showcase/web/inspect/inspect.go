// Package inspect is the page that looks into its own socket: who runs it, and
// what passes between it and the browser.
package inspect

import (
	"net/url"

	"github.com/a-h/templ"

	"bennu/live"
)

// Page is a live page with a counter to make something happen, and what the
// view knows of itself.
type Page struct {
	Count     int
	ID        string
	Process   uint64
	Connected bool
	Transport string
	Query     url.Values
}

// step is what the buttons send along: phx-value-number.
type step struct{ Number int }

// Mount keeps what the socket says. It runs twice: for the request, and again
// when the page's socket has joined.
func (p *Page) Mount(s *live.Socket, params live.Params) error {
	p.ID, p.Process, p.Connected = s.ID(), s.Process(), s.Connected()
	p.Transport, p.Query = s.Info().Transport, params.Query()
	return nil
}

// Events are the buttons of the page.
func (p *Page) Events() live.Events {
	return live.Events{
		"change": live.On(p.change),
		"idle":   live.Do(p.idle),
	}
}

func (p *Page) change(_ *live.Socket, by step) error {
	p.Count += by.Number
	return nil
}

// idle changes nothing, to show what that costs.
func (p *Page) idle(*live.Socket) error { return nil }

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
