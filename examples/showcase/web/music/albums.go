package music

import (
	"fmt"
	"time"
)

// Album is a record of tracks that follow each other.
type Album struct {
	Slug, Title, By string
	Hour            string // of its cover: the sun at that time
	Tracks          []Track
}

// Track is one piece of an Album.
type Track struct {
	Title  string
	Length time.Duration
}

var albums = []*Album{
	{"first-light", "First Light", "The Reed Ensemble", "Dawn", []Track{
		{"Wingbeat", 74 * time.Second}, {"The Stone Appears", 201 * time.Second}, {"A Cry Sets Time Going", 163 * time.Second},
	}},
	{"high-water", "High Water", "Nile & Daughters", "Noon", []Track{
		{"Inundation", 188 * time.Second}, {"Wading", 97 * time.Second}, {"Fish Below", 142 * time.Second}, {"Gauge at Aswan", 58 * time.Second},
	}},
	{"long-dusk", "The Long Dusk", "Ibis", "Dusk", []Track{
		{"Homeward", 254 * time.Second}, {"Colony, with Frogs", 312 * time.Second},
	}},
	{"night-heron", "Night Heron", "Nycticorax", "Night", []Track{
		{"Quock", 12 * time.Second}, {"Moon on Mud", 176 * time.Second}, {"Still Standing", 230 * time.Second},
	}},
}

// find is the album of that slug, nil if there is none.
func find(slug string) *Album {
	for _, a := range albums {
		if a.Slug == slug {
			return a
		}
	}
	return nil
}

// Length is that of all tracks.
func (a *Album) Length() time.Duration { return a.start(len(a.Tracks)) }

// start is where track n begins.
func (a *Album) start(n int) time.Duration {
	var at time.Duration
	for _, t := range a.Tracks[:n] {
		at += t.Length
	}
	return at
}

// track is the number of the track at a place of the album, the last one at its
// end, and how far into it that is.
func (a *Album) track(place time.Duration) (n int, into time.Duration) {
	for n < len(a.Tracks)-1 && place >= a.Tracks[n].Length {
		place -= a.Tracks[n].Length
		n++
	}
	return n, place
}

// clock writes a duration as players do.
func clock(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}
