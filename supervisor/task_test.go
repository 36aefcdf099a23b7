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

// tasks runs Tasks under a supervisor; stop ends them.
func tasks(t *testing.T, opts TasksOptions) (ts *Tasks, j *journal, stop func()) {
	t.Helper()
	j = new(journal)
	opts.Log = j.logger()
	ts = NewTasks(opts)
	s := New(Options{Log: opts.Log}, ts.Child())
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return ts, j, func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func TestTaskResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts, j, stop := tasks(t, TasksOptions{})
		defer stop()
		broken := errors.New("broken")
		for _, tt := range []struct {
			work func(context.Context) (int, error)
			want int
			is   error
			says string
		}{
			{func(context.Context) (int, error) { return 42, nil }, 42, nil, ""},
			{func(context.Context) (int, error) { return 0, broken }, 0, broken, "broken"},
			{func(context.Context) (int, error) { panic(broken) }, 0, broken, "panic: broken"},
			{func(context.Context) (int, error) { runtime.Goexit(); return 1, nil }, 0, ErrExited, "Goexit"},
		} {
			task := Async(t.Context(), ts, tt.work)
			got, err := task.Await(t.Context())
			if got != tt.want || !errors.Is(err, tt.is) || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Await = %d, %v, want %d and %q", got, err, tt.want, tt.says)
			}
			<-task.Done()
			task.Cancel()
			if again, err2 := task.Await(t.Context()); again != got || err2 != err {
				t.Errorf("a second Await = %d, %v", again, err2)
			}
		}
		if strings.Count(j.log(), "level=") != 1 || !strings.Contains(j.log(), "task panicked") || !strings.Contains(j.log(), "stack=") {
			t.Errorf("log: %s, want the panic once", j.log())
		}
	})
}

func TestTaskEndsWithWhoeverWantsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts, _, stop := tasks(t, TasksOptions{})
		wait := func(ctx context.Context) (error, error) { <-ctx.Done(); return context.Cause(ctx), nil }
		ctx, cancel := context.WithCancelCause(t.Context())
		gone := errors.New("gone")
		a, b, c := Async(ctx, ts, wait), Async(t.Context(), ts, wait), Async(t.Context(), ts, wait)
		impatient, done := context.WithTimeout(t.Context(), time.Second)
		defer done()
		if _, err := b.Await(impatient); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Await that is given up: %v", err)
		}
		cancel(gone)
		b.Cancel()
		if cause, err := a.Await(t.Context()); cause != gone || err != nil {
			t.Errorf("the context's end: %v, %v", cause, err)
		}
		if cause, err := b.Await(t.Context()); cause != ErrCancelled || err != nil {
			t.Errorf("Cancel: %v, %v", cause, err)
		}
		stop()
		if cause, err := c.Await(t.Context()); cause != ErrStopped || err != nil {
			t.Errorf("the supervisor's end: %v, %v", cause, err)
		}
		if _, err := Async(t.Context(), ts, wait).Await(t.Context()); !errors.Is(err, ErrNotRunning) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestTasksAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts, _, stop := tasks(t, TasksOptions{AtOnce: 3, Waiting: 5})
		defer stop()
		var mu sync.Mutex
		running, most := 0, 0
		work := func(context.Context) (bool, error) {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			running--
			mu.Unlock()
			return true, nil
		}
		var all []*Task[bool]
		for range 3 {
			all = append(all, Async(t.Context(), ts, work))
		}
		synctest.Wait()
		for range 5 {
			all = append(all, Async(t.Context(), ts, work))
		}
		synctest.Wait()
		if got := ts.Child().Detail(); got != "3 running, 5 waiting" {
			t.Errorf("Detail = %q", got)
		}
		if _, err := Async(t.Context(), ts, work).Await(t.Context()); !errors.Is(err, ErrBusy) {
			t.Errorf("one more: %v, want ErrBusy", err)
		}
		if err := ts.Go(t.Context(), func(context.Context) error { return nil }); !errors.Is(err, ErrBusy) {
			t.Errorf("Go: %v, want ErrBusy", err)
		}
		all[7].Cancel()
		if got, err := all[7].Await(t.Context()); got || !errors.Is(err, ErrCancelled) {
			t.Errorf("cancelled while it waits: %v, %v", got, err)
		}
		for _, task := range all[:7] {
			if got, err := task.Await(t.Context()); !got || err != nil {
				t.Errorf("Await = %v, %v", got, err)
			}
		}
		if most != 3 {
			t.Errorf("%d ran at a time, want 3", most)
		}
	})
}

func TestGoOutlivesItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ts, j, stop := tasks(t, TasksOptions{Name: "mails"})
		ctx, cancel := context.WithCancel(t.Context())
		sent := false
		if err := ts.Go(ctx, func(ctx context.Context) error {
			time.Sleep(time.Second)
			sent = ctx.Err() == nil
			return errors.New("bounced")
		}); err != nil {
			t.Error(err)
		}
		cancel()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !sent {
			t.Error("it ended with its request")
		}
		if err := ts.Go(t.Context(), func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }); err != nil {
			t.Error(err)
		}
		synctest.Wait() // it has begun
		stop()
		if !strings.Contains(j.log(), `msg="task failed" worker=mails err=bounced`) || strings.Count(j.log(), "level=") != 1 {
			t.Errorf("log: %s", j.log())
		}
		if err := ts.Go(t.Context(), nil); !errors.Is(err, ErrNotRunning) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestNewTasksRefuses(t *testing.T) {
	t.Parallel()
	for _, opts := range []TasksOptions{{AtOnce: -1}, {Waiting: -2}} {
		func() {
			defer func() {
				if v := recover(); v == nil || !strings.Contains(fmt.Sprint(v), "want positive numbers") {
					t.Errorf("NewTasks(%+v) panics with %v", opts, v)
				}
			}()
			NewTasks(opts)
		}()
	}
}

func TestRegistry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r Registry[string, int]
		if _, ok := r.Lookup("a"); ok {
			t.Error("an empty registry finds something")
		}
		ctx, end := context.WithCancel(t.Context())
		if err := r.Register(ctx, "a", 1); err != nil {
			t.Fatal(err)
		}
		if e, ok := errors.AsType[*DuplicateError](r.Register(t.Context(), "a", 2)); !ok || e.Error() != `supervisor: "a" is there already` {
			t.Errorf("a second a: %v", e)
		}
		if v, ok := r.Lookup("a"); !ok || v != 1 {
			t.Errorf("Lookup = %d, %v", v, ok)
		}
		end()
		if _, ok := r.Lookup("a"); ok {
			t.Error("found right after its end")
		}
		if err := r.Register(ctx, "b", 1); !errors.Is(err, context.Canceled) {
			t.Errorf("by one that has ended: %v", err)
		}
		// The next one comes before the former is cleaned away.
		next, endNext := context.WithCancel(t.Context())
		defer endNext()
		if err := r.Register(next, "a", 3); err != nil {
			t.Errorf("after the end: %v", err)
		}
		synctest.Wait()
		if v, ok := r.Lookup("a"); !ok || v != 3 {
			t.Errorf("Lookup = %d, %v, want the next one", v, ok)
		}
		found := make(chan int, 1)
		go func() {
			v, err := r.Await(t.Context(), "late")
			if err != nil {
				t.Error(err)
			}
			found <- v
		}()
		synctest.Wait()
		if err := r.Register(next, "late", 7); err != nil {
			t.Error(err)
		}
		if v := <-found; v != 7 {
			t.Errorf("Await = %d", v)
		}
		if got := fmt.Sprint(r.All()); got != "map[a:3 late:7]" {
			t.Errorf("All = %s", got)
		}
		endNext()
		synctest.Wait()
		if len(r.All()) != 0 || len(r.byKey) != 0 {
			t.Errorf("left: %v", r.byKey)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := r.Await(short, "never"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Await of what never comes: %v", err)
		}
	})
}

func TestRegisteredChildComesBackUnderItsName(t *testing.T) {
	t.Parallel()
	var r Registry[string, int]
	var runs int
	crash := make(chan struct{})
	s := New(Options{Intensity: Intensity{Restarts: Unlimited}, Backoff: Backoff{First: -1}, Log: (&journal{}).logger()}, Child{
		Name:  "feed",
		Start: func(ctx context.Context) error { runs++; return r.Register(ctx, "feed", runs) },
		Run: func(ctx context.Context) error {
			select {
			case <-crash:
				panic("boom")
			case <-ctx.Done():
				return nil
			}
		},
	})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		crash <- struct{}{} // the next one runs: it was registered
	}
	for v := 0; v < 101; { // the last one may be on its way
		var err error
		if v, err = r.Await(t.Context(), "feed"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if runs != 101 {
		t.Errorf("%d runs, want 101", runs)
	}
}
