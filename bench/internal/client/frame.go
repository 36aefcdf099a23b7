package client

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Opcodes of RFC 6455, section 5.2.
const (
	opText  = 1
	opClose = 8
	opPing  = 9
	opPong  = 10
)

// maxFrame is more than any page is.
const maxFrame = 64 << 20

// frame writes one masked frame.
func (c *Conn) frame(op byte, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := c.nextMask()
	b := appendHeader(c.out[:0], op, len(payload), key)
	start := len(b)
	b = append(b, payload...)
	for i := range payload {
		b[start+i] ^= key[i&3]
	}
	_, err := c.nc.Write(b)
	c.out = nil
	if cap(b) <= 512 { // what an event takes; ten thousand connections may keep it
		c.out = b
	}
	return err
}

// appendHeader appends the header of a final, masked frame.
func appendHeader(dst []byte, op byte, size int, key [4]byte) []byte {
	dst = append(dst, 0x80|op)
	switch {
	case size < 126:
		dst = append(dst, 0x80|byte(size))
	case size <= 0xffff:
		dst = binary.BigEndian.AppendUint16(append(dst, 0x80|126), uint16(size))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 0x80|127), uint64(size))
	}
	return append(dst, key[:]...)
}

// header is the header of a server's frame.
type header struct {
	final bool
	op    byte
	size  int // of the payload
	bytes int // of the header
}

// readHeader reads a header. Masks and extension bits, which a server has no
// right to, are errors.
func readHeader(r io.Reader) (h header, err error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:2]); err != nil {
		return h, err
	}
	if b[0]&0x70 != 0 {
		return h, fmt.Errorf("client: frame with the reserved bits %#x, but no extension was offered", b[0]&0x70)
	}
	if b[1]&0x80 != 0 {
		return h, errors.New("client: masked frame from a server")
	}
	h = header{final: b[0]&0x80 != 0, op: b[0] & 0x0f, size: int(b[1] & 0x7f), bytes: 2}
	size := uint64(h.size)
	switch h.size {
	case 126:
		if _, err := io.ReadFull(r, b[:2]); err != nil {
			return h, err
		}
		size, h.bytes = uint64(binary.BigEndian.Uint16(b[:])), 4
	case 127:
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return h, err
		}
		size, h.bytes = binary.BigEndian.Uint64(b[:]), 10
	}
	if size > maxFrame || h.op >= opClose && size > 125 {
		return h, fmt.Errorf("client: frame of %d bytes", size)
	}
	h.size = int(size)
	return h, nil
}

// Read returns the next message in buf, which grows as needed. It puts
// fragments together and answers pings.
func (c *Conn) Read(buf []byte) ([]byte, error) {
	buf = buf[:0]
	for {
		h, err := readHeader(c.br)
		if err != nil {
			return buf, err
		}
		if h.op >= opClose {
			if err := c.control(h); err != nil {
				return buf, err
			}
			continue
		}
		start := len(buf)
		if need := start + h.size; cap(buf) < need {
			buf = append(make([]byte, 0, need+need/4), buf...)
		}
		buf = buf[:start+h.size]
		if _, err := io.ReadFull(c.br, buf[start:]); err != nil {
			return buf, err
		}
		c.Received += int64(h.size)
		c.Frames += int64(h.size + h.bytes)
		if h.final {
			return buf, nil
		}
	}
}

// control does what a control frame asks for.
func (c *Conn) control(h header) error {
	data := make([]byte, h.size)
	if _, err := io.ReadFull(c.br, data); err != nil {
		return err
	}
	switch h.op {
	case opClose:
		if len(data) < 2 {
			return CloseError{1005} // no status
		}
		return CloseError{binary.BigEndian.Uint16(data)}
	case opPing:
		return c.frame(opPong, data)
	}
	return nil
}
