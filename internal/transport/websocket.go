package transport

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/gobwas/ws"

	"bennu/internal/wire"
	"bennu/live"
)

// lingerTime is how long a connection that the server closes waits for the
// client to close its side, and lingerBytes how much it reads meanwhile.
// Closing at once, with bytes of the client unread, would make the kernel send
// a reset, which can overtake the close frame (RFC 6455 section 7.1.1).
const (
	lingerTime  = time.Second
	lingerBytes = 1 << 20
)

// pauseStep is how often a reader that pauses looks whether it is to end.
const pauseStep = 50 * time.Millisecond

// A websocket is one connection. One goroutine, its reader, receives, handles
// and in the end closes; everybody else only writes, or asks the reader to end.
type websocket struct {
	socket
	nc net.Conn

	in       input     // the reader's
	messages assembler // the reader's
	out      outgoing

	// ending is the Cause for which somebody wants the reader to close.
	ending atomic.Uint32

	// Clocks of the server, 0 for never, see sweep.go.
	seen    atomic.Uint32 // the last read
	partial atomic.Uint32 // the beginning of a message that is incomplete

	rested uint32 // what seen was when the reader was last renewed, guarded by the server
	index  int    // in server.sockets, guarded by the server
}

// begin serves a connection that has been upgraded. Early is what the client
// sent right behind its request; it is copied.
func (s *Server) begin(nc net.Conn, c *Conn, early []byte) {
	w := &websocket{nc: nc}
	w.socket = socket{srv: s, link: w, conn: c, waiting: live.Backlog{All: &s.held}}
	w.messages.maxText, w.messages.maxBinary = bound(s.opt.MaxMessage), bound(s.opt.MaxBinary)
	w.in.init(nc, early)
	now := s.clock.Load()
	w.opened.Store(now)
	if c.Host != nil {
		w.opened.Store(0)
	}
	w.seen.Store(now)
	if !s.add(w) {
		_ = nc.SetDeadline(time.Now().Add(lingerTime))
		_, _ = nc.Write(appendClose(nil, CloseRestart, Restarting.String())) // the client may be gone as well
		_ = nc.Close()
		s.dismiss()
		return
	}
	go w.run()
}

// run is the reader goroutine.
func (w *websocket) run() {
	cause, code := w.serve()
	if cause == causeNone {
		go w.run()
		return
	}
	w.finish(cause, code)
}

// serve reads and handles until the connection is to end, or, without a cause,
// to go on in a new goroutine (see renew). The code is of the client's own
// close.
func (w *websocket) serve() (cause Cause, code CloseCode) {
	defer func() {
		if v := recover(); v != nil {
			w.logPanic("socket crashed", v)
			cause = Failed
		}
	}()
	for {
		if w.in.n > 0 {
			if cause, code = w.received(); cause != causeNone {
				return cause, code
			}
		}
		if w.deep && w.in.n == 0 {
			w.deep = false
			return causeNone, 0
		}
		err := w.in.fill()
		if err == nil {
			continue
		}
		ending := Cause(w.ending.Load())
		if errors.Is(err, os.ErrDeadlineExceeded) && w.nc.SetReadDeadline(time.Time{}) == nil {
			// Asked again, because ending is set before the deadline.
			return Cause(w.ending.Load()), 0
		}
		if ending == causeNone {
			ending = ClientGone
		}
		return ending, 0
	}
}

// received handles what has been read, as far as it is complete.
func (w *websocket) received() (cause Cause, code CloseCode) {
	now := w.srv.clock.Load()
	w.seen.Store(now)
	data := w.in.bytes()
	used, whole := 0, false
	var ping []byte
	for cause == causeNone {
		m, n, refused := w.messages.next(data[used:])
		if used += n; n == 0 || refused != causeNone {
			cause = refused
			break
		}
		switch m.op {
		case ws.OpText:
			whole, cause = true, w.text(m.data)
		case ws.OpBinary:
			whole, cause = true, w.binary(m.data)
		case ws.OpClose:
			cause, code = closeReason(m.data)
		case ws.OpPing:
			ping = m.data
			w.paid.spent += binaryCost
		default: // a pong, or a frame that completes nothing
			w.paid.spent += binaryCost
		}
	}
	if ping != nil && cause == causeNone {
		// The last of those that came together is answered (RFC 6455 section
		// 5.5.3), so that a flood of pings is not one of pongs.
		w.pong(ping)
	}
	w.flush()
	w.in.drop(used)
	switch {
	case w.in.n == 0 && !w.messages.pending():
		w.partial.Store(0)
	case whole || w.partial.Load() == 0:
		w.partial.Store(now)
	}
	if cause == causeNone {
		cause = w.pace()
	}
	return cause, code
}

// pace waits before the next read when messages come too fast.
func (w *websocket) pace() Cause {
	pause, cause := w.look()
	for pause > 0 && w.ending.Load() == 0 {
		step := min(pause, pauseStep)
		time.Sleep(step)
		pause -= step
	}
	return cause
}

