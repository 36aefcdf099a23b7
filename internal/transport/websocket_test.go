package transport

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

const (
	heartbeat = `[null,"7","phoenix","heartbeat",{}]`
	beat      = `[null,"7","phoenix","phx_reply",{"status":"ok","response":{}}]`
)

// TestFaultyFrames closes with the right code for what breaks the rules, and
// leaves other connections alone.
func TestFaultyFrames(t *testing.T) {
	unmasked := append([]byte{0x81, byte(len(heartbeat))}, heartbeat...)
	long := binary.BigEndian.AppendUint64([]byte{0x81, 0xff}, 1<<63)
	tests := []struct {
		name string
		send []byte
		want CloseCode
	}{
		{"unmasked", unmasked, CloseProtocol},
		{"reserved opcode", frame(3, true, ""), CloseProtocol},
		{"reserved control opcode", frame(11, true, ""), CloseProtocol},
		{"reserved bit", flip(frame(ws.OpText, true, heartbeat), 0x40), CloseProtocol},
		{"fragmented ping", frame(ws.OpPing, false, ""), CloseProtocol},
		{"long ping", frame(ws.OpPing, true, strings.Repeat("x", 126)), CloseProtocol},
		{"continuation of nothing", frame(ws.OpContinuation, true, "x"), CloseProtocol},
		{"text within a message", join(frame(ws.OpText, false, "["), frame(ws.OpText, true, "]")), CloseProtocol},
		{"length above 63 bits", append(long, 1, 2, 3, 4), CloseProtocol},
		{"length longer than needed", []byte{0x81, 0xfe, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5}, CloseProtocol},
		{"not UTF-8", frame(ws.OpText, true, "[null,\"\xff\",\"phoenix\",\"heartbeat\",{}]"), CloseInvalid},
		{"not JSON", frame(ws.OpText, true, "hello"), CloseInvalid},
		{"not an array", frame(ws.OpText, true, `{"a":1}`), CloseInvalid},
		{"four elements", frame(ws.OpText, true, `[null,"7","phoenix","heartbeat"]`), CloseInvalid},
		{"a ref that is a number", frame(ws.OpText, true, `[null,7,"phoenix","heartbeat",{}]`), CloseInvalid},
		{"nested 100k deep", frame(ws.OpText, true, `[null,"7","t","e",`+strings.Repeat("[", 60_000)), CloseInvalid},
		{"topic of 300 bytes", frame(ws.OpText, true, `[null,"7","`+strings.Repeat("t", 300)+`","e",{}]`), CloseInvalid},
		{"empty text", frame(ws.OpText, true, ""), CloseInvalid},
		{"message above the limit", frame(ws.OpText, true, strings.Repeat(" ", 64<<10+1)), CloseTooBig},
		{"header above the limit", []byte{0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4}, CloseTooBig},
		{"binary above its limit", frame(ws.OpBinary, true, strings.Repeat("\x00", 66<<10+1)), CloseTooBig},
		{"fragments above the limit", join(frame(ws.OpText, false, strings.Repeat(" ", 40_000)), frame(ws.OpContinuation, true, strings.Repeat(" ", 40_000))), CloseTooBig},
		{"too many fragments", endless(1100), CloseTooBig},
		{"close", closing(1000, "bye"), closeNormal},
		{"close without a code", frame(ws.OpClose, true, ""), closeNoStatus},
		{"close with an app's code", closing(4001, ""), 4001},
		{"close of one byte", frame(ws.OpClose, true, "x"), CloseProtocol},
		{"close with a reserved code", closing(1005, ""), CloseProtocol},
		{"close with a reason that is no UTF-8", closing(1000, "\xff"), CloseInvalid},
	}
	onEach(t, Options{}, func(t *testing.T, s *site) {
		other := s.connect(t)
		other.join("1", "lv:a")
		for _, tt := range tests {
			c := s.connect(t)
			var wg sync.WaitGroup
			wg.Go(func() { _, _ = c.nc.Write(tt.send) }) // the server may close before it has read all
			c.tb = named{t, tt.name}
			c.wantClose(tt.want)
			_ = c.nc.Close()
			wg.Wait()
		}
		other.send(`["1","2","lv:a","echo",{}]`)
		other.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

// named puts the name of a case before what fails in it.
type named struct {
	testing.TB
	name string
}

func (n named) Fatalf(format string, args ...any) {
	n.TB.Helper()
	n.TB.Fatalf(n.name+": "+format, args...)
}

func flip(b []byte, bits byte) []byte { b[0] ^= bits; return b }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func closing(code uint16, reason string) []byte {
	return frame(ws.OpClose, true, string(binary.BigEndian.AppendUint16(nil, code))+reason)
}

func endless(n int) []byte {
	b := frame(ws.OpText, false, "")
	for range n {
		b = append(b, frame(ws.OpContinuation, false, "")...)
	}
	return b
}

func TestFragmentsBytesAndPings(t *testing.T) {
	fragmented := join(frame(ws.OpText, false, heartbeat[:5]), frame(ws.OpContinuation, false, ""),
		frame(ws.OpPing, true, "in between"), frame(ws.OpContinuation, true, heartbeat[5:]))
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.raw(fragmented)
		c.wantOp(ws.OpText, beat)
		c.wantOp(ws.OpPong, "in between")
		for _, b := range fragmented { // every boundary between two reads
			c.raw([]byte{b})
		}
		// The pong comes first unless the last bytes were read together.
		a, b := c.read(), c.read()
		if a.Header.OpCode == ws.OpText {
			a, b = b, a
		}
		if string(a.Payload) != "in between" || string(b.Payload) != beat {
			t.Fatalf("got %q and %q, want a pong and a reply", a.Payload, b.Payload)
		}
		// Unasked pongs are nothing, and of many pings the last one counts.
		c.raw(join(frame(ws.OpPong, true, "x"), frame(ws.OpPing, true, "1"), frame(ws.OpPing, true, "2"), frame(ws.OpPing, true, "3")))
		c.wantOp(ws.OpPong, "3")
		c.wantQuiet()
		// Many messages in one read, and one that ends in the next.
		two := frame(ws.OpText, true, heartbeat)
		c.raw(join(two, two, two[:7]))
		c.raw(two[7:])
		c.want(beat, beat, beat)
	})
}

// wantOp expects the next frame.
func (c *client) wantOp(op ws.OpCode, payload string) {
	c.tb.Helper()
	if f := c.read(); f.Header.OpCode != op || string(f.Payload) != payload {
		c.tb.Fatalf("got %v %q, want %v %q", f.Header.OpCode, f.Payload, op, payload)
	}
}

// read is the next frame.
func (c *client) read() ws.Frame {
	c.tb.Helper()
	f, err := c.next()
	if err != nil {
		c.tb.Fatal(err)
	}
	return f
}

// TestFramesBehindTheRequest sends the first frames together with the request,
// so that net/http has them in its buffer when the connection is taken over.
func TestFramesBehindTheRequest(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		nc, err := s.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		first := frame(ws.OpText, true, heartbeat)
		_, err = nc.Write(join([]byte("GET /?vsn=2.0.0 HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), first, first[:9]))
		if err != nil {
			t.Fatal(err)
		}
		c := newClient(nc, readHead(t, nc))
		c.tb = t
		c.want(beat)
		c.raw(first[9:])
		c.want(beat)
	})
}

// upgradeRequest is a good one, but for what the headers change; an empty value
// takes one out.
func upgradeRequest(method, query string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "/live/websocket?"+query, nil)
	h := map[string]string{"Connection": "keep-alive, Upgrade", "Upgrade": "WebSocket", "Sec-Websocket-Version": "13", "Sec-Websocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
	for i := 0; i < len(headers); i += 2 {
		h[headers[i]] = headers[i+1]
	}
	for name, value := range h {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

func TestRefusedUpgrades(t *testing.T) {
	t.Parallel()
	s := NewServer(newFakeHost(), Options{Logger: slog.New(slog.DiscardHandler), MaxSockets: 1})
	http2 := upgradeRequest("GET", "vsn=2.0.0")
	http2.ProtoMajor, http2.ProtoMinor = 2, 0
	full := func() { s.open = 1 }
	long, chunked := upgradeRequest("GET", "vsn=2.0.0"), upgradeRequest("GET", "vsn=2.0.0")
	long.ContentLength = 5
	chunked.ContentLength, chunked.TransferEncoding = -1, []string{"chunked"}
	for _, tt := range []struct {
		name    string
		r       *http.Request
		before  func()
		want    int
		headers []string
	}{
		{"POST", upgradeRequest("POST", "vsn=2.0.0"), nil, 405, []string{"Allow", "GET"}},
		{"HEAD", upgradeRequest("HEAD", "vsn=2.0.0"), nil, 405, nil},
		{"HTTP/2", http2, nil, 505, nil},
		{"a browser's address bar", upgradeRequest("GET", "vsn=2.0.0", "Connection", "", "Upgrade", ""), nil, 426, []string{"Upgrade", "websocket"}},
		{"no Connection", upgradeRequest("GET", "vsn=2.0.0", "Connection", "keep-alive"), nil, 426, nil},
		{"Upgrade to something else", upgradeRequest("GET", "vsn=2.0.0", "Upgrade", "h2c"), nil, 426, nil},
		{"version 8", upgradeRequest("GET", "vsn=2.0.0", "Sec-Websocket-Version", "8"), nil, 426, []string{"Sec-WebSocket-Version", "13"}},
		{"no key", upgradeRequest("GET", "vsn=2.0.0", "Sec-Websocket-Key", ""), nil, 400, nil},
		{"a short key", upgradeRequest("GET", "vsn=2.0.0", "Sec-Websocket-Key", "YQ=="), nil, 400, nil},
		{"a body", long, nil, 400, []string{"Connection", "close"}},
		{"a body in chunks", chunked, nil, 400, nil},
		{"no vsn", upgradeRequest("GET", ""), nil, 403, nil},
		{"too many", upgradeRequest("GET", "vsn=2.0.0"), full, 503, []string{"Retry-After", "*"}},
	} {
		if tt.before != nil {
			tt.before()
		}
		rec := httptest.NewRecorder()
		err := s.ServeWebSocket(rec, tt.r, new(Conn), func() { t.Errorf("%s: opened", tt.name) })
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.HTTPStatus() != tt.want || refused.Error() == "" || rec.Body.Len() != 0 {
			t.Errorf("%s: %v and a body of %d bytes, want status %d to be answered by the caller", tt.name, err, rec.Body.Len(), tt.want)
		}
		for i := 0; i < len(tt.headers); i += 2 {
			if got := rec.Header().Get(tt.headers[i]); got != tt.headers[i+1] && (tt.headers[i+1] != "*" || got == "") {
				t.Errorf("%s: %s is %q, want %s", tt.name, tt.headers[i], got, tt.headers[i+1])
			}
		}
	}
	s.open = 0
	// A recorder cannot be taken over.
	rec := httptest.NewRecorder()
	if err := s.ServeWebSocket(rec, upgradeRequest("GET", "vsn=2.0.0"), new(Conn), nil); err != nil || rec.Code != http.StatusInternalServerError {
		t.Errorf("status %d, %v, want 500", rec.Code, err)
	}
	if n := s.Len(); n != 0 {
		t.Errorf("%d connections after refusals", n)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var refused *RefusedError
	if err := s.ServeWebSocket(httptest.NewRecorder(), upgradeRequest("GET", "vsn=2.0.0"), new(Conn), nil); !errors.As(err, &refused) || refused.Status != 503 {
		t.Errorf("while closing: %v, want status 503", err)
	}
}

// A panic of whoever is told that a connection is open leaves none behind.
func TestPanicWhenOpened(t *testing.T) {
	t.Parallel()
	s := NewServer(newFakeHost(), Options{Logger: slog.New(slog.DiscardHandler)})
	h := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = s.ServeWebSocket(w, r, new(Conn), func() { panic("the log fails") })
	}))
	h.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	h.Start()
	defer h.Close()
	nc, err := net.Dial("tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	r := upgradeRequest("GET", "vsn=2.0.0")
	r.RequestURI = ""
	if err := r.Write(nc); err != nil {
		t.Fatal(err)
	}
	readHead(t, nc)
	if _, err := io.Copy(io.Discard, nc); err != nil {
		t.Errorf("reading: %v", err)
	}
	waitFor(t, "the connection not to be counted", func() bool { return s.Len() == 0 })
}

func TestEndOfTheConnectionStopsItsViews(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		for _, end := range []func(c *client){
			func(c *client) { c.raw(closing(1000, "")) },
			func(c *client) {},
		} {
			c := s.connect(t)
			c.join("1", "lv:a")
			c.join("2", "lv:b")
			_, view := s.host.last()
			end(c)
			_ = c.nc.Close()
			s.host.wantEnd(t, live.SocketClosed)
			s.host.wantEnd(t, live.SocketClosed)
			view.out.Push("diff", nil)
			if err := view.out.Flush(); err != nil {
				t.Errorf("Flush on a channel that was stopped: %v", err)
			}
		}
	})
}

func TestDisconnect(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		a, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0&id=user-1")
		if err != nil {
			t.Fatal(err)
		}
		a.tb = t
		defer func() { _ = a.nc.Close() }()
		b := s.connect(t)
		a.join("1", "lv:a")
		b.join("1", "lv:a")
		if n := s.Disconnect("user-1"); n != 1 {
			t.Errorf("Disconnect closed %d connections, want 1", n)
		}
		a.wantClose(CloseGoingAway)
		s.host.wantEnd(t, live.SocketClosed)
		b.send(heartbeat)
		b.want(beat)
	})
}

