package supervisor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// journal notes what children do, and is a log to read.
type journal struct {
	mu    sync.Mutex
	notes []string
	text  bytes.Buffer
}

func (j *journal) note(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.notes = append(j.notes, fmt.Sprintf(format, args...))
}

func (j *journal) take() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := strings.Join(j.notes, " ")
	j.notes = nil
	return s
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) log() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) logger() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

// child notes when it starts and ends; what is sent to fail ends it: an error,
// or a function to call.
func (j *journal) child(name string) (Child, chan any) {
	fail := make(chan any)
	return Child{Name: name, Run: func(ctx context.Context) error {
		j.note("+%s", name)
		defer j.note("-%s", name)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case v := <-fail:
			switch v := v.(type) {
			case error:
				return v
			case func():
				v()
			}
			return nil
		}
	}}, fail
}

func TestStartsInOrderAndStopsInReverse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		var children []Child
		for _, name := range []string{"a", "b", "c"} {
			children = append(children, Child{Name: name,
				Start: func(context.Context) error { time.Sleep(time.Second); j.note("open-%s", name); return nil },
				Run: func(ctx context.Context) error {
					<-ctx.Done()
					time.Sleep(time.Second)
					j.note("close-%s(%v)", name, context.Cause(ctx) == ErrStopped)
					return nil
				}})
		}
		s := New(Options{Log: j.logger()}, children...)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		time.Sleep(10 * time.Second)
		if got, want := j.take(), "open-a open-b open-c"; got != want {
			t.Errorf("start: %s, want %s", got, want)
		}
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
		if got, want := j.take(), "close-c(true) close-b(true) close-a(true)"; got != want {
			t.Errorf("stop: %s, want %s", got, want)
		}
		if err := s.Start(t.Context()); err != nil {
			t.Errorf("a second start: %v", err)
		}
		if err := s.Start(t.Context()); err == nil {
			t.Error("started while it runs")
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if j.log() != "" {
			t.Errorf("logged: %s", j.log())
		}
	})
}

func TestChildThatCannotStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		a, _ := j.child("a")
		c, _ := j.child("c")
		broken := errors.New("no such file")
		for _, tt := range []struct {
			start func(context.Context) error
			is    error
			says  string
		}{
			{func(context.Context) error { return broken }, broken, `supervisor: shop: "store" did not start: no such file`},
			{func(context.Context) error { panic("boom") }, nil, `panic: boom`},
			{func(context.Context) error { runtime.Goexit(); return nil }, ErrExited, `Goexit`},
			{func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, context.DeadlineExceeded, "stopped before all had started"},
		} {
			s := New(Options{Name: "shop", Log: j.logger()}, a, Child{Name: "store", Start: tt.start}, c)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			err := s.Run(ctx)
			cancel()
			if err == nil || !strings.Contains(err.Error(), tt.says) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("Run = %v, want %q in it", err, tt.says)
			}
			if got, want := j.take(), "+a -a"; got != want {
				t.Errorf("%s: %s, want %s", tt.says, got, want)
			}
			<-s.Done()
		}
		if n := strings.Count(j.log(), "level="); n != 1 || !strings.Contains(j.log(), "stack=") {
			t.Errorf("want one line, about the panic and with its stack, got %s", j.log())
		}
	})
}

func TestWhatEndsAChildIsContainedAndLoggedOnce(t *testing.T) {
	for _, tt := range []struct {
		with any
		want string // in the log
	}{
		{errors.New("lost the line"), `level=ERROR msg="worker crashed, and is restarted" worker=shop/b err="lost the line" in=0s` + "\n"},
		{func() { panic("boom") }, `err="panic: boom" in=0s stack="goroutine `},
		{func() { panic(errors.New("boom")) }, `err="panic: boom"`},
		{func() { runtime.Goexit() }, `err="supervisor: ended its goroutine with runtime.Goexit`},
		{func() {}, `level=WARN msg="worker ended, and is restarted" worker=shop/b in=0s` + "\n"},
		{context.Canceled, `err="context canceled"`},
	} {
		synctest.Test(t, func(t *testing.T) {
			j := new(journal)
			a, _ := j.child("a")
			b, fail := j.child("b")
			s := New(Options{Name: "shop", Log: j.logger()}, a, b)
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			fail <- tt.with
			synctest.Wait()
			st := s.Tree().Children[1]
			if st.State != Running || st.Restarts != 1 || st.Err == "" {
				t.Errorf("after %v: %+v", tt.want, st)
			}
			if err := s.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			if got := j.take(); got != "+a +b -b +b -b -a" && got != "+b +a -b +b -b -a" {
				t.Errorf("%s", got)
			}
			if n := strings.Count(j.log(), "level="); n != 1 || !strings.Contains(j.log(), tt.want) {
				t.Errorf("log: %s\nwant one line with %q", j.log(), tt.want)
			}
		})
	}
}

func TestCausesTellStopFromCrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		causes := make(chan error, 10)
		crash := make(chan error)
		s := New(Options{Strategy: OneForAll, Intensity: Intensity{Restarts: 1}, Log: slog.New(slog.DiscardHandler)},
			Child{Name: "a", Run: func(ctx context.Context) error { <-ctx.Done(); causes <- context.Cause(ctx); return nil }},
			Child{Name: "b", Run: func(context.Context) error { return <-crash }})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		broken := errors.New("broken")
		crash <- broken
		if e, ok := errors.AsType[*SiblingError](<-causes); !ok || e.Child != "b" || e.Err != broken {
			t.Errorf("cause %v, want a SiblingError of b", e)
		}
		crash <- broken
		if e, ok := errors.AsType[*IntensityError](<-causes); !ok || e.Child != "b" {
			t.Errorf("cause %v, want an IntensityError of b", e)
		}
		<-s.Done()
		if err := s.Err(); !errors.Is(err, broken) || !strings.Contains(err.Error(), `"b" has ended, after 1 restarts of children within 5s already: broken`) {
			t.Errorf("Err = %v", err)
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Errorf("Stop = %v", err)
		}
	})
}

func TestSupervisorFailsUpwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		leaf, fail := j.child("leaf")
		leaf2, _ := j.child("leaf2")
		front, _ := j.child("front")
		inner := New(Options{Name: "inner", Intensity: Intensity{Restarts: 1}, Log: j.logger()}, leaf, leaf2)
		s := New(Options{Name: "root", Strategy: RestForOne, Intensity: Intensity{Restarts: 1, Period: time.Minute}, Log: j.logger()}, inner.Child(), front)
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		j.take()
		boom := errors.New("boom")
		for range 2 {
			fail <- boom
			synctest.Wait()
			time.Sleep(200 * time.Millisecond)
		}
		synctest.Wait()
		if got, want := j.take(), "-leaf +leaf -leaf -leaf2 -front +leaf +leaf2 +front"; !sameSet(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
		if st := s.Tree(); st.Children[0].Restarts != 1 || st.Children[1].Restarts != 1 || st.Children[0].Children[0].State != Running {
			t.Errorf("tree:\n%v", st)
		}
		if !strings.Contains(j.log(), "worker=root/inner ") || !strings.Contains(j.log(), "worker=root/inner/leaf ") {
			t.Errorf("log: %s", j.log())
		}
		for range 2 {
			fail <- boom
			synctest.Wait()
			time.Sleep(200 * time.Millisecond)
		}
		<-s.Done()
		if err := s.Err(); !errors.Is(err, boom) || !strings.Contains(err.Error(), `"inner" has ended`) {
			t.Errorf("Err = %v", err)
		}
	})
}

func sameSet(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func TestRestartsWaitLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		starts, begin := 0, time.Now()
		s := New(Options{Intensity: Intensity{Restarts: Unlimited}, Log: slog.New(slog.DiscardHandler)},
			Child{Name: "a", Run: func(context.Context) error { starts++; return errors.New("away") }})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if starts < 10 || starts > 15 {
			t.Errorf("%d starts within %v, want about a dozen", starts, time.Since(begin))
		}
		st := s.Tree().Children[0]
		if st.State != BackingOff || st.Restarts != starts-1 || st.Err != "away" {
			t.Errorf("%+v", st)
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A child that crashes over and over does not fill the log.
func TestFault86CrashLoopOfAWorkerIsSampled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		s := New(Options{Name: "shop", Intensity: Intensity{Restarts: Unlimited}, Backoff: Backoff{Most: 100 * time.Millisecond}, Log: j.logger()},
			Child{Name: "mail", Run: func(context.Context) error { panic("boom") }})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if n := strings.Count(j.log(), "stack="); n != 5 {
			t.Errorf("%d stacks, want 5", n)
		}
		if n := strings.Count(j.log(), "left_out="); n < 5 || n > 7 || !strings.Contains(j.log(), "worker=shop/mail") {
			t.Errorf("%d lines about what is left out, want one in ten seconds: %s", n, j.log())
		}
	})
}

func TestHungChildIsCutAndNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		a, _ := j.child("a")
		c, _ := j.child("c")
		free := make(chan struct{})
		s := New(Options{Name: "shop", Log: j.logger()}, a,
			Child{Name: "b", Run: func(context.Context) error { hangAround(free); return nil }, Shutdown: 2 * time.Second}, c)
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		j.take()
		start := time.Now()
		err := s.Stop(t.Context())
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %v", took)
		}
		e, ok := errors.AsType[*StuckError](err)
		if !ok || e.Child != "shop/b" || !strings.Contains(e.Stack, "hangAround") || !strings.Contains(err.Error(), `"shop/b" is stuck: it has not returned 2s after`) {
			t.Errorf("Stop = %v, want a StuckError with the stack of b", err)
		}
		if got, want := j.take(), "-c -a"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if !strings.Contains(j.log(), "hangAround") || strings.Count(j.log(), "level=") != 1 {
			t.Errorf("log: %s", j.log())
		}
		if st := s.Tree().Children[1]; st.State != Stuck {
			t.Errorf("%+v", st)
		}
		close(free)
		synctest.Wait()
		if st := s.Tree().Children[1]; st.State != Stopped {
			t.Errorf("when it has ended: %+v", st)
		}
	})
}

func hangAround(free chan struct{}) { <-free }

// OTP-07: one that hangs is cut, and leaves the others time of what there is.
func TestHungChildLeavesTimeToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		free := make(chan struct{})
		clean := Child{Name: "clean", Run: func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(900 * time.Millisecond)
			j.note("clean")
			return nil
		}}
		inner := New(Options{Name: "inner", Log: j.logger()}, clean, Child{Name: "hung", Run: func(context.Context) error { <-free; return nil }})
		s := New(Options{Name: "root", Log: j.logger()}, inner.Child())
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		start := time.Now()
		err := s.Stop(ctx)
		if e, ok := errors.AsType[*StuckError](err); !ok || e.Child != "root/inner/hung" || e.After != 2*time.Second {
			t.Errorf("Stop = %v", err)
		}
		if took := time.Since(start); took != 2900*time.Millisecond || j.take() != "clean" {
			t.Errorf("it took %v, and the other had no time", took)
		}
		close(free)
	})
}

func TestStopThatIsGivenUpCutsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		free := make(chan struct{})
		slow := func(name string) Child {
			return Child{Name: name, Shutdown: Unlimited, Run: func(ctx context.Context) error { <-ctx.Done(); j.note("%s", name); <-free; return nil }}
		}
		inner := New(Options{Name: "inner", Log: j.logger()}, slow("x"), slow("y"))
		s := New(Options{Name: "root", Log: j.logger()}, inner.Child(), slow("z"))
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := s.Stop(ctx)
		synctest.Wait()
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "root/inner/x") || !strings.Contains(err.Error(), "root/z") {
			t.Errorf("Stop = %v, want what still runs", err)
		}
		if got := j.take(); !sameSet(got, "x y z") {
			t.Errorf("told: %s, want all", got)
		}
		close(free)
		if err := s.Stop(t.Context()); err != nil {
			t.Errorf("a second Stop = %v", err)
		}
	})
}

