package cache

import (
	"context"
	"errors"
	"fmt"
)

// ErrAborted is what those get who waited for a load that panicked or called
// runtime.Goexit.
var ErrAborted = errors.New("cache: the load did not return")

// load is one that is under way.
type load[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// Load is the entry of a key, or else what get says, which becomes the entry
// unless it is an error. However many ask at the same time, get is called once, on
// the goroutine of the first of them and with its context; when that one gives up
// before the others do, the next of them tries.
//
// A panic of get is the panic of who called it, and [ErrAborted] to the others.
func (c *TTL[K, V]) Load(ctx context.Context, key K, get func(context.Context, K) (V, error)) (V, error) {
	for {
		c.mu.Lock()
		if value, ok := c.get(key); ok {
			c.mu.Unlock()
			return value, nil
		}
		l := c.loads[key]
		if l == nil {
			l = &load[V]{done: make(chan struct{}), err: ErrAborted}
			c.loads[key] = l
			c.mu.Unlock()
			return c.run(ctx, key, l, get)
		}
		c.mu.Unlock()
		select {
		case <-l.done:
		case <-ctx.Done():
			var none V
			return none, fmt.Errorf("cache: load: %w", context.Cause(ctx))
		}
		if !givenUp(l.err) {
			return l.value, l.err
		}
		if ctx.Err() != nil {
			var none V
			return none, fmt.Errorf("cache: load: %w", context.Cause(ctx))
		}
	}
}

func (c *TTL[K, V]) run(ctx context.Context, key K, l *load[V], get func(context.Context, K) (V, error)) (V, error) {
	defer func() { // also of a panic
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.loads[key] == l { // neither set nor deleted meanwhile
			delete(c.loads, key)
			if l.err == nil {
				c.set(key, l.value)
			}
		}
		close(l.done)
	}()
	value, err := get(ctx, key)
	if err != nil && ctx.Err() != nil {
		err = &gaveUp{err}
	}
	l.value, l.err = value, err
	return value, err
}

// gaveUp is the error of a load whose own caller has left: nothing is said by it
// about the key.
type gaveUp struct{ error }

func (e *gaveUp) Unwrap() error { return e.error }

func givenUp(err error) bool {
	_, ok := err.(*gaveUp)
	return ok
}
