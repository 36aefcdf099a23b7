package transport

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

// closesAfter expects a close with that code, not before the timeout and at
// most two sweeps after it.
func closesAfter(t *testing.T, c *client, code CloseCode, timeout time.Duration, since time.Time) {
	t.Helper()
	f, err := c.next()
	if err != nil {
		t.Fatalf("no close after %v: %v", time.Since(since), err)
	}
	if f.Header.OpCode != ws.OpClose {
		t.Fatalf("got %v %q, want a close", f.Header.OpCode, f.Payload)
	}
	if _, got := closeReason(f.Payload); got != code {
		t.Errorf("closed with %v, want %v", got, code)
	}
	if took := time.Since(since); took < timeout || took > timeout+2*maxSweep {
		t.Errorf("closed after %v, want %v", took, timeout)
	}
}

func TestItem10IdleSocketIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		c := s.connect(t)
		c.join("1", "lv:a")
		for range 20 {
			time.Sleep(30 * time.Second)
			c.wantQuiet()
		}
		since := time.Now()
		// Longer than one wait of next.
		time.Sleep(40 * time.Second)
		closesAfter(t, c, CloseGoingAway, 60*time.Second, since)
		s.host.wantEnd(t, live.SocketClosed)
		synctest.Wait()
		if n := s.Len(); n != 0 {
			t.Errorf("%d connections left", n)
		}
	})
}

// Faults, row 23: a socket is opened and nothing sent, or nothing of use.
func TestFault23SocketThatNeverJoins(t *testing.T) {
	t.Parallel()
	for _, send := range []string{"", heartbeat, `["1","1","room:a","phx_join",{}]`} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, "pipe", Options{})
			c := s.connect(t)
			since := time.Now()
			if send != "" {
				c.send(send)
				if _, err := c.next(); err != nil {
					t.Fatal(err)
				}
			}
			closesAfter(t, c, ClosePolicy, 10*time.Second, since)
		})
	}
}

// Faults, row 52: a message that does not end, however slowly it grows.
func TestFault52MessageThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	whole := frame(ws.OpText, true, heartbeat)
	tests := []struct {
		name  string
		start []byte
		drip  []byte
	}{
		{"half a header", whole[:1], nil},
		{"half a frame", whole[:9], nil},
		{"a byte a second", whole[:9], []byte("x")},
		{"empty continuations", frame(ws.OpText, false, "["), frame(ws.OpContinuation, false, "")},
		{"pings within a message", frame(ws.OpText, false, "["), frame(ws.OpPong, true, "")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := serve(t, "pipe", Options{MessageTimeout: 10 * time.Second})
				c := s.connect(t)
				c.join("1", "lv:a")
				since := time.Now()
				c.raw(tt.start)
				for range 7 {
					time.Sleep(time.Second)
					c.raw(tt.drip)
				}
				closesAfter(t, c, ClosePolicy, 10*time.Second, since)
			})
		})
	}
}

// A client that sends without a pause, so that a read never ends with a whole
// message, is not taken for one that does not finish.
func TestSteadyStreamIsNoUnendingMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		c := s.connect(t)
		c.join("1", "lv:a")
		f := frame(ws.OpText, true, heartbeat)
		c.raw(f[:9])
		for range 60 {
			time.Sleep(time.Second)
			c.raw(append(f[9:len(f):len(f)], f[:9]...))
			c.want(beat)
		}
	})
}

// Faults, row 93: a client that does not read holds its view up for the write
// timeout, and only its own.
func TestFault93ClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		other := s.connect(t)
		other.join("1", "lv:a")
		nc, br, _, err := s.handshake(ws.Dialer{}, "vsn=2.0.0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		if _, err := nc.Write(frame(ws.OpText, true, `["1","1","lv:b","phx_join",{}]`)); err != nil {
			t.Fatal(err)
		}
		if h, err := ws.ReadHeader(br); err != nil {
			t.Fatal(err)
		} else if _, err := io.CopyN(io.Discard, br, h.Length); err != nil {
			t.Fatal(err)
		}
		since := time.Now()
		if _, err := nc.Write(frame(ws.OpText, true, `["1","2","lv:b","push",{}]`)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		other.wantQuiet()
		s.host.wantEnd(t, live.SocketClosed)
		if took := time.Since(since); took < 10*time.Second || took > 10*time.Second+2*maxSweep {
			t.Errorf("cut off after %v, want 10 s", took)
		}
		synctest.Wait()
		if n := s.Len(); n != 1 {
			t.Errorf("%d connections, want the other one", n)
		}
	})
}

