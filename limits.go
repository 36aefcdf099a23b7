package bennu

import (
	"fmt"
	"time"

	"bennu/internal/transport"
)

// Unlimited lifts the limits that say so. What they guard against is then for
// somebody else to guard against.
const Unlimited = transport.Unlimited

// Limits bound what clients may do to an [App]. In each field zero is the
// default, which is far above what the official client and a person do; fields
// that take [Unlimited] say so. But for Sockets, Mounts and HeldBytes, which
// guard the server as a whole, a limit concerns the one client that goes beyond it;
// a browser whose socket is closed by one connects again by itself.
type Limits struct {
	// HeaderBytes bounds the header of a request; 0 is 64 KiB. A larger one is
	// answered with 431. It concerns [App.ListenAndServe] and [App.Serve].
	HeaderBytes int

	// MessageBytes bounds a text message on a socket; 0 is 64 KiB. A form's
	// fields and an event's values are in one message. A larger one closes the
	// socket.
	MessageBytes int
	// ChunkBytes bounds a binary message, a chunk of an upload with its header;
	// 0 is 66 KiB. A larger one closes the socket.
	ChunkBytes int
	// MessageTime is how long a message may take from its first byte to its
	// last; 0 is 10 s. Then the socket is closed.
	MessageTime time.Duration
	// EventRate is how many messages a second a socket may send for long; 0 is
	// 300, Unlimited any number. A chunk of an upload counts as an eighth. A
	// socket that sends more is read more slowly, and closed when that has not
	// ended after 10 s.
	EventRate int
	// EventBurst is how many messages a socket may send at once before EventRate
	// counts; 0 is twice the rate.
	EventBurst int
	// Joins bounds the views on one socket; 0 is 100. Joins above it are refused,
	// and so are some while as many views again have been left and not ended.
	Joins int
	// Mailbox bounds the messages that wait for one view; 0 is 1,024. A view that
	// is further behind ends, and its page joins again.
	Mailbox int
	// MailboxBytes bounds the bytes of those messages; 0 is 1 MiB.
	MailboxBytes int
	// WaitingBytes bounds the bytes of the messages that wait for all views of
	// one socket; 0 is 4 MiB. The view of a message above it ends as well.
	WaitingBytes int

	// SocketMounts bounds how many views of one socket mount at a time; 0 is 8.
	// The others wait for their turn, so that a client whose joins are slow does
	// not hold up those of others.
	SocketMounts int

	// JoinTime is how long a socket may stay open without a join; 0 is 10 s.
	// Then it is closed.
	JoinTime time.Duration
	// IdleTime is how long a socket may send nothing; 0 is 60 s, twice the
	// client's heartbeat. Then it is closed, as that of a device that fell asleep.
	IdleTime time.Duration
	// WriteTime is how long a client may leave unread what it is sent; 0 is 10 s.
	// Then it is cut off. A large message has that time for each 64 KiB.
	WriteTime time.Duration
	// QueuedBytes bounds what waits for a client that reads slowly or, with long
	// polling, has not polled yet; 0 is 1 MiB. Then it is cut off.
	QueuedBytes int

	// Sockets bounds the sockets that are open at a time; 0 is 250,000, Unlimited
	// any number. Further ones are refused with status 503, and browsers try
	// again. So are they while 90% of the memory are in use that the environment
	// variable GOMEMLIMIT gives the process; a socket that is open then gets no
	// further views.
	Sockets int
	// HeldBytes bounds the bytes of messages that wait in the whole server, of
	// clients for their views and of views for their clients; 0 is 256 MiB. When
	// more do, the sockets for which most waits are closed.
	HeldBytes int
	// Mounts bounds the pages that are drawn at a time, and likewise the views
	// that mount for a join, each with its first render; 0 is 1,000, Unlimited
	// any number. A join waits for its turn; a page that waits for 5 s is
	// answered with status 503.
	Mounts int
	// Kept bounds the states of dead renders that wait for their sockets, of
	// views that are a [live.Connector]; 0 is 1,000. The oldest gives way.
	Kept int

	// PollWindow is how long a request of long polling waits for messages; 0 is
	// 10 s, and 15 s the most that the client bears. A client that has not polled
	// for half as long again is given up.
	PollWindow time.Duration
	// PollMessages bounds the messages that one request of long polling may send;
	// 0 is 100, as many as the client sends. More end the socket.
	PollMessages int
	// PollBytes bounds the body of such a request; 0 is 8 MB. More end the
	// socket.
	PollBytes int
}