func TestDynamicChildren(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		s := New(Options{Log: j.logger()})
		if err := s.StartChild(t.Context(), Child{Name: "early", Run: s.attend}); !errors.Is(err, ErrNotRunning) {
			t.Errorf("before the start: %v", err)
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		one, fail := j.child("one")
		two, _ := j.child("two")
		for _, c := range []Child{one, two} {
			if err := s.StartChild(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		if e, ok := errors.AsType[*DuplicateError](s.StartChild(t.Context(), one)); !ok || e.Name != "one" {
			t.Errorf("a second one: %v", e)
		}
		if got := fmt.Sprint(s.Children()); got != "[one two]" {
			t.Errorf("Children = %s", got)
		}
		fail <- errors.New("crash")
		synctest.Wait()
		if err := s.StopChild(t.Context(), "one"); err != nil {
			t.Error(err)
		}
		if err := s.StopChild(t.Context(), "one"); !errors.Is(err, ErrNotRunning) {
			t.Errorf("a second stop: %v", err)
		}
		if got := j.take(); !sameSet(got, "+one +two -one +one -one") {
			t.Error(got)
		}
		broken := errors.New("broken")
		if err := s.StartChild(t.Context(), Child{Name: "three", Start: func(context.Context) error { return broken }}); !errors.Is(err, broken) {
			t.Errorf("a child that does not start: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.StartChild(ctx, Child{Name: "four", Start: func(ctx context.Context) error { <-ctx.Done(); return nil }}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a child that does not come: %v", err)
		}
		if err := s.StartChild(t.Context(), Child{}); err == nil {
			t.Error("a child without a name is taken")
		}
		synctest.Wait()
		if got := fmt.Sprint(s.Children()); got != "[two]" {
			t.Errorf("Children = %s, want two", got)
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.StartChild(t.Context(), one); !errors.Is(err, ErrNotRunning) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestManyDynamicChildrenEndTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Log: slog.New(slog.DiscardHandler)})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i := range 1000 {
			if err := s.StartChild(t.Context(), Child{Name: fmt.Sprint(i), Run: func(ctx context.Context) error {
				<-ctx.Done()
				time.Sleep(time.Second)
				return nil
			}}); err != nil {
				t.Fatal(err)
			}
		}
		start := time.Now()
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("a thousand took %v, want one second", took)
		}
	})
}

func TestStoppedChildIsStartedInItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		a, _ := j.child("a")
		b, _ := j.child("b")
		s := New(Options{Strategy: RestForOne, Log: j.logger()}, a, b)
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := s.StopChild(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		if err := s.StartChild(t.Context(), a); err != nil {
			t.Error(err)
		}
		c, _ := j.child("c")
		if err := s.StartChild(t.Context(), c); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		j.take()
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if got, want := j.take(), "-c -b -a"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// OTP-05: a thousand ask for one child, and one is started.
func TestEnsureChild(t *testing.T) {
	t.Parallel()
	var games Registry[int, string]
	var mu sync.Mutex
	starts := 0
	s := New(Options{Name: "games", Log: slog.New(slog.DiscardHandler)})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			err := s.EnsureChild(t.Context(), Child{Name: "42", Start: func(ctx context.Context) error {
				mu.Lock()
				starts++
				mu.Unlock()
				return games.Register(ctx, 42, "the game")
			}})
			if game, ok := games.Lookup(42); err != nil || !ok || game != "the game" {
				t.Errorf("EnsureChild: %v, found %q %v", err, game, ok)
			}
		})
	}
	all.Wait()
	if starts != 1 {
		t.Errorf("%d were started", starts)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if _, ok := games.Lookup(42); ok {
		t.Error("it is found after its end")
	}
}

