package views

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Links is a page with one address from outside in every place for one.
type Links struct{ To string }

// Mount takes the address from the page's own.
func (l *Links) Mount(_ *live.Socket, p live.Params) error {
	l.To = p.Get("to")
	return nil
}

// Events are one, which brings another address.
func (l *Links) Events() live.Events {
	return live.Events{"set": live.On(func(_ *live.Socket, in struct{ To string }) error { l.To = in.To; return nil })}
}

// Render draws the page.
func (l *Links) Render() templ.Component { return links(l) }

func attributes(to string) templ.Attributes { return templ.Attributes{"href": to} }
