// Package counter is the page with a number and two buttons to change it, and
// one that breaks it.
package counter

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Counter is a live page. Every visitor has one of their own, which lives as
// long as the page is connected.
type Counter struct{ Count int }

// step is what the buttons send along: phx-value-number.
type step struct{ Number int }

// Events are the buttons of the page.
func (c *Counter) Events() live.Events {
	return live.Events{
		"increase": live.On(c.increase),
		"decrease": live.On(c.decrease),
		"crash":    live.Do(c.crash),
	}
}

func (c *Counter) increase(_ *live.Socket, by step) error {
	c.Count += by.Number
	return nil
}

func (c *Counter) decrease(_ *live.Socket, by step) error {
	c.Count -= by.Number
	return nil
}

// crash shows what a bug costs: this view, and nothing besides. The log has the
// stack, and the page goes on with a fresh Counter.
func (c *Counter) crash(*live.Socket) error {
	panic("the crash button was pressed")
}

// Render draws the page.
func (c *Counter) Render() templ.Component { return page(c) }
