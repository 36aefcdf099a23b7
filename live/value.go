package live

import (
	"context"
	"sync"
)

// Key names a value that hooks and libraries keep with a view, apart from its
// fields. Keys are package level variables, told apart by their address:
//
//	var userKey = live.NewKey[*User]("user")
type Key[T any] struct{ name string }

// NewKey makes a key; the name is for messages.
func NewKey[T any](name string) *Key[T] { return &Key[T]{name} }

// String is the key's name.
func (k *Key[T]) String() string { return k.name }

// With is a request's context with a value, for pipelines that have found out
// what the views of their pages need too: [Once] does not load it again in the
// dead render.
func (k *Key[T]) With(ctx context.Context, value T) context.Context {
	return context.WithValue(ctx, k, value)
}

// Set keeps a value with the view until it ends.
func (k *Key[T]) Set(s *Socket, value T) {
	v := s.open()
	if v == nil || s.closed.Load() {
		return
	}
	values := &v.more().values
	values.mu.Lock()
	defer values.mu.Unlock()
	if values.of == nil {
		values.of = make(map[any]any)
	}
	values.of[k] = value
}

// Get is the value that was kept with the view, or by a pipeline with the
// request of its dead render, or with a view that it is nested in; false if
// there is none.
func (k *Key[T]) Get(s *Socket) (T, bool) {
	for v := s.open(); v != nil; v = v.parent() {
		if value, ok := v.kept(k); ok {
			return value.(T), true
		}
		if v.reqCtx != nil {
			if value, ok := v.reqCtx.Value(k).(T); ok {
				return value, true
			}
		}
	}
	var none T
	return none, false
}

// Once is the value of a key, loaded when there is none yet, and then kept with
// the view: a hook and the view it guards, a view and those nested in it load
// the same user once.
func Once[T any](s *Socket, k *Key[T], load func() (T, error)) (T, error) {
	if value, ok := k.Get(s); ok {
		return value, nil
	}
	value, err := load()
	if err == nil {
		k.Set(s, value)
	}
	return value, err
}

// values are those kept with a view. Views that are nested in it read them from
// goroutines of their own.
type values struct {
	mu sync.Mutex
	of map[any]any
}

func (v *instance) kept(k any) (any, bool) {
	e := v.extras
	if e == nil {
		return nil, false
	}
	e.values.mu.Lock()
	defer e.values.mu.Unlock()
	value, ok := e.values.of[k]
	return value, ok
}

// parent is the view that this one is nested in, nil if there is none.
func (v *instance) parent() *instance {
	if v.spec.Parent != nil {
		return &v.spec.Parent.instance
	}
	return v.outer
}
