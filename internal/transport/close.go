package transport

import "strconv"

// A CloseCode tells a client why a connection ends, as RFC 6455 section 7.4
// counts it; a [Cause] is finer. These are all that a server of this package
// sends by itself; a close that the client starts is answered with the client's
// own code.
type CloseCode uint16

const (
	// closeNone: the connection is not to end, or ended without a word.
	closeNone CloseCode = 0
	// CloseGoingAway: the connection was idle for too long, or the app asked to
	// disconnect it.
	CloseGoingAway CloseCode = 1001
	// CloseProtocol: the client broke RFC 6455.
	CloseProtocol CloseCode = 1002
	// CloseInvalid: a message is no UTF-8, no JSON, or no message of the
	// protocol.
	CloseInvalid CloseCode = 1007
	// ClosePolicy: the client never joined, did not finish a message in time, or
	// sent too many of them.
	ClosePolicy CloseCode = 1008
	// CloseTooBig: a message is above the limit, in bytes or in pieces.
	CloseTooBig CloseCode = 1009
	// CloseInternal: the server failed while handling a message.
	CloseInternal CloseCode = 1011
	// CloseRestart: the server is shutting down.
	CloseRestart CloseCode = 1012
)

// closeNormal is never sent by the server first: it makes the official client
// reload the page instead of connecting again.
const closeNormal CloseCode = 1000

// closeNoStatus stands for a close frame without a code; it is never sent.
const closeNoStatus CloseCode = 1005

// String is the code's number and, for those of the list, its meaning.
func (c CloseCode) String() string {
	name := ""
	switch c {
	case closeNone:
		return "none"
	case closeNormal:
		name = "normal"
	case CloseGoingAway:
		name = "going away"
	case CloseProtocol:
		name = "protocol error"
	case closeNoStatus:
		name = "no status"
	case CloseInvalid:
		name = "invalid message"
	case ClosePolicy:
		name = "policy"
	case CloseTooBig:
		name = "message too big"
	case CloseInternal:
		name = "internal error"
	case CloseRestart:
		name = "restart"
	default:
		return strconv.Itoa(int(c))
	}
	return strconv.Itoa(int(c)) + " " + name
}
