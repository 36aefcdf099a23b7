package e2e

import (
	"net"
	"net/url"
	"sync"
	"testing"
)

// A line is what lies between browsers and a server, which a test disturbs.
type line struct {
	url string // where the server is reached through it

	mu    sync.Mutex
	ends  map[net.Conn]*disturbance // both ends of what is open
	mode  *disturbance              // of connections that are opened from now on
	lost  int                       // bytes that did not arrive
	count int                       // connections so far
}

// A disturbance is what happens to the bytes of some connections.
type disturbance struct {
	mu             sync.Mutex
	toServer, back bool // lost on their way
}

func (d *disturbance) loses(back bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if back {
		return d.back
	}
	return d.toServer
}

// newLine leads to a server until the test ends.
func newLine(t *testing.T, address string) *line {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{url: "http://" + listener.Addr().String(), ends: map[net.Conn]*disturbance{}, mode: new(disturbance)}
	var carriers sync.WaitGroup
	carriers.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to.Host)
			if err != nil {
				near.Close()
				continue
			}
			d := l.open(near, far)
			carriers.Go(func() { l.carry(far, near, d, false) })
			carriers.Go(func() { l.carry(near, far, d, true) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		l.cut()
		carriers.Wait()
	})
	return l
}

func (l *line) open(near, far net.Conn) *disturbance {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ends[near], l.ends[far] = l.mode, l.mode
	l.count++
	return l.mode
}

// carry moves what comes, until one end is closed.
func (l *line) carry(to, from net.Conn, d *disturbance, back bool) {
	defer func() {
		l.mu.Lock()
		delete(l.ends, from)
		l.mu.Unlock()
		to.Close()
		from.Close()
	}()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if d.loses(back) {
			l.mu.Lock()
			l.lost += n
			l.mu.Unlock()
			continue
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}

// lose makes the bytes of the connections that are open disappear on their way,
// those of the server and, with both, those of the browser; later connections
// are undisturbed.
func (l *line) lose(both bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mode.mu.Lock()
	l.mode.back, l.mode.toServer = true, both
	l.mode.mu.Unlock()
	l.mode = new(disturbance)
}

// cut breaks all connections.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.ends {
		c.Close()
	}
}

// bytesLost is how much has disappeared.
func (l *line) bytesLost() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}
