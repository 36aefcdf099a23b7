package pair

import (
	"slices"

	"github.com/a-h/templ"

	"bennu/live"
)

// hours are those that the sky can show.
var hours = []string{"Dawn", "Noon", "Dusk", "Night"}

// Picker is a live component with a button for each hour. It tells the Sky by
// live.SendUpdate; the page between them has no part in it.
type Picker struct{ Hour string }

// Mount begins the day.
func (c *Picker) Mount(*live.Socket) error {
	c.Hour = hours[0]
	return nil
}

// Events are the buttons.
func (c *Picker) Events() live.Events { return live.Events{"pick": live.On(c.pick)} }

func (c *Picker) pick(s *live.Socket, in struct{ Hour string }) error {
	if !slices.Contains(hours, in.Hour) {
		return nil
	}
	c.Hour = in.Hour
	live.SendUpdate(s.Self(), "sky", func(sky *Sky) { sky.Hour = in.Hour })
	return nil
}

// Render draws the buttons.
func (c *Picker) Render() templ.Component { return picker(c) }

// Sky is a live component that shows an hour, and how often it has changed.
type Sky struct {
	Hour string

	shown   string
	Changes int
}

// Mount begins the day.
func (c *Sky) Mount(*live.Socket) error {
	c.Hour, c.shown = hours[0], hours[0]
	return nil
}

// Update follows what somebody has set.
func (c *Sky) Update(*live.Socket) error {
	if c.Hour != c.shown {
		c.shown = c.Hour
		c.Changes++
	}
	return nil
}

// Events are the sky's own button.
func (c *Sky) Events() live.Events { return live.Events{"pass": live.Do(c.pass)} }

// pass lets an hour pass, and tells the Picker.
func (c *Sky) pass(s *live.Socket) error {
	c.Hour = hours[(slices.Index(hours, c.Hour)+1)%len(hours)]
	live.SendUpdate(s.Self(), "picker", func(p *Picker) { p.Hour = c.Hour })
	return c.Update(s)
}

// Render draws the sky.
func (c *Sky) Render() templ.Component { return sky(c) }
