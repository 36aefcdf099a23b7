package channel_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"bennu/channel"
	"bennu/live"
	"bennu/presence"
	"bennu/pubsub"
)

// User is what is known of whoever has connected.
type User struct{ ID, Name string }

// Chat is one client's place in a room.
type Chat struct {
	User User
}

// Join lets everybody into the lobby.
func (c *Chat) Join(s *channel.Socket, p channel.Params) error {
	if p.Match != "lobby" {
		return channel.Refuse("no such room")
	}
	s.Reply(map[string]string{"you": c.User.Name})
	s.BroadcastFrom("arrived", map[string]string{"name": c.User.Name})
	return nil
}

// Events are what the client may send.
func (c *Chat) Events() channel.Events {
	return channel.Events{"say": channel.On(c.say)}
}

type Line struct {
	From string `json:"from"`
	Text string `json:"text"`
}

func (c *Chat) say(s *channel.Socket, l Line) error {
	if l.Text == "" {
		return channel.Refuse("say something")
	}
	l.From = c.User.Name // whatever the client claims
	s.Broadcast("said", l)
	s.Reply(nil)
	return nil
}

// A chat with users that connect by a token. In a program the handler goes to
// App.Socket.
func Example() {
	users := map[string]User{"secret": {"7", "Ann"}}
	h := channel.Handler[User]{
		Connect: func(c *channel.Conn) (User, error) {
			u, ok := users[c.Param("token")]
			if !ok {
				return User{}, errors.New("the token is wrong")
			}
			c.Identity = "users:" + u.ID // App.Disconnect("users:7") ends it
			return u, nil
		},
		Topics: channel.Topics[User]{
			"room:*": func(u User) channel.Channel { return &Chat{User: u} },
		},
	}

	rt, err := h.Runtime(channel.Env{})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = rt.Connect(channel.NewConn(context.Background(), live.ConnectInfo{}, nil, url.Values{"token": {"guess"}}))
	fmt.Println(err)
	// Output: the token is wrong
}

// A view, a worker or another handler tells all who have joined a topic.
func ExampleBroadcast() {
	hub := pubsub.New() // in a program, app.PubSub()
	err := channel.Broadcast(hub, "room:lobby", "said", Line{"the house", "closing time"})
	fmt.Println(err)
	// Output: <nil>
}

// Handlers are methods, which a test can call with the zero Socket.
func ExampleSocket() {
	c := &Chat{User: User{Name: "Ann"}}
	fmt.Println(c.say(new(channel.Socket), Line{Text: "hello"}))
	fmt.Println(c.say(new(channel.Socket), Line{}))
	// Output:
	// <nil>
	// channel: refused: say something
}

// Quiet leaves out what comes from people that its user does not want to hear.
type Quiet struct {
	Chat
	Muted map[string]bool
}

// Intercepts are the broadcasts that the channel looks at.
func (q *Quiet) Intercepts() channel.Intercepts {
	return channel.Intercepts{"said": channel.Intercept(q.said)}
}

func (q *Quiet) said(s *channel.Socket, l Line) error {
	if !q.Muted[l.From] {
		s.Push("said", l)
	}
	return nil
}

func ExampleIntercept() {
	q := &Quiet{Muted: map[string]bool{"Bob": true}}
	fmt.Println(q.said(new(channel.Socket), Line{"Bob", "BUY NOW"}))
	// Output: <nil>
}

// Report answers when the work is done. Meanwhile the channel takes other events.
type Report struct{}

// Join lets everybody in.
func (r *Report) Join(*channel.Socket, channel.Params) error { return nil }

// Events are what the client may send.
func (r *Report) Events() channel.Events { return channel.Events{"make": channel.Do(r.make)} }

func (r *Report) make(s *channel.Socket) error {
	later := s.Later()
	channel.After(s, time.Second, func(*channel.Socket) error {
		_, err := later.Reply("the report")
		return err
	})
	return nil
}

func ExampleSocket_Later() {
	fmt.Println(new(Report).make(new(channel.Socket)))
	// Output: <nil>
}

// Lobby shows its clients who is there.
type Lobby struct {
	User    User
	Tracker *presence.Tracker // App.Presence
}

// Member is what others see of somebody.
type Member struct {
	Name  string    `json:"name"`
	Since time.Time `json:"since"`
}

// Join says that the user is here, and shows who else is.
func (l *Lobby) Join(s *channel.Socket, p channel.Params) error {
	people := presence.NewTopic[Member](l.Tracker, p.Topic)
	if _, err := channel.Track(s, people, l.User.ID, Member{l.User.Name, time.Now()}); err != nil {
		return err
	}
	return channel.ShowPresence(s, people)
}

func ExampleShowPresence() {
	l := &Lobby{User: User{"7", "Ann"}}
	fmt.Println(l.Join(new(channel.Socket), channel.NewParams("lobby", "", "")))
	// Output: <nil>
}
