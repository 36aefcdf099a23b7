package supervisor

import (
	"sync"
	"sync/atomic"
)

// Cell is a value that goroutines share: read by many without waiting, replaced
// as a whole. It is Elixir's Agent for small things; what needs a crash, an order
// or a start of its own is a [Server]. The zero Cell holds the zero T. All methods
// may be called from any goroutine.
//
// What a T points to is shared as well: replace maps and slices, and do not change
// those that have been stored.
type Cell[T any] struct {
	changing sync.Mutex
	value    atomic.Pointer[T]
}

// NewCell is a Cell that holds a value.
func NewCell[T any](value T) *Cell[T] {
	c := new(Cell[T])
	c.value.Store(&value)
	return c
}

// Load is the value. It never waits, also while Update is at work.
func (c *Cell[T]) Load() T {
	if p := c.value.Load(); p != nil {
		return *p
	}
	var none T
	return none
}

// Store replaces the value.
func (c *Cell[T]) Store(value T) {
	c.changing.Lock()
	defer c.changing.Unlock()
	c.value.Store(&value)
}

// Update replaces the value by what f makes of it, and returns that. No other
// change comes in between, so f is called once, and must not change the same
// Cell. When f panics, the value stays as it was.
func (c *Cell[T]) Update(f func(T) T) T {
	c.changing.Lock()
	defer c.changing.Unlock()
	value := f(c.Load())
	c.value.Store(&value)
	return value
}
