package tour

import (
	"fmt"

	"github.com/a-h/templ"

	"bennu/live"
)

// Notes is a page of two live components that have messages of their own.
type Notes struct{}

// Render draws the page.
func (v *Notes) Render() templ.Component { return notes() }

// Note is one of them.
type Note struct {
	ID string
	N  int
}

// Events put messages and take them along.
func (n *Note) Events() live.Events {
	return live.Events{
		"note": live.Do(func(s *live.Socket) error {
			n.N++
			s.PutFlash(live.Info, fmt.Sprint(n.ID, " noted ", n.N))
			return nil
		}),
		"go": live.Do(func(s *live.Socket) error {
			s.PutFlash(live.Info, "sent by "+n.ID)
			s.Navigate("/tour/cards")
			return nil
		}),
	}
}

// Render draws the note.
func (n *Note) Render() templ.Component { return note(n) }
