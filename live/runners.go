package live

import (
	"runtime"
	"sync"
	"time"
)

// runners are the goroutines that views borrow. A view that has something to do
// waits in a queue for the next one that is free, so that a message to ten
// thousand views takes a few goroutines, whose stacks have grown once, and not
// ten thousand. Nobody is kept when the queue is empty.
//
// Callbacks may wait for something. When the queue does not get on, there are
// more runners for it, up to one for each view that waits, as if each had a
// goroutine of its own.
type runners struct {
	mu     sync.Mutex
	queue  []*Process // from head on
	head   int
	active int
	taken  int  // from the queue, since the last look at it
	looked bool // a look is due
}

// usual is how many runners there are while the queue gets on.
var usual = 4 * runtime.GOMAXPROCS(0)

const (
	// lookEvery is the time between two looks at a queue that is not empty, and
	// getsOn how many views leave it in that time if it gets on: fewer mean that
	// callbacks wait, or work so much that a few goroutines more cost nothing.
	lookEvery = 2 * time.Millisecond
	getsOn    = 20
)

// lend gives a view a goroutine, at once or soon.
func (r *Runtime) lend(p *Process) {
	q := &r.runners
	q.mu.Lock()
	defer q.mu.Unlock()
	q.put(p)
	switch {
	case q.active < usual:
		q.active++
		go r.serve()
	case !q.looked:
		q.looked = true
		q.taken = 0
		time.AfterFunc(lookEvery, r.hurry)
	}
}

// put makes a view the last that waits. The caller holds mu.
func (q *runners) put(p *Process) {
	if n := len(q.queue) - q.head; len(q.queue) == cap(q.queue) && q.head > n {
		// A queue that is never empty would grow by all that has left it.
		copy(q.queue, q.queue[q.head:])
		clear(q.queue[n:])
		q.queue, q.head = q.queue[:n], 0
	}
	q.queue = append(q.queue, p)
}

// hurry adds runners when the queue does not get on.
func (r *Runtime) hurry() {
	q := &r.runners
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.queue) - q.head
	if n == 0 {
		q.looked = false
		return
	}
	if q.taken < getsOn {
		for range min(n, max(q.active, 1)) {
			q.active++
			go r.serve()
		}
	}
	q.taken = 0
	time.AfterFunc(lookEvery, r.hurry)
}

// serve runs views until none waits.
func (r *Runtime) serve() {
	q := &r.runners
	left := false
	defer func() {
		if !left { // a callback has ended the goroutine by runtime.Goexit
			r.replace()
		}
	}()
	for {
		p := q.take()
		if p == nil {
			left = true
			return
		}
		p.run()
	}
}

// take is the view that has waited longest, or nil, and then the caller is no
// runner any more.
func (q *runners) take() *Process {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.head == len(q.queue) {
		q.active--
		return nil
	}
	p := q.queue[q.head]
	q.queue[q.head] = nil
	q.head++
	q.taken++
	if q.head == len(q.queue) {
		q.head = 0
		if q.queue = q.queue[:0]; cap(q.queue) > manyWait {
			q.queue = nil
		}
	}
	return p
}

// manyWait is the length of a queue whose memory is not kept.
const manyWait = 1 << 12

// replace starts a runner in the place of one that is gone.
func (r *Runtime) replace() {
	q := &r.runners
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.head == len(q.queue) {
		q.active--
		return
	}
	go r.serve()
}
