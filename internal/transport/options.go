package transport

import (
	"log/slog"
	"time"
)

// Unlimited is the value of Options.EventRate, Options.MaxSockets and
// Options.DrainRate that lifts the limit.
const Unlimited = -1

// Options of a [Server]; the zero value works. Each limit has its [Cause].
type Options struct {
	// Logger takes the end of each connection (Debug), refused connections
	// (Warn) and what went wrong inside the server (Error); nil is
	// slog.Default().
	Logger *slog.Logger
	// AuthToken takes a bearer token from the subprotocols of the upgrade, or
	// from the header of a long poll, into Conn.AuthToken. Otherwise both are
	// ignored.
	AuthToken bool

	// MaxMessage bounds a whole text message in bytes, however many frames it
	// comes in; 0 is 64 KiB. See TooBig.
	MaxMessage int
	// MaxBinary is the same for binary messages; 0 is 64 KiB and 2 KiB for the
	// header, which holds the client's upload chunks.
	MaxBinary int
	// MessageTimeout is how long a message may take from its first byte to its
	// last; 0 is 10 s. See Unfinished.
	MessageTimeout time.Duration
	// EventRate is how many text messages a second one connection may send for
	// long; 0 is 300, Unlimited any number. A binary message or a control frame
	// counts as an eighth. A connection that sends more is read more slowly, and
	// closed when that has not ended after floodTime. See TooFast.
	EventRate int
	// EventBurst is how many it may send at once; 0 is twice the rate.
	EventBurst int
	// MaxChannels bounds the topics that are joined on one connection; 0 is 100.
	// Joins above it are refused. Receivers that are still at work after their
	// topic was left count too, when they are as many again.
	MaxChannels int
	// MaxWaiting bounds the bytes of messages that wait for the receivers of one
	// connection; 0 is 4 MiB. The receiver of one above it ends as overloaded.
	MaxWaiting int
	// MaxMounting bounds the receivers of one connection that mount at a time; 0
	// is 8. Others wait for their turn.
	MaxMounting int
	// JoinTimeout is how long a new connection may go without a join; 0 is 10 s.
	// See NeverJoined.
	JoinTimeout time.Duration
	// IdleTimeout is how long a connection may send nothing; 0 is 60 s, twice
	// the client's heartbeat. See Idle.
	IdleTimeout time.Duration
	// WriteTimeout is how long a write may wait for a client that does not
	// read; 0 is 10 s. A large message has that time for each 64 KiB. See
	// TooSlow.
	WriteTimeout time.Duration
	// MaxQueued bounds the bytes that wait for a client while another write is
	// going on, or for the next poll; 0 is 1 MiB. One message always may wait,
	// however large it is. See TooSlow.
	MaxQueued int

	// MaxHeld bounds the bytes of messages that wait in the whole server, for
	// receivers and for clients; 0 is 256 MiB. Above it those connections end for
	// which most waits. See Backlogged.
	MaxHeld int
	// MaxSockets bounds the connections of the server, long polls included; 0 is
	// 250,000, Unlimited any number. One above it is refused with status 503.
	MaxSockets int
	// DrainRate is how many connections a second Shutdown ends; 0 is 1,000,
	// Unlimited all at once.
	DrainRate int

	// PollWindow is how long a poll waits for messages; 0 is 10 s. The client
	// gives up after 20 s. A long poll ends when no poll has come for half as
	// long again: see Idle.
	PollWindow time.Duration
	// MaxPollLines bounds the messages of one POST; 0 is 100, as many as the
	// official client sends. See TooBig.
	MaxPollLines int
	// MaxPollBody bounds the body of one POST in bytes; 0 is 8 MB. See TooBig.
	MaxPollBody int
}

// withDefaults fills in what was left zero.
func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	fill := func(v *int, value int) {
		if *v == 0 {
			*v = value
		}
	}
	fill(&o.MaxMessage, 64<<10)
	fill(&o.MaxBinary, 66<<10)
	fill(&o.EventRate, 300)
	fill(&o.EventBurst, 2*min(o.EventRate, 1e6))
	fill(&o.MaxChannels, 100)
	fill(&o.MaxWaiting, 4<<20)
	fill(&o.MaxQueued, 1<<20)
	fill(&o.MaxMounting, 8)
	fill(&o.MaxHeld, 256<<20)
	fill(&o.MaxSockets, 250_000)
	fill(&o.DrainRate, 1000)
	fill(&o.MaxPollLines, 100)
	fill(&o.MaxPollBody, 8_000_000)
	limit := func(v *time.Duration, value time.Duration) {
		if *v == 0 {
			*v = value
		}
	}
	limit(&o.IdleTimeout, 60*time.Second)
	limit(&o.JoinTimeout, 10*time.Second)
	limit(&o.MessageTimeout, 10*time.Second)
	limit(&o.WriteTimeout, 10*time.Second)
	limit(&o.PollWindow, 10*time.Second)
	return o
}

// pollTimeout is how long a long poll lives without a poll.
func (o *Options) pollTimeout() time.Duration { return o.PollWindow + o.PollWindow/2 }
