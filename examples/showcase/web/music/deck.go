package music

import "time"

// Deck is what somebody plays, and since when. Where the music is now follows
// from the clock, so that it goes on while nobody looks. It is a value: whoever
// holds one may keep it.
type Deck struct {
	Album *Album        // nil: nothing was chosen yet
	place time.Duration // in the album, when it was last touched
	since time.Time     // when it began to play from there; zero: it does not
}

// Place is where in the album the music is.
func (d Deck) Place(now time.Time) time.Duration {
	if d.Album == nil {
		return 0
	}
	if !d.since.IsZero() {
		return min(d.place+max(now.Sub(d.since), 0), d.Album.Length())
	}
	return d.place
}

// Playing reports whether the music moves: it was not paused, and is not over.
func (d Deck) Playing(now time.Time) bool {
	return !d.since.IsZero() && d.Place(now) < d.Album.Length()
}

// Track is the number of the present track, and how far into it the music is.
func (d Deck) Track(now time.Time) (n int, into time.Duration) {
	if d.Album == nil {
		return 0, 0
	}
	return d.Album.track(d.Place(now))
}

// play is the deck with the needle on track n of an album.
func (d Deck) play(a *Album, n int, now time.Time) Deck {
	return Deck{a, a.start(n), now}
}

// toggle pauses and resumes. What is over begins again.
func (d Deck) toggle(now time.Time) Deck {
	switch {
	case d.Album == nil:
		return d
	case d.Playing(now):
		return Deck{d.Album, d.Place(now), time.Time{}}
	case d.Place(now) == d.Album.Length():
		return d.play(d.Album, 0, now)
	default:
		return Deck{d.Album, d.place, now}
	}
}

// skip goes by tracks, and stays within the album.
func (d Deck) skip(by int, now time.Time) Deck {
	if d.Album == nil {
		return d
	}
	n, _ := d.Track(now)
	return d.play(d.Album, min(max(n+by, 0), len(d.Album.Tracks)-1), now)
}
