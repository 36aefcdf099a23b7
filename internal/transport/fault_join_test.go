package transport

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"bennu/live"
)

// Faults about joins: rows 19 to 22, 25, 62 and 68.

// running is how many receivers the first connection has.
func (s *site) running() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.sockets[0]
	w.socket.mu.Lock()
	defer w.socket.mu.Unlock()
	return int(w.running)
}

// The old instance is closed before the new one is answered, and there are
// never two that are joined.
func TestFault19DoubleJoin(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("1", "lv:a")
		for i := 2; i < 50; i++ {
			c.send(fmt.Sprintf(`["%d","%d","lv:a","phx_join",{}]`, i, i))
			c.want(fmt.Sprintf(`["%d","%d","lv:a","phx_close",{}]`, i-1, i-1), joinReply(fmt.Sprint(i), "lv:a"))
			s.host.wantEnd(t, live.Superseded)
		}
		waitFor(t, "the old ones to end", func() bool { return s.running() == 1 })
		c.send(`["49","x","lv:a","echo",{}]`)
		c.want(`["49","x","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

// What was meant for an instance that is over reaches nobody, and is counted.
func TestFault20OldJoinRef(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("4", "lv:a")
		c.send(`["9","9","lv:a","phx_join",{}]`)
		c.want(`["4","4","lv:a","phx_close",{}]`, joinReply("9", "lv:a"))
		for _, event := range []string{"echo", "crash", "push", "phx_leave"} {
			c.send(`["4","10","lv:a","` + event + `",{}]`)
		}
		c.wantQuiet()
		if n := s.Figures().Stale; n != 4 {
			t.Errorf("%d stale messages are counted, want 4", n)
		}
		c.send(`["9","13","lv:a","echo",{}]`)
		c.want(`["9","13","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

// A ref that comes twice is two messages, each answered with it.
func TestFault21ReplayedRef(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("1", "lv:a")
		for i := range 3 {
			c.send(fmt.Sprintf(`["1","7","lv:a","echo",{"n":%d}]`, i))
			c.want(fmt.Sprintf(`["1","7","lv:a","phx_reply",{"status":"ok","response":{"n":%d}}]`, i))
		}
		c.wantQuiet()
	})
}

func TestFault22TenThousandJoins(t *testing.T) {
	t.Parallel()
	s := serve(t, "tcp", Options{EventRate: Unlimited})
	c := s.connect(t)
	const joins, most, batch = 10_000, 100, 100
	for i := range most {
		c.join(fmt.Sprint(i), fmt.Sprintf("lv:%d", i))
	}
	for first := most; first < joins; first += batch {
		var send, want [batch]string
		for i := range batch {
			n := first + i
			send[i] = fmt.Sprintf(`["%d","%d","lv:%d","phx_join",{}]`, n, n, n)
			want[i] = fmt.Sprintf(`["%d","%d","lv:%d","phx_reply",{"status":"error","response":{"reason":"too many channels joined"}}]`, n, n, n)
		}
		c.send(send[:]...)
		c.want(want[:]...)
	}
	if n := s.running(); n != most {
		t.Errorf("%d receivers run, want %d", n, most)
	}
	c.send(`["5","x","lv:5","echo",{}]`)
	c.want(`["5","x","lv:5","phx_reply",{"status":"ok","response":{}}]`)
}

// The views of one connection mount a few at a time; the others wait in the
// order in which they came, and whoever is given up leaves the line.
func TestFault25MountsOfOneConnectionWaitInLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{MaxMounting: 3})
		c, other := s.connect(t), s.connect(t)
		for i := range 10 {
			c.join(fmt.Sprint(i), fmt.Sprintf("lv:mount-%d", i))
		}
		other.join("1", "lv:mount-x")
		synctest.Wait()
		h := s.host
		if got := h.mounting(); strings.Join(got, " ") != "lv:mount-0 lv:mount-1 lv:mount-2 lv:mount-x" && len(got) != 4 {
			t.Errorf("%v mount, want three of the one connection and the other's", got)
		}
		h.mountDone <- struct{}{}
		synctest.Wait()
		if n := len(h.mounting()); n != 4 && n != 3 { // the other's may be the one that is done
			t.Errorf("%d mount after one is done", n)
		}
		// One that waits is left: it is gone from the line.
		c.send(`["9","20","lv:mount-9","phx_leave",{}]`)
		synctest.Wait()
		for range 9 {
			h.mountDone <- struct{}{}
			synctest.Wait()
			if n := len(h.mounting()); n > 4 {
				t.Fatalf("%d mount at a time, want at most 4", n)
			}
		}
		synctest.Wait()
		if got := h.mounting(); len(got) != 0 {
			t.Errorf("%v still mount", got)
		}
		s.lines.mu.Lock()
		defer s.lines.mu.Unlock()
		if n := len(s.lines.waiting); n != 0 {
			t.Errorf("%d lines are left", n)
		}
		for _, w := range s.sockets {
			if w.mounting != 0 {
				t.Errorf("%d turns are held", w.mounting)
			}
		}
	})
}