func TestShutdown(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		clients := make([]*client, 5)
		for i := range clients {
			clients[i] = s.connect(t)
			clients[i].join("1", "lv:a")
		}
		done := make(chan error)
		go func() { done <- s.Shutdown(context.Background()) }()
		var wg sync.WaitGroup
		for _, c := range clients {
			wg.Go(func() {
				c.wantClose(CloseRestart)
				_ = c.nc.Close()
			})
		}
		wg.Wait()
		if err := <-done; err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		for range clients {
			s.host.wantEnd(t, live.Drained)
		}
		if n := s.Len(); n != 0 {
			t.Errorf("%d connections left", n)
		}
		if _, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0"); err == nil {
			t.Error("a connection was accepted after Shutdown")
		}
		if err := s.Shutdown(context.Background()); err != nil {
			t.Errorf("second Shutdown: %v", err)
		}
	})
}

// TestConnectionsComeAndGo leaves no trace of connections that send and
// close at once.
func TestConnectionsComeAndGo(t *testing.T) {
	t.Parallel()
	s := serve(t, "tcp", Options{})
	rounds := 1000
	if testing.Short() {
		rounds = 100
	}
	for i := range rounds {
		c, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0")
		if err != nil {
			t.Fatal(err)
		}
		c.tb = t
		c.join("1", "lv:a")
		switch i % 4 {
		case 0:
			c.raw(closing(1000, ""))
		case 1:
			c.send(`["1","2","lv:a","phx_leave",{}]`)
		case 2:
			c.send(`["1","2","lv:a","big",{}]`)
		}
		if err := c.nc.Close(); err != nil {
			t.Fatal(err)
		}
		<-s.host.ended
	}
	waitFor(t, "the last connection to go", func() bool { return s.Len() == 0 })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		t.Error("the sweeper runs without a connection")
	}
}

// waitFor gives other goroutines the processor until something is the case.
func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestPanicInTheReader closes the one connection with 1011 and nothing else.
func TestPanicInTheReader(t *testing.T) {
	var logged atomic.Int32
	log := slog.New(&countErrors{Handler: slog.DiscardHandler, n: &logged})
	onEach(t, Options{Logger: log}, func(t *testing.T, s *site) {
		before := logged.Load()
		other := s.connect(t)
		other.join("1", "lv:a")
		c := s.connect(t)
		c.join("1", "lv:bomb")
		c.send(`["1","2","lv:bomb","echo",{}]`)
		c.wantClose(CloseInternal)
		other.send(`["1","2","lv:a","echo",{}]`)
		other.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{}}]`)
		if logged.Load() == before {
			t.Error("nothing was logged")
		}
	})
}

type countErrors struct {
	slog.Handler
	n *atomic.Int32
}

func (c *countErrors) Enabled(context.Context, slog.Level) bool { return true }
func (c *countErrors) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		c.n.Add(1)
	}
	return nil
}
