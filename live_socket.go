package bennu

import (
	"log/slog"
	"net/http"
	"time"

	"bennu/internal/transport"
	"bennu/live"
)

// serveSocket opens the socket that all views of a page share. A foreign
// origin is turned away; a wrong CSRF token is not, but leaves the socket
// without a session, so that its joins send the browser for a fresh page.
func (a *App) serveSocket(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	if err := a.checkOrigin(r); err != nil {
		a.log.LogAttrs(r.Context(), slog.LevelWarn, "socket refused",
			slog.String("origin", r.Header.Get("Origin")), slog.String("host", r.Host), slog.Any("err", err))
		w.WriteHeader(http.StatusForbidden)
		return
	}
	session := a.sessions.load(r)
	if session != nil && !verifyCSRF(session, r.URL.Query().Get("_csrf_token")) {
		session = nil
	}
	if session != nil {
		session = session.ReadOnly()
	}
	conn := &transport.Conn{
		Session: session,
		Info: live.ConnectInfo{
			Transport: "websocket", PeerAddr: a.peerAddr(r), UserAgent: r.UserAgent(), RequestID: RequestID(r),
		},
	}
	a.logConnected(r, start)
	a.sockets.ServeWebSocket(w, r, conn)
}

func (a *App) logConnected(r *http.Request, start time.Time) {
	if !a.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	query := r.URL.Query()
	vsn := query.Get("vsn")
	query.Del("vsn")
	a.log.LogAttrs(r.Context(), slog.LevelInfo, "connected",
		slog.String("transport", "websocket"), slog.String("vsn", vsn), slog.String("serializer", "json"),
		slog.Any("params", redact(query)), slog.Duration("dur", time.Since(start)))
}
