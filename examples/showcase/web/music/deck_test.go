package music

import (
	"fmt"
	"testing"
	"time"
)

func TestDeck(t *testing.T) {
	t.Parallel()
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	two := &Album{Slug: "two", Tracks: []Track{{"one", 10 * time.Second}, {"two", 20 * time.Second}}}
	first := Deck{}.play(two, 0, at(0))
	for _, tt := range []struct {
		what string
		deck Deck
		now  int
		want string // track, seconds into it, does it play
	}{
		{"nothing chosen", Deck{}, 5, "0 0 false"},
		{"nothing chosen, toggled", Deck{}.toggle(at(1)), 5, "0 0 false"},
		{"nothing chosen, skipped", Deck{}.skip(1, at(1)), 5, "0 0 false"},
		{"from the start", first, 4, "0 4 true"},
		{"into the next track", first, 10, "1 0 true"},
		{"the last second", first, 29, "1 19 true"},
		{"over", first, 30, "1 20 false"},
		{"long over", first, 1000, "1 20 false"},
		{"a clock that was set back", first, -5, "0 0 true"},
		{"the second track", Deck{}.play(two, 1, at(100)), 103, "1 3 true"},
		{"paused", first.toggle(at(7)), 500, "0 7 false"},
		{"resumed", first.toggle(at(7)).toggle(at(500)), 502, "0 9 true"},
		{"over and begun again", first.toggle(at(60)), 62, "0 2 true"},
		{"skipped", first.skip(1, at(3)), 5, "1 2 true"},
		{"skipped beyond the end", first.skip(9, at(3)), 5, "1 2 true"},
		{"skipped back", first.skip(-1, at(13)), 14, "0 1 true"},
		{"skipped before the start", first.skip(-1, at(3)), 4, "0 1 true"},
	} {
		n, into := tt.deck.Track(at(tt.now))
		if got := fmt.Sprint(n, into.Seconds(), tt.deck.Playing(at(tt.now))); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
		}
	}
}

func TestDecksAreBounded(t *testing.T) {
	t.Parallel()
	d := NewDecks()
	for i := range mostDecks + 50 {
		d.change(fmt.Sprint(i), Deck.toggle)
	}
	d.change("", Deck.toggle)
	if len(d.of) != mostDecks {
		t.Errorf("%d decks are kept, want %d", len(d.of), mostDecks)
	}
}
