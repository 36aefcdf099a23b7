// Package dashboard is the page whose parts come when they are ready: cards that
// load in the background and fail alone, a log book that arrives in batches, and
// a long job that can be cancelled.
package dashboard

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Page is a live page of cards, each filled by a source of its own.
type Page struct {
	Station *Station

	River     live.Async[Level]
	Weather   live.Async[Weather]
	Nests     live.Async[int]
	Satellite live.Async[Fix]
	Gauge     live.Async[int]

	Sightings live.Stream[Sighting]
	Written   int  // lines of the log book on the page
	Writing   bool // more are on their way

	Job Job
}

// Mount names the stream of the log book.
func (p *Page) Mount(*live.Socket, live.Params) error {
	p.Sightings.Init("sightings", func(s Sighting) string { return itoa(s.ID) })
	return nil
}

// Connect begins to load, now that there is somebody to show it to.
func (p *Page) Connect(s *live.Socket) error {
	live.OnMessage(s, p.progressed)
	return p.reload(s, reload{})
}

// Events are the buttons of the page.
func (p *Page) Events() live.Events {
	return live.Events{
		"reload": live.On(p.reload),
		"ask":    live.On(p.ask),
		"start":  live.Do(p.start),
		"cancel": live.Do(p.cancel),
	}
}

// reload is what the two buttons on top send: whether to forget first what the
// cards show.
type reload struct{ Forget bool }

func (p *Page) reload(s *live.Socket, how reload) error {
	var opts []live.TaskOption
	if how.Forget {
		opts = append(opts, live.Reset())
	}
	for _, card := range []string{"river", "weather", "nests", "satellite"} {
		p.load(s, card, opts...)
	}
	p.Sightings.Reset()
	p.Written = 0
	p.read(s)
	return nil
}

// ask asks the source of one card, whose button names it.
func (p *Page) ask(s *live.Socket, of struct{ Card string }) error {
	p.load(s, of.Card)
	return nil
}

// load fills a card from its source. Until that answers the card shows what it
// has.
func (p *Page) load(s *live.Socket, card string, opts ...live.TaskOption) {
	switch card {
	case "river":
		live.Load(s, &p.River, p.Station.River, opts...)
	case "weather":
		live.Load(s, &p.Weather, p.Station.Weather, opts...)
	case "nests":
		live.Load(s, &p.Nests, p.Station.Nests, opts...)
	case "satellite":
		live.Load(s, &p.Satellite, p.Station.Satellite, opts...)
	case "gauge":
		live.Load(s, &p.Gauge, p.Station.Gauge, opts...)
	}
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
