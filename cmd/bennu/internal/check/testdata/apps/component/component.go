// Package component has live components, whose events are their own or their
// page's.
package component

import (
	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

type Page struct{ Cards []string }

func (p *Page) Events() live.Events { return live.Events{"page": live.Do(nothing)} }

func (p *Page) Render() templ.Component { return page(p) }

func nothing(*live.Socket) error { return nil }

type choice struct{ ID int }

// Card is shown by the page.
type Card struct{ Title string }

func (c *Card) Mount(*live.Socket) error { return nil }
func (c *Card) Update(*live.Socket)      {}
func (c *Card) Events() live.Events {
	return live.Events{"flip": live.On(func(*live.Socket, choice) error { return nil })}
}
func (c *Card) Render() templ.Component { return card(c) }

// Inner is shown by the card.
type Inner struct{}

func (i *Inner) Mount(*live.Socket, live.Params) error { return nil }
func (i *Inner) Updated(*live.Socket) error            { return nil }
func (i *Inner) Render() templ.Component               { return inner() }

// Priced and Misled are shown by the inner one.
type Priced struct{}

func (c *Priced) UpdateMany(*live.Socket, []*Priced) error { return nil }
func (c *Priced) Render() templ.Component                  { return priced() }

type Misled struct{}

func (c *Misled) UpdateMany(*live.Socket, []Misled) error { return nil }
func (c *Misled) Render() templ.Component                 { return priced() }

// Unseen is a component that nothing shows.
type Unseen struct{}

func (u *Unseen) Update(*live.Socket) error { return nil }
func (u *Unseen) Mount(*live.Socket) error  { return nil }
func (u *Unseen) Render() templ.Component   { return unseen() }

// These have templates that are not one element.
type (
	TwoRoots  struct{}
	Bare      struct{}
	Branching struct{ On bool }
	Looping   struct{ All []string }
	Calling   struct{}
	Valued    struct{ Text string }
	Void      struct{}
	Itself    struct{}
)

func (c *TwoRoots) Render() templ.Component  { return twoRoots() }
func (c *Bare) Render() templ.Component      { return bare() }
func (c *Branching) Render() templ.Component { return branching(c.On) }
func (c *Looping) Render() templ.Component   { return looping(c.All) }
func (c *Calling) Render() templ.Component {
	if c == nil {
		return priced()
	}
	return calling()
}
func (c *Valued) Render() templ.Component { return valued(c.Text) }
func (c *Void) Render() templ.Component   { return void() }

// Fine has all that may stand beside the element.
type Fine struct{}

func (c *Fine) Render() templ.Component { return fine() }

// Astray has callbacks of pages.
type Astray struct{}

func (c *Astray) HandleParams(*live.Socket, live.Params) error { return nil }
func (c *Astray) Connect(*live.Socket) error                   { return nil }
func (c *Astray) Container() live.Container                    { return live.Container{} }
func (c *Astray) Render() templ.Component                      { return priced() }

// Told is a page with a callback of components.
type Told struct{}

func (p *Told) Mount(*live.Socket, live.Params) error { return nil }
func (p *Told) Update(*live.Socket) error             { return nil }
func (p *Told) Render() templ.Component               { return shelf() }

// Wrapped comes by a function that may do anything with it.
type Wrapped struct{}

func (w *Wrapped) Mount(*live.Socket) error { return nil }
func (w *Wrapped) Render() templ.Component  { return unseen() }

func wrap[C any, P interface {
	*C
	live.View
}](id string) templ.Component {
	return live.Component[C, P](id, nil)
}

func register(app *bennu.App) {
	app.Live("/", func() live.View { return new(Page) })
	app.Live("/told", func() live.View { return new(Told) })
	_ = wrap[Wrapped]("x")
}
