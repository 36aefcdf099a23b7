// Command floor is the least that a server of live pages could do: net/http, a
// page with two signed tokens, an upgrade, one small reader a connection, and
// answers of the right shape. It has no router, no session, no view, no
// rendering. What a page costs elsewhere is read as a ratio to this, measured
// in the same minute on the same machine.
//
// It listens on PORT (default 4100) of the loopback address.
package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gobwas/ws"
)

var key = make([]byte, 32)

func main() {
	rand.Read(key)
	port := os.Getenv("PORT")
	if port == "" {
		port = "4100"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /counter", page)
	mux.HandleFunc("GET /live/websocket", socket)
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// sign is a token in the form value.signature.
func sign(value string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(value))
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(value)) + "." + enc.EncodeToString(mac.Sum(nil))
}

// verify reports whether this process signed the token.
func verify(token string) bool {
	for i := range len(token) {
		if token[i] != '.' {
			continue
		}
		value, err := base64.RawURLEncoding.DecodeString(token[:i])
		return err == nil && hmac.Equal([]byte(sign(string(value))), []byte(token))
	}
	return false
}

// page has what the client looks for and about as much markup as the counter
// page of the showcase.
func page(w http.ResponseWriter, _ *http.Request) {
	var b [12]byte
	rand.Read(b[:])
	id := "phx-" + base64.RawURLEncoding.EncodeToString(b[:])
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Set-Cookie", "_floor="+sign(id)+"; Path=/; HttpOnly; SameSite=Lax")
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="csrf-token" content="%s"><title>Floor</title></head>`+
		`<body><div id="%s" data-phx-main data-phx-session="%s" data-phx-static="%s">`+
		`<button phx-click="decrease" phx-value-number="1">-</button> <span id="count" class="font-bold px-4 text-xl">0</span> <button phx-click="increase" phx-value-number="2">+</button>`+
		`</div></body></html>`, id, id, sign(id), sign("static"+id))
}

// socket upgrades and leaves the handler.
func socket(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("_floor")
	if err != nil || !verify(cookie.Value) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	conn, rw, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		return
	}
	rest := make([]byte, rw.Reader.Buffered())
	if _, err := rw.Reader.Read(rest); err != nil && len(rest) > 0 {
		conn.Close()
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetKeepAlive(false) // only a measurement differs
	}
	go read(conn, rest)
}
