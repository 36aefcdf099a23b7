package client

import (
	"net"
	"sync/atomic"
	"time"
)

// patience bounds every wait for the server that has no bound of its own. A
// server under load may take long; one that takes this long is broken.
const patience = 60 * time.Second

// dialer opens connections from several loopback addresses in turn.
type dialer struct {
	address string
	sources []net.IP // empty: the system chooses
	next    *atomic.Uint32
}

func newDialer(address string, sources int) dialer {
	d := dialer{address: address, next: new(atomic.Uint32)}
	host, _, _ := net.SplitHostPort(address) // made by JoinHostPort
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() == nil || !ip.IsLoopback() || !manySources {
		return d
	}
	for i := range min(sources, 200) {
		d.sources = append(d.sources, net.IPv4(127, 0, 0, byte(2+i)))
	}
	return d
}

// dial opens a connection. Keep-alive probes are off: the heartbeat does it,
// and they would be work that no browser's connection adds.
func (d *dialer) dial() (net.Conn, error) {
	nd := net.Dialer{Timeout: patience, KeepAlive: -1}
	if len(d.sources) > 0 {
		i := int(d.next.Add(1)) % len(d.sources)
		nd.LocalAddr = &net.TCPAddr{IP: d.sources[i]}
		nd.Control = portLater
	}
	return nd.Dial("tcp", d.address)
}
