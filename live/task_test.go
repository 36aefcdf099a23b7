package live

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// loader is a view with a task and a loaded value.
type loader struct {
	lifecycle
	Org Async[string]
}

// later is work that takes a second.
func later(result string, err error) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		select {
		case <-time.After(time.Second):
			return result, err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (v *loader) note(_ *Socket, result string, err error) error {
	v.calls = append(v.calls, fmt.Sprintf("[%s %s]", result, outcome(err)))
	slices.Sort(v.calls) // tasks of one second end in any order
	return nil
}

func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}

// startLoader joins a view whose event "go" does what a test gives it.
func startLoader(t *testing.T, v *loader, f func(*Socket) error) *run {
	t.Helper()
	v.events = Events{"go": Do(f), "clear": Do(func(*Socket) error { v.calls = nil; return nil })}
	r := startIn(t, v, Spec{}, new(Runtime))
	r.event("0", "clear", `{}`)
	return r
}

func TestTasks(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(v *loader) func(*Socket) error
		want string
		log  string
	}{
		{"result", func(v *loader) func(*Socket) error {
			return func(s *Socket) error { Go(s, "job", later("done", nil), v.note); return nil }
		}, `[push diff {"0":"[done ok]"}]`, ""},
		{"error", func(v *loader) func(*Socket) error {
			return func(s *Socket) error { Go(s, "job", later("", errors.New("away")), v.note); return nil }
		}, `[push diff {"0":"[ away]"}]`, ""},
		{"panic", func(v *loader) func(*Socket) error {
			return func(s *Socket) error {
				Go(s, "job", func(context.Context) (string, error) { panic("boom") }, v.note)
				return nil
			}
		}, `"0":"[ panic: boom]"`, "task_test.go"},
		{"goexit", func(v *loader) func(*Socket) error {
			return func(s *Socket) error {
				Go(s, "job", func(context.Context) (string, error) { runtime.Goexit(); return "", nil }, v.note)
				return nil
			}
		}, `runtime.Goexit`, ""},
		{"the later of a name counts", func(v *loader) func(*Socket) error {
			return func(s *Socket) error {
				Go(s, "job", later("first", nil), v.note)
				Go(s, "job", later("second", nil), v.note)
				Go(s, "other", later("third", nil), v.note)
				return nil
			}
		}, `"0":"[second ok] [third ok]"`, ""},
		{"cancelled", func(v *loader) func(*Socket) error {
			return func(s *Socket) error {
				Go(s, "job", later("first", nil), v.note)
				Cancel(s, "job")
				Cancel(s, "none")
				return nil
			}
		}, `"0":"[ context canceled]"`, ""},
		{"callback that fails starts nothing", func(v *loader) func(*Socket) error {
			return func(s *Socket) error { Go(s, "job", later("first", nil), v.note); return errors.New("no") }
		}, `[fail]`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := new(loader)
				r := startLoader(t, v, tt.do(v))
				r.send("1", "go", `{}`)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				got := strings.ReplaceAll(fmt.Sprint(r.out.take()), "1 true {} ", "")
				got = strings.ReplaceAll(got, "1 true {}", "")
				r.has(got, tt.want)
				r.has(r.log.String(), tt.log)
				if n := r.rt.tasks.Load(); n != 0 {
					t.Errorf("%d tasks run, want none", n)
				}
				r.stopped()
			})
		})
	}
}

func TestFault89TasksEndWithTheView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(loader)
		ended := make(chan error, 1)
		r := startLoader(t, v, func(s *Socket) error {
			Go(s, "job", func(ctx context.Context) (string, error) {
				<-ctx.Done()
				time.Sleep(time.Second) // it has something to clear away
				ended <- ctx.Err()
				return "late", nil
			}, v.note)
			return nil
		})
		r.event("1", "go", `{}`)
		r.p.Stop(Left)
		begin := time.Now()
		if err := r.rt.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took != time.Second {
			t.Errorf("Wait took %v, want the second that the task needs", took)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the task's context ended with %v", err)
		}
		synctest.Wait()
		r.stopped()
	})
}

