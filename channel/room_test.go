package channel_test

import (
	"errors"
	"strings"

	"bennu/channel"
	"bennu/live"
)

// room is the channel of these tests. What its callbacks do is up to the test.
type room struct {
	who       string
	count     int
	join      func(*room, *channel.Socket, channel.Params) error
	events    channel.Events
	out       channel.Intercepts
	terminate func(*channel.Socket, live.Reason)
}

func (r *room) Join(s *channel.Socket, p channel.Params) error {
	if r.join != nil {
		return r.join(r, s, p)
	}
	return nil
}

func (r *room) Events() channel.Events         { return r.events }
func (r *room) Intercepts() channel.Intercepts { return r.out }

func (r *room) Terminate(s *channel.Socket, why live.Reason) {
	if r.terminate != nil {
		r.terminate(s, why)
	}
}

// rooms serve topics "room:…" by channels that set makes what they are.
func rooms(set func(*room)) channel.Handler[string] {
	return channel.Handler[string]{
		Connect: func(c *channel.Conn) (string, error) {
			if c.Param("user") == "" {
				return "", errors.New("want a user")
			}
			c.Identity = "users:" + c.Param("user")
			return c.Param("user"), nil
		},
		Topics: channel.Topics[string]{"room:*": func(who string) channel.Channel {
			r := &room{who: who}
			set(r)
			return r
		}},
	}
}

type text struct {
	Text string `json:"text"`
}

// talk are events that most tests can do with.
func talk(r *room) {
	r.events = channel.Events{
		"say":     channel.On(func(s *channel.Socket, t text) error { s.Broadcast("said", t); s.Reply(nil); return nil }),
		"whisper": channel.On(func(s *channel.Socket, t text) error { s.BroadcastFrom("said", t); s.Reply(nil); return nil }),
		"count":   channel.Do(func(s *channel.Socket) error { r.count++; s.Reply(r.count); return nil }),
		"crash":   channel.Do(func(*channel.Socket) error { panic("on purpose") }),
		"shout": channel.On(func(s *channel.Socket, t text) error {
			s.Push("shouted", text{strings.ToUpper(t.Text)})
			return nil
		}),
	}
}
