package transport

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

// A site is a server with one handler, the WebSocket, behind net/http.
type site struct {
	*Server
	host *fakeHost
	dial func() (net.Conn, error)
}

// networks are what every test of a connection runs over: a TCP socket, which
// the reader waits for, and TLS and a pipe, which it cannot wait for.
var networks = []struct {
	name   string
	listen func() (net.Listener, func() (net.Conn, error), error)
}{
	{"tcp", func() (net.Listener, func() (net.Conn, error), error) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, err
		}
		return l, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) }, nil
	}},
	{"tls", func() (net.Listener, func() (net.Conn, error), error) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, err
		}
		dial := func() (net.Conn, error) {
			return tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		}
		return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate()}}), dial, nil
	}},
	{"pipe", func() (net.Listener, func() (net.Conn, error), error) {
		l := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
		return l, l.dial, nil
	}},
}

// certificate is one that nobody trusts.
var certificate = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
})

// onEach runs a test over each network.
func onEach(t *testing.T, opts Options, test func(t *testing.T, s *site)) {
	t.Parallel()
	for _, n := range networks {
		t.Run(n.name, func(t *testing.T) {
			t.Parallel()
			test(t, serve(t, n.name, opts))
		})
	}
}

// serve starts a site, which ends with the test.
func serve(tb testing.TB, network string, opts Options) *site {
	tb.Helper()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	s := &site{host: newFakeHost()}
	s.Server = NewServer(s.host, opts)
	for _, n := range networks {
		if n.name != network {
			continue
		}
		l, dial, err := n.listen()
		if err != nil {
			tb.Fatal(err)
		}
		s.dial = dial
		h := &http.Server{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/live/longpoll" {
					s.ServeLongPoll(w, r, r.Header.Get("Owner"), func() *Conn {
						return &Conn{Info: live.ConnectInfo{Transport: "longpoll"}, SocketID: r.URL.Query().Get("id")}
					})
					return
				}
				err := s.ServeWebSocket(w, r, &Conn{Info: live.ConnectInfo{Transport: "websocket"}, SocketID: r.URL.Query().Get("id")}, nil)
				var refused *RefusedError
				if errors.As(err, &refused) {
					w.WriteHeader(refused.Status)
				}
			}),
			ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0),
		}
		served := make(chan error, 1)
		go func() { served <- h.Serve(l) }()
		tb.Cleanup(func() {
			if err := h.Close(); err != nil {
				tb.Error(err)
			}
			if err := <-served; !errors.Is(err, http.ErrServerClosed) {
				tb.Error(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if err := s.Shutdown(ctx); err != nil {
				tb.Errorf("Shutdown: %v", err)
			}
		})
	}
	return s
}

// pipeListener accepts the other ends of pipes.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (l *pipeListener) dial() (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// A client is the other end of a connection, which speaks WebSocket by gobwas.
//
// It reads all the time, as a browser does; over a pipe, which holds no bytes,
// both ends would otherwise wait for each other.
type client struct {
	tb     testing.TB
	nc     net.Conn
	frames chan ws.Frame // closed at the end of the connection
	// selected is the subprotocol of the upgrade.
	selected string
}

// connect opens a connection.
func (s *site) connect(tb testing.TB) *client {
	tb.Helper()
	c, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0")
	if err != nil {
		tb.Fatalf("connect: %v", err)
	}
	c.tb = tb
	tb.Cleanup(func() { _ = c.nc.Close() })
	return c
}

// upgrade asks for a connection with that query.
func (s *site) upgrade(d ws.Dialer, query string) (*client, error) {
	nc, br, hs, err := s.handshake(d, query)
	if err != nil {
		return nil, err
	}
	c := newClient(nc, br)
	c.selected = hs.Protocol
	return c, nil
}

// handshake is upgrade for those who read by themselves.
func (s *site) handshake(d ws.Dialer, query string) (net.Conn, *bufio.Reader, ws.Handshake, error) {
	d.NetDial = func(context.Context, string, string) (net.Conn, error) { return s.dial() }
	nc, br, hs, err := d.Dial(context.Background(), "ws://test/live/websocket?"+query)
	if br == nil {
		br = bufio.NewReader(nc)
	}
	return nc, br, hs, err
}