// pong adds the answer to a ping to what the reader has to say.
func (w *websocket) pong(data []byte) {
	if w.replies == nil {
		w.replies = takeWrite()
	}
	w.replies.b = appendControl(w.replies.b, ws.OpPong, data)
}

// open leaves room for the header of a frame of that size.
func (w *websocket) open(dst []byte, size int) []byte {
	var room [10]byte
	return append(dst, room[:headerSize(size)]...)
}

// seal writes the header of the frame at start, moving its payload in the rare
// case that the size came out on the other side of a limit.
func (w *websocket) seal(dst []byte, start, size int, binary bool) []byte {
	room := headerSize(size)
	n := len(dst) - start - room
	if need := headerSize(n); need != room {
		var more [10]byte
		dst = append(dst, more[:]...)
		copy(dst[start+need:], dst[start+room:start+room+n])
		dst, room = dst[:start+need+n], need
	}
	op := ws.OpText
	if binary {
		op = ws.OpBinary
	}
	putHeader(dst[start:start+room], op, n)
	return dst
}

func (w *websocket) carriesBinary() bool { return true }

func (w *websocket) form(b *wire.Broadcast) []byte { return b.Form(wire.FramedForm, w.encode) }

func (w *websocket) encode(b *wire.Broadcast) []byte {
	size := len(b.Payload) + len(b.Topic) + len(b.Event) + len(`[null,null,"","",{}]`)
	dst := w.open(make([]byte, 0, size+10), size)
	return w.seal(wire.AppendBroadcast(dst, b), 0, size, b.Binary)
}

// end asks the reader to close. It does not block; the first cause counts.
func (w *websocket) end(cause Cause) {
	if w.ending.CompareAndSwap(0, uint32(cause)) {
		w.wake()
	}
}

// fall ends the connection without a word, for a client that would not read it.
func (w *websocket) fall(cause Cause) {
	w.ending.CompareAndSwap(0, uint32(cause))
	w.cut()
}

// renew makes a reader that waits for the client go on in a new goroutine,
// whose stack is small: a stack keeps the size that it once grew to, 4 KiB or
// more, for as long as its goroutine waits. After a join the reader does so by
// itself, so that many connections that come at once never have large stacks
// together; for other messages it would cost too much, and the sweep does it.
func (w *websocket) renew() {
	if w.ending.Load() == 0 {
		w.wake()
	}
}

// wake interrupts the read that the reader waits in, or is about to begin. The
// reader looks at ending after it has taken the deadline back, so whoever sets
// ending before calling wake is heard.
func (w *websocket) wake() {
	_ = w.nc.SetReadDeadline(time.Unix(1, 0)) // fails if the connection has ended
}

// cut closes the connection without a word, which frees whoever reads or
// writes. It does not block, as the closing of a TLS connection could.
func (w *websocket) cut() {
	nc := w.nc
	if wrapped, ok := nc.(interface{ NetConn() net.Conn }); ok {
		nc = wrapped.NetConn()
	}
	_ = nc.Close() // nothing to do about it
}

// finish ends what runs on the connection and closes it. The code is that of
// the client's own close, 0 if there was none.
func (w *websocket) finish(cause Cause, code CloseCode) {
	defer w.srv.remove(w)
	defer w.hangUp()
	w.in.release()
	w.messages = assembler{}
	w.ending.CompareAndSwap(0, uint32(cause)) // whoever calls end from now on is late
	if cause == Restarting {
		w.settle(w.freeWriter)
	}
	if code == closeNone {
		code = cause.Code()
	}
	if code != closeNone {
		_ = w.nc.SetDeadline(time.Now().Add(lingerTime)) // also for a writer that is stuck
	}
	w.stopAll(cause.Reason())
	w.srv.opt.Logger.Debug("socket closed", slog.String("cause", cause.String()), slog.String("code", code.String()),
		slog.String("request", w.conn.Info.RequestID))
	if code == closeNone {
		return
	}
	reason := cause.String()
	if cause == ClientClosed {
		reason = ""
	}
	if w.last(appendClose(nil, code, reason)) && cause != ClientClosed {
		w.linger()
	}
}

// stopAll is stop, whose panics must not keep the connection open.
func (w *websocket) stopAll(why live.Reason) {
	defer func() {
		if v := recover(); v != nil {
			w.logPanic("socket crashed while closing", v)
		}
	}()
	w.stop(why)
}

// linger closes this side and reads until the client has closed its own, for a
// short while.
func (w *websocket) linger() {
	half, ok := w.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	b := takeRead()
	defer giveRead(b)
	for left := lingerBytes; left > 0; {
		n, err := w.nc.Read(b.b)
		if err != nil {
			return
		}
		left -= n
	}
}

// hangUp closes the connection and lets later writes know.
func (w *websocket) hangUp() {
	_ = w.nc.Close() // frees a writer
	w.shut()
}
