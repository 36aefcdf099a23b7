package live

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"
)

// The tests are named by the rows of the table of attacks and faults. Those
// about mounts are in mounts_test.go, those about views that are stuck in
// watch_test.go.

// Faults, row 60: an event that the view does not have ends it like a crash,
// with a name in the log that is cut to a length.
func TestFault60UnknownEvent(t *testing.T) {
	for _, name := range []string{"", "none-such", strings.Repeat("n", 60_000), strings.Repeat("é", 30_000)} {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, new(counter), Spec{})
			r.out.take()
			r.want(r.event("7", name, `{}`), "fail")
			if log := r.log.String(); strings.Count(log, "level=ERROR") != 1 || len(log) > 2000 {
				t.Errorf("an event with a name of %d bytes makes a log of %d: %.300s", len(name), len(log), log)
			}
			r.stopped()
		})
	}
}

// Faults, row 67: what clients send names nothing that is kept. Events that no
// view has are one kind of crash, whatever they are called.
func TestFault67EventNamesAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		for i := range 2000 {
			crash(rt, fmt.Sprint("none-such-", i), `{}`)
			crash(rt, "increase", fmt.Sprintf(`{"number":"text %d"}`, i))
		}
		if n := strings.Count(log.String(), "level=ERROR"); n > 20 {
			t.Errorf("%d records of 4000 crashes of two kinds, want a few", n)
		}
		end(t, rt)
	})
}

// newRuntime is a Runtime with a log to read.
func newRuntime() (*Runtime, *lockedText) {
	log := new(lockedText)
	return &Runtime{Log: slog.New(slog.NewTextHandler(log, nil))}, log
}

// lockedText is a log that several goroutines write.
type lockedText struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// crash joins a counter, sends it an event and waits until it has ended.
func crash(rt *Runtime, event, value string) {
	p := rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: new(counter), Name: "Counter", Route: "/n", ID: "phx-1"}, nil })
	p.Deliver(Message{Event: "event", Payload: fmt.Appendf(nil, `{"type":"click","event":%q,"value":%s}`, event, value)})
	synctest.Wait()
}

// end waits until no view is left.
func end(t *testing.T, rt *Runtime) {
	t.Helper()
	if err := rt.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

// Faults, row 83: whatever of a view panics, that view alone ends; the client is
// told so and joins again, and the log has view, event and stack once.
func TestFault83PanicsEndOneView(t *testing.T) {
	for _, tt := range []struct {
		name  string
		view  View
		event string // "": it fails while it is joined
		said  string
	}{
		{"mount", panicMount{}, "", `join false {"reason":"join crashed"}`},
		{"first render", panicRender{}, "", `join false {"reason":"join crashed"}`},
		{"handler", new(counter), "panic", "fail"},
		{"render", new(counter), "render", "fail"},
		{"nil pointer", nilPointer{}, "nil", "fail"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt, log := newRuntime()
				other, out := new(tapeOut), new(tapeOut)
				neighbour := rt.Start(other, func() (Spec, error) { return Spec{View: new(counter), Name: "Other"}, nil })
				p := rt.Start(out, func() (Spec, error) { return Spec{View: tt.view, Name: "Broken", Route: "/broken", ID: "phx-1"}, nil })
				synctest.Wait()
				other.take()
				if tt.event != "" {
					out.take()
					p.Deliver(Message{Event: "event", Payload: fmt.Appendf(nil, `{"type":"click","event":%q,"value":{}}`, tt.event)})
					synctest.Wait()
				}
				if got := fmt.Sprint(out.take()); got != "["+tt.said+"]" {
					t.Errorf("said %s, want %s", got, tt.said)
				}
				var errs []string
				for line := range strings.Lines(log.String()) {
					if strings.Contains(line, "level=ERROR") {
						errs = append(errs, line)
					}
				}
				if len(errs) != 1 || !strings.Contains(errs[0], "view=Broken") || strings.Count(errs[0], "stack=") != 1 || !strings.Contains(errs[0], "_test.go") {
					t.Errorf("errors in the log: %q, want one with the view and its stack", errs)
				}
				if tt.event != "" && !strings.Contains(errs[0], " event="+tt.event) {
					t.Errorf("the log does not name the event: %s", errs[0])
				}
				neighbour.Deliver(Message{Ref: []byte("1"), Event: "event", Payload: []byte(`{"type":"click","event":"increase","value":{"number":"3"}}`)})
				synctest.Wait()
				if got := fmt.Sprint(other.take()); got != `[1 true {"diff":{"0":"3"}}]` {
					t.Errorf("the view beside it said %s", got)
				}
				neighbour.Stop(Left)
				end(t, rt)
			})
		})
	}
}

