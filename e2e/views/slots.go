package views

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Slots is a page with ten values.
type Slots struct{ Values [10]string }

// Events is one event, which changes one of the values.
func (v *Slots) Events() live.Events {
	return live.Events{"set": live.On(v.set)}
}

func (v *Slots) set(_ *live.Socket, in struct {
	Slot uint8
	Text string
}) error {
	if int(in.Slot) < len(v.Values) {
		v.Values[in.Slot] = in.Text
	}
	return nil
}

// Render draws the page.
func (v *Slots) Render() templ.Component { return slots(v) }
