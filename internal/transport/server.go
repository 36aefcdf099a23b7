package transport

import (
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"bennu/internal/logs"
	"bennu/internal/witness"
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
	Out Outlet
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
	// Host answers the joins of this connection; nil is the server's own. A
	// connection with one need not join anything to stay open, and its
	// subprotocols are read as with [Options.AuthToken].
	Host Host
	// Accept, if not nil, is asked last of all whether the connection may be
	// opened, when the request is known to be right and AuthToken is set; an error
	// is answered with 403. It may fill in Host and SocketID.
	Accept func(*Conn) error
	// Witness lets package livetest see what runs for a page; programs have none.
	Witness *witness.Witness
	// AuthToken is the bearer token that came as a subprotocol, see
	// [Options.AuthToken].
	AuthToken string
}

// A Server holds the connections of one app. Its methods may be called from any
// goroutine. It starts nothing before the first connection comes and keeps
// nothing running after the last one has gone.
type Server struct {
	host  Host
	opt   Options
	rate  rate
	start time.Time
	key   [32]byte // signs the tokens of long polls
	// clock counts sweeps. Connections note it instead of the time.
	clock atomic.Uint32

	held      atomic.Int64 // bytes of messages that wait, see held.go
	relieving sync.Mutex   // held by whoever makes room
	lines     mountLines   // of those who wait to mount
	sampler   logs.Sampler // of what goes wrong over and over

	full atomic.Bool // the memory is, as the sweeper saw it last

	stale, refusedJoins, cutOff atomic.Uint64 // see Figures

	memory func() (used, limit uint64) // memoryInUse, but for tests

	mu       sync.Mutex
	open     int                  // connections, and those that are about to be
	sockets  []*websocket         // each knows its index
	polls    map[pollID]*longpoll // nil while there are none
	stop     chan struct{}        // ends the sweeper; nil while none runs
	closing  bool
	empty    chan struct{} // closed when the last connection is gone while closing
	hurry    chan struct{} // closed when receivers have had time enough to finish
	hurried  sync.Once
	refused  uint32 // the clock when a refusal was last logged
	refusals uint64 // see Figures
}

// NewServer makes a server whose joins the host answers.
func NewServer(host Host, opts Options) *Server {
	s := &Server{host: host, opt: opts.withDefaults(), start: time.Now(), empty: make(chan struct{}), hurry: make(chan struct{}), memory: memoryInUse}
	s.rate = newRate(&s.opt)
	rand.Read(s.key[:]) // never fails: the runtime ends the program first
	s.clock.Store(1)    // 0 stands for never
	return s
}

// now is the time since the server was made.
func (s *Server) now() time.Duration { return time.Since(s.start) }

// Len is the number of connections.
func (s *Server) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Disconnect closes all connections with this socket id and returns how many
// there were. What runs on them has been told to end when it returns. Their
// clients connect again at once, with the cookies they have by then.
func (s *Server) Disconnect(socketID string) int {
	meant := func(c *Conn) bool { return c.SocketID == socketID }
	var found []*websocket
	s.mu.Lock()
	for _, w := range s.sockets {
		if meant(w.conn) {
			found = append(found, w)
		}
	}
	s.mu.Unlock()
	n := s.endAll(Disconnected, meant)
	for _, w := range found {
		w.stopAll(Disconnected.Reason()) // the reader may be busy
	}
	return n
}

// Find is the receiver of a topic that is joined on some connection, nil if none
// is. It looks through all of them, and only at those on which the topics beside
// are joined too.
func (s *Server) Find(topic string, beside ...string) live.Channel {
	for _, c := range s.all() {
		if slices.ContainsFunc(beside, func(other string) bool { return c.receiver(other) == nil }) {
			continue
		}
		if proc := c.receiver(topic); proc != nil {
			return proc
		}
	}
	return nil
}

// Each calls f with every receiver that is joined, in no order.
func (s *Server) Each(f func(live.Channel)) {
	for _, c := range s.all() {
		for _, proc := range c.receivers() {
			f(proc)
		}
	}
}

// all are the connections.
func (s *Server) all() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*socket, 0, len(s.sockets)+len(s.polls))
	for _, w := range s.sockets {
		all = append(all, &w.socket)
	}
	for _, p := range s.polls {
		all = append(all, &p.socket)
	}
	return all
}

// endAll ends the connections that are meant and returns how many there were.
func (s *Server) endAll(cause Cause, meant func(*Conn) bool) int {
	n := 0
	var polls []*longpoll
	s.mu.Lock()
	for _, w := range s.sockets {
		if meant(w.conn) {
			w.end(cause)
			n++
		}
	}
	for _, p := range s.polls {
		if meant(p.conn) {
			polls = append(polls, p)
		}
	}
	s.mu.Unlock()
	for _, p := range polls { // which takes the lock
		p.end(cause)
	}
	return n + len(polls)
}

// admit makes room for one more connection; dismiss gives it back. The error is
// of status 503, at the limits and once the server is closing, and tells clients
// not to come again all at the same time.
func (s *Server) admit(w http.ResponseWriter) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	crowded := s.opt.MaxSockets >= 0 && s.open >= s.opt.MaxSockets
	if !s.closing && !crowded && !s.full.Load() {
		s.open++
		return nil
	}
	s.refusals++
	w.Header().Set("Retry-After", strconv.Itoa(1+mathrand.IntN(5)))
	if s.closing {
		return refused(http.StatusServiceUnavailable, "the server is shutting down")
	}
	if now := s.clock.Load(); s.refused != now { // once a sweep
		s.refused = now
		s.opt.Logger.Warn("sockets refused", slog.Int("open", s.open), slog.Int("limit", s.opt.MaxSockets), slog.Bool("memory", s.full.Load()))
	}
	if crowded {
		return refused(http.StatusServiceUnavailable, "too many connections are open")
	}
	return refused(http.StatusServiceUnavailable, "the memory is used up")
}

func (s *Server) dismiss() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leave()
}

// leave is dismiss for those who hold mu.
func (s *Server) leave() {
	s.open--
	if len(s.sockets)+len(s.polls) == 0 && s.stop != nil {
		close(s.stop)
		s.stop = nil
		s.full.Store(false) // nobody looks any more
	}
	if s.open == 0 && s.closing {
		close(s.empty)
	}
}

// watch runs the sweeper while there are connections. The caller holds mu.
func (s *Server) watch() {
	if s.stop == nil {
		s.stop = make(chan struct{})
		go s.sweep(s.stop)
	}
}

// add takes in a connection that was admitted; false once the server is closing.
func (s *Server) add(w *websocket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	w.index = len(s.sockets)
	s.sockets = append(s.sockets, w)
	s.watch()
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
	s.leave()
}
