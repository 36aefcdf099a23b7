package pair

import (
	"math"

	"github.com/a-h/templ"

	"bennu/live"
)

// Scale is a live component: a field for the temperature in one unit. It knows
// nothing of the other one; both are told by the page and tell the page.
type Scale struct {
	Unit    Unit
	Celsius float64       // what the page says
	Changed func(float64) // tells the page, in Celsius

	Mistake string
}

// Unit is a way to count degrees.
type Unit struct {
	Name        string
	Zero, Scale float64 // of Celsius
}

var (
	celsius    = Unit{"Celsius", 0, 1}
	fahrenheit = Unit{"Fahrenheit", 32, 1.8}
)

// Of is a temperature in this unit, to a tenth of a degree.
func (u Unit) Of(celsius float64) float64 {
	return math.Round((celsius*u.Scale+u.Zero)*10)/10 + 0 // and not -0
}

// ToCelsius is the way back.
func (u Unit) ToCelsius(degrees float64) float64 { return (degrees - u.Zero) / u.Scale }

// Events are those of the field.
func (c *Scale) Events() live.Events { return live.Events{"typed": live.On(c.typed)} }

// typed takes what stands in the field. What makes no sense stays there, with
// a word about it, and the page hears nothing.
func (c *Scale) typed(s *live.Socket, in struct{ Degrees *float64 }) error {
	c.Mistake = ""
	if in.Degrees == nil || len(s.FormErrors()) > 0 {
		c.Mistake = "Write a number."
		return nil
	}
	switch t := c.Unit.ToCelsius(*in.Degrees); {
	case t < -273.15:
		c.Mistake = "Nothing is as cold as that."
	case t > 10_000:
		c.Mistake = "No bird stands that."
	default:
		c.Changed(t)
	}
	return nil
}

// Render draws the field.
func (c *Scale) Render() templ.Component { return scale(c) }
