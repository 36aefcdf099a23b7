package transport

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

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

func TestFault54FloodByLongPolling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{EventRate: 50, EventBurst: 50})
		p := s.poller(t)
		p.join("1", "lv:a")
		lines := make([]string, 50)
		for i := range lines {
			lines[i] = heartbeat
		}
		start, n, status := time.Now(), 0, 200
		for ; status == 200; n += len(lines) {
			status = p.post(lines...)
		}
		took := time.Since(start)
		if took < floodTime || took > floodTime+3*time.Second || status != 429 {
			t.Errorf("status %d after %v, want 429 after %v", status, took, floodTime)
		}
		if most := 50 + int((took.Seconds()+2)*50); n > most || n < 450 {
			t.Errorf("%d messages in %v, want at most %d", n, took, most)
		}
		s.host.wantEnd(t, live.SocketClosed)
		// Nobody waits for who has left.
		q := s.poller(t)
		q.join("1", "lv:a")
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := q.try(q.request(ctx, http.MethodPost, strings.NewReader(strings.Join(append(lines, lines...), "\n")))); err == nil {
			t.Error("the second was not slowed down")
		}
		s.host.wantEnd(t, live.SocketClosed)
	})
}
