package supervisor

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// OTP-05: a thousand ask for one key at a time, and one is started.
func TestGetOrStart(t *testing.T) {
	t.Parallel()
	var games Registry[int, *Server[count]]
	var inits atomic.Int32
	s := New(Options{Log: (&journal{}).logger()})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	game := func(id int) (*Server[count], Child) {
		srv := NewServer(ServerOptions[count]{Name: "game", Init: func(context.Context) (*count, error) {
			inits.Add(1)
			return &count{n: id}, nil
		}})
		return srv, srv.Child()
	}
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range 1000 {
		all.Go(func() {
			<-begin
			srv, err := games.GetOrStart(t.Context(), s, 42, game)
			if err != nil {
				t.Error(err)
				return
			}
			if err := srv.Do(t.Context(), func(c *count) { c.n++ }); err != nil {
				t.Error(err)
			}
		})
	}
	close(begin)
	all.Wait()
	srv, err := games.GetOrStart(t.Context(), s, 42, func(int) (*Server[count], Child) {
		t.Error("made though it runs")
		return nil, Child{}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := Ask(t.Context(), srv, func(c *count) (int, error) { return c.n, nil }); n != 1042 || err != nil || inits.Load() != 1 {
		t.Errorf("one game has %d, %v, and %d were started; want 1042 and 1", n, err, inits.Load())
	}
	if got := s.Children(); !slices.Equal(got, []string{"game 42"}) {
		t.Errorf("children: %q", got)
	}
	if err := s.StopChild(t.Context(), "game 42"); err != nil {
		t.Error(err)
	}
	if _, err := games.GetOrStart(t.Context(), s, 42, game); err != nil || inits.Load() != 2 {
		t.Errorf("after its end: %v, %d starts", err, inits.Load())
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := games.GetOrStart(t.Context(), s, 42, game); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after the end of all: %v", err)
	}
}

func TestGetOrStartWaitsForARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r Registry[string, int]
		s := New(Options{Log: (&journal{}).logger(), Backoff: Backoff{First: time.Second}, Intensity: Intensity{Restarts: Unlimited}})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		crash, fail := make(chan struct{}), false
		c := func(string) (int, Child) {
			return 7, Child{Start: func(context.Context) error {
				if fail {
					fail = false
					return errors.New("not yet")
				}
				return nil
			}, Run: func(ctx context.Context) error {
				select {
				case <-crash:
					return errors.New("crashed")
				case <-ctx.Done():
					return nil
				}
			}}
		}
		for range 2 {
			if v, err := r.GetOrStart(t.Context(), s, "feed", c); v != 7 || err != nil {
				t.Fatalf("GetOrStart = %d, %v", v, err)
			}
			fail = true
			crash <- struct{}{}
			synctest.Wait()
		}
		if v, err := r.GetOrStart(t.Context(), s, "feed", c); v != 7 || err != nil || len(s.Children()) != 1 {
			t.Errorf("after crashes: %d, %v, %q", v, err, s.Children())
		}
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestGetOrStartOfWhatDoesNotStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r Registry[int, int]
		s := New(Options{Log: (&journal{}).logger()})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		broken := errors.New("broken")
		_, err := r.GetOrStart(t.Context(), s, 1, func(int) (int, Child) {
			return 0, Child{Start: func(context.Context) error { return broken }}
		})
		if !errors.Is(err, broken) || len(s.Children()) != 0 {
			t.Errorf("one that does not start: %v, left %q", err, s.Children())
		}
		// One that is stuck is not doubled.
		hang := make(chan struct{})
		stuck := func(int) (int, Child) {
			return 0, Child{Shutdown: time.Second, Run: func(context.Context) error { <-hang; return nil }}
		}
		if _, err := r.GetOrStart(t.Context(), s, 2, stuck); err != nil {
			t.Error(err)
		}
		if err := s.StopChild(t.Context(), "2"); err == nil {
			t.Error("it is not stuck")
		}
		if _, err := r.GetOrStart(t.Context(), s, 2, stuck); !errors.Is(err, ErrNotRunning) {
			t.Errorf("one that is stuck: %v", err)
		}
		close(hang)
		if err := s.Stop(context.Background()); err == nil {
			t.Error("the end does not name what was stuck")
		}
	})
}

// One visitor who leaves does not take what others wait for.
func TestStartIsGivenUpByTheLastWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Log: (&journal{}).logger()})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		slow := Child{Name: "slow", Start: func(ctx context.Context) error {
			select {
			case <-time.After(time.Minute):
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}}
		ask := func(after time.Duration) <-chan error {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			came := make(chan error, 1)
			go func() {
				defer cancel()
				came <- s.EnsureChild(ctx, slow)
			}()
			synctest.Wait()
			return came
		}
		first, second := ask(time.Second), ask(time.Hour)
		if err := <-first; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who has left: %v", err)
		}
		if err := <-second; err != nil {
			t.Errorf("who has stayed: %v", err)
		}
		if err := s.StopChild(t.Context(), "slow"); err != nil {
			t.Error(err)
		}
		first, second = ask(time.Second), ask(2*time.Second)
		if err := errors.Join(<-first, <-second); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		synctest.Wait()
		if len(s.Children()) != 0 {
			t.Errorf("nobody waits for %q", s.Children())
		}
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestKeyNames(t *testing.T) {
	t.Parallel()
	type id string
	type pair struct{ A, B string }
	for _, tt := range []struct {
		key  any
		want string
	}{
		{42, "42"}, {id("lobby"), "lobby"}, {"a\nb", `"a\nb"`}, {`"`, `"\""`}, {true, "true"}, {time.Second, "1000000000"}, {uint8(7), "7"},
		{pair{"a b", "c"}, `supervisor.pair{A:"a b", B:"c"}`},
	} {
		if got := keyName(tt.key); got != tt.want {
			t.Errorf("keyName(%#v) = %s, want %s", tt.key, got, tt.want)
		}
	}
}
