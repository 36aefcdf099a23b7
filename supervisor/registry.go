package supervisor

import (
	"context"
	"fmt"
	"sync"
)

// Registry finds what runs in this process by a name: the game of number 42, the
// feed of a shop. The zero Registry is ready; all methods may be called from any
// goroutine.
type Registry[K comparable, V any] struct {
	mu     sync.Mutex
	byKey  map[K]*registered[V]
	change chan struct{} // closed and replaced at each registration; nil while nobody waits
}

type registered[V any] struct {
	ctx   context.Context
	value V
}

// Register enters a value for as long as ctx lasts, which is usually the one of
// a child's Start or Run: once it ends, however that comes about, nothing is
// found under the key, and it is free for the child's next run. A key that is
// taken is a [*DuplicateError].
func (r *Registry[K, V]) Register(ctx context.Context, key K, value V) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old := r.byKey[key]; old != nil && old.ctx.Err() == nil {
		return &DuplicateError{Name: fmt.Sprint(key)}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("supervisor: register %q: %w", fmt.Sprint(key), context.Cause(ctx))
	}
	if r.byKey == nil {
		r.byKey = make(map[K]*registered[V])
	}
	e := &registered[V]{ctx, value}
	r.byKey[key] = e
	context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.byKey[key] == e {
			delete(r.byKey, key)
		}
	})
	if r.change != nil {
		close(r.change)
		r.change = nil
	}
	return nil
}

// Lookup is what is registered under a key.
func (r *Registry[K, V]) Lookup(key K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lookup(key)
}

func (r *Registry[K, V]) lookup(key K) (value V, ok bool) {
	if e := r.byKey[key]; e != nil && e.ctx.Err() == nil {
		return e.value, true
	}
	return value, false
}

// Await is Lookup that waits for somebody to register: what is being restarted
// is back in a moment. The error is the context's.
func (r *Registry[K, V]) Await(ctx context.Context, key K) (V, error) {
	value, _, err := r.await(ctx, key, nil)
	return value, err
}

// await waits no longer than until over is closed.
func (r *Registry[K, V]) await(ctx context.Context, key K, over <-chan struct{}) (value V, ok bool, err error) {
	for {
		r.mu.Lock()
		value, ok := r.lookup(key)
		if r.change == nil {
			r.change = make(chan struct{})
		}
		change := r.change
		r.mu.Unlock()
		if ok {
			return value, true, nil
		}
		select {
		case <-change:
		case <-over:
			return value, false, nil
		case <-ctx.Done():
			return value, false, fmt.Errorf("supervisor: await %q: %w", fmt.Sprint(key), context.Cause(ctx))
		}
	}
}

// All are the keys and values that are registered, in no order.
func (r *Registry[K, V]) All() map[K]V {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make(map[K]V, len(r.byKey))
	for key, e := range r.byKey {
		if e.ctx.Err() == nil {
			all[key] = e.value
		}
	}
	return all
}
