// Package client is a browser's side of live pages without the browser: it
// loads a page, opens its socket, joins its view, and sends events, with as
// little work and memory for each as a load generator needs.
//
//	site, err := client.New("http://127.0.0.1:4000/counter", client.Options{})
//	...
//	page, err := site.Loader().Load()
//	...
//	view, err := site.Open(page)
//	...
//	reply, err := view.Do("click", "increase", []byte(`{"number":"2"}`))
//
// It says what the official client says, in the same order and with the same
// parameters: cookie, CSRF token, and the page's tokens; protocol version
// 2.0.0, JSON; masked frames, no extension. It speaks plain HTTP to any server
// of the protocol and trusts it more than a browser would: it is for servers of
// one's own.
package client
