package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"

	"bennu/render"
)

// counter is the view of these tests.
type counter struct {
	N      int
	Secret string `bennu:"redact"`

	mountErr   error
	block      chan struct{}
	terminated *[]Reason
	Nested     struct {
		Inner struct{ Password, Shown string }
	}
	kept *Socket
}

type step struct{ Number int }

func (c *counter) Mount(s *Socket, p Params) error {
	if p.Has("start") {
		if _, err := fmt.Sscan(p.Get("start"), &c.N); err != nil {
			return err
		}
	}
	c.kept = s
	return c.mountErr
}

func (c *counter) Events() Events {
	return Events{
		"increase": On(func(_ *Socket, by step) error { c.N += by.Number; return nil }),
		"nothing":  Do(func(*Socket) error { return nil }),
		"fail":     Do(func(*Socket) error { return errors.New("the store is away") }),
		"panic":    Do(func(*Socket) error { panic("boom") }),
		"late":     Do(func(*Socket) error { c.kept.ID(); return nil }),
		"wait":     Do(func(s *Socket) error { <-c.block; return s.Context().Err() }),
		"session":  Do(func(s *Socket) error { return s.Session().Put("k", "v") }),
		"render":   Do(func(*Socket) error { c.N = -99; return nil }),
	}
}

func (c *counter) Terminate(s *Socket, why Reason) {
	if s.Context().Err() != nil {
		panic("Terminate with a context that has ended")
	}
	if c.terminated != nil {
		*c.terminated = append(*c.terminated, why)
	}
}

var counterTemplate = render.New(1<<63|77, render.Root, `<b id="n">`, `</b>`)

func (c *counter) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		if c.N == -99 {
			panic("render boom")
		}
		w.Nest(slot, counterTemplate)
		w.Int(0, int64(c.N))
		w.End()
		return nil
	})
}

// tapeOut records what a view says.
type tapeOut struct {
	mu     sync.Mutex
	said   []string
	queued []string
	gone   bool
	ended  int
}

func (o *tapeOut) add(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queued = append(o.queued, fmt.Sprintf(format, args...))
}
func (o *tapeOut) Ended()                              { o.mu.Lock(); o.ended++; o.mu.Unlock() }
func (o *tapeOut) JoinReply(ok bool, r []byte)         { o.add("join %v %s", ok, r) }
func (o *tapeOut) Reply(ref []byte, ok bool, r []byte) { o.add("%s %v %s", ref, ok, r) }
func (o *tapeOut) Push(event string, p []byte)         { o.add("push %s %s", event, p) }
func (o *tapeOut) Close()                              { o.add("close") }
func (o *tapeOut) Fail()                               { o.add("fail") }
func (o *tapeOut) Flush() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queued) > 0 {
		o.said = append(o.said, strings.Join(o.queued, " | "))
		o.queued = nil
	}
	if o.gone {
		return errors.New("gone")
	}
	return nil
}

// take returns and forgets what was flushed, one entry a flush.
func (o *tapeOut) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.said
	o.said = nil
	return s
}

// run is a started view inside a synctest bubble.
type run struct {
	*testing.T
	rt  *Runtime
	out *tapeOut
	p   *Process
	log *bytes.Buffer
}

func start(t *testing.T, v View, spec Spec) *run {
	t.Helper()
	return startIn(t, v, spec, new(Runtime))
}

func startIn(t *testing.T, v View, spec Spec, rt *Runtime) *run {
	t.Helper()
	var log bytes.Buffer
	rt.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r := &run{T: t, out: new(tapeOut), log: &log, rt: rt}
	spec.View, spec.Name, spec.ID = v, TypeName(v), "phx-1"
	r.p = r.rt.Start(r.out, func() (Spec, error) { return spec, nil })
	synctest.Wait()
	return r
}

// event delivers an app's event and waits until the view rests.
func (r *run) event(ref, name, value string) []string {
	r.Helper()
	r.send(ref, name, value)
	synctest.Wait()
	return r.out.take()
}

func (r *run) send(ref, name, value string) {
	r.Helper()
	ok := r.p.Deliver(Message{Ref: []byte(ref), Event: "event",
		Payload: fmt.Appendf(nil, `{"type":"click","event":%q,"value":%s}`, name, value)})
	if !ok {
		r.Errorf("Deliver(%s %s) = false, want true", ref, name)
	}
}