// A task that does not look at its context holds up neither its view, which
// ends, nor others; only who waits for everything waits for it, as long as he
// likes.
func TestFault89TaskThatNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(loader)
		stuck := make(chan struct{})
		r := startLoader(t, v, func(s *Socket) error {
			Go(s, "job", func(context.Context) (string, error) { <-stuck; return "nobody hears it", nil }, v.note)
			return nil
		})
		r.want(r.event("1", "go", `{}`), `1 true {}`)
		r.want(r.event("2", "clear", `{}`), `2 true {}`)
		r.p.Stop(Left)
		synctest.Wait()
		if n := r.rt.Views(); n != 0 {
			t.Errorf("%d views run, want none", n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := r.rt.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait while the task runs: %v, want the end of its context", err)
		}
		close(stuck)
		synctest.Wait()
		r.want(r.out.take())
		if v.calls != nil || r.rt.tasks.Load() != 0 {
			t.Errorf("calls %v and %d tasks after the end of the view, want none", v.calls, r.rt.tasks.Load())
		}
	})
}

func TestPoolBoundsTasks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := NewPool(2)
		var running, most atomic.Int32
		v := new(loader)
		r := startLoader(t, v, func(s *Socket) error {
			for i := range 5 {
				Go(s, fmt.Sprint(i), func(ctx context.Context) (string, error) {
					most.Store(max(most.Load(), running.Add(1)))
					time.Sleep(time.Second)
					running.Add(-1)
					return "", nil
				}, v.note, In(pool))
			}
			return nil
		})
		begin := time.Now()
		r.event("1", "go", `{}`)
		r.p.Stop(Left)
		if err := r.rt.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took > time.Second {
			t.Errorf("tasks that waited for their turn ran after the end, for %v", took)
		}
		if n := most.Load(); n != 2 {
			t.Errorf("%d tasks ran at a time, want 2", n)
		}
		if len(pool.turns) != 0 {
			t.Errorf("%d turns are taken, want none", len(pool.turns))
		}
		r.stopped()
	})
}

func TestLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(loader)
		result, fail := "first", error(nil)
		var opts []TaskOption
		r := startLoader(t, v, func(s *Socket) error {
			Load(s, &v.Org, later(result, fail), opts...)
			return nil
		})
		show := func() string {
			got, err := Call(t.Context(), Ref{r.p}, func(v *loader) string {
				return fmt.Sprintf("%q ok=%v loading=%v err=%v", v.Org.Value, v.Org.OK, v.Org.Loading, v.Org.Err)
			})
			if err != nil {
				t.Error(err)
			}
			synctest.Wait()
			return got
		}
		step := func(during, after string) {
			t.Helper()
			r.event("1", "go", `{}`)
			if got := show(); got != during {
				t.Errorf("during: %s, want %s", got, during)
			}
			time.Sleep(2 * time.Second)
			if got := show(); got != after {
				t.Errorf("after: %s, want %s", got, after)
			}
		}
		step(`"" ok=false loading=true err=<nil>`, `"first" ok=true loading=false err=<nil>`)
		result, fail = "", errors.New("away")
		step(`"first" ok=true loading=true err=<nil>`, `"first" ok=true loading=false err=away`)
		result, fail, opts = "third", nil, []TaskOption{Reset()}
		step(`"" ok=false loading=true err=<nil>`, `"third" ok=true loading=false err=<nil>`)
		r.stopped()
	})
	// The dead render shows that the value is coming, and loads nothing.
	v := &loader{}
	v.mount = func(s *Socket) error {
		Load(s, &v.Org, func(context.Context) (string, error) { t.Error("loaded in a dead render"); return "", nil })
		return nil
	}
	if _, err := new(Runtime).Static(t.Context(), Spec{View: v}, nil, nil); err != nil || !v.Org.Loading {
		t.Errorf("dead render: %v, loading %v", err, v.Org.Loading)
	}
}

func TestHookTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(loader)
		r := startLoader(t, v, func(s *Socket) error {
			s.HookTask(func(_ *Socket, name string, err error) (Next, error) {
				v.calls = append(v.calls, fmt.Sprintf("hook %s %s", name, outcome(err)))
				return Next(name == "a"), nil
			})
			Go(s, "a", later("A", nil), v.note)
			Go(s, "b", later("B", nil), v.note)
			return nil
		})
		r.event("1", "go", `{}`)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		got := fmt.Sprint(r.out.take())
		if !strings.Contains(got, "hook a ok") || strings.Contains(got, "[A ok]") || !strings.Contains(got, "[B ok]") {
			t.Errorf("said %s, want both hooks and B alone", got)
		}
		r.stopped()
	})
}
