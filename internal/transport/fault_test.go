package transport

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

// The tests are named by the rows of the table of attacks and faults. Those
// about time are in sweep_test.go, those about long polling in longpoll_test.go.

// mute is a client that reads only what it is told to, as one whose window is
// closed.
type mute struct {
	net.Conn
	t  *testing.T
	br *bufio.Reader
}

func (s *site) mute(t *testing.T) *mute {
	t.Helper()
	nc, br, _, err := s.handshake(ws.Dialer{}, "vsn=2.0.0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	return &mute{nc, t, br}
}

func (m *mute) send(messages ...string) {
	m.t.Helper()
	for _, text := range messages {
		if _, err := m.Write(frame(ws.OpText, true, text)); err != nil {
			m.t.Fatal(err)
		}
	}
}

// read is the next frame's payload.
func (m *mute) read() string {
	m.t.Helper()
	h, err := ws.ReadHeader(m.br)
	if err != nil {
		m.t.Fatal(err)
	}
	b := make([]byte, h.Length)
	if _, err := io.ReadFull(m.br, b); err != nil {
		m.t.Fatal(err)
	}
	return string(b)
}

// Faults, row 22, and 25: joins that take the place of each other, each of
// which keeps working, are limited too.
func TestFault25JoinsDoNotPileUp(t *testing.T) {
	onEach(t, Options{MaxChannels: 10}, func(t *testing.T, s *site) {
		c := s.connect(t)
		const stuck = 20 // twice the limit
		for i := range stuck {
			ref := fmt.Sprint(i)
			c.send(`["` + ref + `","` + ref + `","lv:a","phx_join",{}]`)
			if i > 0 {
				before := fmt.Sprint(i - 1)
				c.want(`["` + before + `","` + before + `","lv:a","phx_close",{}]`)
			}
			c.want(joinReply(ref, "lv:a"))
			c.send(`["` + ref + `","x","lv:a","block",{}]`)
			waitFor(t, "the view to be busy", s.host.lastIsBusy)
		}
		c.send(`["99","99","lv:a","phx_join",{}]`)
		c.want(`["19","19","lv:a","phx_close",{}]`, `["99","99","lv:a","phx_reply",{"status":"error","response":{"reason":"too many channels joined"}}]`)
		close(s.host.hold)
		for range stuck {
			s.host.wantEnd(t, live.Superseded)
		}
		waitFor(t, "the views to end", func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			w := s.sockets[0]
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.running == 0
		})
		c.join("100", "lv:a")
	})
}

// lastIsBusy reports that the last view has taken all its messages.
func (h *fakeHost) lastIsBusy() bool {
	_, v := h.last()
	return len(v.mail) == 0
}

func TestFault51MessageAboveTheLimit(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		other := s.connect(t)
		other.join("1", "lv:a")
		tests := map[string][]byte{
			"text":      frame(ws.OpText, true, strings.Repeat(" ", 64<<10+1)),
			"chunk":     frame(ws.OpBinary, true, strings.Repeat("\x00", 66<<10+1)),
			"announced": {0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4},
		}
		for name, send := range tests {
			c := s.connect(t)
			c.join("1", "lv:b")
			var wg sync.WaitGroup
			wg.Go(func() { _, _ = c.nc.Write(send) }) // the server may close before it has read all
			c.tb = named{t, name}
			c.wantClose(CloseTooBig)
			_ = c.nc.Close()
			wg.Wait()
			s.host.wantEnd(t, live.SocketClosed)
		}
		c := s.connect(t)
		c.join("1", "lv:b")
		c.raw(frame(ws.OpText, true, `["1","2","lv:b","echo",{}`+strings.Repeat(" ", 64<<10-26)+`]`))
		c.want(`["1","2","lv:b","phx_reply",{"status":"ok","response":{}}]`)
		other.send(`["1","2","lv:a","echo",{}]`)
		other.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

// Nothing is inflated, because nothing is agreed to be compressed.
func TestFault53CompressedBomb(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		nc, err := s.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		r, err := http.NewRequest(http.MethodGet, "http://test/?vsn=2.0.0", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{
			"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
			"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
		} {
			r.Header.Set(name, value)
		}
		if err := r.Write(nc); err != nil {
			t.Fatal(err)
		}
		br := bufio.NewReader(nc)
		resp, err := http.ReadResponse(br, r)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Get("Sec-WebSocket-Extensions"); resp.StatusCode != 101 || got != "" {
			t.Fatalf("status %s, extensions %q, want none", resp.Status, got)
		}
		c := newClient(nc, br)
		c.tb = t
		c.raw(flip(frame(ws.OpText, true, "\xaa\x56\x4a\x04\x00"), 0x40))
		c.wantClose(CloseProtocol)
	})
}

