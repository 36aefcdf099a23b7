package devreload

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

const (
	// queued is how many messages may wait for one browser. They come at the
	// pace of somebody saving files; a browser this far behind is gone.
	queued = 16
	// maxFrame bounds what a browser may send: it has nothing to say but pongs
	// and a close.
	maxFrame     = 125
	writeTimeout = 5 * time.Second
)

// Hub sends messages to the browsers that opened its socket. It is safe for
// use by many goroutines.
type Hub struct {
	build string
	log   *slog.Logger

	mu       sync.Mutex
	browsers map[*browser]struct{}
	failure  []byte // the encoded Error message that holds, nil when all is right
	closed   bool
	serving  sync.WaitGroup
}

// New makes the hub of an app. Each has a build of its own, so that browsers
// see when they meet another process. A nil log is slog's default.
func New(log *slog.Logger) *Hub { return newHub(rand.Text()[:12], log) }

// NewWaiting makes the hub of `bennu dev` itself, which has no build to show.
func NewWaiting(log *slog.Logger) *Hub { return newHub("", log) }

func newHub(build string, log *slog.Logger) *Hub {
	if log == nil {
		log = slog.Default()
	}
	return &Hub{build: build, log: log, browsers: make(map[*browser]struct{})}
}

// ServeHTTP answers below [Path]; the caller has cut the App's prefix.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch strings.TrimPrefix(r.URL.Path, Path) {
	case "client.js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if _, err := w.Write(clientJS); err != nil {
			h.log.DebugContext(r.Context(), "live reload: script not sent", slog.Any("err", err))
		}
	case "socket":
		h.serveSocket(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Send gives the message to every browser. It does not wait for them. An Error
// message is kept for browsers that come later, until the next OK.
func (h *Hub) Send(m Message) {
	text := m.encode()
	h.mu.Lock()
	defer h.mu.Unlock()
	switch m.Type {
	case Error:
		h.failure = text
	case OK:
		h.failure = nil
	}
	for b := range h.browsers {
		b.send(text)
	}
}

// Close sends what is queued, closes all sockets and waits for them. A closed
// hub refuses new ones.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	for b := range h.browsers {
		b.finish()
	}
	h.mu.Unlock()
	h.serving.Wait()
}

func (h *Hub) serveSocket(w http.ResponseWriter, r *http.Request) {
	// Problems quote source code: no other site may read them.
	if origin := r.Header.Get("Origin"); origin != "" && !sameHost(origin, r.Host) {
		http.Error(w, "live reload: the page's origin is not this host", http.StatusForbidden)
		return
	}
	b := &browser{out: make(chan []byte, queued), pongs: make(chan []byte, 1)}
	if !h.add(b) {
		http.Error(w, "live reload: closing", http.StatusServiceUnavailable)
		return
	}
	defer h.serving.Done()
	defer h.remove(b)
	conn, _, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		h.log.DebugContext(r.Context(), "live reload: no upgrade", slog.Any("err", err))
		return
	}
	b.serve(conn)
}

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, host)
}

func (h *Hub) add(b *browser) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.serving.Add(1)
	h.browsers[b] = struct{}{}
	b.send(Message{Type: Hello, Build: h.build}.encode())
	if h.failure != nil {
		b.send(h.failure)
	}
	return true
}

func (h *Hub) remove(b *browser) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.browsers, b)
	b.finish()
}

// browser is one open socket. send and finish are called under the hub's lock.
type browser struct {
	out      chan []byte // closed by finish
	finished bool
	pongs    chan []byte
}

func (b *browser) send(text []byte) {
	if b.finished {
		return
	}
	select {
	case b.out <- text:
	default:
		b.finish()
	}
}

func (b *browser) finish() {
	if !b.finished {
		b.finished = true
		close(b.out)
	}
}

// serve runs until the browser or the hub closes the socket.
func (b *browser) serve(conn net.Conn) {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		b.read(conn)
	}()
	b.write(conn, gone)
	// The browser answers a close frame by its own; one that does not is cut off.
	// An error of Close tells nothing that is still of use.
	_ = conn.SetReadDeadline(time.Now().Add(time.Second))
	<-gone
	_ = conn.Close()
}

func (b *browser) write(conn net.Conn, gone <-chan struct{}) {
	for {
		var frame ws.Frame
		select {
		case text, ok := <-b.out:
			if !ok {
				frame = ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusGoingAway, ""))
				break
			}
			frame = ws.NewTextFrame(text)
		case ping := <-b.pongs:
			frame = ws.NewPongFrame(ping)
		case <-gone:
			return
		}
		if conn.SetWriteDeadline(time.Now().Add(writeTimeout)) != nil ||
			ws.WriteFrame(conn, frame) != nil || frame.Header.OpCode == ws.OpClose {
			return
		}
	}
}

// read takes what the browser sends until it closes or breaks a rule.
func (b *browser) read(conn net.Conn) {
	for {
		head, err := ws.ReadHeader(conn)
		if err != nil || head.Length > maxFrame || head.OpCode == ws.OpClose {
			return
		}
		payload := make([]byte, head.Length)
		if _, err := io.ReadFull(conn, payload); err != nil {
			return
		}
		if head.OpCode != ws.OpPing {
			continue
		}
		ws.Cipher(payload, head.Mask, 0)
		select {
		case b.pongs <- payload:
		default: // one answer is enough for pings that come faster than it is sent
		}
	}
}
