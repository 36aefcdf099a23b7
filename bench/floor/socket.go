package main

import (
	"net"
	"net/http"

	"github.com/gobwas/ws"
)

// socket upgrades and leaves the handler.
func socket(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("_floor")
	if err != nil || !verify(cookie.Value) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	conn, rw, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		if conn != nil {
			_ = conn.Close() // the refusal is written
		}
		return
	}
	// What came behind the request. Peek cannot fail for bytes that are there.
	rest, _ := rw.Reader.Peek(rw.Reader.Buffered())
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetKeepAlive(false) // only a measurement differs
	}
	go read(conn, append(make([]byte, 0, max(512, 2*len(rest))), rest...))
}