// raw writes bytes as they are.
func (c *client) raw(b []byte) {
	c.tb.Helper()
	if _, err := c.nc.Write(b); err != nil {
		c.tb.Fatalf("write: %v", err)
	}
}

// frame is a masked frame.
func frame(op ws.OpCode, fin bool, payload string) []byte {
	f := ws.MaskFrameInPlace(ws.NewFrame(op, fin, []byte(payload)))
	b, err := ws.CompileFrame(f)
	if err != nil {
		panic(err)
	}
	return b
}

// send writes text messages, all in one piece.
func (c *client) send(messages ...string) {
	c.tb.Helper()
	var b []byte
	for _, m := range messages {
		b = append(b, frame(ws.OpText, true, m)...)
	}
	c.raw(b)
}

// newClient reads from a connection whose upgrade is done.
func newClient(nc net.Conn, br *bufio.Reader) *client {
	c := &client{nc: nc, frames: make(chan ws.Frame, 4096)}
	go func() {
		defer close(c.frames)
		for {
			h, err := ws.ReadHeader(br)
			if err != nil {
				return
			}
			f := ws.Frame{Header: h, Payload: make([]byte, h.Length)}
			if _, err := io.ReadFull(br, f.Payload); err != nil {
				return
			}
			c.frames <- f
		}
	}()
	return c
}

// next is the next frame; io.EOF at the end of the connection.
func (c *client) next() (ws.Frame, error) {
	select {
	case f, ok := <-c.frames:
		if !ok {
			return f, io.EOF
		}
		return f, nil
	case <-time.After(30 * time.Second):
		return ws.Frame{}, os.ErrDeadlineExceeded
	}
}

// want expects the next text messages.
func (c *client) want(messages ...string) {
	c.tb.Helper()
	for _, want := range messages {
		f, err := c.next()
		if err != nil {
			c.tb.Fatalf("read: %v, want %s", err, short(want))
		}
		if f.Header.OpCode != ws.OpText || string(f.Payload) != want {
			c.tb.Fatalf("got  %v %s\nwant %s", f.Header.OpCode, short(string(f.Payload)), short(want))
		}
	}
}

// wantQuiet expects that nothing is on its way: the answer to a heartbeat
// comes next.
func (c *client) wantQuiet() {
	c.tb.Helper()
	c.send(`[null,"hb","phoenix","heartbeat",{}]`)
	c.want(`[null,"hb","phoenix","phx_reply",{"status":"ok","response":{}}]`)
}

// wantClose expects a close frame with that code, and the end of the
// connection after it.
func (c *client) wantClose(code CloseCode) {
	c.tb.Helper()
	f, err := c.next()
	if err != nil {
		c.tb.Fatalf("read: %v, want a close frame", err)
	}
	got := closeNoStatus
	if len(f.Payload) >= 2 {
		got = CloseCode(binary.BigEndian.Uint16(f.Payload))
	}
	if f.Header.OpCode != ws.OpClose || got != code {
		c.tb.Fatalf("got %v %q, want a close with %v", f.Header.OpCode, f.Payload, code)
	}
	if f, err := c.next(); !errors.Is(err, io.EOF) {
		c.tb.Fatalf("got %v %q, %v after the close, want the end", f.Header.OpCode, f.Payload, err)
	}
}

// join joins a topic with that join_ref and expects success.
func (c *client) join(ref, topic string) {
	c.tb.Helper()
	c.send(`["` + ref + `","` + ref + `","` + topic + `","phx_join",{}]`)
	c.want(joinReply(ref, topic))
}

func joinReply(ref, topic string) string {
	return `["` + ref + `","` + ref + `","` + topic + `","phx_reply",{"status":"ok","response":{}}]`
}

// short cuts a long message for an error.
func short(s string) string {
	if len(s) > 200 {
		return s[:100] + "…" + s[len(s)-100:]
	}
	return s
}

// readHead reads the answer to an upgrade, which must be 101.
func readHead(t *testing.T, nc net.Conn) *bufio.Reader {
	t.Helper()
	br := bufio.NewReader(nc)
	resp, err := http.ReadResponse(br, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %s, want 101", resp.Status)
	}
	return br
}
