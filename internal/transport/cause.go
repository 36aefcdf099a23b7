package transport

import (
	"net/http"

	"bennu/live"
)

// A Cause is why a connection ended. The list is closed: every limit of
// [Options] has its own line in it, logs name it, and close frames carry it as
// their reason, so that it can be read in a browser's network panel.
type Cause uint8

const (
	// causeNone: the connection goes on.
	causeNone Cause = iota
	// ClientClosed: the client closed it in good order.
	ClientClosed
	// ClientGone: it broke, or the client cut it off.
	ClientGone
	// BadFrame: the client broke RFC 6455.
	BadFrame
	// BadMessage: a message is no UTF-8, no JSON, or none of the protocol.
	BadMessage
	// TooBig: a message is above the limit, in bytes or in pieces.
	TooBig
	// TooFast: messages kept coming faster than they are read.
	TooFast
	// TooSlow: the client did not take what it was sent in time, or so much of
	// it waited that no more could.
	TooSlow
	// Backlogged: more waits for all clients together than the server holds, and
	// this one had a large part in it.
	Backlogged
	// Unfinished: a message did not come to its end in time.
	Unfinished
	// NeverJoined: the client joined no topic in time.
	NeverJoined
	// Idle: nothing came for too long.
	Idle
	// Disconnected: the app asked for it, see [Server.Disconnect].
	Disconnected
	// Failed: the server failed while handling a message.
	Failed
	// Restarting: the server is shutting down.
	Restarting
)

// causes says of each Cause how a client is told, in a close frame and in the
// answer to a long poll's POST, and whether it then returns.
var causes = [...]struct {
	text    string
	code    CloseCode
	status  int
	returns bool
}{
	causeNone:    {"none", closeNone, http.StatusOK, false},
	ClientClosed: {"closed by the client", closeNoStatus, http.StatusGone, false},
	ClientGone:   {"client gone", closeNone, http.StatusGone, true},
	BadFrame:     {"frame breaks the protocol", CloseProtocol, http.StatusBadRequest, true},
	BadMessage:   {"malformed message", CloseInvalid, http.StatusBadRequest, true},
	TooBig:       {"message too big", CloseTooBig, http.StatusRequestEntityTooLarge, true},
	TooFast:      {"too many messages", ClosePolicy, http.StatusTooManyRequests, true},
	TooSlow:      {"client reads too slowly", closeNone, http.StatusGone, true},
	Backlogged:   {"too much waits for clients", closeNone, http.StatusGone, true},
	Unfinished:   {"message not finished in time", ClosePolicy, http.StatusRequestTimeout, true},
	NeverJoined:  {"nothing joined in time", ClosePolicy, http.StatusGone, true},
	Idle:         {"idle", CloseGoingAway, http.StatusGone, true},
	Disconnected: {"disconnected by the app", CloseGoingAway, http.StatusGone, true},
	Failed:       {"server failed", CloseInternal, http.StatusGone, true},
	Restarting:   {"server restarts", CloseRestart, http.StatusGone, true},
}

// String is the cause in words, as logs and close frames say it.
func (c Cause) String() string { return causes[c].text }

// Code is what the close frame says; 0 when the connection ends without one,
// because nobody would read it.
func (c Cause) Code() CloseCode { return causes[c].code }

// Returns reports whether the official client connects again by itself. After
// ClientClosed it may, for reasons of its own.
func (c Cause) Returns() bool { return causes[c].returns }

// Reason is what the views of the connection are told.
func (c Cause) Reason() live.Reason {
	if c == Restarting {
		return live.Drained
	}
	return live.SocketClosed
}