// flood sends messages without a pause until the connection ends, and returns
// how many there were.
func flood(nc net.Conn, message []byte) (n int) {
	for {
		if _, err := nc.Write(message); err != nil {
			return n
		}
		n++
	}
}

// A flood is read more slowly, and closed when it goes on; a burst is not.
func TestFault54FloodOfEvents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		message []byte
		rate    int // that gets through
	}{
		{"text", frame(ws.OpText, true, heartbeat), 300},
		{"chunks", frame(ws.OpBinary, true, "\x00\x00\x00\x07\x09phoenixheartbeat"), 2400},
		{"pings", frame(ws.OpPing, true, "x"), 2400},
		{"pongs", frame(ws.OpPong, true, ""), 2400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := serve(t, "pipe", Options{})
				other := s.connect(t)
				other.join("1", "lv:a")
				c := s.connect(t)
				c.join("1", "lv:b")
				go func() {
					for range c.frames {
					}
				}()
				since := time.Now()
				n := flood(c.nc, tt.message)
				took := time.Since(since)
				if took < floodTime || took > floodTime+5*time.Second {
					t.Errorf("closed after %v, want %v", took, floodTime)
				}
				// The burst, and what the rate and the granularity allow.
				if most := 2*tt.rate + int((took.Seconds()+2)*float64(tt.rate)); n > most || n < tt.rate*8 {
					t.Errorf("%d messages were read in %v, want at most %d", n, took, most)
				}
				s.host.wantEnd(t, live.SocketClosed)
				other.wantQuiet()
			})
		})
	}
}

func TestFault54FloodIsClosedWithPolicy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{EventRate: 10, EventBurst: 20})
		c := s.connect(t)
		c.join("1", "lv:a")
		go flood(c.nc, frame(ws.OpText, true, heartbeat))
		for {
			f := c.read()
			if f.Header.OpCode != ws.OpClose {
				continue
			}
			if _, code := closeReason(f.Payload); code != ClosePolicy || string(f.Payload[2:]) != "too many messages" {
				t.Errorf("closed with %v %q", code, f.Payload[2:])
			}
			return
		}
	})
}

// What a person does, a burst after a break, and what load clients do when
// there is no limit, is not slowed down.
func TestFault54WhatIsNoFlood(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		opts   Options
		rounds int
		burst  int
		every  time.Duration
	}{
		{"a key held down", Options{}, 2000, 1, time.Second / 33},
		{"a mouse", Options{}, 5000, 1, time.Second / 144},
		{"bursts", Options{}, 20, 500, 3 * time.Second},
		{"no limit", Options{EventRate: Unlimited}, 200, 500, 10 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := serve(t, "pipe", tt.opts)
				c := s.connect(t)
				c.join("1", "lv:a")
				message := frame(ws.OpText, true, heartbeat)
				for range tt.rounds {
					start := time.Now()
					c.raw(bytes.Repeat(message, tt.burst))
					for range tt.burst {
						c.want(beat)
					}
					if took := time.Since(start); took != 0 {
						t.Fatalf("slowed down by %v", took)
					}
					time.Sleep(tt.every)
				}
			})
		})
	}
}

// Pings that come together are answered once.
func TestFault55PingFlood(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("1", "lv:a")
		c.raw(bytes.Repeat(frame(ws.OpPing, true, "x"), 200))
		pongs := 0
		for range 2 { // a pong goes out behind what was read with its ping
			c.raw(frame(ws.OpText, true, heartbeat))
			for f := c.read(); f.Header.OpCode == ws.OpPong; f = c.read() {
				pongs++
			}
		}
		if pongs == 0 || pongs > 20 {
			t.Errorf("200 pings were answered by %d pongs", pongs)
		}
	})
}

