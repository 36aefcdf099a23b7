package pair

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Card is a live component in a list. Its rings are its own: they come along
// when it moves, and are gone when it is removed.
type Card struct {
	Bird       string
	Up, Remove func() // tell the page
	Rings      int
}

// Events are the buttons of a card.
func (c *Card) Events() live.Events {
	return live.Events{
		"ring":   live.Do(c.ring),
		"up":     live.Do(func(*live.Socket) error { c.Up(); return nil }),
		"remove": live.Do(func(*live.Socket) error { c.Remove(); return nil }),
	}
}

func (c *Card) ring(*live.Socket) error {
	c.Rings++
	return nil
}

// Render draws the card.
func (c *Card) Render() templ.Component { return card(c) }
