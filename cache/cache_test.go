package cache

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// OTP-08: an entry ends with its time, and not before.
func TestEntriesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[string, int](Options{TTL: time.Minute})
		c.Set("a", 1)
		time.Sleep(30 * time.Second)
		c.Set("b", 2)
		time.Sleep(30*time.Second - 1)
		if v, ok := c.Get("a"); !ok || v != 1 || c.Len() != 2 {
			t.Errorf("a moment before its end: %d, %v, of %d", v, ok, c.Len())
		}
		time.Sleep(time.Nanosecond)
		if v, ok := c.Get("a"); ok || v != 0 {
			t.Errorf("at its end: %d, %v", v, ok)
		}
		if c.Len() != 1 || len(c.entries) != 1 {
			t.Errorf("%d entries, want b alone", c.Len())
		}
		c.Set("b", 3) // which begins a life anew
		time.Sleep(59 * time.Second)
		if v, ok := c.Get("b"); !ok || v != 3 {
			t.Errorf("set again: %d, %v", v, ok)
		}
		c.Delete("b")
		c.Delete("never")
		if _, ok := c.Get("b"); ok || c.Len() != 0 || c.order.Len() != 0 {
			t.Errorf("deleted, and there: %d", c.Len())
		}
	})
}

func TestOldestGivesWay(t *testing.T) {
	t.Parallel()
	c := New[float64, int](Options{TTL: time.Hour, Max: 2})
	c.Set(1, 1)
	c.Set(2, 2)
	c.Set(1, 3)
	c.Set(3, 4)
	if _, ok := c.Get(2); ok || c.Len() != 2 {
		t.Errorf("the oldest is there, of %d", c.Len())
	}
	for range 5 { // keys that nothing finds must not hold it up
		c.Set(math.NaN(), 5)
	}
	if c.order.Len() > 2 {
		t.Errorf("%d entries, want 2 at most", c.order.Len())
	}
}

// A thousand ask for what is not there, and it is got once.
func TestLoadGetsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[string, int](Options{TTL: time.Minute})
		var calls atomic.Int32
		get := func(_ context.Context, key string) (int, error) {
			time.Sleep(time.Second)
			return len(key) + int(calls.Add(1)), nil
		}
		var all sync.WaitGroup
		for range 1000 {
			all.Go(func() {
				if v, err := c.Load(t.Context(), "tea", get); v != 4 || err != nil {
					t.Errorf("Load = %d, %v", v, err)
				}
			})
		}
		all.Wait()
		time.Sleep(time.Minute)
		if v, err := c.Load(t.Context(), "tea", get); v != 5 || err != nil {
			t.Errorf("after its end: %d, %v", v, err)
		}
	})
}

func TestLoadThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[string, int](Options{TTL: time.Minute})
		broken := errors.New("broken")
		if _, err := c.Load(t.Context(), "a", func(context.Context, string) (int, error) { return 1, broken }); err != broken {
			t.Errorf("Load = %v", err)
		}
		var all sync.WaitGroup
		all.Go(func() {
			defer func() {
				if v := recover(); v != "boom" {
					t.Errorf("the panic is %v", v)
				}
			}()
			_, err := c.Load(t.Context(), "a", func(context.Context, string) (int, error) { time.Sleep(time.Second); panic("boom") })
			t.Errorf("a panic became %v", err)
		})
		synctest.Wait()
		if _, err := c.Load(t.Context(), "a", nil); !errors.Is(err, ErrAborted) {
			t.Errorf("who waited for a panic: %v", err)
		}
		all.Wait()
		if _, ok := c.Get("a"); ok || len(c.loads) != 0 {
			t.Error("an error became an entry")
		}
	})
}

func TestLoadOfOneWhoGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[string, int](Options{TTL: time.Minute})
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		get := func(ctx context.Context, _ string) (int, error) {
			select {
			case <-ctx.Done():
				return 0, ctx.Err()
			case <-time.After(time.Minute):
				return 7, nil
			}
		}
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := c.Load(short, "a", get); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who has given up: %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() { // gives up with the first one
			if _, err := c.Load(short, "a", get); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who has given up waiting: %v", err)
			}
		})
		if v, err := c.Load(t.Context(), "a", get); v != 7 || err != nil {
			t.Errorf("who has stayed: %d, %v", v, err)
		}
		all.Wait()
	})
}

// What was changed while it was got is not kept as it was before.
func TestChangeDuringALoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[string, int](Options{TTL: time.Hour})
		slow := func(context.Context, string) (int, error) { time.Sleep(time.Minute); return 1, nil }
		for _, tt := range []struct {
			change func()
			want   string
		}{
			{func() { c.Delete("a") }, "0 false"},
			{func() { c.Set("a", 2) }, "2 true"},
		} {
			c.Delete("a")
			var all sync.WaitGroup
			all.Go(func() {
				if v, err := c.Load(t.Context(), "a", slow); v != 1 || err != nil {
					t.Errorf("Load = %d, %v", v, err)
				}
			})
			synctest.Wait()
			tt.change()
			all.Wait()
			v, ok := c.Get("a")
			if got := fmt.Sprint(v, ok); got != tt.want {
				t.Errorf("after it: %s, want %s", got, tt.want)
			}
		}
	})
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, opts := range []Options{{}, {TTL: -1}, {TTL: 1, Max: -1}} {
		func() {
			defer func() {
				if v := recover(); v == nil || !strings.Contains(fmt.Sprint(v), "positive TTL") {
					t.Errorf("New(%+v): %v", opts, v)
				}
			}()
			New[int, int](opts)
		}()
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	c := New[int, int](Options{TTL: time.Hour, Max: 20})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			for n := range 200 {
				key := (i + n) % 40
				switch n % 4 {
				case 0:
					c.Set(key, key)
				case 1:
					c.Delete(key)
				case 2:
					if v, ok := c.Get(key); ok && v != key {
						t.Errorf("Get(%d) = %d", key, v)
					}
				case 3:
					if v, err := c.Load(t.Context(), key, func(_ context.Context, k int) (int, error) { return k, nil }); v != key || err != nil {
						t.Errorf("Load(%d) = %d, %v", key, v, err)
					}
				}
			}
		})
	}
	all.Wait()
	if c.Len() > 20 || c.Len() != c.order.Len() || len(c.loads) != 0 {
		t.Errorf("%d entries, %d in order, %d loads", c.Len(), c.order.Len(), len(c.loads))
	}
}
