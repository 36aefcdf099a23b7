package bennu

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"bennu/live"
)

// logRequests logs each request when it comes and when it is answered. Built
// files are left out: they are many and say nothing.
func (a *App) logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if !a.log.Enabled(ctx, slog.LevelInfo) || strings.HasPrefix(r.URL.Path, a.opts.Prefix+"/assets/") {
			next.ServeHTTP(w, r)
			return
		}
		start := time.Now()
		id := slog.String("request_id", RequestID(r))
		a.log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("path", r.URL.Path), id)
		sw := &statusWriter{ResponseWriter: w}
		defer func() {
			a.log.LogAttrs(ctx, slog.LevelInfo, "sent", slog.Int("status", sw.sent()), slog.Duration("dur", time.Since(start)), id)
		}()
		next.ServeHTTP(sw, r)
	})
}

// logProcessing says which view answers a request, with what.
func (a *App) logProcessing(r *http.Request, rt *liveRoute, params live.Params) {
	if !a.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	all := params.Query()
	for _, v := range params.Path() {
		all.Set(v.Name, v.Value)
	}
	a.log.LogAttrs(r.Context(), slog.LevelInfo, "processing",
		slog.String("view", rt.name), slog.String("route", rt.pattern), slog.Any("params", redactValues(all)),
		slog.Any("pipelines", rt.pipelines), slog.String("request_id", RequestID(r)))
}

// statusWriter remembers the status that went out.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// Unwrap lets http.ResponseController reach what the server's writer can do.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack hands the connection over, after which no status is written here.
func (w *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.status = http.StatusSwitchingProtocols
	}
	return conn, rw, err
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// sent is the status of the response; a handler that wrote nothing has said 200.
func (w *statusWriter) sent() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