// A message reaches the receiver of its topic on its own connection and no
// other, whatever it claims: not by another's topic, join_ref or component.
func TestFault62ForgedTargets(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		victim, c := s.connect(t), s.connect(t)
		victim.join("4", "lv:victim")
		_, v := s.host.last()
		c.join("7", "lv:own")
		_, own := s.host.last()
		c.join("8", "lv:sibling")
		_, sibling := s.host.last()
		joined := func() bool { return v.said.Load() == 1 && own.said.Load() == 1 && sibling.said.Load() == 1 }
		waitFor(t, "the views", joined)
		for i, message := range []string{
			`["4","%d","lv:victim","echo",{}]`, // another's topic
			`[null,"%d","lv:victim","echo",{}]`,
			`["4","%d","lv:own","echo",{}]`, // another's join_ref, and a sibling's
			`["8","%d","lv:own","echo",{}]`,
			`["7","%d","lv:own","echo",{"cid":1,"topic":"lv:sibling","target":"lv:victim"}]`,
		} {
			c.send(fmt.Sprintf(message, 20+i))
		}
		const unmatched = `[null,"%d","lv:victim","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]`
		c.want(fmt.Sprintf(unmatched, 20), fmt.Sprintf(unmatched, 21),
			`["7","24","lv:own","phx_reply",{"status":"ok","response":{"cid":1,"topic":"lv:sibling","target":"lv:victim"}}]`)
		c.wantQuiet()
		waitFor(t, "the own view", func() bool { return own.said.Load() == 2 })
		if v.said.Load() != 1 || sibling.said.Load() != 1 {
			t.Error("another view heard of it")
		}
	})
}

// The refusal is an answer that the client's script gets: status 403, and for
// long polling the same in the body.
func TestFault68Versions(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		for _, query := range []string{"", "vsn=1.0.0", "vsn=99", "vsn=2.1.0", "vsn=2", "vsn=", "vsn=2.0.0&vsn=1.0.0", "vsn=" + strings.Repeat("2.0.0", 100)} {
			_, err := s.upgrade(ws.Dialer{}, query)
			var status ws.StatusError
			if !errors.As(err, &status) || int(status) != 403 {
				t.Errorf("a WebSocket with %.40q: %v, want status 403", query, err)
			}
			p := s.newPoller(t)
			p.query = query
			if a := p.get(); a.Status != 403 {
				t.Errorf("a long poll with %.40q: %d, want 403", query, a.Status)
			}
		}
		if n := s.Len(); n != 0 {
			t.Errorf("%d connections are open", n)
		}
	})
}

// Faults, row 88: a handler that takes ten seconds holds up its own view. The
// client's heartbeats are answered at once, and what it sent is when it is done.
func TestFault88HeartbeatsDuringASlowHandler(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		c := s.connect(t)
		c.join("1", "lv:a")
		c.join("2", "lv:b")
		c.send(`["1","3","lv:a","block",{}]`, `["1","4","lv:a","echo",{}]`)
		for range 10 {
			time.Sleep(time.Second)
			start := time.Now()
			c.send(heartbeat, `["2","5","lv:b","echo",{}]`)
			c.want(beat)
			c.want(`["2","5","lv:b","phx_reply",{"status":"ok","response":{}}]`)
			if took := time.Since(start); took != 0 {
				t.Fatalf("a heartbeat is answered after %v", took)
			}
		}
		close(s.host.hold)
		c.want(`["1","3","lv:a","phx_reply",{"status":"ok","response":{"late":true}}]`, `["1","4","lv:a","phx_reply",{"status":"ok","response":{}}]`)
	})
}

// Faults, row 87: a view that takes no messages any more ends as crashed for its
// client, which joins it again; its connection and the views beside it live on.
func TestFault87FullMailboxEndsOneView(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("1", "lv:a")
		c.join("2", "lv:b")
		c.send(`["1","3","lv:a","block",{}]`)
		_, b := s.host.last()
		for range 100 { // more than its mailbox holds
			c.send(`["1","4","lv:a","echo",{}]`)
		}
		c.want(`["1","1","lv:a","phx_error",{"reason":"channel_crash"}]`)
		c.send(`["2","5","lv:b","echo",{}]`)
		for {
			f := c.read()
			if string(f.Payload) == `["2","5","lv:b","phx_reply",{"status":"ok","response":{}}]` {
				break
			}
			if !strings.Contains(string(f.Payload), `"unmatched topic"`) {
				t.Fatalf("got %s", f.Payload)
			}
		}
		c.join("6", "lv:a") // and is joined again
		close(s.host.hold)
		s.host.wantEnd(t, live.Overloaded)
		if b.said.Load() != 2 {
			t.Error("the view beside it was held up")
		}
	})
}
