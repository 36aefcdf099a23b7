// Command floor is the least that a server of live pages could do. What a page
// costs elsewhere is read as a ratio to it, measured in the same minute on the
// same machine, so that the figures of a fast and a slow machine can be compared.
//
// It does
//
//   - net/http with one ServeMux of two routes;
//   - a page of constant markup, as large as the showcase's counter page, with
//     a random id and three HMAC-SHA-256 tokens (cookie, session, static);
//   - an upgrade that checks the cookie's token, leaves the HTTP handler, and
//     goes on in one goroutine with a small buffer;
//   - a join that checks the session's token and answers with the constant tree
//     of that page, and events that count up and answer with the number.
//
// It does not: keep a session, check an origin or a CSRF token, set headers for
// security, log, route joins, run views apart from their connection, decode an
// event's payload, render, diff, time anything out, bound anything, or survive a
// panic. None of that is to be added here: it is what a framework is for, and
// what the ratio shows the price of.
//
// It listens on PORT (default 4100) of the loopback address.
package main

import (
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "4100"
	}
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: handler(), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /counter", page)
	mux.HandleFunc("GET /live/websocket", socket)
	return mux
}
