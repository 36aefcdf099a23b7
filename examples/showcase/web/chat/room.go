package chat

import (
	"slices"
	"sync"
	"time"

	"bennu/presence"
	"bennu/pubsub"
)

const (
	kept  = 50 // messages of a room, for those who come later
	named = 20 // people of a room by their names; the others are a number
)

// Message is what somebody said. All servers hear it, so that its fields are
// exported.
type Message struct {
	ID, By, Text string
	At           time.Time
}

// Member is what a room knows of somebody who is there.
type Member struct {
	Name   string
	Typing bool
}

// Crowd is who is in a room, as its pages show it. All pages of the server share
// one, so that nobody may change it.
type Crowd struct {
	Count  int
	Names  []string // of the first ones, by the alphabet
	Typing []string // of those who write something just now, a few
}

// Room is a room as this server knows it: what was said lately, and who is here.
type Room struct {
	Name     string
	Messages pubsub.Topic[Message]
	People   presence.Topic[Member]
	Crowds   pubsub.Topic[*Crowd] // on this server alone

	subs []*pubsub.Subscription

	mu      sync.Mutex
	said    []Message
	crowd   *Crowd
	pending bool // a new Crowd will be made
}

// open listens to a room. What it hears costs one list of the people for all
// pages, however many there are and however many come at once.
func open(hub *pubsub.Hub, tracker *presence.Tracker, name string) (*Room, error) {
	r := &Room{
		Name:     name,
		Messages: pubsub.NewTopic[Message](hub, "chat:"+name),
		People:   presence.NewTopic[Member](tracker, "chat:"+name),
		Crowds:   pubsub.NewTopic[*Crowd](hub, "chat-crowd:"+name),
		crowd:    new(Crowd),
	}
	heard, err := r.Messages.SubscribeWith(pubsub.Subscriber[Message]{Receive: r.keep, Inline: true})
	if err != nil {
		return nil, err
	}
	came, err := r.People.SubscribeWith(pubsub.Subscriber[presence.Diff[Member]]{
		Receive: func(presence.Diff[Member]) { r.changed() }, Inline: true,
	})
	if err != nil {
		heard.Cancel()
		return nil, err
	}
	r.subs = []*pubsub.Subscription{heard, came}
	return r, nil
}

func (r *Room) close() {
	for _, s := range r.subs {
		s.Cancel()
	}
}

func (r *Room) keep(m Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, m)
	if len(r.said) > kept {
		r.said = slices.Delete(r.said, 0, len(r.said)-kept)
	}
}

// Said is what was said lately, the oldest first.
func (r *Room) Said() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.said)
}

// Crowd is who was here a moment ago.
func (r *Room) Crowd() *Crowd {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.crowd
}

// changed lets the pages know soon who is here. Each of them draws it, so the
// more there are the longer others who come and go are waited for.
func (r *Room) changed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pending {
		return
	}
	r.pending = true
	const soon, each, most = 100 * time.Millisecond, 200 * time.Microsecond, 3 * time.Second
	time.AfterFunc(min(soon+time.Duration(r.crowd.Count)*each, most), r.look)
}

// look makes a new Crowd and tells the pages of this server.
func (r *Room) look() {
	r.mu.Lock()
	r.pending = false
	r.mu.Unlock()
	c := crowd(r.People.List())
	r.mu.Lock()
	r.crowd = c
	r.mu.Unlock()
	_ = r.Crowds.BroadcastLocal(c) // the name is good, and this server always hears
}

// crowd is people as a Crowd.
func crowd(people []presence.Person[Member]) *Crowd {
	const writers = 3
	c := &Crowd{Count: len(people)}
	for _, p := range people {
		m := p.Metas[len(p.Metas)-1].Value
		if len(c.Names) < named {
			c.Names = append(c.Names, m.Name)
		}
		if m.Typing && len(c.Typing) < writers {
			c.Typing = append(c.Typing, m.Name)
		}
	}
	slices.Sort(c.Names)
	slices.Sort(c.Typing)
	return c
}
