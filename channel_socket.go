package bennu

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"bennu/channel"
	"bennu/internal/logs"
	"bennu/internal/transport"
	"bennu/live"
)

// SocketHandler is what [Group.Socket] serves: a [channel.Handler].
type SocketHandler interface {
	Runtime(channel.Env) (*channel.Runtime, error)
}

// Socket serves channels to any client of the Phoenix protocol, such as that of
// the npm package phoenix, which is given the path:
//
//	app.Socket("/socket", channel.Handler[User]{Connect: connect, Topics: …})
//	// new Socket("/socket", {params: {token: …}})
//
// WebSockets are at path+"/websocket" and long polling at path+"/longpoll". The
// origin is checked, [Limits] hold and the App's end is told as for the sockets of
// live pages, but a socket may stay open without having joined anything.
// [App.Disconnect] ends those whose identity is meant. The pipelines of the group
// run for the requests that open sockets, and for each of long polling.
func (g *Group) Socket(path string, h SocketHandler) {
	call := fmt.Sprintf("Socket(%q)", path)
	switch {
	case h == nil:
		g.refuse(call, errors.New("the handler is nil, want a channel.Handler"))
	case path == "" || strings.HasSuffix(path, "/"):
		g.refuse(call, fmt.Errorf("the path %q must begin with \"/\" and not end with it, as in \"/socket\"", path))
	}
	a := g.app
	rt, err := h.Runtime(channel.Env{Log: a.log, PubSub: a.opts.PubSub, Mailbox: a.opts.Limits.Mailbox, MailboxBytes: a.opts.Limits.MailboxBytes})
	if err != nil {
		g.refuse(call, err)
	}
	s := &channelSocket{a, rt}
	ws := g.endpoint(call, http.MethodGet, path+"/websocket")
	ws.Handler = "the socket of channels"
	ws.handler = a.guard(http.HandlerFunc(s.serveWebSocket))
	g.register(call, ws, nil)
	poll := g.endpoint(call, "", path+"/longpoll")
	poll.Handler = "channels by long polling"
	poll.handler = a.guard(http.HandlerFunc(s.serveLongPoll))
	g.register(call, poll, nil)
	a.channels = append(a.channels, rt)
	if g.host == "" && !strings.Contains(g.prefix+path, "{") {
		a.quiet = append(a.quiet, poll.Path)
	}
}

// channelSocket is a socket of channels at one place.
type channelSocket struct {
	app *App
	rt  *channel.Runtime
}

// serveWebSocket opens a socket.
func (s *channelSocket) serveWebSocket(w http.ResponseWriter, r *http.Request) {
	a, start := s.app, time.Now()
	if !a.mayConnect(r) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	conn := s.connection(r, a.sessions.load(r), "websocket")
	err := a.sockets.ServeWebSocket(w, r, conn, func() { a.logConnected(r, conn, start) })
	switch status := statusOf(err); {
	case err == nil:
	case status == http.StatusForbidden || status == http.StatusServiceUnavailable:
		w.WriteHeader(status) // to a program, which reads no pages
	default:
		a.fail(w, r, err)
	}
}

// serveLongPoll serves clients that can not open a WebSocket, see
// [App.serveLongPoll].
func (s *channelSocket) serveLongPoll(w http.ResponseWriter, r *http.Request) {
	a, start := s.app, time.Now()
	if !a.mayConnect(r) {
		transport.RefuseLongPoll(w)
		return
	}
	session := a.sessions.load(r)
	// The path, so that what stands before this socket also stands before each of
	// its requests.
	owner := r.URL.Path + "\n" + session.Get(csrfKey)
	a.sockets.ServeLongPoll(w, r, owner, func() *transport.Conn {
		conn := s.connection(r, session, "longpoll")
		a.logConnected(r, conn, start)
		return conn
	})
}

// connection is what a socket knows of the request that opens it, and whom it
// asks.
func (s *channelSocket) connection(r *http.Request, session *live.Session, by string) *transport.Conn {
	conn := s.app.connection(r, session, by)
	if conn.Session == nil {
		conn.SocketID = "" // a page of another site may have sent the cookie
	}
	conn.Accept = func(c *transport.Conn) error { return s.accept(r, c) }
	return conn
}

// accept asks the handler whether a client may connect.
func (s *channelSocket) accept(r *http.Request, conn *transport.Conn) error {
	query := r.URL.Query()
	query.Del("vsn")
	query.Del("_csrf_token")
	if tokens := query["token"]; len(tokens) > 1 && conn.Info.Transport == "longpoll" {
		query["token"] = tokens[:len(tokens)-1] // the last one is the transport's
	}
	c := channel.NewConn(r.Context(), conn.Info, conn.Session, query)
	c.AuthToken, c.Identity = conn.AuthToken, conn.SocketID
	client, err := s.rt.Connect(c)
	if err != nil {
		if s.app.sampler.Take(s.app.log, logs.Kind{Level: slog.LevelInfo, Message: "connection refused"}, err) {
			s.app.log.LogAttrs(r.Context(), slog.LevelInfo, "connection refused", slog.Any("err", err), slog.String("request_id", conn.Info.RequestID))
		}
		return err
	}
	conn.SocketID, conn.Host = c.Identity, channelHost{client}
	return nil
}

// channelHost starts the channels that a client joins.
type channelHost struct{ client *channel.Client }

// Join starts the channel of a topic.
func (h channelHost) Join(j transport.Join) live.Channel {
	return h.client.Join(j.Topic, j.Payload, &j.Conn.Info, j.Conn.Session, j.Out)
}
