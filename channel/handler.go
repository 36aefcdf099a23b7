package channel

import (
	"errors"
	"fmt"
	"log/slog"

	"bennu/live"
	"bennu/pubsub"
)

// Topics say which channel a client gets that joins a topic. A name is a whole
// topic, or its beginning and a *, which stands for the rest: of several that
// fit the longest is taken. Each join makes a new channel, with what Connect has
// returned for the client's connection.
type Topics[U any] map[string]func(U) Channel

// Handler is what a socket serves; [bennu.App] mounts it at a path. U is what is
// known of whoever has connected, such as the user.
type Handler[U any] struct {
	// Connect decides whether a client may connect, and returns what its channels
	// get to know of it. An error refuses the connection with status 403. It runs
	// on the request's goroutine and may block as long as that lives. Nil lets
	// everybody connect, with the zero U.
	Connect func(*Conn) (U, error)
	// Topics are the channels.
	Topics Topics[U]
	// PubSub carries the broadcasts; nil is the App's.
	PubSub *pubsub.Hub
}

// Env is what a socket gets from the App that serves it.
type Env struct {
	Log *slog.Logger
	// PubSub is for handlers that have none.
	PubSub *pubsub.Hub
	// Mailbox is how many messages may wait for one channel, 0 for 1,024, and
	// MailboxBytes how many bytes of them, 0 for 1 MiB.
	Mailbox, MailboxBytes int
}

// Runtime is for the App: what runs the handler's channels. The error names what
// is wrong with the handler.
func (h Handler[U]) Runtime(env Env) (*Runtime, error) {
	if len(h.Topics) == 0 {
		return nil, errors.New(`channel: Handler.Topics is empty, want at least one, as in channel.Topics[User]{"room:*": func(u User) channel.Channel { return &Room{User: u} }}`)
	}
	r := &Runtime{env: env, hub: h.PubSub}
	if r.hub == nil {
		r.hub = env.PubSub
	}
	if r.hub == nil {
		r.hub = pubsub.New()
	}
	for pattern, factory := range h.Topics {
		if err := checkPattern(pattern); err != nil {
			return nil, fmt.Errorf("channel: Handler.Topics: %w", err)
		}
		if factory == nil {
			return nil, fmt.Errorf("channel: Handler.Topics[%q]: the factory is nil, want a func(%T) channel.Channel that returns a new channel", pattern, *new(U))
		}
		if err := checkFactory(factory); err != nil {
			return nil, fmt.Errorf("channel: Handler.Topics[%q]: %w", pattern, err)
		}
		r.routes = append(r.routes, newRoute(pattern, func(user any) Channel {
			u, _ := user.(U) // of an interface type a nil is no U, but the zero of it
			return factory(u)
		}))
	}
	sortRoutes(r.routes)
	r.connect = func(c *Conn) (any, error) {
		if h.Connect == nil {
			return *new(U), nil
		}
		return h.Connect(c)
	}
	return r, nil
}

// Broadcast sends an event to all who have joined a topic, on all nodes, from
// outside of a channel: from a view, a worker, a handler of a page. The hub is
// that of the sockets, the App's if they name no other. The payload is encoded as
// JSON, or sent as bytes if it is [Data].
//
// The error says what pubsub's does: the message may not have reached everybody.
func Broadcast(hub *pubsub.Hub, topic, event string, payload any) error {
	b, err := newBroadcast(topic, event, payload)
	if err != nil {
		return err
	}
	return pubsub.NewTopic[*broadcast](hub, topicName(topic)).Broadcast(b)
}

// Runtime runs the channels of one socket handler.
type Runtime struct {
	env     Env
	hub     *pubsub.Hub
	routes  []route
	connect func(*Conn) (any, error)
	shared
}

// Connect asks the handler whether a client may connect.
func (r *Runtime) Connect(c *Conn) (*Client, error) {
	user, err := r.connect(c)
	c.ctx, c.query = nil, nil // the request's, and over with it
	if err != nil {
		return nil, err
	}
	return &Client{rt: r, user: user}, nil
}

// Client is one connection that may join topics.
type Client struct {
	rt   *Runtime
	user any
}

// Join starts the channel of a topic and returns it, nil when there is none of
// that name. It does not block; the answer goes to the outlet.
func (c *Client) Join(topic string, payload []byte, info *live.ConnectInfo, session *live.Session, out Outlet) live.Channel {
	rt, match := c.rt.match(topic)
	if rt == nil {
		return nil
	}
	return c.start(rt, topic, match, payload, info, session, out)
}
