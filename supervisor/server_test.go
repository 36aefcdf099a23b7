package supervisor

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// count is a state of which a race would be seen.
type count struct {
	n     int
	notes []string
}

// serve runs a server under a supervisor; stop ends it.
func serve(t *testing.T, opts ServerOptions[count]) (srv *Server[count], s *Supervisor, stop func()) {
	t.Helper()
	opts.Name = "count"
	srv = NewServer(opts)
	s = New(Options{Log: (&journal{}).logger()}, srv.Child())
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return srv, s, func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// OTP-03: a hundred goroutines change one state, and none of it is lost.
func TestServerHasOneAtATime(t *testing.T) {
	t.Parallel()
	srv, _, stop := serve(t, ServerOptions[count]{Waiting: Unlimited})
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			for range 50 {
				if err := srv.Do(t.Context(), func(c *count) { c.n++ }); err != nil {
					t.Error(err)
				}
				if err := srv.Cast(func(c *count) { c.n++ }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got, err := Ask(t.Context(), srv, func(c *count) (int, error) { return c.n, nil })
	if got != 10_000 || err != nil {
		t.Errorf("Ask = %d, %v, want 10000", got, err)
	}
	stop()
}

func TestServerDoesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var closed []string
		srv, _, stop := serve(t, ServerOptions[count]{
			Init:  func(context.Context) (*count, error) { return &count{notes: []string{"init"}}, nil },
			Close: func(c *count) error { closed = c.notes; return nil },
		})
		if err := srv.Cast(func(*count) { time.Sleep(time.Second) }); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for i := range 3 {
			if err := srv.Cast(func(c *count) { c.notes = append(c.notes, fmt.Sprint(i)) }); err != nil {
				t.Error(err)
			}
		}
		stop() // which does what waits
		if got := strings.Join(closed, " "); got != "init 0 1 2" {
			t.Errorf("did %q", got)
		}
		if err := srv.Do(t.Context(), func(*count) { t.Error("called after the end") }); !errors.Is(err, ErrNotRunning) {
			t.Errorf("after the end: %v", err)
		}
		if err := srv.Cast(func(*count) { t.Error("called after the end") }); !errors.Is(err, ErrNotRunning) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// OTP-03: a deadline is honoured, before a call's turn and in it.
func TestServerCallsHaveDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, _, stop := serve(t, ServerOptions[count]{})
		defer stop()
		ended := make(chan struct{})
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		err := srv.Do(short, func(*count) { time.Sleep(time.Hour); close(ended) })
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "not done yet") || time.Since(start) != time.Second {
			t.Errorf("a call that takes long: %v after %v", err, time.Since(start))
		}
		short, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = Ask(short, srv, func(*count) (int, error) { t.Error("called after its caller had left"); return 1, nil })
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "not begun") {
			t.Errorf("a call behind it: %v", err)
		}
		if err := srv.Do(short, func(*count) { t.Error("called by one who has left") }); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a context that has ended: %v", err)
		}
		<-ended
		if err := srv.Do(t.Context(), func(*count) {}); err != nil {
			t.Error(err)
		}
	})
}

func TestServerIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, s, stop := serve(t, ServerOptions[count]{Waiting: 2})
		defer stop()
		hold := make(chan struct{})
		for range 3 {
			if err := srv.Cast(func(*count) { <-hold }); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		if err := srv.Cast(func(*count) { t.Error("called though refused") }); !errors.Is(err, ErrBusy) {
			t.Errorf("one too many: %v", err)
		}
		if err := srv.Do(t.Context(), func(*count) { t.Error("called though refused") }); !errors.Is(err, ErrBusy) {
			t.Errorf("one too many: %v", err)
		}
		if got := s.Tree().Children[0].Detail; got != "2 waiting" {
			t.Errorf("the tree says %q", got)
		}
		close(hold)
	})
}

func TestServerBeginsAnewAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, inits := errors.New("broken"), 0
		srv, s, stop := serve(t, ServerOptions[count]{
			Init:  func(context.Context) (*count, error) { inits++; return &count{n: 10 * inits}, nil },
			Close: func(c *count) error { c.n = -1; return nil },
		})
		defer stop()
		for i, tt := range []struct {
			end func()
			is  error
		}{
			{func() { panic(broken) }, broken},
			{runtime.Goexit, ErrExited},
		} {
			hold := make(chan struct{})
			var all sync.WaitGroup
			all.Go(func() {
				if err := srv.Do(t.Context(), func(c *count) { c.n = 99; <-hold; tt.end() }); !errors.Is(err, tt.is) {
					t.Errorf("the call that crashes: %v, want %v", err, tt.is)
				}
			})
			synctest.Wait()
			all.Go(func() {
				if err := srv.Do(t.Context(), func(*count) { t.Error("done with a state that is broken") }); !errors.Is(err, ErrNotRunning) {
					t.Errorf("the call behind it: %v", err)
				}
			})
			if err := srv.Cast(func(*count) { t.Error("done with a state that is broken") }); err != nil {
				t.Error(err)
			}
			synctest.Wait()
			close(hold)
			all.Wait()
			time.Sleep(time.Minute) // the restart
			synctest.Wait()
			if got, err := Ask(t.Context(), srv, func(c *count) (int, error) { return c.n, broken }); got != 10*(i+2) || err != broken {
				t.Errorf("after crash %d: %d, %v", i, got, err)
			}
		}
		if got := s.Tree().Children[0].Detail; got != "0 waiting, 2 casts lost in crashes" {
			t.Errorf("the tree says %q", got)
		}
	})
}

func TestServerThatCannotStart(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, init := range []func(context.Context) (*count, error){
		func(context.Context) (*count, error) { return nil, broken },
		func(context.Context) (*count, error) { return nil, nil },
	} {
		srv := NewServer(ServerOptions[count]{Name: "count", Init: init})
		if err := srv.Do(t.Context(), func(*count) {}); !errors.Is(err, ErrNotRunning) {
			t.Errorf("before the start: %v", err)
		}
		s := New(Options{Log: (&journal{}).logger()}, srv.Child())
		if _, ok := errors.AsType[*StartError](s.Start(t.Context())); !ok {
			t.Error("it starts")
		}
		if err := srv.Cast(func(*count) {}); !errors.Is(err, ErrNotRunning) {
			t.Errorf("after the start has failed: %v", err)
		}
	}
}

func TestNewServerRefuses(t *testing.T) {
	t.Parallel()
	for _, opts := range []ServerOptions[count]{{}, {Name: "a", Waiting: -7}, {Name: "a", Restart: 9}, {Name: "a\nb"}} {
		func() {
			defer func() {
				if v := recover(); v == nil || !strings.Contains(fmt.Sprint(v), "supervisor: NewServer(") {
					t.Errorf("NewServer(%+v): %v", opts, v)
				}
			}()
			NewServer(opts)
		}()
	}
}

// OTP-08: readers never wait, and no change is lost.
func TestCell(t *testing.T) {
	t.Parallel()
	var zero Cell[int]
	if zero.Load() != 0 {
		t.Error("the zero Cell is not zero")
	}
	c := NewCell(1)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			for last := range 100 {
				if got := c.Update(func(n int) int { return n + 1 }); got <= last {
					t.Errorf("Update = %d after %d of one's own", got, last)
				}
				c.Load()
			}
		})
	}
	all.Wait()
	if c.Load() != 5001 {
		t.Errorf("Load = %d, want 5001", c.Load())
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic of a change is swallowed")
			}
		}()
		c.Update(func(int) int { panic("no") })
	}()
	c.Update(func(n int) int {
		if c.Load() != 5001 { // and it does not wait for the change
			t.Errorf("Load in a change = %d", c.Load())
		}
		return n + 1
	})
	c.Store(c.Load() + 1)
	if c.Load() != 5003 {
		t.Errorf("Load = %d, want 5003", c.Load())
	}
}
