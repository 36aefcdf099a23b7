package views

import (
	"slices"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/presence"
	"bennu/pubsub"
)

// Room shows what is said in a room, and who is there, on whichever server.
type Room struct {
	Hub     *pubsub.Hub
	Tracker *presence.Tracker

	Messages, People, Left []string
	Missed                 int
}

func (r *Room) said() pubsub.Topic[string]    { return pubsub.NewTopic[string](r.Hub, "room") }
func (r *Room) there() presence.Topic[string] { return presence.NewTopic[string](r.Tracker, "room") }

// Mount enters the room under the name of the address.
func (r *Room) Mount(s *live.Socket, params live.Params) error {
	live.Subscribe(s, r.said(), func(_ *live.Socket, text string) error {
		r.Messages = append(r.Messages, text)
		return nil
	}).OnMissed(func(*live.Socket, int) error {
		r.Missed++
		return nil
	})
	live.OnPresence(s, r.there(), func(_ *live.Socket, d presence.Diff[string]) error {
		for _, p := range d.Leaves {
			r.Left = append(r.Left, p.Key)
		}
		slices.Sort(r.Left)
		r.look()
		return nil
	})
	_, err := live.Track(s, r.there(), params.Get("name"), "")
	r.look()
	return err
}

func (r *Room) look() {
	r.People = nil
	for _, p := range r.there().List() {
		r.People = append(r.People, p.Key)
	}
}

// Events is one: to say something.
func (r *Room) Events() live.Events {
	return live.Events{"say": live.On(func(_ *live.Socket, in struct{ Text string }) error {
		_ = r.said().Broadcast(in.Text) // on this server it is heard in any case
		return nil
	})}
}

// Render draws the page.
func (r *Room) Render() templ.Component { return room(r) }
