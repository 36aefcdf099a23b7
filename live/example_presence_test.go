package live_test

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/a-h/templ"

	"bennu"
	"bennu/component"
	"bennu/live"
	"bennu/presence"
)

// Member is what a room knows of somebody who is there.
type Member struct {
	Name   string
	Typing bool
}

// Room is the page of a room.
type Room struct {
	Tracker *presence.Tracker // app.Presence()
	User    string            // of the session, not of what the browser says

	Draft  string
	People []presence.Person[Member]
	me     *presence.Tracked[Member]
	rest   *live.Timer
}

func (v *Room) Mount(s *live.Socket, p live.Params) (err error) {
	room := presence.NewTopic[Member](v.Tracker, "room:"+p.Get("id"))
	live.OnPresence(s, room, func(*live.Socket, presence.Diff[Member]) error {
		v.People = room.List()
		return nil
	})
	v.me, err = live.Track(s, room, rand.Text(), Member{Name: v.User})
	v.People = room.List()
	return err
}

func (v *Room) Events() live.Events { return live.Events{"write": live.On(v.write)} }

// write is the phx-change of the form that messages are written in.
func (v *Room) write(s *live.Socket, in struct{ Text string }) error {
	v.Draft = in.Text
	if v.rest != nil {
		v.rest.Stop()
	}
	v.rest = live.After(s, 3*time.Second, func(*live.Socket) error { return v.typing(false) })
	return v.typing(strings.TrimSpace(in.Text) != "")
}

func (v *Room) typing(on bool) error { return v.me.Update(Member{Name: v.User, Typing: on}) }

func (v *Room) Render() templ.Component { return component.FocusWrap("room") } // a template of one's own

// Who is in the room, and who is typing?
func ExampleTrack() {
	app := bennu.New(bennu.Options{Dev: true})
	app.Live("/rooms/{id}", func() live.View { return &Room{Tracker: app.Presence(), User: "Ann"} })
}