// A client that does not take even the close frame cannot hold Shutdown up.
func TestShutdownDoesNotWaitForADeadClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		nc, _, _, err := s.handshake(ws.Dialer{}, "vsn=2.0.0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		synctest.Wait() // until the server has taken it in
		start := time.Now()
		if err := s.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 2*lingerTime {
			t.Errorf("Shutdown took %v", took)
		}
	})
}

func TestShutdownEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		nc, _, _, err := s.handshake(ws.Dialer{}, "vsn=2.0.0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nc.Close() }()
		synctest.Wait() // until the server has taken it in
		ctx, cancel := context.WithTimeout(t.Context(), lingerTime/10)
		defer cancel()
		if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown: %v, want the context's error", err)
		}
		synctest.Wait()
		if n := s.Len(); n != 0 {
			t.Errorf("%d connections left", n)
		}
	})
}

func TestTicks(t *testing.T) {
	t.Parallel()
	o := Options{}.withDefaults()
	if got := o.interval(); got != 2500*time.Millisecond {
		t.Errorf("interval %v, want 2.5s", got)
	}
	for d, want := range map[time.Duration]uint32{10 * time.Second: 4, 60 * time.Second: 24, 61 * time.Second: 25, time.Millisecond: 1} {
		if got := o.ticks(d); got != want {
			t.Errorf("ticks(%v) = %d, want %d", d, got, want)
		}
	}
	short := Options{JoinTimeout: time.Nanosecond}.withDefaults()
	if got := short.interval(); got != time.Millisecond {
		t.Errorf("interval %v, want 1ms", got)
	}
	long := Options{IdleTimeout: time.Hour, JoinTimeout: time.Hour, MessageTimeout: time.Hour, WriteTimeout: time.Hour, PollWindow: time.Hour}.withDefaults()
	if got := long.interval(); got != maxSweep {
		t.Errorf("interval %v, want %v", got, maxSweep)
	}
}

// A quiet connection changes its goroutine, also in the middle of a message,
// and goes on as if nothing had been.
func TestQuietReaderIsRenewed(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("1", "lv:a")
		f := frame(ws.OpText, true, `["1","2","lv:a","echo",{}]`)
		for range 20 {
			c.raw(f[:11])
			s.sweepOnce(s.clock.Add(1))
			s.sweepOnce(s.clock.Add(1))
			c.raw(f[11:])
			c.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{}}]`)
			// The answer may be here before the reader has noted the end of the message.
			waitFor(t, "the reader", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.sockets[0].partial.Load() == 0 })
			s.sweepOnce(s.clock.Add(1))
			s.sweepOnce(s.clock.Add(1))
		}
		s.mu.Lock()
		rested := s.sockets[0].rested
		s.mu.Unlock()
		if rested == 0 {
			t.Error("the reader was not renewed")
		}
	})
}

// Whatever a reader is at when it is renewed, it hears that it is to end.
func TestEndIsHeardAlongWithRenewals(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		for range 20 {
			c, err := s.upgrade(ws.Dialer{}, "vsn=2.0.0&id=x")
			if err != nil {
				t.Fatal(err)
			}
			c.tb = t
			c.wantQuiet()
			s.mu.Lock()
			w := s.sockets[len(s.sockets)-1]
			s.mu.Unlock()
			var wg sync.WaitGroup
			wg.Go(func() {
				for range 100 {
					w.renew()
					runtime.Gosched()
				}
			})
			runtime.Gosched()
			w.end(Disconnected)
			c.wantClose(CloseGoingAway)
			wg.Wait()
			_ = c.nc.Close()
		}
	})
}