func (r *run) want(got []string, want ...string) {
	r.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		r.Errorf("said\n  %s\nwant\n  %s\nlog:\n%s", strings.Join(got, "\n  "), strings.Join(want, "\n  "), r.log)
	}
}

// stopped ends the view and checks that nothing of it is left.
func (r *run) stopped() {
	r.Helper()
	r.p.Stop(Left)
	synctest.Wait()
	if n := r.rt.Views(); n != 0 {
		r.Errorf("Views() = %d after the end, want 0", n)
	}
	if n := r.out.ended; n != 1 {
		r.Errorf("Ended was called %d times, want once", n)
	}
	if err := r.p.ctx.Err(); !errors.Is(err, context.Canceled) {
		r.Errorf("context after the end: %v, want canceled", err)
	}
}

const joined = `join true {"rendered":{"0":"0","s":0,"p":{"0":["<b id=\"n\">","</b>"]}},"liveview_version":"1.2.12"}`

func TestJoinThenEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(counter), Spec{})
		got := r.out.take()
		if len(got) != 1 || !strings.HasPrefix(got[0], `join true {"rendered":{"0":"0",`) || !strings.HasSuffix(got[0], `"liveview_version":"1.2.12"}`) {
			t.Fatalf("join said %v, want like %s", got, joined)
		}
		r.want(r.event("7", "increase", `{"number":"2","value":""}`), `7 true {"diff":{"0":"2"}}`)
		r.want(r.event("8", "nothing", `{}`), `8 true {}`)
		r.want(r.event("9", "increase", `{"number":"0"}`), `9 true {}`)
		r.stopped()
	})
}

func TestEndsOfAView(t *testing.T) {
	for _, tt := range []struct{ name, event, value, want, log string }{
		{"error", "fail", `{}`, "fail", "the store is away"},
		{"panic", "panic", `{}`, "fail", "boom"},
		{"panic while rendering", "render", `{}`, "fail", "render boom"},
		{"unknown event", "incraese", `{}`, "fail", `did you mean \"increase\"`},
		{"payload that does not decode", "increase", `{"number":"abc"}`, "fail", "number"},
		{"session written", "session", `{}`, "fail", "HTTP request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ends []Reason
				r := start(t, &counter{terminated: &ends}, Spec{Session: new(Session).ReadOnly()})
				r.out.take()
				r.want(r.event("7", tt.event, tt.value), tt.want)
				if log := r.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, tt.log) {
					t.Errorf("log = %s\nwant one error with %q", log, tt.log)
				}
				if len(ends) != 0 {
					t.Errorf("Terminate was called with %v after a crash", ends)
				}
				r.send("8", "nothing", `{}`) // dropped
				synctest.Wait()
				r.want(r.out.take())
				r.stopped()
			})
		})
	}
}

// Faults, row 84: what a panic of a goroutine that a handler started does,
// nobody can help. So a Socket that is used there, after the callback, does not
// panic.
func TestFault84KeptSocketIsToldInTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(counter), Spec{})
		r.out.take()
		r.want(r.event("7", "late", `{}`), `7 true {}`)
		if log := r.log.String(); !strings.Contains(log, "used after its callback returned") || !strings.Contains(log, "process_test.go") {
			t.Errorf("log = %s, want the misuse with its place", log)
		}
		r.stopped()
	})
}

func TestWhatIsNotTheAppsEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(counter), Spec{})
		r.out.take()
		for _, tt := range []struct{ event, payload, want string }{
			{"event", `{"type":"click","event":"lv:clear-flash","value":{"key":"info"}}`, `1 true {}`},
			{"event", `{"type":"click","event":"lv:made-up","value":{}}`, `1 true {}`},
			{"event", `{"type":"click"}`, `1 true {}`},
			{"live_patch", `{"url":"http://x/"}`, `1 true {"link_redirect":true}`},
			{"cids_will_destroy", `{"cids":[1]}`, `1 true {}`},
			{"cids_destroyed", `{"cids":[1]}`, `1 true {"cids":[]}`},
			{"nonsense", `{}`, `1 true {}`},
		} {
			r.p.Deliver(Message{Ref: []byte("1"), Event: tt.event, Payload: []byte(tt.payload)})
			synctest.Wait()
			r.want(r.out.take(), tt.want)
		}
		r.stopped()
	})
}