func TestFault56To59MalformedMessages(t *testing.T) {
	big := `[null,"7","phoenix","heartbeat",{"a":` + strings.Repeat("[1,", 20_000) + `1]}]`
	onEach(t, Options{}, func(t *testing.T, s *site) {
		for name, tt := range map[string]struct {
			op   ws.OpCode
			text string
			want CloseCode // closeNone: it is taken
		}{
			"56 no JSON":                {ws.OpText, `hello`, CloseInvalid},
			"56 not an array":           {ws.OpText, `{"topic":"phoenix"}`, CloseInvalid},
			"56 a number":               {ws.OpText, `1`, CloseInvalid},
			"56 four elements":          {ws.OpText, `[null,"7","phoenix","heartbeat"]`, CloseInvalid},
			"56 a topic that is a map":  {ws.OpText, `[null,"7",{},"heartbeat",{}]`, CloseInvalid},
			"56 an event that is null":  {ws.OpText, `[null,"7","phoenix",null,{}]`, CloseInvalid},
			"56 a ref that is a number": {ws.OpText, `[null,7,"phoenix","heartbeat",{}]`, CloseInvalid},
			"56 two arrays":             {ws.OpText, `[null,"7","phoenix","heartbeat",{}][]`, CloseInvalid},
			"56 duplicate keys":         {ws.OpText, `[null,"7","phoenix","heartbeat",{"a":1,"a":2}]`, closeNone},
			"56 1e999":                  {ws.OpText, `[null,"7","phoenix","heartbeat",{"a":1e999}]`, closeNone},
			"56 six elements":           {ws.OpText, `[null,"7","phoenix","heartbeat",{},1]`, closeNone},
			"57 100k deep":              {ws.OpText, `[null,"7","phoenix","heartbeat",` + strings.Repeat("[", 60_000), CloseInvalid},
			"57 65 deep":                {ws.OpText, `[null,"7","phoenix","heartbeat",` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `]`, CloseInvalid},
			"57 64 deep":                {ws.OpText, `[null,"7","phoenix","heartbeat",` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `]`, closeNone},
			"58 an endless array":       {ws.OpText, big, CloseInvalid},
			"58 as many as fit":         {ws.OpText, `[null,"7","phoenix","heartbeat",[` + strings.Repeat("1,", 30_000) + `1]]`, closeNone},
			"59 no header":              {ws.OpBinary, "", CloseInvalid},
			"59 half a header":          {ws.OpBinary, "\x00\x01\x01", CloseInvalid},
			"59 lengths that lie":       {ws.OpBinary, "\x00\xff\xff\xff\xffabc", CloseInvalid},
			"59 another kind":           {ws.OpBinary, "\x07\x00\x00\x00\x00", CloseInvalid},
			"59 a name that is no text": {ws.OpBinary, "\x00\x00\x01\x01\x01\xff\xff\xff", CloseInvalid},
		} {
			c := s.connect(t)
			c.tb = named{t, name}
			c.raw(frame(tt.op, true, tt.text))
			if tt.want != closeNone {
				c.wantClose(tt.want)
				continue
			}
			c.want(beat)
		}
	})
}

