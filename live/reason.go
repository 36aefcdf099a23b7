package live

// Reason says why a view ended. The list is closed.
type Reason uint8

// The reasons for which a view ends.
const (
	// Left: the client left the topic, by navigating or closing the page.
	Left Reason = iota + 1
	// Superseded: the same topic was joined again on the same socket.
	Superseded
	// SocketClosed: the connection ended, by either side or by a timeout.
	SocketClosed
	// Crashed: a callback returned an error or panicked.
	Crashed
	// Overloaded: more messages came than the view could take in.
	Overloaded
	// Drained: the server is shutting down.
	Drained
	// Refused: the join was answered with an error; the view never ran.
	Refused
	// Moved: the view sent its page elsewhere.
	Moved
	// Closed: a channel of package channel ended itself for good.
	Closed
	// Ended: somebody has called [Ref.End].
	Ended
)

var reasonNames = [...]string{"none", "left", "superseded", "socket closed", "crashed", "overloaded", "drained", "refused", "moved", "closed", "ended"}

// String is the reason in words, as logs show it.
func (r Reason) String() string {
	if int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return "unknown"
}

// Rejoins reports whether the official client comes back by itself and mounts
// a fresh view after an end for this reason.
func (r Reason) Rejoins() bool {
	switch r {
	case SocketClosed, Crashed, Overloaded, Drained, Ended:
		return true
	}
	return false
}
