package music

import (
	"time"

	"github.com/a-h/templ"

	"bennu/live"
)

// Player is the sticky view at the foot of every page of the live session. It
// goes on while the pages above it come and go.
type Player struct {
	listener
	Process uint64
}

// NewPlayer makes a Player of what the Decks have.
func NewPlayer(d *Decks) *Player { return &Player{listener: listener{Decks: d}} }

// Mount finds the deck of this browser, which may be playing already.
func (p *Player) Mount(s *live.Socket, _ live.Params) error {
	p.Process = s.Process()
	p.listen(s)
	return nil
}

// Events are the player's buttons.
func (p *Player) Events() live.Events {
	return live.Events{
		"toggle": live.Do(p.toggle),
		"skip":   live.On(p.skip),
	}
}

func (p *Player) toggle(*live.Socket) error {
	p.Decks.change(p.name, Deck.toggle)
	return nil
}

func (p *Player) skip(_ *live.Socket, in struct{ By int }) error {
	p.Decks.change(p.name, func(d Deck, now time.Time) Deck { return d.skip(in.By, now) })
	return nil
}

// Render draws the player.
func (p *Player) Render() templ.Component { return player(p) }

// verb is what the button in the middle does.
func verb(p *Player) string {
	if p.Deck.Playing(p.Now) {
		return "pause"
	}
	return "play"
}
