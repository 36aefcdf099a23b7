package cache

import (
	"container/list"
	"fmt"
	"sync"
	"time"
)

// Options of a [TTL]. The TTL must be given.
type Options struct {
	// TTL is how long an entry lives after it was set.
	TTL time.Duration
	// Max is how many entries there are at most; one more lets the oldest go. 0
	// is 10,000.
	Max int
}

// TTL is a map whose entries end some time after they were set. All methods may
// be called from any goroutine. Make it with [New].
//
// All entries live equally long, so the oldest is the first to end, and a list in
// the order of setting has those at its front: each change lets go of them.
type TTL[K comparable, V any] struct {
	opts Options

	mu      sync.Mutex
	entries map[K]*list.Element
	order   list.List // of *entry[K, V], the oldest first
	loads   map[K]*load[V]
}

type entry[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

// New makes a cache. It panics on options that make no sense.
func New[K comparable, V any](opts Options) *TTL[K, V] {
	if opts.Max == 0 {
		opts.Max = 10_000
	}
	if opts.TTL <= 0 || opts.Max < 0 {
		panic(fmt.Sprintf("cache: New: TTL is %v and Max is %d, want a positive TTL, and a positive Max or 0 for the default", opts.TTL, opts.Max))
	}
	return &TTL[K, V]{opts: opts, entries: make(map[K]*list.Element), loads: make(map[K]*load[V])}
}

// Get is the entry of a key, if it has one that has not ended.
func (c *TTL[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.get(key)
}

func (c *TTL[K, V]) get(key K) (value V, ok bool) {
	if at := c.entries[key]; at != nil {
		if e := at.Value.(*entry[K, V]); time.Now().Before(e.until) {
			return e.value, true
		}
	}
	return value, false
}

// Set gives a key an entry, which lives from now on. A Load that is under way
// for the key no longer sets one.
func (c *TTL[K, V]) Set(key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.loads, key)
	c.set(key, value)
}

func (c *TTL[K, V]) set(key K, value V) {
	c.remove(key)
	now := time.Now()
	c.entries[key] = c.order.PushBack(&entry[K, V]{key, value, now.Add(c.opts.TTL)})
	c.trim(now)
}

// Delete lets go of an entry: what was changed elsewhere is got anew. A Load that
// is under way may have what was there before; those who wait for it get that, and
// it sets no entry.
func (c *TTL[K, V]) Delete(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.loads, key)
	c.remove(key)
	c.trim(time.Now())
}

// Len is the number of entries that have not ended.
func (c *TTL[K, V]) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trim(time.Now())
	return len(c.entries)
}

func (c *TTL[K, V]) remove(key K) {
	if at := c.entries[key]; at != nil {
		c.order.Remove(at)
		delete(c.entries, key)
	}
}

// trim lets go of what has ended, and of what is too much. The caller holds mu.
func (c *TTL[K, V]) trim(now time.Time) {
	for at := c.order.Front(); at != nil; at = c.order.Front() {
		e := at.Value.(*entry[K, V])
		if len(c.entries) <= c.opts.Max && now.Before(e.until) {
			return
		}
		c.order.Remove(at)
		delete(c.entries, e.key)
	}
}
