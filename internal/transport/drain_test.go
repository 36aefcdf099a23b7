package transport

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bennu/live"
)

// Faults, row 102: events that are under way when the server ends are answered.
func TestFault102EventsUnderWayAreAnswered(t *testing.T) {
	onEach(t, Options{}, func(t *testing.T, s *site) {
		c := s.connect(t)
		c.join("1", "lv:a")
		c.send(`["1","2","lv:a","block",{}]`, `["1","3","lv:a","echo",{"n":1}]`, heartbeat)
		c.want(`[null,"7","phoenix","phx_reply",{"status":"ok","response":{}}]`) // all are read
		done := make(chan error, 1)
		go func() { done <- s.Shutdown(t.Context()) }()
		for !s.isClosing() {
		}
		close(s.host.hold)
		c.want(`["1","2","lv:a","phx_reply",{"status":"ok","response":{"late":true}}]`,
			`["1","3","lv:a","phx_reply",{"status":"ok","response":{"n":1}}]`)
		c.wantClose(CloseRestart)
		s.host.wantEnd(t, live.Drained)
		if err := <-done; err != nil {
			t.Errorf("Shutdown = %v", err)
		}
	})
}

func (s *site) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

func TestFault102LongPollsGetTheirAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		p := s.poller(t)
		p.join("1", "lv:a")
		p.send(`["1","2","lv:a","block",{}]`)
		synctest.Wait()
		got := make(chan answer, 1)
		go func() { got <- p.get() }()
		synctest.Wait()
		done := make(chan error, 1)
		go func() { done <- s.Shutdown(t.Context()) }()
		synctest.Wait()
		close(s.host.hold)
		if a := <-got; len(a.Messages) != 1 || a.Messages[0] != `["1","2","lv:a","phx_reply",{"status":"ok","response":{"late":true}}]` {
			t.Errorf("the poll is answered with %+v, want the late reply", a)
		}
		if err := <-done; err != nil {
			t.Errorf("Shutdown = %v", err)
		}
		s.host.wantEnd(t, live.Drained)
		synctest.Wait() // the answer is out, and counted
		if n := s.held.Load(); n != 0 {
			t.Errorf("%d bytes count as waiting", n)
		}
	})
}

// A handler that does not return holds its own socket only, and no longer than
// three quarters of the time.
func TestFault102HungReceiverIsLeftBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{})
		hung, other := s.connect(t), s.connect(t)
		for _, c := range []*client{hung, other} {
			c.join("1", "lv:a")
		}
		hung.send(`["1","2","lv:a","block",{}]`)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		start := time.Now()
		done := make(chan error, 1)
		go func() { done <- s.Shutdown(ctx) }()
		other.wantClose(CloseRestart)
		if took := time.Since(start); took > time.Second {
			t.Errorf("the other socket was closed after %v", took)
		}
		hung.wantClose(CloseRestart)
		if took := time.Since(start); took != 6*time.Second {
			t.Errorf("the socket of the hung one was closed after %v, want 6 s", took)
		}
		if err := <-done; err != nil {
			t.Errorf("Shutdown = %v", err)
		}
		close(s.host.hold)
		s.host.wantEnd(t, live.Drained)
		s.host.wantEnd(t, live.Drained)
	})
}

func TestFault102SocketsEndInBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const sockets = 100
		s := serve(t, "pipe", Options{DrainRate: 100})
		var mu sync.Mutex
		ended := make(map[time.Duration]int)
		var start time.Time
		var all sync.WaitGroup
		for range sockets {
			c := s.connect(t)
			c.join("1", "lv:a")
			all.Go(func() {
				c.wantClose(CloseRestart)
				mu.Lock()
				defer mu.Unlock()
				ended[time.Since(start)]++
			})
		}
		synctest.Wait()
		start = time.Now()
		if err := s.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		all.Wait()
		first, last := time.Hour, time.Duration(0)
		for at, n := range ended {
			if n > 10 {
				t.Errorf("%d sockets end at %v, want at most 10", n, at)
			}
			first, last = min(first, at), max(last, at)
		}
		if first != 0 || last < 450*time.Millisecond || last > 1350*time.Millisecond {
			t.Errorf("they end from %v to %v, want for about 0.9 s", first, last)
		}
		for range sockets {
			s.host.wantEnd(t, live.Drained)
		}
	})
}

// When the time is up in the midst of it, the rest is ended at once.
func TestFault102DrainThatIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, "pipe", Options{DrainRate: 10})
		var clients []*client
		for range 20 {
			c := s.connect(t)
			c.join("1", "lv:a")
			clients = append(clients, c)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(300*time.Millisecond, cancel)
		start := time.Now()
		if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Shutdown = %v, want the context's error", err)
		}
		if took := time.Since(start); took != 300*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		for _, c := range clients {
			for range c.frames { // until it is cut off
			}
		}
		for range clients {
			s.host.wantEnd(t, live.Drained)
		}
	})
}

func TestBatchSize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n, rate int
		within  time.Duration
		want    int
	}{
		{1000, 1000, 5 * time.Second, 100},
		{1000, 100, 5 * time.Second, 20}, // there would not be time
		{100_000, 1000, 5 * time.Second, 2000},
		{10, 1, time.Hour, 1},
		{10, Unlimited, time.Hour, 10},
		{0, Unlimited, time.Hour, 1},
		{7, 1000, 0, 100},
		{700, 1000, 0, 700},
	} {
		if got := batchSize(tt.n, tt.rate, tt.within); got != tt.want {
			t.Errorf("batchSize(%d, %d, %v) = %d, want %d", tt.n, tt.rate, tt.within, got, tt.want)
		}
	}
}
