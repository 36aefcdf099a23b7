package e2e

import (
	"context"
	"io"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// get answers with the status and body of a path.
func (s *server) get(path string) (int, string) {
	s.t.Helper()
	resp, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// Faults, row 102: a node with a thousand views is asked to stop. Each client
// is told to come back, not all at the same time, and finds its page on the
// other node; the node exits in good order within its time.
func TestFault102NodeWithAThousandViewsStops(t *testing.T) {
	const clients = 1000
	leaving, staying := showcase(t), showcase(t)
	if status, body := leaving.get("/readyz"); status != 200 || body != "ok\n" {
		t.Errorf("/readyz: %d %q", status, body)
	}
	page, other := get(t, leaving.url+"/counter"), get(t, staying.url+"/counter")
	var joined []*joined
	for range clients {
		joined = append(joined, page.dial().join(page, 0))
	}
	start := time.Now()
	if err := leaving.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var first, last, slowest time.Duration
	var all sync.WaitGroup
	var back []*socket
	for _, j := range joined {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			_, _, err := j.conn.Read(ctx)
			closed := time.Since(start)
			if got := websocket.CloseStatus(err); got != websocket.StatusServiceRestart {
				t.Errorf("the socket was closed with %v (%v), want 1012", got, err)
				return
			}
			s, _, err := other.tryDial("", other.csrf)
			if err != nil {
				t.Errorf("the other node: %v", err)
				return
			}
			s.join(other, 1)
			mu.Lock()
			defer mu.Unlock()
			if first == 0 {
				first = closed
			}
			last, slowest = max(last, closed), max(slowest, time.Since(start)-closed)
			back = append(back, s)
		})
	}
	all.Wait()
	<-leaving.done
	took := time.Since(start)
	if code := leaving.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("it exits with %d, want 0", code)
	}
	leaving.line(0, "msg=drained", "sockets=1000")
	leaving.line(0, "msg=stopped")
	if len(back) != clients {
		t.Errorf("%d clients are back on the other node, want all %d", len(back), clients)
	}
	if last-first < 100*time.Millisecond {
		t.Errorf("all sockets were closed within %v, want that they are spread", last-first)
	}
	t.Logf("%d sockets closed from %v to %v after the signal, slowest way back %v, exit after %v",
		clients, first.Round(time.Millisecond), last.Round(time.Millisecond), slowest.Round(time.Millisecond), took.Round(time.Millisecond))
}

// While it waits for the balancer, the node serves and says that it is not
// ready; a second signal ends it at once.
func TestFault102SecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := showcase(t, "BENNU_SHUTDOWN_DELAY=1h")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.line(0, "msg=stopping", "delay=1h")
	for {
		status, body := s.get("/readyz")
		if status == 503 && body == "stopping\n" {
			break
		}
		if status != 200 {
			t.Fatalf("/readyz: %d %q", status, body)
		}
	}
	if status, _ := s.get("/counter"); status != 200 {
		t.Errorf("a page is answered with %d while it waits", status)
	}
	again := time.NewTicker(50 * time.Millisecond) // the first one may come before it is taken
	defer again.Stop()
	for ended := false; !ended; {
		_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		select {
		case <-s.done:
			ended = true
		case <-again.C:
		}
	}
	if status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v, want by the signal", s.cmd.ProcessState)
	}
}
