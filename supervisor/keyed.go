package supervisor

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
)

// GetOrStart is what is registered under a key, or else what newChild makes for
// it, which is started as a child of s and is registered for as long as it runs.
// However many ask for a key at the same time, one is started, and all get that;
// newChild may be called for nothing then, so it only makes and begins nothing.
//
//	game, err := games.GetOrStart(ctx, app.Workers(), 42, func(id int) (*supervisor.Server[Game], supervisor.Child) {
//		s := supervisor.NewServer(supervisor.ServerOptions[Game]{Name: "game", Restart: supervisor.OnFailure})
//		return s, s.Child()
//	})
//
// The child's name is followed by the key: "game 42", by which StopChild ends it.
// After a crash the same value is registered again with the child's next run; who
// asks meanwhile waits for that. The error is that of [Supervisor.EnsureChild], or
// [ErrNotRunning] for a child that ends as soon as it has started, or is stuck.
func (r *Registry[K, V]) GetOrStart(ctx context.Context, s *Supervisor, key K, newChild func(K) (V, Child)) (V, error) {
	var none V
	for range 3 { // a child may end while somebody asks for it
		if value, ok := r.Lookup(key); ok {
			return value, nil
		}
		over, err := s.startChild(ctx, r.entered(key, newChild), true)
		if err != nil {
			return none, err
		}
		value, ok, err := r.await(ctx, key, over)
		if ok || err != nil {
			return value, err
		}
	}
	return none, fmt.Errorf("supervisor: get or start %q: %w: it ends as soon as it has started, or is stuck", keyName(key), ErrNotRunning)
}

// entered is a new child that registers its value when it has started.
func (r *Registry[K, V]) entered(key K, newChild func(K) (V, Child)) Child {
	value, c := newChild(key)
	start := c.Start
	c.Start = func(ctx context.Context) error {
		if start != nil {
			if err := start(ctx); err != nil {
				return err
			}
		}
		return r.Register(ctx, key, value)
	}
	if c.Name != "" {
		c.Name += " "
	}
	c.Name += keyName(key)
	return c
}

// keyName tells keys apart in one line: two keys never have one name.
func keyName(key any) string {
	switch v := reflect.ValueOf(key); v.Kind() {
	case reflect.String:
		if quoted := strconv.Quote(v.String()); quoted[1:len(quoted)-1] != v.String() {
			return quoted
		}
		return v.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return fmt.Sprintf("%d", key)
	default:
		return fmt.Sprintf("%#v", key)
	}
}