func TestFault60UnknownTopicsAndEvents(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		for _, topic := range []string{"", "lv", "phoenix", "room:1", strings.Repeat("t", 255)} {
			for _, event := range []string{"", "event", strings.Repeat("e", 255)} {
				c.send(`["1","2","` + topic + `","` + event + `",{}]`)
				c.want(`[null,"2","` + topic + `","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`)
			}
		}
		// A binary message is none that joins.
		c.raw(frame(ws.OpBinary, true, "\x00\x01\x01\x04\x0811lv:aphx_joinraw"))
		c.want(`["1","1","lv:a","phx_reply",{"status":"error","response":{"reason":"binary join"}}]`)
		c.join("1", "lv:a")
		// And receivers are told which is one.
		c.raw(frame(ws.OpBinary, true, "\x00\x01\x01\x04\x0412lv:akind{}"))
		c.send(`["1","3","lv:a","kind",{}]`)
		c.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{"binary":true}}]`, `["1","3","lv:a","phx_reply",{"status":"ok","response":{"binary":false}}]`)
	})
}

// A client that does not read holds up the one view that writes to it: not the
// reader, not the socket's other views, and nobody else.
func TestFault93WriterThatIsStuckBlocksNobody(t *testing.T) {
	t.Parallel()
	for _, network := range []string{"pipe", "tls", "tcp"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			s := serve(t, network, Options{MaxQueued: 8 << 20})
			m := s.mute(t)
			m.send(`["2","2","lv:b","phx_join",{}]`)
			m.read()
			_, other := s.host.last()
			m.send(`["1","1","lv:a","phx_join",{}]`)
			m.read()
			// More than the kernel takes for a client that does not read.
			_, writer := s.host.last()
			for sent := 0; len(writer.mail) < 3; sent++ {
				m.send(`["1","3","lv:a","big",{}]`)
				for range 1000 {
					runtime.Gosched()
				}
				if sent == 1000 {
					t.Fatal("70 MB were written and nobody reads them")
				}
			}
			// The reader goes on, and the other view: they say what they have to.
			m.send(heartbeat, `["2","4","lv:b","echo",{}]`)
			echo := `["2","4","lv:b","phx_reply",{"status":"ok","response":{}}]`
			waitFor(t, "the other view", func() bool { return other.said.Load() == 2 })
			m.send(`["2","5","lv:b","phx_leave",{}]`)
			s.host.wantEnd(t, live.Left)
			for left := 2; left > 0; {
				if text := m.read(); text == beat || text == echo {
					left--
				}
			}
		})
	}
}

// What a client leaves unread is bounded: then it is cut off.
func TestFault93QueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{MaxQueued: 100_000})
		other := s.connect(t)
		other.join("1", "lv:a")
		m := s.mute(t)
		m.send(`["1","1","lv:a","phx_join",{}]`, `["2","2","lv:b","phx_join",{}]`)
		m.read()
		m.read()
		// The first is stuck while it writes, the second is queued, and the third,
		// from a view that does not wait, is too much.
		m.send(`["1","3","lv:a","big",{}]`)
		synctest.Wait()
		m.send(`["2","4","lv:b","big",{}]`)
		synctest.Wait()
		if n := s.Len(); n != 2 {
			t.Fatalf("%d connections, want both", n)
		}
		m.send(`["2","5","lv:b","big",{}]`)
		s.host.wantEnd(t, live.SocketClosed)
		s.host.wantEnd(t, live.SocketClosed)
		synctest.Wait()
		if n := s.Len(); n != 1 {
			t.Errorf("%d connections, want the other one", n)
		}
		other.wantQuiet()
	})
}

// A client that reads slowly, but reads, gets all of it and in order.
func TestSlowClientGetsAll(t *testing.T) {
	t.Parallel()
	s := serve(t, "tcp", Options{EventRate: Unlimited})
	m := s.mute(t)
	m.send(`["1","1","lv:a","phx_join",{}]`)
	m.read()
	const n = 40
	for i := range n {
		m.send(fmt.Sprintf(`[null,"%d","phoenix","heartbeat",{}]`, i))
		if i%4 == 0 {
			m.send(`["1","b","lv:a","big",{}]`)
		}
	}
	next := 0
	for bigs := 0; next < n || bigs < n/4; {
		text := m.read()
		if text == fmt.Sprintf(`[null,"%d","phoenix","phx_reply",{"status":"ok","response":{}}]`, next) {
			next++
		} else if len(text) > 70_000 {
			bigs++
		} else if !strings.HasPrefix(text, `["1","b","lv:a"`) {
			t.Fatalf("got %s before heartbeat %d", short(text), next)
		}
	}
}

// Shutdown does not wait for a client that does not read, whoever writes to it.
func TestShutdownWithAStuckWriter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		m := s.mute(t)
		m.send(`["1","1","lv:a","phx_join",{}]`)
		m.read()
		m.send(`["1","3","lv:a","big",{}]`)
		synctest.Wait()
		m.send(heartbeat)
		synctest.Wait()
		start := time.Now()
		if err := s.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 2*lingerTime {
			t.Errorf("Shutdown took %v", took)
		}
	})
}

// Too many messages wait for views that are stuck: one of them ends.
func TestFault87WaitingBytesAreBounded(t *testing.T) {
	onEach(t, Options{MaxWaiting: 100_000}, func(t *testing.T, s *site) {
		c := s.connect(t)
		topics := []string{"lv:a", "lv:b", "lv:c", "lv:d"}
		for i, topic := range topics {
			c.join(fmt.Sprint(i), topic)
			_, v := s.host.last()
			v.counts = true
		}
		for _, topic := range topics[:3] {
			c.send(`[null,"9","`+topic+`","block",{}]`, `[null,"9","`+topic+`","echo",{"x":"`+strings.Repeat("x", 40_000)+`"}]`)
		}
		c.want(`["2","2","lv:c","phx_error",{"reason":"channel_crash"}]`)
		close(s.host.hold)
		s.host.wantEnd(t, live.Overloaded)
		c.send(`[null,"9","lv:d","echo",{}]`)
		for range 5 { // two that were stuck with an echo each, and the last one
			c.read()
		}
	})
}

// Faults, row 96: connections above the limit are refused at once, with a hint
// when to come again.
func TestFault96SocketsAreLimited(t *testing.T) {
	onEach(t, Options{MaxSockets: 3}, func(t *testing.T, s *site) {
		a, b := s.connect(t), s.poller(t)
		a.join("1", "lv:a")
		b.join("1", "lv:a")
		c := s.connect(t)
		c.join("1", "lv:a")
		for range 3 {
			_, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0")
			var status ws.StatusError
			if !errors.As(err, &status) || int(status) != 503 {
				t.Errorf("a connection above the limit: %v, want status 503", err)
			}
			p := s.newPoller(t)
			resp, err := p.http.Do(p.request(t.Context(), http.MethodGet, nil))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if again := resp.Header.Get("Retry-After"); resp.StatusCode != 503 || again < "1" || again > "5" {
				t.Errorf("a long poll above the limit: %s, Retry-After %q", resp.Status, again)
			}
		}
		c.raw(closing(1000, ""))
		s.host.wantEnd(t, live.SocketClosed)
		waitFor(t, "room", func() bool { return s.Len() == 2 })
		d := s.connect(t)
		d.join("1", "lv:a")
		a.wantQuiet()
	})
}

// Memory that is nearly used up: who is there stays, nobody new comes in.
func TestFault99MemoryLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		var used atomic.Uint64
		s.memory = func() (uint64, uint64) { return used.Load(), 1 << 30 }
		a := s.connect(t)
		a.join("1", "lv:a")
		refused := func() bool {
			_, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0")
			var status ws.StatusError
			return errors.As(err, &status) && int(status) == 503
		}
		used.Store(950 << 20)
		time.Sleep(maxSweep)
		if !refused() {
			t.Error("a connection is let in with 95% of the memory in use")
		}
		a.send(`["1","1","lv:b","phx_join",{}]`)
		a.want(joinReply("1", "lv:b"))
		used.Store(900 << 20)
		time.Sleep(maxSweep)
		s.connect(t)
		used.Store(1 << 40)
		time.Sleep(maxSweep)
		if !refused() {
			t.Error("a connection is let in with no memory left")
		}
	})
}

// The runtime knows what is asked of it.
func TestMemoryInUse(t *testing.T) {
	before := debug.SetMemoryLimit(1 << 40)
	defer debug.SetMemoryLimit(before)
	runtime.GC()
	used, limit := memoryInUse()
	if limit != 1<<40 || used < 100<<10 || used > 10<<30 {
		t.Errorf("%d bytes of %d are in use", used, limit)
	}
}

// A device that fell asleep: the connection is there and nothing comes. It is
// found by its silence, or by what it is sent.
func TestFault98HalfOpenConnection(t *testing.T) {
	t.Parallel()
	t.Run("quiet", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, "pipe", Options{})
			m := s.mute(t)
			m.send(`["1","1","lv:a","phx_join",{}]`)
			m.read()
			since := time.Now()
			s.host.wantEnd(t, live.SocketClosed)
			if took := time.Since(since); took < 60*time.Second || took > 60*time.Second+2*maxSweep {
				t.Errorf("found after %v, want 60 s", took)
			}
			time.Sleep(2 * lingerTime) // it does not take the close frame
			synctest.Wait()
			if n := s.Len(); n != 0 {
				t.Errorf("%d connections left", n)
			}
		})
	})
	t.Run("spoken to", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, "pipe", Options{})
			m := s.mute(t)
			m.send(`["1","1","lv:a","phx_join",{}]`)
			m.read()
			_, v := s.host.last()
			go func() { // as a message of another view would
				v.out.Push("diff", []byte(`{}`))
				_ = v.out.Flush()
			}()
			since := time.Now()
			s.host.wantEnd(t, live.SocketClosed)
			if took := time.Since(since); took < 10*time.Second || took > 10*time.Second+2*maxSweep {
				t.Errorf("found after %v, want 10 s", took)
			}
		})
	})
}
