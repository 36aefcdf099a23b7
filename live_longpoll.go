package bennu

import (
	"net/http"
	"time"

	"bennu/internal/transport"
)

// serveLongPoll serves browsers that can not open a WebSocket, because
// something between them and the server does not let it through: the client
// falls back to requests that wait for messages. Origin and session count as
// for the WebSocket.
//
// What waits for the client is in the memory of this process, so behind several
// servers a browser has to reach the same one with each request.
func (a *App) serveLongPoll(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	if !a.mayConnect(r) {
		transport.RefuseLongPoll(w)
		return
	}
	if r.Method == http.MethodOptions {
		a.sockets.ServeLongPoll(w, r, "", nil) // asks for what may be sent, without a cookie
		return
	}
	session := a.sessions.load(r)
	// The secret stands for the browser's session: it stays while values of the
	// session change, and is another one for another browser and after a login.
	owner := session.Get(csrfKey)
	a.sockets.ServeLongPoll(w, r, owner, func() *transport.Conn {
		conn := a.connection(r, session, "longpoll")
		a.logConnected(r, conn, start)
		return conn
	})
}
