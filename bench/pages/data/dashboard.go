package data

import (
	"fmt"
	"strconv"
)

// Dashboard is a page of cards, with some 200 values on it.
type Dashboard struct {
	User    string
	Alert   string // empty: there is none
	Metrics []Metric
}

// Metric is a card.
type Metric struct {
	ID, Label, Unit, Class string

	Value int
	Delta float64
	Up    bool
}

const cards = 28

// NewDashboard returns one without an alert.
func NewDashboard() *Dashboard {
	d := &Dashboard{User: "ada", Metrics: make([]Metric, cards)}
	for i := range d.Metrics {
		d.Metrics[i] = Metric{
			ID: fmt.Sprintf("m%d", i), Label: fmt.Sprintf("Metric %d", i), Unit: "ms", Class: "good",
			Value: i*17 + 2, Delta: float64(i) / 3, Up: i%2 == 0,
		}
	}
	return d
}

// Three changes three values: a number, a text and a branch.
func (d *Dashboard) Three(i int) {
	by := 1 - i%2*2
	d.Metrics[3].Value += by
	d.Metrics[9].Delta += float64(by) / 2
	d.Metrics[20].Up = !d.Metrics[20].Up
}

// Evaluate makes the texts that the template makes of the values, which is what
// the page would allocate by any renderer. It returns their length.
func (d *Dashboard) Evaluate() (n int) {
	for i := range d.Metrics {
		m := &d.Metrics[i]
		kept = "value " + m.Class
		n += len(kept)
		kept = strconv.FormatFloat(m.Delta, 'f', 2, 64)
		n += len(kept)
	}
	return n
}

// kept is where texts go, so that they are made on the heap.
var kept string
