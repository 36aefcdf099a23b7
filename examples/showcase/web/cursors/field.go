package cursors

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"bennu/presence"
	"bennu/pubsub"
)

const (
	drawn    = 40    // people with name and pointer on one page; the rest are a number
	side     = 1000  // a point of the field is 0 to this across and down
	remember = 16384 // pointers
)

// Member is what is known of somebody who is there. All servers hear it.
type Member struct {
	Name   string
	Colour int
}

// Move says where somebody's pointer is, or that it has left the field. All
// servers hear it.
type Move struct {
	ID   string
	At   Point
	Away bool
}

// Point is a place on the field.
type Point struct{ X, Y int }

// Style puts an element there: the field is a container, and these are parts of
// its width and height.
func (p Point) Style() string {
	return fmt.Sprintf("translate: %d.%dcqw %d.%dcqh", p.X/10, p.X%10, p.Y/10, p.Y%10)
}

// Other is somebody who is there.
type Other struct {
	ID string
	Member
	At   Point
	Seen bool // the pointer is on the field
}

// Picture is the field at one time. All pages of a server share it, so that
// nobody may change it.
type Picture struct {
	Count  int
	People []Other // one more than are drawn, since nobody is drawn on his own page
}

// Field is the field as this server knows it. What it hears costs one Picture
// for all pages, however many move and come and go at a time.
type Field struct {
	Moves    pubsub.Topic[Move]
	People   presence.Topic[Member]
	Pictures pubsub.Topic[*Picture] // on this server alone

	mu      sync.Mutex
	at      map[string]Point
	people  []Other // as of the last look, without places
	picture *Picture
	moving  bool // a new Picture will be made
	looking bool // and before it a new list of the people
}

// NewField makes the field of an app with this hub and tracker.
func NewField(hub *pubsub.Hub, tracker *presence.Tracker) *Field {
	f := &Field{
		Moves: pubsub.NewTopic[Move](hub, "cursors"), Pictures: pubsub.NewTopic[*Picture](hub, "cursors:pictures"),
		People: presence.NewTopic[Member](tracker, "cursors"),
		at:     make(map[string]Point), picture: new(Picture),
	}
	_, err := f.Moves.SubscribeWith(pubsub.Subscriber[Move]{Receive: f.moved, Inline: true})
	if err == nil {
		_, err = f.People.SubscribeWith(pubsub.Subscriber[presence.Diff[Member]]{
			Receive: func(presence.Diff[Member]) { f.changed() }, Inline: true,
		})
	}
	if err != nil {
		panic(fmt.Sprintf("cursors: %v", err)) // somebody has another topic of that name
	}
	return f
}

// Picture is the last one.
func (f *Field) Picture() *Picture {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.picture
}

// moved hears where somebody is. The pages are drawn 25 times a second at most.
func (f *Field) moved(m Move) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.at[m.ID]; m.Away {
		delete(f.at, m.ID)
	} else if known || len(f.at) < remember {
		f.at[m.ID] = m.At
	}
	if !f.moving {
		f.moving = true
		time.AfterFunc(40*time.Millisecond, f.draw)
	}
}

// changed hears that somebody has come or gone. The more there are the longer
// others are waited for.
func (f *Field) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.looking {
		return
	}
	f.looking = true
	const soon, each, most = 60 * time.Millisecond, 200 * time.Microsecond, 3 * time.Second
	time.AfterFunc(min(soon+time.Duration(f.picture.Count)*each, most), f.look)
}

// look asks who is there.
func (f *Field) look() {
	f.mu.Lock()
	f.looking = false
	f.mu.Unlock()
	people := f.People.List()
	there, some := make(map[string]bool, len(people)), make([]Other, 0, min(len(people), drawn+1))
	for _, p := range people {
		there[p.Key] = true
		if len(some) < cap(some) {
			some = append(some, Other{ID: p.Key, Member: p.Metas[len(p.Metas)-1].Value})
		}
	}
	slices.SortFunc(some, func(a, b Other) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	f.mu.Lock()
	f.people = some
	f.picture = &Picture{Count: len(people)}
	for id := range f.at {
		if !there[id] { // has gone; one who has moved before it was known to be there moves again
			delete(f.at, id)
		}
	}
	f.mu.Unlock()
	f.draw()
}

// draw makes a new Picture and tells the pages of this server.
func (f *Field) draw() {
	f.mu.Lock()
	f.moving = false
	p := &Picture{Count: f.picture.Count, People: slices.Clone(f.people)}
	for i := range p.People {
		one := &p.People[i]
		one.At, one.Seen = f.at[one.ID]
	}
	f.picture = p
	f.mu.Unlock()
	_ = f.Pictures.BroadcastLocal(p) // the name is good, and this server always hears
}
