// Package table is the page with a thousand rows, of which one cell, one row or
// the order changes at a time.
package table

import (
	"math/rand/v2"
	"slices"

	"github.com/a-h/templ"

	"bennu/live"
)

const (
	startRows = 1000
	// maxRows bounds what a client can make its view hold by inserting; beyond
	// it the last row makes room for the new one.
	maxRows = 2000
)

// Table is a live page of ringed herons.
type Table struct {
	Rows []Heron
	Last int // the highest number given to a row so far
}

// Mount fills the table.
func (t *Table) Mount(*live.Socket, live.Params) error {
	t.Rows = make([]Heron, startRows)
	for i := range t.Rows {
		t.Rows[i] = ring(i + 1)
	}
	t.Last = startRows
	return nil
}

// Events are the buttons above the table and the one in each row.
func (t *Table) Events() live.Events {
	return live.Events{
		"touch":   live.On(t.touch),
		"insert":  live.Do(t.insert),
		"shuffle": live.Do(t.shuffle),
	}
}

// touch counts one more sighting of a heron. A number that no row has, say of
// one that made room for another, changes nothing.
func (t *Table) touch(_ *live.Socket, heron struct{ ID int }) error {
	i := slices.IndexFunc(t.Rows, func(h Heron) bool { return h.ID == heron.ID })
	if i >= 0 {
		t.Rows[i].Seen++
	}
	return nil
}

// insert adds a row on top.
func (t *Table) insert(*live.Socket) error {
	if len(t.Rows) == maxRows {
		t.Rows = t.Rows[:maxRows-1]
	}
	t.Last++
	t.Rows = slices.Insert(t.Rows, 0, ring(t.Last))
	return nil
}

// shuffle puts the rows into another order.
func (t *Table) shuffle(*live.Socket) error {
	rand.Shuffle(len(t.Rows), func(i, j int) { t.Rows[i], t.Rows[j] = t.Rows[j], t.Rows[i] })
	return nil
}

// Render draws the page.
func (t *Table) Render() templ.Component { return page(t) }
