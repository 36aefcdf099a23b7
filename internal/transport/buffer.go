package transport

import "sync"

// Buffers are held while bytes are read, collected or written, never while a
// connection is idle.

// readSize is what one read takes in at most; a longer message grows its
// buffer as its bytes arrive.
const readSize = 4 << 10

// keepSize is the largest buffer that is pooled again.
const keepSize = 64 << 10

// A buffer is a slice that travels through a pool without being boxed anew.
type buffer struct{ b []byte }

var (
	readBuffers  = sync.Pool{New: func() any { return &buffer{make([]byte, readSize)} }}
	writeBuffers = sync.Pool{New: func() any { return &buffer{make([]byte, 0, 1<<10)} }}
)

// takeRead is a buffer of readSize bytes.
func takeRead() *buffer { return readBuffers.Get().(*buffer) }

// giveRead pools a buffer of takeRead; one that has grown is left to the
// collector.
func giveRead(b *buffer) {
	if len(b.b) == readSize {
		readBuffers.Put(b)
	}
}

// takeWrite is an empty buffer to append to.
func takeWrite() *buffer { return writeBuffers.Get().(*buffer) }

func giveWrite(b *buffer) {
	if cap(b.b) <= keepSize {
		b.b = b.b[:0]
		writeBuffers.Put(b)
	}
}
