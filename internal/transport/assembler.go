package transport

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// maxPieces bounds the frames that one message may come in. Browsers send one.
const maxPieces = 1024

// An assembler makes messages out of the frames of a client, by the rules of
// RFC 6455 section 5. It holds memory only within a fragmented message.
type assembler struct {
	maxText, maxBinary int
	whole              *pieces // of which not all frames are here
}

// pieces is a fragmented message so far.
type pieces struct {
	op    ws.OpCode
	data  []byte
	count int
}

// A wsMessage is a text or binary message, or a control frame. Op is
// OpContinuation for a frame that completes nothing.
type wsMessage struct {
	op   ws.OpCode
	data []byte
}

// pending reports whether a fragmented message is incomplete.
func (a *assembler) pending() bool { return a.whole != nil }

// next takes the frame that b starts with, unmasking it in place, and returns
// its length; 0 while b does not hold all of it. Any code but closeNone means
// that the connection is to be closed.
func (a *assembler) next(b []byte) (m wsMessage, n int, code CloseCode) {
	h, size, ok := parseHeader(b)
	if !ok {
		return m, 0, CloseProtocol
	}
	if size == 0 {
		return m, 0, closeNone
	}
	if code := a.check(h); code != closeNone {
		return m, 0, code
	}
	n = size + int(h.Length)
	if n > len(b) {
		return m, 0, closeNone
	}
	payload := b[size:n:n]
	ws.Cipher(payload, h.Mask, 0)
	switch {
	case h.OpCode.IsControl():
		return wsMessage{h.OpCode, payload}, n, closeNone
	case h.Fin && a.whole == nil:
		return wsMessage{h.OpCode, payload}, n, closeNone
	case a.whole == nil:
		a.whole = &pieces{op: h.OpCode}
	}
	p := a.whole
	p.data = append(p.data, payload...)
	p.count++
	if !h.Fin {
		return m, n, closeNone
	}
	a.whole = nil
	return wsMessage{p.op, p.data}, n, closeNone
}

// check holds a header against the protocol and the limits, before its payload
// is waited for.
func (a *assembler) check(h ws.Header) CloseCode {
	state := ws.StateServerSide
	op, before := h.OpCode, 0
	if p := a.whole; p != nil {
		state = state.Set(ws.StateFragmented)
		op, before = p.op, len(p.data)
		if p.count >= maxPieces && !h.OpCode.IsControl() {
			return CloseTooBig
		}
	}
	if ws.CheckHeader(h, state) != nil {
		return CloseProtocol
	}
	if h.OpCode.IsControl() {
		return closeNone
	}
	limit := a.maxText
	if op == ws.OpBinary {
		limit = a.maxBinary
	}
	if h.Length > int64(limit-before) {
		return CloseTooBig
	}
	return closeNone
}

// closeReason reads the payload of a close frame: the code to answer with, and
// whether the frame was a good one, which makes the close the client's.
func closeReason(payload []byte) (code CloseCode, good bool) {
	if len(payload) == 0 {
		return closeNoStatus, true
	}
	if len(payload) == 1 {
		return CloseProtocol, false
	}
	status, reason := binary.BigEndian.Uint16(payload), payload[2:]
	if !utf8.Valid(reason) {
		return CloseInvalid, false
	}
	if ws.CheckCloseFrameData(ws.StatusCode(status), "") != nil {
		return CloseProtocol, false
	}
	return CloseCode(status), true
}

// appendClose appends a close frame.
func appendClose(dst []byte, code CloseCode) []byte {
	if code == closeNoStatus {
		return appendControl(dst, ws.OpClose, nil)
	}
	return appendControl(dst, ws.OpClose, binary.BigEndian.AppendUint16(nil, uint16(code)))
}
