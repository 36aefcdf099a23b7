// Package pair is the page of live components that talk to each other: through
// the page, straight from one to the other, and in a list whose cards move.
package pair

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"bennu/live"
)

// Page is what the components have in common. What is theirs alone, such as how
// often a card was rung, is in them.
type Page struct {
	Celsius float64
	Cards   []string // their birds, in order
}

// birds are dealt from the first on.
var birds = []string{"Heron", "Ibis", "Spoonbill", "Egret", "Bittern", "Stork", "Crane", "Pelican"}

// Mount sets the temperature and deals three cards.
func (p *Page) Mount(*live.Socket, live.Params) error {
	p.Celsius, p.Cards = 20, slices.Clone(birds[:3])
	return nil
}

// Events are the page's own buttons.
func (p *Page) Events() live.Events {
	return live.Events{
		"reverse": live.Do(p.reverse),
		"deal":    live.Do(p.deal),
	}
}

func (p *Page) reverse(*live.Socket) error {
	slices.Reverse(p.Cards)
	return nil
}

// deal puts the first bird on the table that is not there.
func (p *Page) deal(*live.Socket) error {
	for _, bird := range birds {
		if !slices.Contains(p.Cards, bird) {
			p.Cards = append(p.Cards, bird)
			return nil
		}
	}
	return nil
}

// up and remove are called by a card.
func (p *Page) up(bird string) {
	if i := slices.Index(p.Cards, bird); i > 0 {
		p.Cards[i-1], p.Cards[i] = p.Cards[i], p.Cards[i-1]
	}
}

func (p *Page) remove(bird string) {
	p.Cards = slices.DeleteFunc(p.Cards, func(b string) bool { return b == bird })
}

// water says what a temperature does to the river.
func (p *Page) water() string {
	switch {
	case p.Celsius <= 0:
		return "ice"
	case p.Celsius < 100:
		return "water"
	default:
		return "steam"
	}
}

// degrees is a temperature as people write it.
func degrees(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// Render draws the page.
func (p *Page) Render() templ.Component { return page(p) }
