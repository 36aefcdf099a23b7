package transport

import (
	"encoding/binary"

	"github.com/gobwas/ws"
)

// parseHeader reads the header that b starts with. Size is its length, 0 when
// b does not hold all of it yet. It is false for what RFC 6455 section 5.2
// forbids in a length; the other rules are for [ws.CheckHeader].
func parseHeader(b []byte) (h ws.Header, size int, ok bool) {
	if len(b) < 2 {
		return h, 0, true
	}
	h.Fin = b[0]&0x80 != 0
	h.Rsv = b[0] >> 4 & 7
	h.OpCode = ws.OpCode(b[0] & 0x0f)
	h.Masked = b[1]&0x80 != 0
	size = 2
	switch n := b[1] & 0x7f; n {
	case 126:
		if size += 2; len(b) < size {
			return h, 0, true
		}
		h.Length = int64(binary.BigEndian.Uint16(b[2:]))
		ok = h.Length > 125
	case 127:
		if size += 8; len(b) < size {
			return h, 0, true
		}
		long := binary.BigEndian.Uint64(b[2:])
		h.Length = int64(long & (1<<63 - 1))
		ok = long>>63 == 0 && long > 0xffff
	default:
		h.Length, ok = int64(n), true
	}
	if !ok {
		return h, size, false
	}
	if h.Masked {
		if len(b) < size+4 {
			return h, 0, true
		}
		size += copy(h.Mask[:], b[size:])
	}
	return h, size, true
}

// headerSize is the length of the header of a server's frame.
func headerSize(payload int) int {
	switch {
	case payload <= 125:
		return 2
	case payload <= 0xffff:
		return 4
	}
	return 10
}

// putHeader writes the header of a final frame into dst, which is headerSize
// long.
func putHeader(dst []byte, op ws.OpCode, payload int) {
	dst[0] = 0x80 | byte(op)
	switch len(dst) {
	case 2:
		dst[1] = byte(payload)
	case 4:
		dst[1] = 126
		binary.BigEndian.PutUint16(dst[2:], uint16(payload))
	default:
		dst[1] = 127
		binary.BigEndian.PutUint64(dst[2:], uint64(payload))
	}
}

// appendControl appends a control frame, whose payload is at most 125 bytes.
func appendControl(dst []byte, op ws.OpCode, payload []byte) []byte {
	dst = append(dst, 0x80|byte(op), byte(len(payload)))
	return append(dst, payload...)
}
