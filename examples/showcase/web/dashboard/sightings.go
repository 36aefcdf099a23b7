package dashboard

import (
	"context"
	"strconv"

	"bennu/live"
)

// read asks for the next lines of the log book. A reading that is under way
// under the same name is dropped.
func (p *Page) read(s *live.Socket) {
	p.Writing = true
	station, n := p.Station, p.Written
	live.Go(s, "log book", func(ctx context.Context) ([]Sighting, error) {
		return station.Sightings(ctx, n)
	}, p.wrote)
}

// wrote puts lines on the page, which keeps them, and asks for more until there
// are none.
func (p *Page) wrote(s *live.Socket, lines []Sighting, err error) error {
	p.Writing = false
	if err != nil || len(lines) == 0 {
		return nil
	}
	p.Sightings.Append(lines...)
	p.Written += len(lines)
	p.read(s)
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
