package transport

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"bennu/live"
)

// assemble feeds a stream to an assembler in parts of that size, as reads
// would, and returns its messages up to an end that the stream asks for.
func assemble(stream []byte, part int) (messages []wsMessage, cause Cause) {
	a := assembler{maxText: 1 << 10, maxBinary: 2 << 10}
	var held []byte
	for chunk := range slices.Chunk(stream, part) {
		held = append(held, chunk...)
		for {
			m, n, cause := a.next(held)
			if cause != causeNone {
				return messages, cause
			}
			if n == 0 {
				break
			}
			if m.op != ws.OpContinuation {
				m.data = bytes.Clone(m.data)
				messages = append(messages, m)
			}
			held = held[n:]
			if m.op == ws.OpClose {
				cause, _ = closeReason(m.data)
				return messages, cause
			}
		}
	}
	return messages, causeNone
}

// oracleMessages reads the same stream with gobwas's own reader.
func oracleMessages(stream []byte) (messages []wsMessage, err error) {
	r := wsutil.Reader{Source: bytes.NewReader(stream), State: ws.StateServerSide, CheckUTF8: false}
	r.OnIntermediate = func(h ws.Header, src io.Reader) error {
		data, err := io.ReadAll(src)
		if int64(len(data)) < h.Length {
			err = io.ErrUnexpectedEOF
		}
		if err == nil {
			messages = append(messages, wsMessage{h.OpCode, data})
		}
		return err
	}
	for {
		h, err := r.NextFrame()
		if err != nil {
			return messages, err
		}
		if h.OpCode == ws.OpContinuation {
			return messages, errors.New("a continuation at the beginning of a message")
		}
		// A long message is left to the limits of the assembler.
		data, err := io.ReadAll(io.LimitReader(&r, 1<<20))
		if err != nil {
			return messages, err
		}
		messages = append(messages, wsMessage{h.OpCode, data})
		if h.OpCode == ws.OpClose {
			return messages, io.EOF
		}
	}
}

func FuzzAssembler(f *testing.F) {
	whole := frame(ws.OpText, true, heartbeat)
	for _, stream := range [][]byte{
		whole,
		join(whole, whole, whole[:5]),
		join(frame(ws.OpText, false, "ab"), frame(ws.OpPing, true, "p"), frame(ws.OpContinuation, false, ""), frame(ws.OpContinuation, true, "cd")),
		frame(ws.OpBinary, true, string(bytes.Repeat([]byte{0, 255}, 200))),
		closing(1000, "bye"), closing(4000, ""), frame(ws.OpClose, true, "x"),
		flip(frame(ws.OpText, true, "x"), 0x40),
		frame(ws.OpText, true, string(make([]byte, 1025))),
		{0x81, 0xfe, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5},
		{0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0},
	} {
		f.Add(stream, uint8(3))
	}
	f.Fuzz(func(t *testing.T, stream []byte, part uint8) {
		got, cause := assemble(bytes.Clone(stream), int(part)+1)
		whole, wholeCause := assemble(bytes.Clone(stream), len(stream)+1)
		if cause != wholeCause || len(got) != len(whole) {
			t.Fatalf("in parts of %d: %d messages and %v; at once: %d and %v", int(part)+1, len(got), cause, len(whole), wholeCause)
		}
		want, err := oracleMessages(stream)
		if cause == causeNone && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("accepted, but gobwas refuses: %v", err)
		}
		// Up to where one of them stops, both see the same messages.
		for i := range min(len(got), len(want)) {
			if got[i].op != want[i].op || !bytes.Equal(got[i].data, want[i].data) {
				t.Fatalf("message %d is %v %q, want %v %q", i, got[i].op, got[i].data, want[i].op, want[i].data)
			}
		}
		if cause == causeNone && len(got) != len(want) {
			t.Fatalf("%d messages, gobwas sees %d", len(got), len(want))
		}
	})
}

func TestCloseReasonIsSafeToSendBack(t *testing.T) {
	t.Parallel()
	for code := range 1 << 16 {
		cause, got := closeReason([]byte{byte(code >> 8), byte(code), 'x'})
		good := cause == ClientClosed
		if good && got != CloseCode(code) || !good && got != CloseProtocol {
			t.Fatalf("closeReason(%d) = %v, %v", code, cause, got)
		}
		if allowed := code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999; good && !allowed && code < 5000 {
			t.Errorf("code %d was taken, which RFC 6455 does not allow on the wire", code)
		}
	}
}

func TestCauses(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for c := range Cause(len(causes)) {
		if name := c.String(); len(name) < 4 || seen[name] {
			t.Errorf("cause %d is called %q", c, name)
		}
		seen[c.String()] = true
		if c.Code() == closeNormal {
			t.Errorf("%v makes the client reload the page, and not connect again", c)
		}
		if want := c != causeNone && c != ClientClosed; c.Returns() != want {
			t.Errorf("%v: the client returns: %v, want %v", c, c.Returns(), want)
		}
		if want := live.SocketClosed; c != Restarting && c.Reason() != want {
			t.Errorf("%v ends views as %v, want %v", c, c.Reason(), want)
		}
		if !c.Reason().Rejoins() {
			t.Errorf("%v ends views as %v, after which the client does not join again", c, c.Reason())
		}
		if frame := appendClose(nil, c.Code(), c.String()); len(frame) > 2+125 {
			t.Errorf("%v: a close frame of %d bytes", c, len(frame))
		}
	}
	if Restarting.Reason() != live.Drained {
		t.Errorf("a restart ends views as %v", Restarting.Reason())
	}
	for c, want := range map[CloseCode]string{closeNone: "none", closeNormal: "1000 normal", closeNoStatus: "1005 no status", 4001: "4001", ClosePolicy: "1008 policy"} {
		if got := c.String(); got != want {
			t.Errorf("%d is %q, want %q", uint16(c), got, want)
		}
	}
}

// TestSealMovesThePayload writes messages whose size was told wrongly.
func TestSealMovesThePayload(t *testing.T) {
	t.Parallel()
	w := new(websocket)
	for _, n := range []int{0, 1, 125, 126, 127, 1000, 65535, 65536, 70000} {
		for _, told := range []int{0, 125, 126, 65535, 65536} {
			dst := []byte("before")
			payload := bytes.Repeat([]byte("x"), n)
			dst = w.seal(append(w.open(dst, told), payload...), len("before"), told, false)
			r := bytes.NewReader(dst[len("before"):])
			h, err := ws.ReadHeader(r)
			got, _ := io.ReadAll(r)
			if err != nil || h.Length != int64(n) || !bytes.Equal(got, payload) || !h.Fin || h.Masked || h.OpCode != ws.OpText {
				t.Errorf("%d bytes told as %d: %+v, %v, %d bytes follow", n, told, h, err, len(got))
			}
		}
	}
}
