package transport

import (
	"net"
	"sync"
	"syscall"
)

// An input is what a reader has received and not handled yet. It takes a
// buffer when there is something to read and gives it back when all is handled.
//
// On a TCP or Unix socket it waits for the socket to become readable and then
// reads as much as there is, one system call a message. Any other connection
// (TLS, a pipe in a test) cannot be waited for without reading, so it reads its
// first bytes into the input itself.
type input struct {
	nc    net.Conn
	raw   syscall.RawConn    // nil: nc cannot be waited for
	try   func(uintptr) bool // one read attempt, for raw
	err   error              // of the last attempt
	buf   *buffer            // nil while there is nothing
	n     int                // bytes in buf
	first [2]byte
}

// init makes the input of a connection, with a copy of what has been read from
// it before.
func (in *input) init(nc net.Conn, early []byte) {
	in.nc = nc
	in.raw = rawConn(nc)
	if in.raw != nil {
		in.try = in.attempt
	}
	if len(early) == 0 {
		return
	}
	in.buf = takeRead()
	if len(early) > len(in.buf.b) {
		in.buf = &buffer{make([]byte, len(early))}
	}
	in.n = copy(in.buf.b, early)
}

// bytes is what has been received.
func (in *input) bytes() []byte {
	if in.buf == nil {
		return nil
	}
	return in.buf.b[:in.n]
}

// drop forgets the first bytes, which have been handled.
func (in *input) drop(used int) {
	if used < in.n {
		in.n = copy(in.buf.b, in.buf.b[used:in.n])
		return
	}
	in.release()
}

// release gives the buffer back.
func (in *input) release() {
	if in.buf != nil {
		giveRead(in.buf)
	}
	in.buf, in.n = nil, 0
}

// fill waits for more and adds at least one byte to what is there.
func (in *input) fill() error {
	if in.buf != nil && in.n == len(in.buf.b) {
		// What arrives makes the room, not what a header promises.
		grown := &buffer{make([]byte, 2*in.n)}
		copy(grown.b, in.buf.b)
		giveRead(in.buf)
		in.buf = grown
	}
	if in.raw != nil {
		if err := in.raw.Read(in.try); err != nil {
			return err
		}
		return in.err
	}
	for {
		dst := in.first[:]
		if in.buf != nil {
			dst = in.buf.b[in.n:]
		}
		n, err := in.nc.Read(dst)
		if n == 0 && err == nil {
			continue
		}
		if n == 0 {
			return err
		}
		if in.buf == nil {
			in.buf = takeRead()
			copy(in.buf.b, in.first[:n])
		}
		in.n += n
		return nil
	}
}

// A rawWrite is one attempt to write without waiting. It is pooled together
// with its function, so that an attempt allocates nothing.
type rawWrite struct {
	b   []byte
	n   int
	err error
	try func(uintptr) bool
}

var rawWrites = sync.Pool{New: func() any {
	w := new(rawWrite)
	w.try = w.attempt
	return w
}}

// tryWrite writes as much as goes without waiting: nothing on a connection that
// is no plain socket.
func (in *input) tryWrite(b []byte) (int, error) {
	if in.raw == nil {
		return 0, nil
	}
	w := rawWrites.Get().(*rawWrite)
	defer func() {
		w.b, w.err = nil, nil
		rawWrites.Put(w)
	}()
	w.b, w.n = b, 0
	if err := in.raw.Write(w.try); err != nil {
		return 0, err
	}
	return w.n, w.err
}
