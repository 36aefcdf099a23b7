package live

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/a-h/templ"

	"bennu/render"
)

var nameKey = NewKey[string]("name")

func TestOnceLoadsOnce(t *testing.T) {
	loads := 0
	load := func() (string, error) { loads++; return "ann", nil }
	once := func(t *testing.T, s *Socket) {
		t.Helper()
		if name, err := Once(s, nameKey, load); name != "ann" || err != nil {
			t.Errorf("Once = %q, %v, want ann", name, err)
		}
	}
	hook := func(s *Socket, _ Params) error { once(t, s); return nil }
	rt := nestedRuntime(func() View {
		return &clock{lifecycle: lifecycle{mount: func(s *Socket) error { once(t, s); return nil }}}
	})
	h := &house{parts: []templ.Component{Nested("clock", "c1", nil)}}
	h.mount = func(s *Socket) error { once(t, s); return nil }

	spec := Spec{View: h, ID: "phx-1", OnMount: []MountHook{hook}}
	if _, err := rt.Static(t.Context(), spec, nil, nil); err != nil || loads != 1 {
		t.Errorf("dead render: %v, loaded %d times, want once for the hook, the view and the one in it", err, loads)
	}
	loads = 0
	if _, err := rt.Static(nameKey.With(t.Context(), "ann"), spec, nil, nil); err != nil || loads != 0 {
		t.Errorf("dead render: %v, loaded %d times, want what the pipeline has found", err, loads)
	}
	synctest.Test(t, func(t *testing.T) {
		r := startIn(t, h, Spec{OnMount: []MountHook{hook}}, rt)
		c := r.joinChild(fmt.Sprint(r.out.take()), "c1")
		r.has(fmt.Sprint(c.out.take()), "join true")
		if loads != 1 {
			t.Errorf("connected: loaded %d times, want once", loads)
		}
		r.stopped()
	})

	s := new(Socket)
	if _, err := Once(s, nameKey, func() (string, error) { return "", errors.New("away") }); err == nil {
		t.Error("Once with a loader that fails: no error")
	}
	once(t, s)
	if _, ok := nameKey.Get(s); ok {
		t.Error("a zero Socket keeps a value")
	}
}

// report is a view with a value that is shown and forgotten.
type report struct {
	Text Temp[string]
	N    int
}

var (
	reportTemplate = render.New(1<<63|98, render.Root, "<p>", "", "</p>")
	linesOf        = render.New(1<<63|99, render.Root, "<b>", "</b>")
)

func (v *report) Render() templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		w.Nest(slot, reportTemplate)
		w.Int(0, int64(v.N))
		err := w.Comp(1, v.Text.Show(func(text string) templ.Component {
			return render.Func(func(w *render.Writer, slot int) error {
				w.Nest(slot, linesOf)
				w.Str(0, text)
				w.End()
				return nil
			})
		}))
		w.End()
		return err
	})
}

func TestTempIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := new(report)
		v.Text.Set("long")
		r := startIn(t, v, Spec{}, new(Runtime))
		r.has(fmt.Sprint(r.out.take()), `"1":{"0":"long","s":0,"r":1}`)
		step := func(f func(*report)) string {
			if _, err := Call(t.Context(), Ref{r.p}, func(v *report) int { f(v); return 0 }); err != nil {
				t.Error(err)
			}
			synctest.Wait()
			return fmt.Sprint(r.out.take())
		}
		if text, has := v.Text.Value(); has || text != "" {
			t.Errorf("Value = %q, %v after it was shown, want nothing", text, has)
		}
		if got := step(func(v *report) { v.N++ }); got != `[push diff {"0":"1"}]` {
			t.Errorf("said %s, want nothing of the value", got)
		}
		if got := step(func(v *report) { v.Text.Set("longer") }); got != `[push diff {"1":{"0":"longer"}}]` {
			t.Errorf("said %s, want the new value", got)
		}
		r.stopped()
	})
	page, err := new(Runtime).Static(t.Context(), Spec{View: new(report)}, nil, nil)
	if err != nil || !strings.Contains(string(page.HTML), "<p>0</p>") {
		t.Errorf("Static without a value: %q, %v", page.HTML, err)
	}
}

// Values of libraries are kept with the view, and the browser hears nothing of
// them.
func TestCORE11ValuesSendNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		v := new(lifecycle)
		v.events = Events{
			"set": Do(func(s *Socket) error { nameKey.Set(s, "ann"); return nil }),
			"get": Do(func(s *Socket) error {
				name, ok := nameKey.Get(s)
				got = append(got, fmt.Sprint(name, " ", ok))
				return nil
			}),
		}
		r, _ := startLifecycle(t, v, Spec{})
		for i, event := range []string{"get", "set", "get", "set", "get"} {
			r.want(r.event(fmt.Sprint(i), event, `{}`), fmt.Sprintf(`%d true {}`, i))
		}
		if want := "[ false ann true ann true]"; fmt.Sprint(got) != want {
			t.Errorf("Get = %v, want %s", got, want)
		}
		r.stopped()
	})
}
