package live

import "sync"

// buffer holds a reply while it is written; no view keeps one.
type buffer struct{ b []byte }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

// mostKept is the largest buffer that goes back to the pool: one large page
// must not make every later reply hold its size.
const mostKept = 256 << 10

func takeBuffer() *buffer { return buffers.Get().(*buffer) }

func giveBuffer(b *buffer) {
	if cap(b.b) > mostKept {
		return
	}
	b.b = b.b[:0]
	buffers.Put(b)
}