// maxPollWindow leaves the client's own 20 s some room.
const maxPollWindow = 15 * time.Second

// check reports the fields that are wrong.
func (l Limits) check(refuse func(field, format string, args ...any)) {
	for _, f := range []struct {
		name      string
		value     int
		unlimited bool // may be
	}{
		{"HeaderBytes", l.HeaderBytes, false},
		{"MessageBytes", l.MessageBytes, false},
		{"ChunkBytes", l.ChunkBytes, false},
		{"EventRate", l.EventRate, true},
		{"EventBurst", l.EventBurst, false},
		{"Joins", l.Joins, false},
		{"Mailbox", l.Mailbox, false},
		{"MailboxBytes", l.MailboxBytes, false},
		{"WaitingBytes", l.WaitingBytes, false},
		{"QueuedBytes", l.QueuedBytes, false},
		{"SocketMounts", l.SocketMounts, false},
		{"HeldBytes", l.HeldBytes, false},
		{"Sockets", l.Sockets, true},
		{"Mounts", l.Mounts, true},
		{"Kept", l.Kept, false},
		{"PollMessages", l.PollMessages, false},
		{"PollBytes", l.PollBytes, false},
	} {
		if f.value >= 0 || f.unlimited && f.value == Unlimited {
			continue
		}
		want := "0 for the default or a positive number"
		if f.unlimited {
			want += ", or bennu.Unlimited"
		}
		refuse("Limits."+f.name, "%d, want %s", f.value, want)
	}
	for _, f := range []struct {
		name  string
		value time.Duration
	}{
		{"MessageTime", l.MessageTime}, {"JoinTime", l.JoinTime}, {"IdleTime", l.IdleTime},
		{"WriteTime", l.WriteTime}, {"PollWindow", l.PollWindow},
	} {
		if f.value < 0 {
			refuse("Limits."+f.name, "%v is negative", f.value)
		}
	}
	if l.PollWindow > maxPollWindow {
		refuse("Limits.PollWindow", "%v, want at most %v: the client gives a request up after 20 s", l.PollWindow, maxPollWindow)
	}
}

// transport are the limits as the sockets take them.
func (l Limits) transport() transport.Options {
	return transport.Options{
		MaxMessage: l.MessageBytes, MaxBinary: l.ChunkBytes, MessageTimeout: l.MessageTime,
		EventRate: l.EventRate, EventBurst: l.EventBurst, MaxChannels: l.Joins, MaxWaiting: l.WaitingBytes,
		JoinTimeout: l.JoinTime, IdleTimeout: l.IdleTime, WriteTimeout: l.WriteTime, MaxQueued: l.QueuedBytes,
		MaxSockets: l.Sockets, MaxMounting: l.SocketMounts, MaxHeld: l.HeldBytes, PollWindow: l.PollWindow, MaxPollLines: l.PollMessages, MaxPollBody: l.PollBytes,
	}
}

// headerBytes is the limit for net/http's server.
func (l Limits) headerBytes() int {
	if l.HeaderBytes > 0 {
		return l.HeaderBytes
	}
	return maxHeader
}

// eventRate reads BENNU_EVENT_RATE.
func eventRate(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	if text == "off" {
		return Unlimited, nil
	}
	var n int
	if _, err := fmt.Sscanf(text+"\n", "%d\n", &n); err != nil || n <= 0 {
		return 0, fmt.Errorf("%q, want a number of messages a second, or off", text)
	}
	return n, nil
}
