package bennu

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"bennu/internal/logs"
	"bennu/internal/transport"
	"bennu/internal/wire"
	"bennu/internal/witness"
	"bennu/live"
)

// serveSocket opens the socket that all views of a page share.
func (a *App) serveSocket(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	if !a.mayConnect(r) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	conn := a.connection(r, a.sessions.load(r), "websocket")
	err := a.sockets.ServeWebSocket(w, r, conn, func() { a.logConnected(r, conn, start) })
	switch status := statusOf(err); {
	case err == nil:
	case status == http.StatusForbidden || status == http.StatusServiceUnavailable:
		w.WriteHeader(status) // to a script, which reads no pages
	default:
		a.fail(w, r, err)
	}
}

// mayConnect turns the pages of foreign sites away.
func (a *App) mayConnect(r *http.Request) bool {
	err := a.checkOrigin(r)
	if err != nil && a.sampler.Take(a.log, logs.Kind{Level: slog.LevelWarn, Message: "socket refused"}, err) {
		a.log.LogAttrs(r.Context(), slog.LevelWarn, "socket refused",
			slog.String("origin", cut(r.Header.Get("Origin"), maxQuoted)), slog.String("host", cut(r.Host, maxQuoted)), slog.Any("err", err))
	}
	return err == nil
}

// connection is what a socket knows of the request that opens it. A wrong CSRF
// token does not turn it away, but leaves it without a session, so that its
// joins send the browser for a fresh page.
func (a *App) connection(r *http.Request, session *live.Session, by string) *transport.Conn {
	if csrf := wire.QueryValues(r.URL.RawQuery, "_csrf_token"); session != nil && (len(csrf) == 0 || !verifyCSRF(session, csrf[0])) {
		session = nil
	}
	return &transport.Conn{
		Witness: witness.From(r.Context()),
		Session: session.ReadOnly(), SocketID: session.Get(identityKey),
		Info: live.ConnectInfo{
			Host: r.Host, Origin: a.origin(r),
			Transport: by, PeerAddr: a.peerAddr(r), UserAgent: r.UserAgent(), RequestID: RequestID(r), Trace: traceOf(r),
		},
	}
}

// logConnected says that a socket is open.
func (a *App) logConnected(r *http.Request, conn *transport.Conn, start time.Time) {
	a.observeConnect(r, conn.Info.Transport, start)
	if !a.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	query := r.URL.Query()
	vsn := query.Get("vsn")
	query.Del("vsn")
	for name := range query {
		// The client's own parameters tell of other pages, all but the counters.
		if strings.HasPrefix(name, "_") && name != "_mounts" && name != "_mount_attempts" {
			query.Del(name)
		}
	}
	a.log.LogAttrs(r.Context(), slog.LevelInfo, "connected",
		slog.String("transport", conn.Info.Transport), slog.String("vsn", vsn), slog.String("serializer", "json"),
		slog.Any("params", loggedValues(query)), slog.String("peer", conn.Info.PeerAddr),
		slog.Duration("dur", time.Since(start)), slog.String("request_id", conn.Info.RequestID))
}
