//go:build unix

package transport

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// rawConn is the socket under a connection of the net package, and nil for
// everything that merely wraps one and so may read differently.
func rawConn(nc net.Conn) syscall.RawConn {
	var raw syscall.RawConn
	var err error
	switch c := nc.(type) {
	case *net.TCPConn:
		raw, err = c.SyscallConn()
	case *net.UnixConn:
		raw, err = c.SyscallConn()
	}
	if err != nil {
		return nil
	}
	return raw
}

// attempt reads once without waiting; false when nothing is there. The buffer
// is held across the wait only when it holds the beginning of a message.
func (in *input) attempt(fd uintptr) bool {
	idle := in.buf == nil
	if idle {
		in.buf = takeRead()
	}
	for {
		n, err := syscall.Read(int(fd), in.buf.b[in.n:])
		switch {
		case n > 0:
			in.n += n
			in.err = nil
			return true
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			if idle {
				in.release()
			}
			return false
		case err == nil:
			in.err = io.EOF
		default:
			in.err = err
		}
		return true
	}
}

// attempt writes once; it never asks to wait.
func (w *rawWrite) attempt(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), w.b)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
		case err != nil:
			w.err = err
		default:
			w.n = n
		}
		return true
	}
}
