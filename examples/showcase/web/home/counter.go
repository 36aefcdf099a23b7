package home

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// The front page shows this file and counter.templ, from the type on, and runs
// them.

type Counter struct{ Count int }

type step struct{ Number int } // phx-value-number

func (c *Counter) Events() live.Events {
	return live.Events{"change": live.On(c.change)}
}

func (c *Counter) change(_ *live.Socket, by step) error {
	c.Count += by.Number
	return nil
}

func (c *Counter) Render() templ.Component { return counter(c) }
