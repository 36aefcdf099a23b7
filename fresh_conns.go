package bennu

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// freshTime is how long the first request on an accepted connection may take to
// come in while the server ends. Browsers also open connections in advance,
// which may carry nothing at all.
const freshTime = time.Second

// freshConns knows the connections on which nothing has come in yet.
// [http.Server.Shutdown] drops a first request that it reads after it began;
// who waits for these connections before, once nothing is accepted any more,
// loses none.
type freshConns struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
	none  chan struct{} // closed when there are none; nil while nobody waits
}

func newFreshConns() *freshConns { return &freshConns{conns: make(map[net.Conn]struct{})} }

// observe is the server's ConnState hook.
func (f *freshConns) observe(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if state == http.StateNew {
		f.conns[c] = struct{}{}
		return
	}
	delete(f.conns, c)
	if f.none != nil && len(f.conns) == 0 {
		close(f.none)
		f.none = nil
	}
}

// wait returns when no connection is fresh, or the time is over. It is called
// once, by whoever ends the server.
func (f *freshConns) wait(atMost time.Duration) {
	f.mu.Lock()
	if len(f.conns) == 0 {
		f.mu.Unlock()
		return
	}
	none := make(chan struct{})
	f.none = none
	f.mu.Unlock()
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-none:
	case <-timer.C:
	}
}
