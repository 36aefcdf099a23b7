package client

import (
	"fmt"
	"net"
	"net/url"
)

// Options of a [Site]; the zero value works.
type Options struct {
	// Socket is the path of the page's socket; empty is "/live".
	Socket string
	// Origin is sent with the upgrade; empty is the page's own.
	Origin string
	// Sources is the number of loopback addresses, from 127.0.0.2 on, that
	// connections to a loopback address come from, so that one address does not
	// run out of ports; 0 is 8.
	Sources int
	// Dial is the host and port that connections go to, in place of those of the
	// page: one of the nodes behind that name.
	Dial string
	// Gzip makes page loads offer compression, as browsers do.
	Gzip bool
	// Buffer is the size of the read buffer of each socket; 0 is 4 KiB.
	Buffer int
}

// A Site is one page of one server. It is safe for use by many goroutines.
type Site struct {
	url  *url.URL
	opts Options
	dialer
}

// New makes the site of a page's address.
func New(address string, opts Options) (*Site, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("client: address: %w", err)
	}
	if u.Scheme != "http" || u.Hostname() == "" {
		return nil, fmt.Errorf("client: address %q, want one such as http://127.0.0.1:4000/counter (TLS is not spoken)", address)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	if opts.Socket == "" {
		opts.Socket = "/live"
	}
	if opts.Origin == "" {
		opts.Origin = u.Scheme + "://" + u.Host
	}
	if opts.Sources == 0 {
		opts.Sources = 8
	}
	if opts.Buffer == 0 {
		opts.Buffer = 4 << 10
	}
	host, port := u.Hostname(), u.Port()
	if host == "localhost" {
		host = "127.0.0.1" // the address that the sources go with
	}
	if port == "" {
		port = "80"
	}
	address = net.JoinHostPort(host, port)
	if opts.Dial != "" {
		if _, _, err := net.SplitHostPort(opts.Dial); err != nil {
			return nil, fmt.Errorf("client: Dial: %w", err)
		}
		address = opts.Dial
	}
	return &Site{url: u, opts: opts, dialer: newDialer(address, opts.Sources)}, nil
}
