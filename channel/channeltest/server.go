package channeltest

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"bennu/channel"
	"bennu/live"
	"bennu/pubsub"
)

// patience is how long a wait lasts at most.
const patience = 20 * time.Second

// Handler is a [channel.Handler].
type Handler interface {
	Runtime(channel.Env) (*channel.Runtime, error)
}

// Server serves one handler for one test.
type Server struct {
	t   testing.TB
	rt  *channel.Runtime
	hub *pubsub.Hub
	log *log

	mu      sync.Mutex
	clients []*Client
}

// Serve sets a handler up. Its channels end with the test.
func Serve(t testing.TB, h Handler) *Server {
	t.Helper()
	s := &Server{t: t, hub: pubsub.New(), log: new(log)}
	rt, err := h.Runtime(channel.Env{Log: slog.New(s.log), PubSub: s.hub})
	if err != nil {
		t.Fatal(err)
	}
	s.rt = rt
	t.Cleanup(s.end)
	return s
}

// PubSub is the hub of a handler that names none, for [channel.Broadcast].
func (s *Server) PubSub() *pubsub.Hub { return s.hub }

// Params are what a client connects with.
type Params map[string]string

// Request is a client that asks to connect.
type Request struct {
	Params Params
	// AuthToken is what the client gives as its authToken.
	AuthToken string
	// Identity is what [bennu.SetIdentity] has said of its browser.
	Identity string
	// Session is the browser's; nil is none.
	Session *live.Session
	// Info is what is known of its request.
	Info live.ConnectInfo
}

// Connect connects a client, which the handler must let in.
func (s *Server) Connect(p Params) *Client {
	s.t.Helper()
	c, err := s.Ask(Request{Params: p})
	if err != nil {
		s.t.Fatalf("channeltest: Connect was refused: %v", err)
	}
	return c
}

// Ask connects a client, or returns the error with which the handler refuses it.
func (s *Server) Ask(r Request) (*Client, error) {
	query := make(url.Values)
	for k, v := range r.Params {
		query.Set(k, v)
	}
	if r.Info.Transport == "" {
		r.Info.Transport = "websocket"
	}
	conn := channel.NewConn(s.t.Context(), r.Info, r.Session, query)
	conn.AuthToken, conn.Identity = r.AuthToken, r.Identity
	joins, err := s.rt.Connect(conn)
	if err != nil {
		return nil, err
	}
	c := &Client{s: s, joins: joins, info: &r.Info, session: r.Session, identity: conn.Identity}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients = append(s.clients, c)
	return c, nil
}

// end disconnects all and waits until nothing runs.
func (s *Server) end() {
	s.mu.Lock()
	clients := s.clients
	s.mu.Unlock()
	for _, c := range clients {
		c.Disconnect()
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.rt.Wait(ctx); err != nil {
		s.t.Errorf("channeltest: %d channels still run: a callback does not return, or does not mind its context", s.rt.Channels())
	}
	if crashes := s.log.left(); len(crashes) > 0 {
		s.t.Errorf("channeltest: channels have crashed:\n%s", strings.Join(crashes, "\n"))
	}
}

// Crashes are the errors that channels have logged until now, those that
// [Topic.RequireCrashed] has returned left out. They then fail the test no more.
func (s *Server) Crashes() []string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	crashes := s.log.crashes
	s.log.crashes = nil
	return crashes
}

// Client is one connection.
type Client struct {
	s        *Server
	joins    *channel.Client
	info     *live.ConnectInfo
	session  *live.Session
	identity string

	mu     sync.Mutex
	joined []*Topic
	over   bool
}

// Identity is whose connection it is, as the handler has found.
func (c *Client) Identity() string { return c.identity }

// Disconnect cuts the connection.
func (c *Client) Disconnect() {
	c.mu.Lock()
	c.over = true
	joined := c.joined
	c.mu.Unlock()
	for _, t := range joined {
		t.cut()
		t.proc.Stop(live.SocketClosed)
	}
}

// RequireUnmatched holds that no pattern of the handler takes a topic.
func (c *Client) RequireUnmatched(topic string) {
	c.s.t.Helper()
	t := &Topic{t: c.s.t, s: c.s, name: topic, changed: make(chan struct{})}
	if t.proc = c.joins.Join(topic, []byte("{}"), c.info, c.session, outlet{t}); t.proc != nil {
		t.Leave()
		c.s.t.Fatalf("channeltest: a pattern of the handler's Topics takes %q, want none to", topic)
	}
}

// Join joins a topic, which the channel must allow. Params are encoded as JSON;
// nil is {}.
func (c *Client) Join(topic string, params any) *Topic {
	c.s.t.Helper()
	t, r := c.join(topic, params)
	r.require(true, nil)
	return t
}

// JoinReply is Join with what the channel has answered.
func (c *Client) JoinReply(topic string, params, into any) *Topic {
	c.s.t.Helper()
	t, r := c.join(topic, params)
	r.require(true, into)
	return t
}

// RequireRefused asks to join a topic, which must be refused; into takes the
// response unless it is nil.
func (c *Client) RequireRefused(topic string, params, into any) {
	c.s.t.Helper()
	_, r := c.join(topic, params)
	r.require(false, into)
}

func (c *Client) join(topic string, params any) (*Topic, *Reply) {
	c.s.t.Helper()
	payload, binary := encode(c.s.t, params)
	if binary {
		c.s.t.Fatal("channeltest: a join takes JSON, got bytes")
	}
	t := &Topic{t: c.s.t, s: c.s, name: topic, changed: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		c.s.t.Fatal("channeltest: Join on a client that is disconnected")
	}
	t.proc = c.joins.Join(topic, payload, c.info, c.session, outlet{t})
	if t.proc == nil {
		c.s.t.Fatalf("channeltest: no pattern of the handler's Topics takes %q", topic)
	}
	c.joined = append(c.joined, t)
	return t, &Reply{t, joinRef}
}

// log keeps what has gone wrong.
type log struct {
	mu      sync.Mutex
	crashes []string
}

func (l *log) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (l *log) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l *log) WithGroup(string) slog.Handler                    { return l }

func (l *log) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	again := false
	b.WriteString(r.Message)
	r.Attrs(func(a slog.Attr) bool {
		again = again || a.Key == "left_out"
		b.WriteString(" " + a.Key + "=" + a.Value.String())
		return true
	})
	if again {
		return nil // how often what is here already has come again
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.crashes = append(l.crashes, b.String())
	return nil
}

// left are the crashes that nobody has asked for.
func (l *log) left() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.crashes
}

// take is the error of a crash of a topic that was asked for.
func (l *log) take(topic string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, text := range l.crashes {
		if strings.Contains(text, " topic="+topic+" ") {
			l.crashes = append(l.crashes[:i:i], l.crashes[i+1:]...)
			return errors.New(text)
		}
	}
	return errors.New("the error is not in the log, which shows only the first ones of a kind")
}
