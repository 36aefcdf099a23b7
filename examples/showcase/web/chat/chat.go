// Package chat is the page of a room where people talk: messages by PubSub, who
// is here and who is writing by Presence, over all servers of the app.
package chat

import (
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/presence"
)

const (
	shown    = 100 // messages on a page
	longest  = 500 // letters of a message
	longName = 24  // letters of a name
	pause    = 3 * time.Second
)

// Page is one visitor's view of a room.
type Page struct {
	Rooms *Rooms

	Room    string
	Name    string
	Lines   live.Stream[Message]
	Crowd   *Crowd
	Draft   string // what is written in the field: emptying it is then a change
	Mistake string // what is wrong with that
	Rename  string // what is wrong with the name

	room  *Room
	me    *presence.Tracked[Member]
	known Member      // what the room knows of me
	rest  *live.Timer // ends the writing
}

// Mount enters the room.
func (p *Page) Mount(s *live.Socket, params live.Params) (err error) {
	if p.room, err = p.Rooms.Room(params.Get("room")); err != nil {
		return err
	}
	p.Room, p.Name, p.Crowd = p.room.Name, someName(), p.room.Crowd()
	s.SetTitle(p.Room + " · Chat · Bennu")
	p.Lines.Init("lines", func(m Message) string { return m.ID })
	live.Subscribe(s, p.room.Messages, p.hear)
	live.Subscribe(s, p.room.Crowds, func(_ *live.Socket, c *Crowd) error { p.Crowd = c; return nil })
	p.Lines.Append(p.room.Said()...)
	p.known = Member{Name: p.Name}
	p.me, err = live.Track(s, p.room.People, rand.Text(), p.known)
	return err
}

func (p *Page) hear(_ *live.Socket, m Message) error {
	p.Lines.Insert(-1, -shown, m)
	return nil
}

// text is what the form of the page brings.
type text struct{ Text string }

// name is what the form of the name brings.
type name struct{ Name string }

// Events are the forms of the page.
func (p *Page) Events() live.Events {
	return live.Events{
		"send":   live.On(p.send),
		"write":  live.On(p.write),
		"rename": live.On(p.rename),
	}
}

// send says something to everybody in the room, this page too: it hears it like
// all others.
func (p *Page) send(_ *live.Socket, in text) error {
	said := strings.TrimSpace(in.Text)
	p.Draft, p.Mistake = in.Text, ""
	switch n := utf8.RuneCountInString(said); {
	case n == 0:
		p.Mistake = "Write something first."
		return nil
	case n > longest:
		p.Mistake = fmt.Sprintf("That is %d letters; %d are the most.", n, longest)
		return nil
	}
	p.Draft = ""
	p.writes(false)
	return p.room.Messages.Broadcast(Message{ID: rand.Text(), By: p.Name, Text: said, At: time.Now().UTC()})
}

// write shows the others that something is being written, until it is sent or
// there is a pause.
func (p *Page) write(s *live.Socket, in text) error {
	p.Draft, p.Mistake = in.Text, ""
	if p.rest != nil {
		p.rest.Stop()
	}
	p.writes(strings.TrimSpace(in.Text) != "")
	p.rest = live.After(s, pause, func(*live.Socket) error { p.writes(false); return nil })
	return nil
}

// writes tells the room, if it is news.
func (p *Page) writes(on bool) { p.is(Member{p.Name, on}) }

func (p *Page) is(m Member) {
	if p.me == nil || p.known == m {
		return
	}
	p.known = m
	_ = p.me.Update(m) // it is no worse than before if the others are not told
}

// rename takes another name, also when the browser brings it back after the
// connection was lost.
func (p *Page) rename(_ *live.Socket, in name) error {
	wanted := strings.Join(strings.FieldsFunc(in.Name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	p.Rename = ""
	switch n := utf8.RuneCountInString(wanted); {
	case n == 0:
		p.Rename = "A name has at least one letter."
	case n > longName:
		p.Rename = fmt.Sprintf("A name has at most %d letters.", longName)
	default:
		p.Name = wanted
		p.is(Member{p.Name, p.known.Typing})
	}
	return nil
}

// someName is the name of a guest.
func someName() string {
	birds := [...]string{"Heron", "Bittern", "Egret", "Ibis", "Stork", "Crane", "Spoonbill", "Avocet", "Curlew", "Plover", "Coot", "Grebe"}
	const guests = 900
	return fmt.Sprintf("%s %d", birds[mrand.IntN(len(birds))], 100+mrand.IntN(guests)) //nolint:gosec // a name is no secret
}

// Render draws the room.
func (p *Page) Render() templ.Component { return page(p) }
