package transport

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"bennu/live"
)

// wantHeld waits until so many bytes wait in the server.
func (s *site) wantHeld(t *testing.T, want int64) {
	t.Helper()
	waitFor(t, fmt.Sprint(want, " bytes to wait"), func() bool { return s.Figures().Held == want })
}

// Faults, row 93: what waits for all slow clients together is bounded too. Those
// for which most waits are cut off, and nobody else.
func TestFault93SlowClientsShareABudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{MaxHeld: 1_000_000})
		other := s.connect(t)
		other.join("1", "lv:a")
		slow := s.mute(t) // holds little
		slow.send(`["1","1","lv:a","phx_join",{}]`)
		slow.read()
		slow.send(`["1","2","lv:a","big",{}]`)
		synctest.Wait()
		small := s.Figures().Held
		if small < 70_000 || small > 80_000 {
			t.Fatalf("%d bytes are held for a write of 70,000 that is stuck", small)
		}
		var hogs []*mute
		for range 3 {
			m := s.mute(t)
			m.send(`["1","1","lv:a","phx_join",{}]`, `["2","2","lv:b","phx_join",{}]`)
			m.read()
			m.read()
			m.send(`["1","3","lv:a","big",{}]`)
			synctest.Wait()
			hogs = append(hogs, m)
		}
		ended := 0
		for round := 0; ended == 0; round++ {
			if round > 20 {
				t.Fatalf("%d bytes are held, and nobody is cut off", s.Figures().Held)
			}
			for _, m := range hogs {
				if s.Len() < 5 {
					break
				}
				m.send(`["2","4","lv:b","big",{}]`)
				synctest.Wait()
				if held := s.Figures().Held; held > 1_000_000 {
					t.Fatalf("%d bytes are held, and the bound is a million", held)
				}
			}
			ended = 5 - s.Len()
		}
		for range 2 * ended {
			s.host.wantEnd(t, live.SocketClosed)
		}
		synctest.Wait()
		if f := s.Figures(); f.CutOff != uint64(ended) || f.Held > 750_000 || f.Held < small || ended > 2 {
			t.Errorf("%d connections have ended, figures %+v", ended, f)
		}
		other.wantQuiet()
		if text := slow.read(); len(text) < 70_000 {
			t.Errorf("the client that holds little got %s", short(text))
		}
	})
}

// The budget counts what waits for receivers as well.
func TestFault93WaitingMessagesShareTheBudget(t *testing.T) {
	onEach(t, Options{MaxHeld: 300_000, MaxWaiting: 250_000}, func(t *testing.T, s *site) {
		message := `["1","9","lv:a","echo",{"x":"` + strings.Repeat("x", 40_000) + `"}]`
		var clients []*client
		for range 2 {
			c := s.connect(t)
			c.join("1", "lv:a")
			_, v := s.host.last()
			v.counts = true
			c.send(`["1","2","lv:a","block",{}]`)
			waitFor(t, "the view to be busy", s.host.lastIsBusy)
			clients = append(clients, c)
		}
		for range 5 {
			clients[0].send(message)
		}
		waitFor(t, "200,000 bytes to wait", func() bool { return s.Figures().Held > 200_000 })
		for range 3 {
			clients[1].send(message)
		}
		waitFor(t, "one connection to be cut off", func() bool { return s.Len() == 1 && s.Figures().CutOff == 1 })
		clients[1].wantQuiet()
		close(s.host.hold)
		s.host.wantEnd(t, live.SocketClosed)
	})
}

// And what waits for the next poll.
func TestFault93LongPollsShareTheBudget(t *testing.T) {
	onEach(t, Options{MaxHeld: 300_000}, func(t *testing.T, s *site) {
		a, b := s.poller(t), s.poller(t)
		a.join("1", "lv:a")
		b.join("1", "lv:a")
		s.wantHeld(t, 0)
		b.send(`["1","2","lv:a","big",{}]`)
		for range 4 { // 70,000 bytes each
			a.send(`["1","2","lv:a","big",{}]`)
		}
		s.host.wantEnd(t, live.SocketClosed)
		if x := a.get(); x.Status != 410 {
			t.Errorf("the poll of who had most waiting: %d, want 410", x.Status)
		}
		if x := b.get(); x.Status != 200 || len(x.Messages) != 2 {
			t.Errorf("the other's poll: %d with %d messages, want its two", x.Status, len(x.Messages))
		}
		s.wantHeld(t, 0)
	})
}

// Whatever way a message goes, what was counted is counted out.
func TestHeldComesBackToNothing(t *testing.T) {
	onEach(t, Options{MaxQueued: 8 << 20}, func(t *testing.T, s *site) {
		for i := range 6 {
			m := s.mute(t)
			m.send(`["1","1","lv:a","phx_join",{}]`, `["2","2","lv:b","phx_join",{}]`)
			m.read()
			m.read()
			for range 10 {
				m.send(`["1","3","lv:a","big",{}]`, `["2","4","lv:b","big",{}]`, heartbeat)
			}
			if i%2 == 0 {
				for seen := 0; seen < 20; {
					if len(m.read()) > 70_000 {
						seen++
					}
				}
			}
			if err := m.Close(); err != nil {
				t.Fatal(err)
			}
			s.host.wantEnd(t, live.SocketClosed)
			s.host.wantEnd(t, live.SocketClosed)
		}
		s.wantHeld(t, 0)
		c := s.connect(t)
		c.join("1", "lv:a")
		c.send(`["1","3","lv:a","big",{}]`)
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		s.wantHeld(t, 0)
	})
}
