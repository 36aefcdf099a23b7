// Package music is the pages with a player that plays on while its listener goes
// from one page to the other.
package music

import (
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/live"
)

// Layout stands around the pages: it has the player, once for all of them.
func Layout(s *live.Socket) templ.Component { return layout(s) }

// Index is the page with all albums.
type Index struct{}

// Render draws the page.
func (v *Index) Render() templ.Component { return index(v) }

// Show is the page of one album.
type Show struct {
	listener
	Album *Album
}

// NewShow makes the page of an album, which shows what the Decks have.
func NewShow(d *Decks) *Show { return &Show{listener: listener{Decks: d}} }

// Mount finds the album.
func (v *Show) Mount(s *live.Socket, p live.Params) error {
	v.Album = find(p.Get("album"))
	if v.Album == nil {
		return bennu.Status(http.StatusNotFound, fmt.Errorf("no album %q", p.Get("album")))
	}
	s.SetTitle(v.Album.Title + " · Bennu")
	v.listen(s)
	return nil
}

// Events are the tracks.
func (v *Show) Events() live.Events { return live.Events{"play": live.On(v.play)} }

// play changes the deck. The player hears of it, and so does this page.
func (v *Show) play(_ *live.Socket, in struct{ Track int }) error {
	if in.Track < 0 || in.Track >= len(v.Album.Tracks) {
		return nil
	}
	v.Decks.change(v.name, func(d Deck, now time.Time) Deck { return d.play(v.Album, in.Track, now) })
	return nil
}

// on reports whether a track is the one that the deck is at.
func (v *Show) on(track int) bool {
	n, _ := v.Deck.Track(v.Now)
	return v.Deck.Album == v.Album && n == track
}

// Render draws the page.
func (v *Show) Render() templ.Component { return show(v) }
