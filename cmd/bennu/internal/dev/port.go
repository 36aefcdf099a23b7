package dev

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// port is the listening socket, which stays open for as long as we run.
type port struct {
	file *os.File // what apps inherit and our own server listens on
	addr *net.TCPAddr
	host string // what people type
}

// defaultCommand is how we are started, as far as nobody says otherwise.
const defaultCommand = "bennu dev"

// openPort listens. Its errors are for people: which port, who has it, and the
// way out, which is a variable before the command.
func openPort(addr, command string) (*port, error) {
	host, number, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %q: expected host:port or :port, such as :4000", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, portError(host, number, command, err)
	}
	defer func() { _ = l.Close() }() // the socket stays open through its copy
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, fmt.Errorf("listening on %s gave a %T", addr, l)
	}
	file, err := inheritable(tcp)
	if err != nil {
		return nil, fmt.Errorf("port %s: %w", number, err)
	}
	p := &port{file: file, addr: tcp.Addr().(*net.TCPAddr), host: host}
	if p.host == "" || p.addr.IP.IsLoopback() || p.addr.IP.IsUnspecified() {
		p.host = "localhost"
	}
	return p, nil
}

// url is the address to open in a browser.
func (p *port) url() string {
	return "http://" + net.JoinHostPort(p.host, strconv.Itoa(p.addr.Port))
}

// listener is one more listener on the socket; closing it leaves the socket open.
func (p *port) listener() (net.Listener, error) { return net.FileListener(p.file) }

// Close closes the socket.
func (p *port) Close() error { return p.file.Close() }

func portError(host, number, command string, err error) error {
	n, convErr := strconv.Atoi(number)
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && convErr == nil:
		owner := "another program"
		if name := portOwner(n); name != "" {
			owner = name
		}
		return fmt.Errorf("port %d is taken by %s: stop it, or choose another port: PORT=%d %s", n, owner, freePort(host, n), command)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("port %s is not ours to open: ports below 1024 belong to the system; choose another: PORT=4000 %s", number, command)
	}
	return err
}

// freePort is the next port that nobody has, for the message.
func freePort(host string, taken int) int {
	for n := taken + 1; n < min(taken+50, 65536); n++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(n)))
		if err == nil {
			_ = l.Close() // it was opened only to see that it can be
			return n
		}
	}
	return taken + 1
}
