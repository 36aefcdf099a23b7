// Package channel serves Phoenix channels: topics that a program joins over one
// connection, to send and be sent events. Any client that speaks the protocol
// will do, the npm package phoenix first of all; views and their pages are not
// needed.
//
//	type Room struct {
//		User string
//	}
//
//	func (r *Room) Join(s *channel.Socket, p channel.Params) error {
//		if p.Match != "lobby" { // what the * of the pattern stands for
//			return channel.Refuse("no such room")
//		}
//		return nil
//	}
//
//	func (r *Room) Events() channel.Events {
//		return channel.Events{"say": channel.On(r.say)}
//	}
//
//	type line struct {
//		Text string `json:"text"`
//	}
//
//	func (r *Room) say(s *channel.Socket, l line) error {
//		s.Broadcast("said", l)
//		return nil
//	}
//
// and beside the other routes:
//
//	app.Socket("/socket", channel.Handler[string]{
//		Connect: func(c *channel.Conn) (string, error) { return userOf(c.Param("token")) },
//		Topics: channel.Topics[string]{
//			"room:*": func(user string) channel.Channel { return &Room{User: user} },
//		},
//	})
//
// # What runs
//
// A [Channel] is a client's presence on one topic: a struct with the state of
// that, made anew for each join. It is an actor like a view. Its callbacks run
// one at a time, in the order of what came in, on a goroutine that it has only
// while there is something to do. What waits for it is bounded, and a channel
// that is too far behind ends. One that returns an error or panics ends, and
// nothing else does: the client is told phx_error and joins again.
//
// A callback asks, by its [Socket], for replies, pushes and broadcasts; they go
// out in that order when it returns nil, and not at all when it fails.
//
// # Mistakes of clients
//
// Everything that comes in is hostile. Topics that no pattern takes, events that
// the channel does not have and payloads that do not decode are answered with
// an error that says so, and end nothing. A handler refuses by [Refuse].
//
// # Broadcasts
//
// A broadcast reaches all who have joined the topic, on all nodes, whichever
// socket they have come by. Its payload is encoded once, and its frame too. From
// outside of a channel, [Broadcast] sends one.
package channel
