package transport

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

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
			for sent, stuck := int32(1), false; !stuck; sent++ {
				m.send(`["1","3","lv:a","big",{}]`)
				begun := time.Now()
				for writer.said.Load() <= sent && !stuck { // the join is the first
					runtime.Gosched()
					stuck = time.Since(begun) > 200*time.Millisecond
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
