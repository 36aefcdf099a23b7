package transport

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"bennu/internal/logs"
	"bennu/internal/wire"
	"bennu/live"
)

// A link carries messages to one client. How a message is framed is the link's
// affair: between open and seal, the text of the message is appended.
type link interface {
	// open appends what stands before a message of about that size.
	open(dst []byte, size int) []byte
	// seal completes the message that was opened at dst[start:], whose size was
	// told as size. It is text, or binary where the link carries that.
	seal(dst []byte, start, size int, binary bool) []byte
	// carriesBinary reports whether messages may be other than text.
	carriesBinary() bool
	// form is what the link sends for a broadcast, for say. It is shared.
	form(*wire.Broadcast) []byte
	// send hands a receiver's messages over in one piece, unless gone is set by
	// then. It may wait for a client that reads slowly. An error means that the
	// client is gone.
	send(messages []byte, gone *atomic.Bool) error
	// say hands the reader's own messages over, and never waits: the reader
	// sees from its next read when the client is gone.
	say(messages []byte)
}

// A socket is one client above the level of bytes: the topics it has joined,
// and where its messages go. It is the same for every kind of link.
//
// Messages come in from one goroutine at a time, the link's reader, which alone
// adds topics. Topics end on it, on the goroutines of the views, or with the
// connection.
type socket struct {
	srv  *Server
	link link
	conn *Conn

	// waiting is the bytes of messages that wait for receivers.
	waiting live.Backlog

	mu sync.Mutex
	// topics is searched from end to end: there are one to three, at most
	// MaxChannels, and a map would cost each connection 300 bytes.
	topics []*channel
	// running counts the receivers that have not ended, of topics that are joined
	// and of those that were: what somebody has left may still be at work.
	running int32
	// mounting counts the receivers that mount now.
	mounting int32

	// opened is the server's clock when the connection was opened, and 0 from the
	// first join on that somebody took.
	opened atomic.Uint32

	// idle is closed when running falls to 0, nil while nobody waits for that.
	idle chan struct{}

	// over is why the connection has ended, 0 before; then no topic is added.
	// Guarded by mu.
	over live.Reason
	// deep is set when the reader's stack has grown for a call of the host.
	deep bool

	// replies collects what the reader itself has to say until the messages at
	// hand are handled; nil while there is nothing.
	replies *buffer

	// paid is the reader's record of what it has read.
	paid bucket
}

// text handles one text message.
func (s *socket) text(msg []byte) Cause {
	s.paid.spent += textCost
	if !utf8.Valid(msg) {
		return s.refuse("not UTF-8")
	}
	f, err := wire.Parse(msg)
	if err != nil {
		return s.refuse(err.Error())
	}
	s.message(&f, false)
	return causeNone
}

// binary handles one binary message.
func (s *socket) binary(msg []byte) Cause {
	s.paid.spent += binaryCost
	f, err := wire.ParseBinary(msg)
	if err != nil {
		return s.refuse(err.Error())
	}
	s.message(&f, true)
	return causeNone
}

// refuse notes why a message ends the connection.
func (s *socket) refuse(why string) Cause {
	s.srv.opt.Logger.Debug("socket message refused", slog.String("err", why), slog.String("request", s.conn.Info.RequestID))
	return BadMessage
}

// message does what one message asks for, by the rules of the channel protocol.
// The payload of a binary one is any bytes.
func (s *socket) message(f *wire.Frame, binary bool) {
	switch string(f.Event) {
	case "phx_join":
		if binary {
			s.reason(f, "binary join")
			return
		}
		s.join(f)
	case "phx_leave":
		s.leave(f)
	case "heartbeat":
		if string(f.Topic) == "phoenix" {
			s.reply(64, func(b []byte) []byte { return wire.AppendHeartbeatReply(b, f.Ref) })
			return
		}
		s.deliver(f, binary)
	default:
		s.deliver(f, binary)
	}
}

// deliver hands a message to its topic's receiver.
func (s *socket) deliver(f *wire.Frame, binary bool) {
	ch := s.find(f.Topic)
	switch {
	case ch == nil:
		s.unmatched(f)
	case ch.stale(f):
		s.srv.stale.Add(1)
	case !s.accept(ch, f, binary):
		s.drop(ch)
		s.reply(128, func(b []byte) []byte { return wire.AppendError(b, ch.joinRef(), ch.topic()) })
		ch.proc.Stop(live.Overloaded)
	}
}

// accept gives a message to a receiver; false when too much waits, for it or for
// all receivers of the socket.
func (s *socket) accept(ch *channel, f *wire.Frame, binary bool) bool {
	if waiting := s.waiting.Bytes(); waiting > 0 && waiting+int64(len(f.Payload)) > int64(s.srv.opt.MaxWaiting) {
		return false
	}
	if !ch.proc.Deliver(message(f, binary, &s.waiting)) {
		return false
	}
	s.srv.relieveIfNeeded()
	return true
}

