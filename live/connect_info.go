package live

// ConnectInfo is what a view may know of the request that opened its page or
// its socket. It is a copy: no request is kept alive by it.
type ConnectInfo struct {
	// Transport is "http" for a dead render, "websocket" or "longpoll" for a
	// connected view.
	Transport string
	// PeerAddr is the client's address without the port; behind a trusted
	// proxy, the address that the proxy reports.
	PeerAddr string
	// UserAgent is the browser's own claim.
	UserAgent string
	// URL is the path and the query of the page's address.
	URL string
	// Host is the host of the page's address, with the port if it has one.
	Host string
	// Origin is the scheme and the host by which the app is reached, as in
	// https://shop.test; see [Socket.URL].
	Origin string
	// RequestID is the id of the HTTP request that rendered the page or opened
	// the socket.
	RequestID string
	// Trace is the header traceparent of that request, as the W3C's Trace Context
	// has it, "" without a good one.
	Trace string
}
