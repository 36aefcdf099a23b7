package transport

import (
	"errors"
	"sync"
	"sync/atomic"
)

// pieceSize is how much is written at a time, so that WriteTimeout is about
// progress: a large message may take long on a slow line.
const pieceSize = 64 << 10

var (
	// errClosed is what writing to a connection that has ended gives.
	errClosed = errors.New("transport: the connection is closed")
	// errSlow is what is said when too much waits for the client.
	errSlow = errors.New("transport: the client does not take what it is sent")
)

// outgoing is the writing half of a connection. One goroutine writes at a time;
// what others say meanwhile is queued and not waited for, so that a client that
// does not read holds up one receiver at most, and never the reader.
//
// A receiver writes what it has to say itself. What was queued behind it, and
// what the reader could not write at once, is written by a goroutine that lives
// for as long as there is something.
type outgoing struct {
	mu sync.Mutex
	// since is the server's clock at the beginning of the write that is going
	// on, 0 for none.
	since  atomic.Uint32
	closed bool   // nothing more is taken
	broken bool   // a write has failed
	busy   bool   // somebody writes
	queue  *queue // what was said meanwhile; nil: nothing
	held   int    // bytes in the queue and in large writes that are going on
}

// countedSize is from how many bytes on a receiver's own write counts among
// what the server holds: below, a connection itself is more.
const countedSize = 4 << 10

// A queue is frames that wait for a write to end.
type queue struct {
	*buffer
	written chan struct{} // closed when all of it is, or is lost; nil: nobody waits for that
}

func newQueue() *queue { return &queue{buffer: takeWrite()} }

// done gives the queue up.
func (q *queue) done() {
	giveWrite(q.buffer)
	if q.written != nil {
		close(q.written)
	}
}

// send writes a receiver's frames in one piece, or queues them.
func (w *websocket) send(frames []byte, gone *atomic.Bool) error {
	if mine, err := w.take(frames, gone); !mine {
		return err
	}
	return w.wrote(frames, w.write(frames))
}

// say writes the reader's frames as far as that is possible without waiting.
func (w *websocket) say(frames []byte) {
	if mine, _ := w.take(frames, nil); !mine {
		return // the next read tells if the connection has ended
	}
	n, err := w.in.tryWrite(frames)
	if err == nil && n < len(frames) {
		w.out.mu.Lock()
		left := newQueue()
		left.b = append(left.b, frames[n:]...)
		w.hold(len(frames) - n)
		if later := w.out.queue; later != nil {
			left.b = append(left.b, later.b...)
			left.written, later.written = later.written, nil
			later.done()
		}
		w.out.queue = left
		w.out.mu.Unlock()
	}
	_ = w.wrote(frames, err)
}

// take decides who writes frames: the caller, or whoever writes already, to
// whom they are handed over. An error means that nobody does.
func (w *websocket) take(frames []byte, gone *atomic.Bool) (mine bool, err error) {
	o := &w.out
	o.mu.Lock()
	switch {
	case o.closed:
		err = errClosed
	case gone != nil && gone.Load():
	case !o.busy:
		o.busy, mine = true, true
		w.hold(counted(frames))
	default:
		err = w.enqueue(frames)
	}
	o.mu.Unlock()
	w.srv.relieveIfNeeded()
	return mine, err
}

// enqueue leaves frames to whoever writes. The caller holds the lock.
func (w *websocket) enqueue(frames []byte) error {
	o := &w.out
	if o.queue == nil {
		o.queue = newQueue()
	} else if len(o.queue.b)+len(frames) > w.srv.opt.MaxQueued {
		o.closed = true
		w.fall(TooSlow)
		return errSlow
	}
	o.queue.b = append(o.queue.b, frames...)
	w.hold(len(frames))
	return nil
}

// hold counts bytes that wait for the client, or no longer do. The caller holds
// the lock.
func (w *websocket) hold(n int) {
	if n != 0 {
		w.out.held += n
		w.srv.held.Add(int64(n))
	}
}

// counted is how much of a receiver's own write is counted.
func counted(frames []byte) int {
	if len(frames) < countedSize {
		return 0
	}
	return len(frames)
}

// write writes, and waits for the client to read for as long as the sweep
// allows. The caller has the turn.
func (w *websocket) write(b []byte) (err error) {
	for len(b) > 0 && err == nil {
		piece := b[:min(len(b), pieceSize)]
		w.out.since.Store(w.srv.clock.Load())
		_, err = w.nc.Write(piece)
		b = b[len(piece):]
	}
	w.out.since.Store(0)
	return err
}

// wrote gives the turn to write on: to a goroutine if something is queued.
func (w *websocket) wrote(frames []byte, err error) error {
	o := &w.out
	o.mu.Lock()
	w.hold(-counted(frames))
	if err == nil && o.queue != nil {
		go w.drain()
	} else {
		w.pass(err)
	}
	o.mu.Unlock()
	return err // as it is: a text of it costs more than a join and is asked for by nobody
}

// drain writes what is queued until nothing is.
func (w *websocket) drain() {
	o := &w.out
	for {
		o.mu.Lock()
		q := o.queue
		o.queue = nil
		if q == nil {
			w.pass(nil)
		}
		o.mu.Unlock()
		if q == nil {
			return
		}
		err := w.write(q.b)
		o.mu.Lock()
		w.hold(-len(q.b))
		if err != nil {
			w.pass(err)
		}
		o.mu.Unlock()
		q.done()
		if err != nil {
			return
		}
	}
}

// pass ends a turn to write. After an error half a frame may have gone out:
// nothing can follow it. The caller holds the lock.
func (w *websocket) pass(err error) {
	o := &w.out
	o.busy = false
	if err == nil {
		return
	}
	o.closed, o.broken = true, true
	w.cut()
	w.lose()
}

// lose gives up what is queued. The caller holds the lock.
func (w *websocket) lose() {
	if q := w.out.queue; q != nil {
		w.out.queue = nil
		w.hold(-len(q.b))
		q.done()
	}
}

// last writes the close frame behind what is being written, and reports whether
// all of it went out. The connection has a deadline.
func (w *websocket) last(frame []byte) bool {
	o := &w.out
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return false
	}
	o.closed = true
	if !o.busy {
		o.busy = true
		o.mu.Unlock()
		return w.wrote(frame, w.write(frame)) == nil
	}
	if o.queue == nil {
		o.queue = newQueue()
	}
	o.queue.b = append(o.queue.b, frame...)
	w.hold(len(frame))
	written := make(chan struct{})
	o.queue.written = written
	o.mu.Unlock()
	<-written
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.broken
}

// shut lets later writes know that the connection has ended.
func (w *websocket) shut() {
	w.out.mu.Lock()
	w.out.closed = true
	w.out.mu.Unlock()
}
