package nats

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

// errFull says that a message went nowhere.
var errFull = errors.New("nats: the queue to the broker is full")

var errClosed = errors.New("nats: the carrier is closed")

// queue is what waits to be sent: messages one behind the other in one piece of
// memory, each with its subject and their lengths before it. Those who send
// append to it; one goroutine takes all of it at a time.
type queue struct {
	most int

	mu     sync.Mutex
	b      []byte
	closed bool
	filled chan struct{} // has room for one; is told that there is something
}

func newQueue(most int) *queue { return &queue{most: most, filled: make(chan struct{}, 1)} }

// lengths is what stands before a message.
const lengths = 8

// put appends a message. It keeps nothing of what it is given.
func (q *queue) put(subject string, message []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return errClosed
	case len(q.b)+lengths+len(subject)+len(message) > q.most:
		return fmt.Errorf("%w: %d bytes wait", errFull, len(q.b))
	}
	if len(q.b) == 0 {
		select {
		case q.filled <- struct{}{}:
		default:
		}
	}
	q.b = binary.BigEndian.AppendUint32(q.b, uint32(len(subject)))
	q.b = binary.BigEndian.AppendUint32(q.b, uint32(len(message)))
	q.b = append(append(q.b, subject...), message...)
	return nil
}

// take returns all that waits, and gives the queue other memory for what comes.
func (q *queue) take(room []byte) []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.b
	q.b = room[:0]
	return all
}

// close lets nothing in any more. What waits can still be taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
}

// forget drops what waits.
func (q *queue) forget() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.b = q.b[:0]
}

// next is the first message of what was taken, and what is behind it.
func next(all []byte) (subject string, message, rest []byte) {
	n, m := binary.BigEndian.Uint32(all), binary.BigEndian.Uint32(all[4:])
	all = all[lengths:]
	return string(all[:n]), all[n : n+m], all[n+m:]
}
