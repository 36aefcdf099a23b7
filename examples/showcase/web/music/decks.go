package music

import (
	"sync"
	"time"

	"bennu/pubsub"
)

// mostDecks bounds what visitors can make the server remember; beyond it one
// gives way to another.
const mostDecks = 1000

// Decks keeps what everybody plays, so that it survives whatever happens to
// their connection. Its methods may be called from any goroutine.
type Decks struct {
	hub *pubsub.Hub
	mu  sync.Mutex
	of  map[string]Deck
}

// NewDecks makes Decks on which nothing plays.
func NewDecks() *Decks {
	return &Decks{hub: pubsub.New(), of: make(map[string]Deck)}
}

// topic tells of changes to the deck of a listener.
func (d *Decks) topic(listener string) pubsub.Topic[Deck] {
	return pubsub.NewTopic[Deck](d.hub, "deck:"+listener)
}

// get is the deck of a listener.
func (d *Decks) get(listener string) Deck {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.of[listener]
}

// change lets f make another deck of a listener's, and tells everybody who
// follows it.
func (d *Decks) change(listener string, f func(Deck, time.Time) Deck) {
	if listener == "" {
		return // a browser without a session
	}
	d.mu.Lock()
	defer d.mu.Unlock() // until all are told, so that they hear it in this order
	deck := f(d.of[listener], time.Now())
	if _, known := d.of[listener]; !known && len(d.of) >= mostDecks {
		for other := range d.of {
			delete(d.of, other)
			break
		}
	}
	d.of[listener] = deck
	d.topic(listener).Broadcast(deck)
}
