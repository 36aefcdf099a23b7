// Package transport holds the connections of browsers: it turns what a socket
// receives into deliveries to the views that it has joined, and what those say
// into writes.
//
// The layers, from the bytes up:
//
//	upgrade.go    an HTTP request becomes a connection, or is refused
//	websocket.go  one connection: its reader goroutine, its end
//	write.go      its writes, of which none waits for another
//	frame.go      RFC 6455 frames in a buffer; pure
//	longpoll*.go  the same without a connection: a queue between requests
//	socket.go     the multiplexer: one incoming message, one topic; no bytes
//	topics.go     its topics: who is joined, and how many are at work
//	channel.go    one joined topic's way out, a [live.Outlet]
//
// And around them:
//
//	options.go    the limits
//	cause.go      why a connection ends, each limit's cause among them
//	rate.go       how fast messages are read
//	sweep.go      timeouts of all connections of a server, in one goroutine
//	memory.go     no new connections when the memory is used up
//
// A WebSocket costs one goroutine that waits for the next byte, and holds no
// buffer while it waits; a long poll costs nothing but its queue while no
// request waits for it. A view never runs on either: deliveries do not block,
// and what a view says is written by the view's own goroutine. So a heartbeat is
// answered however busy the views of its socket are, and whether or not its
// client reads what they say.
//
// Everything that comes in is hostile. A client that breaks a rule is closed for
// a [Cause] of a closed list, which says whether the official client returns;
// nobody else notices.
package transport
