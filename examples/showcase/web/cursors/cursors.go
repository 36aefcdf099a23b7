// Package cursors is a page on which everybody sees where the mouse of everybody
// else is, many times a second.
//
// Who is there is Presence, which forgets nobody and says who has gone. Where
// they are is a topic, of which only the newest message counts.
package cursors

import (
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"bennu/examples/showcase/web/pace"
	"bennu/live"
	"bennu/presence"
)

const longName = 24

// tellEvery is how often a page tells the others where it is, however often its
// browser says so.
const tellEvery = 40 * time.Millisecond

// colours are those of the pointers, by their classes in app.css.
var colours = []string{"Sun", "Lapis", "Reed", "Amber", "Plum", "Lotus", "Teal", "Clay"}

// Page is one visitor's view of the field.
type Page struct {
	field *Field

	ID string
	Member
	Written string // the name as it stands in its field
	Mistake string // what is wrong with that
	Picture *Picture

	at   *Point // where this one is, nil for nowhere
	here *presence.Tracked[Member]
	tell *pace.Pace
}

// Page makes the view of somebody who comes.
func (f *Field) Page() *Page { return &Page{field: f} }

// Mount makes up somebody.
func (p *Page) Mount(*live.Socket, live.Params) error {
	birds := [...]string{"Heron", "Bittern", "Egret", "Ibis", "Stork", "Crane", "Avocet", "Curlew", "Plover", "Coot", "Grebe"}
	p.ID = rand.Text()
	p.Name, p.Colour = birds[mrand.IntN(len(birds))], mrand.IntN(len(colours))
	p.Written, p.Picture = p.Name, p.field.Picture()
	return nil
}

// Connect lets the others know, and sees them. A page that is behind skips
// pictures.
func (p *Page) Connect(s *live.Socket) (err error) {
	p.tell = pace.New(tellEvery, p.say)
	live.SubscribeLatest(s, p.field.Pictures, func(*Picture) struct{} { return struct{}{} },
		func(_ *live.Socket, picture *Picture) error { p.Picture = picture; return nil })
	p.here, err = live.Track(s, p.field.People, p.ID, p.Member)
	p.Picture = p.field.Picture()
	return err
}

// Others are those who are drawn.
func (p *Page) Others() []Other {
	var others []Other
	for _, o := range p.Picture.People {
		if o.ID != p.ID && len(others) < drawn {
			others = append(others, o)
		}
	}
	return others
}

// Count is how many are there, this one too.
func (p *Page) Count() int { return max(1, p.Picture.Count) }

// Events are the pointer's, and the form's of who one is.
func (p *Page) Events() live.Events {
	return live.Events{
		"move":  live.On(p.move),
		"leave": live.Do(p.leave),
		"call":  live.On(p.call),
	}
}

func (p *Page) move(s *live.Socket, to Point) error {
	p.at = &Point{min(max(to.X, 0), side), min(max(to.Y, 0), side)}
	return p.tell.Ask(s)
}

func (p *Page) leave(s *live.Socket) error {
	p.at = nil
	return p.tell.Ask(s)
}

// say tells the others.
func (p *Page) say(*live.Socket) error {
	m := Move{ID: p.ID, Away: p.at == nil}
	if p.at != nil {
		m.At = *p.at
	}
	_ = p.field.Moves.Broadcast(m) // where the other servers are away, this one's pages have it
	return nil
}

// call takes another name and colour, also when the browser brings them back
// after the connection was lost.
func (p *Page) call(s *live.Socket, in Member) error {
	p.Written, p.Mistake = in.Name, ""
	name := strings.Join(strings.FieldsFunc(in.Name, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		p.Mistake = "A name has at least one letter."
	case n > longName:
		p.Mistake = fmt.Sprintf("A name has at most %d letters.", longName)
	default:
		p.Name = name
	}
	if in.Colour >= 0 && in.Colour < len(colours) && len(s.FormErrors()) == 0 {
		p.Colour = in.Colour
	}
	return p.here.Update(p.Member)
}

// Render draws the field.
func (p *Page) Render() templ.Component { return page(p, p.Others()) }