func TestWatchAndTree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(journal)
		leaf, fail := j.child("leaf")
		leaf.Detail = func() string { return "12 jobs" }
		odd, _ := j.child("odd")
		odd.Detail = func() string { panic("no") }
		inner := New(Options{Name: "workers", Strategy: OneForAll, Log: j.logger()}, leaf, odd)
		store, _ := j.child("store")
		s := New(Options{Name: "shop", Log: j.logger()}, store, inner.Child())
		if got := s.Tree(); got.State != Waiting || len(got.Children) != 2 || got.Children[1].Children[0].Name != "leaf" {
			t.Errorf("before the start: %+v", got)
		}
		changes := 0
		var mu sync.Mutex
		stop := s.Watch(func() { mu.Lock(); changes++; mu.Unlock(); s.Tree() })
		s.Watch(func() { panic("watcher") })
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		mu.Lock()
		before := changes
		mu.Unlock()
		time.Sleep(90 * time.Second)
		fail <- errors.New("time\nout")
		synctest.Wait()
		mu.Lock()
		if before == 0 || changes == before {
			t.Errorf("%d changes at the start, %d after a crash below", before, changes)
		}
		mu.Unlock()
		want := `shop        running         1m30s  one for one
├─ store    running         1m30s
└─ workers  running         1m30s  one for all
   ├─ leaf  running           now  12 jobs, 1 restart, last error: time out
   └─ odd   running           now  its Detail panics: no, 1 restart
`
		if got := s.Tree().String(); got != want {
			t.Errorf("tree:\n%s\nwant\n%s", got, want)
		}
		stop()
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if got := s.Tree(); got.State != Stopped || got.Children[1].Children[0].State != Stopped {
			t.Errorf("after the end:\n%v", got)
		}
		if !strings.Contains(j.log(), "watcher panicked") {
			t.Errorf("log: %s", j.log())
		}
	})
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	run := func(context.Context) error { return nil }
	nested := New(Options{Name: "inner"})
	New(Options{}, nested.Child())
	for _, tt := range []struct {
		opts     Options
		children []Child
		want     string
	}{
		{Options{}, []Child{{Run: run}}, "a child has no Name"},
		{Options{}, []Child{{Name: "a"}}, `child "a" has no Run`},
		{Options{}, []Child{{Name: "a", Run: run}, {Name: "a", Run: run}}, `two children are called "a"`},
		{Options{}, []Child{{Name: "a", Run: run, Shutdown: -5}}, "Shutdown"},
		{Options{}, []Child{{Name: "a", Run: run, Restart: 9}}, "Restart"},
		{Options{Strategy: 9}, nil, "Strategy"},
		{Options{Intensity: Intensity{Restarts: -9}}, nil, "Intensity"},
		{Options{Backoff: Backoff{Most: -1}}, nil, "negative"},
		{Options{}, []Child{nested.Child()}, "is the child of another one already"},
	} {
		func() {
			defer func() {
				if v := recover(); v == nil || !strings.Contains(fmt.Sprint(v), tt.want) {
					t.Errorf("New panics with %v, want %q", v, tt.want)
				}
			}()
			New(tt.opts, tt.children...)
		}()
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	run := func(ctx context.Context) error { <-ctx.Done(); return nil }
	s := New(Options{}, Child{Name: "a", Run: run})
	if err := s.Add(Child{Name: "b", Run: run}); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(Child{Name: "b", Run: run}); err == nil {
		t.Error("two of one name")
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.Children()); got != "[a b]" {
		t.Errorf("Children = %s", got)
	}
	if err := s.Add(Child{Name: "c", Run: run}); err == nil {
		t.Error("one after the start")
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// Everything at once, for the race detector.
func TestManyThingsAtOnce(t *testing.T) {
	t.Parallel()
	for _, strategy := range []Strategy{OneForOne, RestForOne, OneForAll} {
		var children []Child
		for i := range 4 {
			children = append(children, Child{Name: fmt.Sprint("static ", i), Run: func(ctx context.Context) error {
				for range 20 {
					if ctx.Err() != nil {
						return nil
					}
					runtime.Gosched()
				}
				if i%2 == 0 {
					panic("now and then")
				}
				return errors.New("now and then")
			}})
		}
		s := New(Options{Strategy: strategy, Intensity: Intensity{Restarts: Unlimited}, Backoff: Backoff{First: -1}, Log: slog.New(slog.DiscardHandler)}, children...)
		s.Watch(func() { _ = s.Tree().String() })
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for n := range 20 {
					c := Child{Name: fmt.Sprint("dynamic ", (i+n)%5), Run: func(ctx context.Context) error { <-ctx.Done(); return nil }}
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					_ = s.EnsureChild(ctx, c)    // whether it comes or somebody stops it
					_ = s.StopChild(ctx, c.Name) // or has stopped it
					_ = s.StartChild(ctx, c)     // or starts it
					if cancel(); ctx.Err() == nil {
						t.Error("not cancelled")
					}
				}
			})
		}
		all.Wait()
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
