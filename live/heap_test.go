package live

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"bennu/render"
)

// silent is a client that hears nothing but whether it was answered.
type silent struct{ answered chan string }

func (o silent) Ended()                            {}
func (o silent) JoinReply(ok bool, r []byte)       { o.answered <- fmt.Sprint(ok, " ", len(r)) }
func (o silent) Reply(_ []byte, ok bool, r []byte) { o.answered <- fmt.Sprint(ok, " ", len(r)) }
func (o silent) Push(string, []byte)               {}
func (o silent) Close()                            {}
func (o silent) Fail()                             { o.answered <- "fail" }
func (o silent) Flush() error                      { return nil }

// grown is how many bytes n views keep after they have joined and handled the
// event "go" twice.
func grown(t *testing.T, n int, newView func() View) int {
	t.Helper()
	rt, _ := newRuntime()
	out := silent{make(chan string, 1)}
	before := heap()
	var running []*Process
	for range n {
		v := newView()
		p := rt.Start(out, func() (Spec, error) { return Spec{View: v, Name: TypeName(v)}, nil })
		if got := <-out.answered; !strings.HasPrefix(got, "true") {
			t.Fatalf("the join is answered with %s", got)
		}
		running = append(running, p)
		for range 2 {
			p.Deliver(message("go"))
			if got := <-out.answered; !strings.HasPrefix(got, "true") {
				t.Fatalf("the event is answered with %s", got)
			}
		}
	}
	after := heap()
	if got := rt.Views(); got != n {
		t.Errorf("%d views run, want %d", got, n)
	}
	for _, p := range running {
		p.Stop(Left)
	}
	if err := rt.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes each", (int(after)-int(before))/n)
	return int(after) - int(before)
}

// briefly is a view that shows a large text once.
type briefly struct {
	Text Temp[string]
	N    int
}

func (v *briefly) Mount(*Socket, Params) error { v.Text.Set(strings.Repeat("x", 1<<20)); return nil }
func (v *briefly) Events() Events              { return Events{"go": Do(func(*Socket) error { v.N++; return nil })} }

var brieflyTemplate = render.New(1<<63|130, render.Root, "<p>", "", "</p>")

func (v *briefly) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, brieflyTemplate)
		defer w.End()
		w.Int(0, int64(v.N))
		return w.Comp(1, v.Text.Show(func(text string) templ.Component {
			return render.Func(func(w *render.Writer, slot int) error {
				w.Nest(slot, linesOf)
				w.Str(0, text)
				w.End()
				return nil
			})
		}))
	})
}

// What is shown once is not in memory once it was shown. Not parallel, as the
// others here: it measures the heap of the process.
func TestCORE10HeapAfterRender(t *testing.T) {
	const views = 20
	if n := grown(t, views, func() View { return new(briefly) }); n > views<<20/10 {
		t.Errorf("%d views that have shown a MiB keep %d bytes", views, n)
	}
}

// archive is a view with a long list in a stream, of which each event adds some.
type archive struct{ feed }

func (v *archive) Mount(s *Socket, p Params) error {
	v.mount = func(*Stream[post]) { v.add(500) }
	return v.feed.Mount(s, p)
}

func (v *archive) add(n int) {
	for range n {
		v.N++
		v.Posts.Append(post{fmt.Sprint(v.N), strings.Repeat("word ", 200)})
	}
}

func (v *archive) Events() Events {
	return Events{"go": Do(func(*Socket) error { v.add(500); return nil })}
}

// The server keeps nothing of a stream's items.
func TestSTR01HeapHoldsNoItems(t *testing.T) {
	const views = 10 // with 1,500 items of 1,000 bytes each
	if n := grown(t, views, func() View { return new(archive) }); n > views*1500*1000/100 {
		t.Errorf("%d views with a stream of 1.5 MB keep %d bytes", views, n)
	}
}

// A view that does nothing has no goroutine and no buffers: it costs its state.
func TestCORE24IdleViewsCostTheirState(t *testing.T) {
	const views = 300
	running := runtime.NumGoroutine()
	more := 0
	n := grown(t, views, func() View {
		more = max(more, runtime.NumGoroutine()-running)
		return new(idler)
	})
	if each := n / views; each > 1500 {
		t.Errorf("an idle view keeps %d bytes after renders of 100 KB, want its state and what it has shown, in hashes", each)
	}
	if more > views/10 {
		t.Errorf("%d goroutines more while %d views are idle", more, views)
	}
}

// idler is a view whose messages are large and whose state is small.
type idler struct{ N int }

func (v *idler) Events() Events { return Events{"go": Do(func(*Socket) error { v.N++; return nil })} }

func (v *idler) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, linesTemplate)
		w.Str(0, strings.Repeat(fmt.Sprint(v.N), 100_000))
		w.End()
		return nil
	})
}
