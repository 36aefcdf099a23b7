package dashboard

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Station stands for the services that a dashboard asks: slow, and not always
// there. The zero Station works.
type Station struct{ asked atomic.Int64 }

// Level is the height of the river.
type Level struct{ Centimetres, Change int }

// Weather is what the mast measures.
type Weather struct {
	Degrees int
	Wind    string
}

// Fix is where a ringed bird was last seen from above.
type Fix struct {
	Place string
	Ring  int
}

// Sighting is a line of the log book.
type Sighting struct {
	ID          int
	Bird, Place string
}

// River answers quickly.
func (*Station) River(ctx context.Context) (Level, error) {
	err := wait(ctx, 300*time.Millisecond)
	return Level{200 + rand.IntN(20), rand.IntN(9) - 4}, err
}

// Weather takes its time.
func (*Station) Weather(ctx context.Context) (Weather, error) {
	err := wait(ctx, 900*time.Millisecond)
	return Weather{19 + rand.IntN(6), pick("north", "west", "the sea")}, err
}

// Nests counts, which is slow.
func (*Station) Nests(ctx context.Context) (int, error) {
	err := wait(ctx, 1800*time.Millisecond)
	return 140 + rand.IntN(12), err
}

var errBelow = errors.New("the satellite is below the horizon")

// Satellite fails every other time.
func (st *Station) Satellite(ctx context.Context) (Fix, error) {
	if err := wait(ctx, 600*time.Millisecond); err != nil {
		return Fix{}, err
	}
	if st.asked.Add(1)%2 == 0 {
		return Fix{}, errBelow
	}
	return Fix{pick(places...), 1 + rand.IntN(40)}, nil
}

// Gauge has a bug.
func (*Station) Gauge(ctx context.Context) (int, error) {
	if err := wait(ctx, 200*time.Millisecond); err != nil {
		return 0, err
	}
	var readings []int
	return readings[len(readings)], nil
}

// batch is how many lines of the log book come at a time, and written how many
// there are.
const batch, written = 4, 12

// Sightings are the lines of the log book after the first n.
func (*Station) Sightings(ctx context.Context, n int) ([]Sighting, error) {
	if err := wait(ctx, 700*time.Millisecond); err != nil {
		return nil, err
	}
	var lines []Sighting
	for id := n + 1; id <= min(n+batch, written); id++ {
		lines = append(lines, Sighting{id, pick("Heron", "Ibis", "Spoonbill", "Egret", "Bittern"), pick(places...)})
	}
	return lines, nil
}

var places = []string{"Aswan", "Camargue", "Fayum", "Hula", "Luxor", "Siwa", "Texel"}

func pick(of ...string) string { return of[rand.IntN(len(of))] }

// wait is what asking somebody else costs. It ends with the context, as every
// call to a service should.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