// nilPointer uses one in its handler.
type nilPointer struct{}

func (nilPointer) Events() Events {
	return Events{"nil": Do(func(*Socket) error { var c *counter; c.N++; return nil })}
}
func (nilPointer) Render() templ.Component { return new(counter).Render() }

// Faults, row 85: a component that panics ends the view that it stands in.
func TestFault85PanicInAComponent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		out := new(tapeOut)
		layout := func(*Socket) templ.Component { return panicRender{}.Render() }
		rt.Start(out, func() (Spec, error) { return Spec{View: new(counter), Name: "Page", Layout: layout}, nil })
		synctest.Wait()
		if got := fmt.Sprint(out.take()); got != `[join false {"reason":"join crashed"}]` || !strings.Contains(log.String(), "view=Page") {
			t.Errorf("said %s; log:\n%s", got, log)
		}
		end(t, rt)
	})
}

// Faults, row 86: a view that always crashes, joined by many clients again and
// again, neither floods the log nor leaves anything behind.
func TestFault86CrashLoop(t *testing.T) {
	for name, view := range map[string]func() View{
		"panic":   func() View { return panicMount{} },
		"error":   func() View { return &counter{mountErr: errors.New("the store is away")} },
		"refused": func() View { return &counter{mountErr: &JoinError{Why: "stale"}} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rt, log := newRuntime()
				const joins, seconds = 100, 60
				for range seconds {
					for range joins {
						rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: view(), Name: "Broken", ID: "phx-1"}, nil })
					}
					synctest.Wait()
					time.Sleep(time.Second)
				}
				end(t, rt)
				synctest.Wait() // for a line that was due just then
				text := log.String()
				lines := strings.Count(text, "\n")
				if lines > 15 || len(text) > 20_000 {
					t.Errorf("%d joins made %d lines, %d bytes of log, want about a line in 10 s:\n%.1000s", joins*seconds, lines, len(text), text)
				}
				told := strings.Count(text, "id=phx-1")
				for line := range strings.Lines(text) {
					var n int
					if _, count, ok := strings.Cut(line, "left_out="); ok {
						if _, err := fmt.Sscan(count, &n); err != nil {
							t.Fatal(err)
						}
					}
					told += n
				}
				if told != joins*seconds {
					t.Errorf("the log tells of %d joins, want %d:\n%.1000s", told, joins*seconds, text)
				}
			})
		})
	}
}

// Messages that no official client sends are answered each and logged a few
// times.
func TestFault86IgnoredMessagesAreSampled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		p := rt.Start(new(tapeOut), func() (Spec, error) { return Spec{View: new(counter), Name: "Counter"}, nil })
		for range 500 {
			p.Deliver(Message{Event: "nonsense", Payload: nothing})
		}
		synctest.Wait()
		p.Stop(Left)
		end(t, rt)
		if n := strings.Count(log.String(), `msg="message ignored"`); n < 2 || n > 10 || !strings.Contains(log.String(), "left_out=495") {
			t.Errorf("500 messages make %d records:\n%s", n, log)
		}
	})
}

var _ interface{ HTTPStatus() int } = errBusy

// An app's errors with a status of a client's fault send the browser to that
// page; that is no crash, however often it happens.
func TestFault86MissingPagesAreNoErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt, log := newRuntime()
		for range 100 {
			rt.Start(new(tapeOut), func() (Spec, error) {
				return Spec{View: &counter{mountErr: httpError(http.StatusNotFound)}, Name: "Show", ReloadToken: func(int) string { return "t" }}, nil
			})
		}
		synctest.Wait()
		end(t, rt)
		if text := log.String(); strings.Contains(text, "level=ERROR") || strings.Count(text, "\n") > 10 {
			t.Errorf("log:\n%s", text)
		}
	})
}
