package transport

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bennu/live"
)

// A Host starts what clients join.
type Host interface {
	// Join starts the receiver of a topic and returns it; nil means that no
	// topic of that name exists. It runs on the goroutine that reads the
	// connection and must not block. The receiver may use Join.Out at once.
	Join(Join) live.Channel
}

// A Join is a client's wish to join a topic.
type Join struct {
	Topic string
	// Payload is one well-formed JSON value and belongs to the Host.
	Payload []byte
	// Conn is the connection that the topic is joined on.
	Conn *Conn
	// Out is the way back to the client. The first thing that it is told must be
	// the answer to the join.
	Out live.Outlet
}

// A Conn is what is known of a connection from its HTTP request. It is not
// changed once the connection is open.
type Conn struct {
	Info live.ConnectInfo
	// Session is nil when the request had no valid cookie and CSRF token; the
	// connection is open all the same, and its joins are answered as stale.
	Session *live.Session
	// SocketID groups connections that [Server.Disconnect] closes together.
	SocketID string
	// AuthToken is the bearer token that came as a subprotocol, see
	// [Options.AuthToken].
	AuthToken string
}

// Options of a [Server]; the zero value works.
type Options struct {
	// Logger takes the end of each connection (Debug) and what went wrong
	// inside the server (Error); nil is slog.Default().
	Logger *slog.Logger
	// MaxMessage bounds a whole text message in bytes, however many frames it
	// comes in; 0 is 64 KiB. A longer one closes the connection with 1009.
	MaxMessage int
	// MaxBinary is the same for binary messages; 0 is 64 KiB and 2 KiB for the
	// header, which holds the client's upload chunks.
	MaxBinary int
	// MaxChannels bounds the topics that are joined on one connection; 0 is 100.
	// Joins above it are refused.
	MaxChannels int
	// IdleTimeout is how long a connection may send nothing; 0 is 60 s, twice
	// the client's heartbeat.
	IdleTimeout time.Duration
	// JoinTimeout is how long a new connection may go without a join; 0 is 10 s.
	JoinTimeout time.Duration
	// MessageTimeout is how long a message may take from its first byte to its
	// last; 0 is 10 s.
	MessageTimeout time.Duration
	// WriteTimeout is how long a write may wait for a client that does not
	// read; 0 is 10 s.
	WriteTimeout time.Duration
	// AuthToken takes a bearer token from the subprotocols of the upgrade into
	// Conn.AuthToken. Otherwise offered subprotocols are ignored.
	AuthToken bool
}

// withDefaults fills in what was left zero.
func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	fill := func(v *int, value int) {
		if *v <= 0 {
			*v = value
		}
	}
	fill(&o.MaxMessage, 64<<10)
	fill(&o.MaxBinary, 66<<10)
	fill(&o.MaxChannels, 100)
	limit := func(v *time.Duration, value time.Duration) {
		if *v <= 0 {
			*v = value
		}
	}
	limit(&o.IdleTimeout, 60*time.Second)
	limit(&o.JoinTimeout, 10*time.Second)
	limit(&o.MessageTimeout, 10*time.Second)
	limit(&o.WriteTimeout, 10*time.Second)
	return o
}

// A Server holds the connections of one app. Its methods may be called from any
// goroutine. It starts nothing before the first connection comes and keeps
// nothing running after the last one has gone.
type Server struct {
	host Host
	opt  Options
	// clock counts sweeps. Connections note it instead of the time.
	clock atomic.Uint32

	mu      sync.Mutex
	sockets []*websocket  // each knows its index
	stop    chan struct{} // ends the sweeper; nil while none runs
	closing bool
	empty   chan struct{} // closed when the last socket is gone while closing
}

// NewServer makes a server whose joins the host answers.
func NewServer(host Host, opts Options) *Server {
	s := &Server{host: host, opt: opts.withDefaults(), empty: make(chan struct{})}
	s.clock.Store(1) // 0 stands for never
	return s
}

// Len is the number of connections.
func (s *Server) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Disconnect closes all connections with this socket id and returns how many
// there were. Their clients connect again at once, with the cookies they have
// by then.
func (s *Server) Disconnect(socketID string) int {
	n := 0
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.sockets {
		if w.conn.SocketID == socketID {
			w.end(CloseGoingAway)
			n++
		}
	}
	return n
}

// Shutdown refuses new connections, closes the others with 1012, so that their
// clients connect to another server, and returns when all are gone. What runs
// on them is stopped with [live.Drained] and not waited for. When the context
// ends first, the rest is cut off and the context's error returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	if !s.closing {
		s.closing = true
		if len(s.sockets) == 0 {
			close(s.empty)
		}
	}
	for _, w := range s.sockets {
		w.end(CloseRestart)
	}
	s.mu.Unlock()

	select {
	case <-s.empty:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.sockets {
		w.cut()
	}
	return ctx.Err()
}

// add takes in a connection; false once the server is closing.
func (s *Server) add(w *websocket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	w.index = len(s.sockets)
	s.sockets = append(s.sockets, w)
	if s.stop == nil {
		s.stop = make(chan struct{})
		go s.sweep(s.stop)
	}
	return true
}

// remove forgets a connection.
func (s *Server) remove(w *websocket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.sockets) - 1
	moved := s.sockets[last]
	s.sockets[w.index], moved.index = moved, w.index
	s.sockets[last] = nil
	s.sockets = s.sockets[:last]
	if last > 0 {
		return
	}
	close(s.stop)
	s.stop = nil
	if s.closing {
		close(s.empty)
	}
}
