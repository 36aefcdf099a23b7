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
	maxText, maxBinary int32
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
// its length; 0 while b does not hold all of it. Any cause but causeNone means
// that the connection is to be closed.
func (a *assembler) next(b []byte) (m wsMessage, n int, cause Cause) {
	h, size, ok := parseHeader(b)
	if !ok {
		return m, 0, BadFrame
	}
	if size == 0 {
		return m, 0, causeNone
	}
	if cause := a.check(h); cause != causeNone {
		return m, 0, cause
	}
	n = size + int(h.Length)
	if n > len(b) {
		return m, 0, causeNone
	}
	payload := b[size:n:n]
	ws.Cipher(payload, h.Mask, 0)
	switch {
	case h.OpCode.IsControl():
		return wsMessage{h.OpCode, payload}, n, causeNone
	case h.Fin && a.whole == nil:
		return wsMessage{h.OpCode, payload}, n, causeNone
	case a.whole == nil:
		a.whole = &pieces{op: h.OpCode}
	}
	p := a.whole
	p.data = append(p.data, payload...)
	p.count++
	if !h.Fin {
		return m, n, causeNone
	}
	a.whole = nil
	return wsMessage{p.op, p.data}, n, causeNone
}

// check holds a header against the protocol and the limits, before its payload
// is waited for.
func (a *assembler) check(h ws.Header) Cause {
	state := ws.StateServerSide
	op, before := h.OpCode, 0
	if p := a.whole; p != nil {
		state = state.Set(ws.StateFragmented)
		op, before = p.op, len(p.data)
		if p.count >= maxPieces && !h.OpCode.IsControl() {
			return TooBig
		}
	}
	if ws.CheckHeader(h, state) != nil {
		return BadFrame
	}
	if h.OpCode.IsControl() {
		return causeNone
	}
	limit := a.maxText
	if op == ws.OpBinary {
		limit = a.maxBinary
	}
	if h.Length > int64(limit)-int64(before) {
		return TooBig
	}
	return causeNone
}

// closeReason reads the payload of a close frame: ClientClosed with the code to
// answer with, or what is wrong with the frame.
func closeReason(payload []byte) (Cause, CloseCode) {
	if len(payload) == 0 {
		return ClientClosed, closeNoStatus
	}
	if len(payload) == 1 {
		return BadFrame, CloseProtocol
	}
	status, reason := binary.BigEndian.Uint16(payload), payload[2:]
	if !utf8.Valid(reason) {
		return BadMessage, CloseInvalid
	}
	if ws.CheckCloseFrameData(ws.StatusCode(status), "") != nil {
		return BadFrame, CloseProtocol
	}
	return ClientClosed, CloseCode(status)
}

// appendClose appends a close frame.
func appendClose(dst []byte, code CloseCode, reason string) []byte {
	if code == closeNoStatus {
		return appendControl(dst, ws.OpClose, nil)
	}
	return appendControl(dst, ws.OpClose, append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...))
}