// join starts an instance of a topic and ends the one that was there.
func (s *socket) join(f *wire.Frame) {
	if f.Ref == nil {
		s.reason(f, "join without ref")
		return
	}
	if f.JoinRef == nil {
		f.JoinRef = f.Ref
	}
	if old := s.find(f.Topic); old != nil {
		s.drop(old)
		s.reply(128, func(b []byte) []byte { return wire.AppendClose(b, old.joinRef(), old.topic()) })
		old.proc.Stop(live.Superseded)
	}
	if s.srv.full.Load() && s.crowds() {
		s.srv.refusedJoins.Add(1)
		s.reason(f, "the memory is used up")
		return
	}
	ch := newChannel(s, f)
	if !s.put(ch) {
		s.reason(f, "too many channels joined")
		return
	}
	s.flush() // before the new instance may speak
	proc, crashed := s.start(f, ch)
	switch {
	case crashed:
		s.drop(ch)
		s.vacate()
		s.reason(f, "join crashed")
	case proc == nil:
		s.drop(ch)
		s.vacate()
		s.unmatched(f)
	default:
		s.opened.Store(0)
		if why := s.run(ch, proc); why != 0 {
			ch.gone.Store(true)
			proc.Stop(why)
		}
	}
}

// start calls the host, whose panic is that join's and nobody else's.
func (s *socket) start(f *wire.Frame, ch *channel) (proc live.Channel, crashed bool) {
	s.deep = true
	defer func() {
		if v := recover(); v != nil {
			s.logPanic("join crashed", v)
			proc, crashed = nil, true
		}
	}()
	host := s.srv.host
	if s.conn.Host != nil {
		host = s.conn.Host
	}
	return host.Join(Join{
		Topic: string(f.Topic), Payload: append([]byte(nil), f.Payload...), Conn: s.conn, Out: ch,
	}), false
}

// leave ends an instance because the client wants it. Leaving what is not
// joined is fine: the client does so after a refused join, after a close, and
// for the page's own pseudo view "lv:".
func (s *socket) leave(f *wire.Frame) {
	ch := s.find(f.Topic)
	switch {
	case ch == nil:
		s.reply(128, func(b []byte) []byte { return wire.AppendReply(b, f.JoinRef, f.Ref, f.Topic, true, nil) })
	case ch.stale(f):
		s.srv.stale.Add(1)
	default:
		s.drop(ch)
		answer := func() {
			s.reply(128, func(b []byte) []byte { return wire.AppendReply(b, ch.joinRef(), f.Ref, f.Topic, true, nil) })
		}
		if s.conn.Host != nil { // plain channels are answered first, views last: as the reference server does
			answer()
		}
		s.reply(128, func(b []byte) []byte { return wire.AppendClose(b, ch.joinRef(), ch.topic()) })
		if s.conn.Host == nil {
			answer()
		}
		ch.proc.Stop(live.Left)
	}
}

// unmatched answers a message for a topic that nobody serves.
func (s *socket) unmatched(f *wire.Frame) {
	f.JoinRef = nil
	s.reason(f, "unmatched topic")
}

// reason refuses a message.
func (s *socket) reason(f *wire.Frame, why string) {
	s.reply(128, func(b []byte) []byte { return wire.AppendReason(b, f.JoinRef, f.Ref, f.Topic, why) })
}

// reply collects a message of the reader's own.
func (s *socket) reply(size int, text func([]byte) []byte) {
	if s.replies == nil {
		s.replies = takeWrite()
	}
	start := len(s.replies.b)
	s.replies.b = s.link.seal(text(s.link.open(s.replies.b, size)), start, size, false)
	if len(s.replies.b) > keepSize/2 {
		s.flush()
	}
}

// flush hands over what reply has collected.
func (s *socket) flush() {
	if s.replies == nil {
		return
	}
	s.link.say(s.replies.b)
	giveWrite(s.replies)
	s.replies = nil
}

// look settles the rate of messages, if it is time to. Pause is how long the
// reader is to wait before it reads on.
func (s *socket) look() (pause time.Duration, cause Cause) {
	if !s.paid.due(&s.srv.rate) {
		return 0, causeNone
	}
	pause, flood := s.paid.look(&s.srv.rate, s.srv.now())
	if flood {
		return 0, TooFast
	}
	return pause, causeNone
}

// logPanic logs a contained panic, with the stack it came from.
func (s *socket) logPanic(msg string, v any) {
	log := s.srv.opt.Logger
	if !s.srv.sampler.Take(log, logs.Kind{Level: slog.LevelError, Message: msg}, fmt.Errorf("%v", v)) {
		return
	}
	log.Error(msg, slog.String("err", fmt.Sprint(v)),
		slog.String("request", s.conn.Info.RequestID), slog.String("stack", string(debug.Stack())))
}
