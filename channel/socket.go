package channel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"

	"bennu/internal/logs"
	"bennu/live"
)

// Socket is a channel's way to its client and to the others on its topic, during
// one callback. What it is asked for is done, in order, when the callback returns
// nil.
//
// It is valid until the callback returns and must not be kept; a use after that
// is logged as an error with its place. The zero Socket works, so that handlers
// are tested as the plain methods that they are; package channeltest runs whole
// channels.
type Socket struct {
	p       *process
	ref     []byte          // of the message that is being handled
	answers bool            // it is a message of the client
	last    context.Context // of a Terminate, in place of the channel's
	asked   asked
	closed  atomic.Bool
}

// asked is what a callback wants done.
type asked struct {
	reply *answer
	sent  []sent
	close bool
	err   error // the first mistake in asking; it becomes the callback's error
}

// answer is the payload of a reply.
type answer struct {
	payload []byte
	binary  bool
}

// sent is a push, or a broadcast.
type sent struct {
	event     string
	payload   []byte
	binary    bool
	broadcast *broadcast
	others    bool // not to the client itself
}

// open tells loudly when the callback has returned: in the log, with the place,
// because a panic of a goroutine that somebody started would end the server.
func (s *Socket) open() *process {
	if s.closed.Load() && s.p != nil {
		const kept = "a Socket was used after its callback returned; a callback must not keep its Socket, take Self or Later in place of it"
		if p := s.p; p.client.rt.sampled(logs.Kind{Level: slog.LevelError, Message: kept, View: typeName(p.channel)}, nil) {
			p.write(slog.LevelError, kept, []slog.Attr{slog.String("stack", string(debug.Stack()))})
		}
	}
	return s.p
}

// ask is where wishes are collected; those of a Socket that is not valid any more
// go nowhere.
func (s *Socket) ask() *asked {
	s.open()
	if s.closed.Load() {
		return new(asked)
	}
	return &s.asked
}

func (a *asked) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// end is called when the callback returns.
func (s *Socket) end() { s.closed.Store(true) }

// Topic is what the client has joined.
func (s *Socket) Topic() string {
	if p := s.open(); p != nil {
		return p.topic
	}
	return ""
}

// Context ends with the channel; pass it to whatever blocks. In a Terminate it is
// a fresh one, good for five seconds.
func (s *Socket) Context() context.Context {
	switch p := s.open(); {
	case s.last != nil:
		return s.last
	case p == nil:
		return context.Background()
	default:
		return &p.ctx
	}
}

// Info is what is known of the request that opened the connection.
func (s *Socket) Info() live.ConnectInfo {
	if p := s.open(); p != nil && p.info != nil {
		return *p.info
	}
	return live.ConnectInfo{}
}

// Session is the browser's session as [Conn.Session] has it.
func (s *Socket) Session() *live.Session {
	if p := s.open(); p != nil && p.session != nil {
		return p.session
	}
	return new(live.Session).ReadOnly()
}

// Reply answers the client's message, or its join, with status ok: with a payload
// that is encoded as JSON, nil for {}, or with bytes ([Data]). A message that is
// not answered leaves the client waiting until it gives up; one that asked for no
// answer gets none. An error is answered by [Refuse]; [Socket.Later] answers when
// the callback has returned.
//
// A second Reply, and one in a callback that answers nothing, is a mistake that
// ends the channel.
func (s *Socket) Reply(payload any) {
	a := s.ask()
	b, binary, err := encode(payload)
	switch {
	case err != nil:
		a.fail(fmt.Errorf("channel: Reply: %w", err))
	case a.reply != nil:
		a.fail(errors.New("channel: Reply was called twice; a message has one answer"))
	case s.p != nil && !s.answers && s.joined():
		a.fail(errors.New("channel: Reply in a callback that answers no message; use Push, or Later when the message comes"))
	default:
		a.reply = &answer{b, binary}
	}
}

func (s *Socket) joined() bool {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	return s.p.joined
}

// Push sends an event to this client only. The payload is encoded as JSON, nil as
// {}, or sent as bytes if it is [Data]. Names that begin with phx_ are the
// protocol's own. What cannot be sent becomes the callback's error.
func (s *Socket) Push(event string, payload any) {
	a := s.ask()
	if err := checkEvent(event); err != nil {
		a.fail(err)
		return
	}
	b, binary, err := encode(payload)
	if err != nil {
		a.fail(fmt.Errorf("channel: push of %q: %w", event, err))
		return
	}
	a.sent = append(a.sent, sent{event: event, payload: b, binary: binary})
}

// Broadcast sends an event to all who have joined the topic, on all nodes, this
// client included. The payload is like that of Push; bytes must not be changed
// afterwards. One that does not get everywhere, because another node can not be
// reached, is logged.
func (s *Socket) Broadcast(event string, payload any) { s.broadcast(event, payload, false) }

// BroadcastFrom is Broadcast to all but this client.
func (s *Socket) BroadcastFrom(event string, payload any) { s.broadcast(event, payload, true) }

func (s *Socket) broadcast(event string, payload any, others bool) {
	a := s.ask()
	b, err := newBroadcast(s.Topic(), event, payload)
	if err != nil {
		a.fail(err)
		return
	}
	a.sent = append(a.sent, sent{broadcast: b, others: others})
}

// Close ends the channel for good when the callback has returned, behind what it
// has asked for: the client is told phx_close and does not join again by itself.
func (s *Socket) Close() { s.ask().close = true }