func TestRefusedJoins(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"stale", &JoinError{Why: "stale"}, `join false {"reason":"stale"}`},
		{"any text", &JoinError{Why: "\x00\""}, `join false {"reason":"\u0000\""}`},
		{"not found", httpError(404), `join false {"reason":"reload","status":404,"token":"t404"}`},
		{"not found, wrapped", fmt.Errorf("house: %w", httpError(404)), `join false {"reason":"reload","status":404,"token":"t404"}`},
		{"server error", httpError(503), `join false {"reason":"join crashed"}`},
		{"any error", errors.New("x"), `join false {"reason":"join crashed"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, &counter{mountErr: tt.err}, Spec{ReloadToken: func(code int) string { return fmt.Sprint("t", code) }})
				r.want(r.out.take(), tt.want)
				if n := r.rt.Views(); n != 0 {
					t.Errorf("Views() = %d after a refused join, want 0", n)
				}
			})
		})
	}
}

type httpError int

func (e httpError) Error() string   { return fmt.Sprint("status ", int(e)) }
func (e httpError) HTTPStatus() int { return int(e) }

func TestPanicInPrepareIsContained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := &Runtime{Log: slog.New(slog.DiscardHandler)}
		out := new(tapeOut)
		rt.Start(out, func() (Spec, error) { panic("no route table") })
		synctest.Wait()
		if got := fmt.Sprint(out.take()); got != `[join false {"reason":"join crashed"}]` {
			t.Errorf("said %s", got)
		}
	})
}

func TestBurstGoesOutInOneWriteAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{block: make(chan struct{})}
		r := start(t, c, Spec{})
		r.out.take()
		r.send("1", "wait", `{}`)
		synctest.Wait()
		r.send("2", "increase", `{"number":1}`)
		r.send("3", "increase", `{"number":1}`)
		close(c.block)
		synctest.Wait()
		r.want(r.out.take(), `1 true {} | 2 true {"diff":{"0":"1"}} | 3 true {"diff":{"0":"2"}}`)
		r.stopped()
	})
}

func TestFullMailboxRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{block: make(chan struct{})}
		r := start(t, c, Spec{})
		r.rt.Mailbox = 3
		r.send("1", "wait", `{}`)
		synctest.Wait() // the handler holds the view; the mailbox is empty
		for i := range 3 {
			r.send(fmt.Sprint(i), "nothing", `{}`)
		}
		if r.p.Deliver(Message{Event: "event"}) {
			t.Error("Deliver into a full mailbox = true, want false")
		}
		r.p.Stop(Overloaded)
		close(c.block)
		synctest.Wait()
		r.stopped()
	})
}

func TestStopDuringAHandlerCancelsItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ends []Reason
		c := &counter{block: make(chan struct{}), terminated: &ends}
		r := start(t, c, Spec{})
		r.send("1", "wait", `{}`)
		synctest.Wait()
		done := r.p.ctx.Done()
		r.p.Stop(SocketClosed)
		r.p.Stop(Drained) // only the first counts
		<-done
		close(c.block)
		synctest.Wait()
		if n := r.rt.Views(); n != 0 {
			t.Errorf("Views() = %d, want 0", n)
		}
		if fmt.Sprint(ends) != "[socket closed]" || strings.Contains(r.log.String(), "ERROR") {
			t.Errorf("Terminate heard %v; log:\n%s", ends, r.log)
		}
	})
}

func TestStoppedBeforeItsTurnMountsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := &Runtime{Log: slog.New(slog.DiscardHandler)}
		gate, out := make(chan struct{}), new(tapeOut)
		mounted := false
		p := rt.Start(out, func() (Spec, error) {
			<-gate
			return Spec{View: mountSpy{&mounted}, ID: "phx-1"}, nil
		})
		synctest.Wait()
		p.Stop(Superseded)
		close(gate)
		synctest.Wait()
		if mounted || len(out.take()) != 0 || rt.Views() != 0 {
			t.Errorf("mounted: %v, views: %d after a Stop before the mount", mounted, rt.Views())
		}
	})
}

type mountSpy struct{ mounted *bool }

func (m mountSpy) Mount(*Socket, Params) error { *m.mounted = true; return nil }
func (mountSpy) Render() templ.Component       { return new(counter).Render() }

func TestNavigatedJoinCarriesTheTitle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(counter), Spec{Navigated: true, Frame: &Frame{`A "b" </title>`, Container{Tag: "div"}}})
		if got := fmt.Sprint(r.out.take()); !strings.Contains(got, `,"t":"A \"b\" \u003c/title\u003e"},`) && !strings.Contains(got, `,"t":"A \"b\" </title>"},`) || !strings.Contains(got, `"container":["div",{}]`) {
			t.Errorf("join said %s, want the title and the container", got)
		}
		r.stopped()
	})
}

func TestPayloadErrorsHoldNoValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(counter), Spec{})
		r.event("1", "increase", `{"number":"4111 1111"}`)
		if log := r.log.String(); strings.Contains(log, "4111") || !strings.Contains(log, "number: expected a whole number") {
			t.Errorf("log = %s, want the key and what was expected, not the value", log)
		}
	})
}

// Terminate hears how a view ended; after a crash it is not called.
func TestCORE23TerminateHearsTheReason(t *testing.T) {
	for want, end := range map[string]func(*run){
		"[left]":          func(r *run) { r.stopped() },
		"[socket closed]": func(r *run) { r.p.Stop(SocketClosed) },
		"[superseded]":    func(r *run) { r.p.Stop(Superseded) },
		"[drained]":       func(r *run) { r.p.Stop(Drained) },
		"[]":              func(r *run) { r.send("1", "panic", `{}`) },
	} {
		synctest.Test(t, func(t *testing.T) {
			ends := []Reason{}
			r := start(t, &counter{terminated: &ends}, Spec{})
			end(r)
			synctest.Wait()
			if fmt.Sprint(ends) != want {
				t.Errorf("Terminate heard %v, want %s", ends, want)
			}
		})
	}
}

func TestGoexitEndsOneView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, goexit{}, Spec{})
		r.out.take()
		r.want(r.event("1", "exit", `{}`), "fail")
		if !strings.Contains(r.log.String(), "Goexit") {
			t.Errorf("log = %s, want the word Goexit", r.log)
		}
		r.stopped()
	})
}

func TestGoneClientEndsTheView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(counter), Spec{})
		r.out.gone = true
		r.event("1", "nothing", `{}`)
		if n := r.rt.Views(); n != 0 {
			t.Errorf("Views() = %d after a failed write, want 0", n)
		}
	})
}

func TestSlowHandlerIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{block: make(chan struct{})}
		r := start(t, c, Spec{})
		r.send("1", "wait", `{}`)
		time.Sleep(time.Second) // the bubble's time
		close(c.block)
		synctest.Wait()
		if !strings.Contains(r.log.String(), `msg="slow handler"`) || !strings.Contains(r.log.String(), "event=wait") {
			t.Errorf("log = %s, want a warning that names the handler", r.log)
		}
		r.stopped()
	})
}

func TestDebugLogHidesRedactedFields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{Secret: "hunter2"}
		c.Nested.Inner.Password, c.Nested.Inner.Shown = "hunter2", "shown"
		r := start(t, c, Spec{})
		r.event("1", "increase", `{"number":1}`)
		log := r.log.String()
		if strings.Contains(log, "hunter2") || !strings.Contains(log, "state.Secret=[REDACTED]") || !strings.Contains(log, "state.N=1") || !strings.Contains(log, "state.Nested.Inner.Shown=shown") {
			t.Errorf("log = %s, want N shown and Secret redacted", log)
		}
		r.stopped()
	})
}

// named is a layout that asks its socket while it is rendered.
func named(s *Socket) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, layoutTemplate)
		w.Str(0, s.ID())
		if err := w.Children(1, children); err != nil {
			return err
		}
		w.End()
		return nil
	})
}

var layoutTemplate = render.New(1<<63|78, 0, "<i>", "</i>", "")

func TestLayoutAsksItsSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, new(counter), Spec{Layout: named})
		if got := fmt.Sprint(r.out.take()); !strings.Contains(got, `"0":"phx-1","1":{"0":"0"`) {
			t.Errorf("join said %s, want the id and the view inside the layout", got)
		}
		r.want(r.event("7", "increase", `{"number":"2"}`), `7 true {"diff":{"1":{"0":"2"}}}`)
		r.stopped()
	})
	html, err := new(Runtime).Static(t.Context(), Spec{View: new(counter), ID: "phx-2", Layout: named}, nil, nil)
	if want := `<i>phx-2</i><b id="n">0</b>`; err != nil || string(html.HTML) != want {
		t.Errorf("Static = %q, %v, want %q", html.HTML, err, want)
	}
}

func TestLayoutThatReturnsNothing(t *testing.T) {
	t.Parallel()
	_, err := new(Runtime).Static(t.Context(), Spec{View: new(counter), Name: "counter", Layout: func(*Socket) templ.Component { return nil }}, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "layout of counter") {
		t.Errorf("err = %v, want one that names the layout's view", err)
	}
}
