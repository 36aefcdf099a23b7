package music

import (
	"crypto/rand"
	"time"

	"bennu/live"
)

// Known gives each browser a name in its session, by which its pages and its
// player find the same deck. It is a mount hook of the live session.
func Known(s *live.Socket, _ live.Params) error {
	if s.Connected() || s.Session().Get("listener") != "" {
		return nil
	}
	return s.Session().Put("listener", rand.Text())
}

// listener is the part of a view that follows what its browser plays: it has
// the deck, and the time, twice a second.
type listener struct {
	Decks *Decks

	name string
	Deck Deck
	Now  time.Time
}

// listen begins to follow. Views call it in Mount.
func (l *listener) listen(s *live.Socket) {
	l.name, l.Now = s.Session().Get("listener"), time.Now()
	live.Subscribe(s, l.Decks.topic(l.name), l.changed)
	live.Every(s, time.Second/2, l.tick)
	l.Deck = l.Decks.get(l.name)
}

func (l *listener) changed(_ *live.Socket, d Deck) error {
	l.Deck, l.Now = d, time.Now()
	return nil
}

func (l *listener) tick(*live.Socket) error {
	l.Now = time.Now()
	return nil
}
