// Package reorder is the page of a list whose rows move, each with an input:
// what is typed, the focus and the selection go along.
package reorder

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/a-h/templ"

	"bennu/live"
)

// longest is how much of a note is kept, in bytes.
const longest = 200

// beat is the time between two moves when the list shuffles by itself.
const beat = 1500 * time.Millisecond

// Stop is a landing of the ferry.
type Stop struct {
	ID   int
	Name string
	Km   int // from the sea
	Note string
}

// Page is the way of the ferry, in the order of its rows.
type Page struct {
	Stops []Stop
	Timer *live.Timer // while the list shuffles by itself
}

// Mount begins with the stops as they lie along the river.
func (p *Page) Mount(*live.Socket, live.Params) error {
	p.Stops = []Stop{
		{ID: 1, Name: "Rosetta", Km: 14}, {ID: 2, Name: "Cairo", Km: 236}, {ID: 3, Name: "Fayum", Km: 340},
		{ID: 4, Name: "Minya", Km: 482}, {ID: 5, Name: "Abydos", Km: 748}, {ID: 6, Name: "Luxor", Km: 957},
		{ID: 7, Name: "Edfu", Km: 1065}, {ID: 8, Name: "Aswan", Km: 1180},
	}
	return nil
}

// Events are the buttons and the rows' forms.
func (p *Page) Events() live.Events {
	return live.Events{
		"up":      live.On(p.up),
		"down":    live.On(p.down),
		"raise":   live.On(p.raise),
		"note":    live.On(p.note),
		"sort":    live.On(p.sort),
		"reverse": live.Do(p.reverse),
		"shuffle": live.Do(p.shuffle),
		"keep":    live.Do(p.keep),
	}
}

type which struct{ ID int }

func (p *Page) up(_ *live.Socket, w which) error {
	p.move(w.ID, -1)
	return nil
}

func (p *Page) down(_ *live.Socket, w which) error {
	p.move(w.ID, 1)
	return nil
}

// move takes a stop to the place of its neighbour. Who has none stays.
func (p *Page) move(id, by int) {
	i := p.index(id)
	if i < 0 || i+by < 0 || i+by >= len(p.Stops) {
		return
	}
	p.Stops[i], p.Stops[i+by] = p.Stops[i+by], p.Stops[i]
}

func (p *Page) index(id int) int {
	return slices.IndexFunc(p.Stops, func(s Stop) bool { return s.ID == id })
}

// written is what the form of a row sends.
type written struct {
	Stop int
	Note string
}

// note keeps what is typed.
func (p *Page) note(_ *live.Socket, w written) error {
	if i := p.index(w.Stop); i >= 0 && len(w.Note) <= longest {
		p.Stops[i].Note = w.Note
	}
	return nil
}

// raise is the Enter key in a row's input.
func (p *Page) raise(s *live.Socket, w written) error {
	p.move(w.Stop, -1)
	return p.note(s, w)
}

func (p *Page) sort(_ *live.Socket, by struct{ By string }) error {
	slices.SortStableFunc(p.Stops, func(a, b Stop) int {
		if by.By == "name" {
			return cmp.Compare(a.Name, b.Name)
		}
		return cmp.Compare(a.Km, b.Km)
	})
	return nil
}

func (p *Page) reverse(*live.Socket) error {
	slices.Reverse(p.Stops)
	return nil
}

// shuffle puts the rows into another order than the one that they are in.
func (p *Page) shuffle(*live.Socket) error {
	before := slices.Clone(p.Stops)
	for slices.Equal(before, p.Stops) {
		rand.Shuffle(len(p.Stops), func(i, j int) { p.Stops[i], p.Stops[j] = p.Stops[j], p.Stops[i] })
	}
	return nil
}

// keep lets the list shuffle by itself, or stops it.
func (p *Page) keep(s *live.Socket) error {
	if p.Timer != nil {
		p.Timer.Stop()
		p.Timer = nil
		return nil
	}
	p.Timer = live.Every(s, beat, p.shuffle)
	return p.shuffle(s)
}

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
