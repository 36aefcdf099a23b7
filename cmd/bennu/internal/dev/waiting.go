package dev

import (
	"errors"
	"html"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"bennu/cmd/bennu/internal/problem"
	"bennu/internal/devreload"
)

// waiting answers on the port while no app does: with what is wrong, or with
// the promise that the first build is under way. Its pages follow the same
// messages as the app's, and load again when there is an app.
type waiting struct {
	hub    *devreload.Hub
	server *http.Server
	served chan struct{}

	mu       sync.Mutex
	problems []problem.Problem
}

// startWaiting begins to accept connections.
func startWaiting(p *port) (*waiting, error) {
	l, err := p.listener()
	if err != nil {
		return nil, err
	}
	quiet := slog.New(slog.DiscardHandler)
	w := &waiting{hub: devreload.NewWaiting(quiet), served: make(chan struct{})}
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	go func() {
		defer close(w.served)
		if err := w.server.Serve(l); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			quiet.Error("the socket failed", slog.Any("err", err))
		}
	}()
	return w, nil
}

// show replaces what is wrong.
func (w *waiting) show(problems []problem.Problem) {
	w.mu.Lock()
	w.problems = problems
	w.mu.Unlock()
	w.hub.Send(devreload.ErrorMessage(problems))
}

// stop accepts no more connections and ends the open ones; what waits to be
// accepted is left to the app.
func (w *waiting) stop() {
	_ = w.server.Close() // the listener is a copy: there is nothing to lose
	w.hub.Close()
	<-w.served
}

// ServeHTTP answers every request but those of live reload with the state of
// things. Only the beginning of the path is unknown here: apps may be mounted
// under a prefix.
func (w *waiting) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if i := strings.Index(r.URL.Path, devreload.Path); i >= 0 {
		http.StripPrefix(r.URL.Path[:i], w.hub).ServeHTTP(rw, r)
		return
	}
	w.mu.Lock()
	problems := w.problems
	w.mu.Unlock()
	h := rw.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", "1")
	text, kind := w.text(problems), "text/plain; charset=utf-8"
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		heading := "The app does not run"
		if len(problems) == 0 {
			heading, text = "One moment", text+"This page loads again by itself.\n"
		}
		text, kind = w.page(heading, text), "text/html; charset=utf-8"
	}
	h.Set("Content-Type", kind)
	rw.WriteHeader(http.StatusServiceUnavailable)
	_, _ = rw.Write([]byte(text)) // the reader has gone: nobody to tell
}

func (w *waiting) text(problems []problem.Problem) string {
	if len(problems) == 0 {
		return "Building the app.\n"
	}
	return (&problem.Failure{Problems: problems}).Error() + "\n"
}

func (w *waiting) page(heading, text string) string {
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>bennu dev</title>
<style>
body { margin: 12vh auto; max-width: 60rem; padding: 0 1.25rem; background: light-dark(#fffdf9, #14171f); color: light-dark(#20242f, #ece8df); font: 1rem/1.6 system-ui, sans-serif }
h1 { margin: 0 0 1rem; font-size: 1.25rem }
pre { margin: 0; padding: 1rem 1.25rem; border: 1px solid light-dark(#e4dccd, #323848); border-left: .25rem solid light-dark(#c93c14, #ff8157); border-radius: .5rem; font: .9375rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>` + heading + `</h1>
<pre>` + html.EscapeString(text) + `</pre>
` + w.hub.Snippet("", "") + `
</body>
</html>
`
}
