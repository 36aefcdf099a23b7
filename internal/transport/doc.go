// Package transport holds the connections of browsers: it turns what a socket
// receives into deliveries to the views that it has joined, and what those say
// into writes.
//
// The layers, from the bytes up:
//
//	upgrade.go    an HTTP request becomes a connection, or is refused
//	websocket.go  one connection: its reader goroutine, its writes, its end
//	frame.go      RFC 6455 frames in a buffer; pure
//	socket.go     the multiplexer: one incoming message, one topic; no bytes
//	channel.go    one joined topic's way out, a [live.Outlet]
//	sweep.go      timeouts of all connections of a server, in one goroutine
//
// A connection costs one goroutine that waits for the next byte, and holds no
// buffer while it waits. A view never runs on it: deliveries do not block, and
// what a view says is written by the view's own goroutine. So a heartbeat is
// answered however busy the views of its socket are.
//
// Everything that comes in is hostile. A client that breaks a rule is closed
// with a code of the closed list in close.go, which says whether the official
// client returns; nobody else notices.
package transport
