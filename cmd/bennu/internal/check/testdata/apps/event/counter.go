// Package event has events with and without a handler.
package event

import (
	"maps"

	"github.com/a-h/templ"

	"shop/event/names"
	"shop/event/parts"

	"bennu/live"
)

const save = "save"

type Counter struct{ Count int }

func (c *Counter) Events() live.Events {
	events := common()
	events["increase"] = live.Do(c.bump)
	events[save] = live.Do(c.bump)
	maps.Copy(events, live.Events{names.Reset: live.Do(c.bump)})
	return events
}

func (c *Counter) bump(*live.Socket) error { return nil }

func (c *Counter) Render() templ.Component { return page(c) }

func common() live.Events {
	return live.Events{"close": live.Do(func(*live.Socket) error { return nil })}
}

// Silent takes no events, and its template sends one.
type Silent struct{}

func (s Silent) Mount(*live.Socket, live.Params) error { return nil }

func (s Silent) Render() templ.Component {
	draw := silent
	return draw(parts.Card("x"))
}

// Dynamic makes names at run time.
type Dynamic struct{ Names []string }

func (d *Dynamic) Events() live.Events {
	events := live.Events{"fixed": live.Do(d.any)}
	for _, name := range d.Names {
		events[name] = live.Do(d.any)
	}
	return events
}

func (d *Dynamic) any(*live.Socket) error { return nil }

func (d *Dynamic) Render() templ.Component { return dynamic() }

// Merged copies the events of another in a loop.
type Merged struct{ Counter }

func (m *Merged) Events() live.Events {
	all := live.Events{}
	for name, h := range m.Counter.Events() {
		all[name] = h
	}
	all["more"] = extra
	return all
}

var extra = live.Do(func(*live.Socket) error { return nil })

func (m *Merged) Render() templ.Component { return drawMerged(m) }

// drawMerged is wired through a variable.
var drawMerged = func(m *Merged) templ.Component { return merged() }

// Card only looks like a view: nothing uses it as one.
type Card struct{}

func (Card) Render() templ.Component { return card() }
