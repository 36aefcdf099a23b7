package channel

import (
	"bennu/live"
)

// Channel is what a client has joined: its state on one topic. Its methods are
// called one at a time.
//
// Optional methods are [EventHandler], [Interceptor] and [Terminator].
type Channel interface {
	// Join decides whether the client may join: nil lets it, with what
	// [Socket.Reply] says as the answer; [Refuse] turns it away with a reason. Any
	// other error is a crash, of which the client hears "join crashed".
	//
	// What is asked for besides, pushes and broadcasts, follows the answer.
	Join(s *Socket, p Params) error
}

// EventHandler is a channel that takes events of its client.
type EventHandler interface {
	// Events are asked for with each event and not kept.
	Events() Events
}

// Interceptor is a channel that looks at some broadcasts before its client gets
// them, to change them or to leave them out.
type Interceptor interface {
	// Intercepts are the events of such broadcasts. Which they are is asked for
	// when the client has joined, their handlers with each broadcast.
	Intercepts() Intercepts
}

// Terminator is a channel that is told of its end.
type Terminator interface {
	// Terminate is the last callback of a channel whose Join has succeeded, but
	// for one that has crashed. Nobody listens any more: replies and pushes go
	// nowhere, broadcasts to the others.
	Terminate(s *Socket, why live.Reason)
}
