package render

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/a-h/templ"
)

// wrapped writes c with a block around a text.
func wrapped(write func(w *Writer) error, text *string) Func {
	return func(w *Writer, slot int) error {
		w.TakeChildren()
		w.Nest(slot, oneSlot)
		w.WithChildren(func(w *Writer, slot int) error {
			w.Nest(slot, boldText)
			w.Str(0, *text)
			w.End()
			return nil
		})
		err := write(w)
		w.End()
		return err
	}
}

var boldText = newTemplate(Root, "<b>", "</b>")

func TestChildrenOfFragmentsAreSentAlone(t *testing.T) {
	t.Parallel()
	handle := templ.NewOnceHandle()
	for name, write := range map[string]func(w *Writer) error{
		"fragment": func(w *Writer) error { return w.Comp(0, templ.Fragment("f")) },
		"flush":    func(w *Writer) error { return w.Comp(0, templ.Flush()) },
		"once":     func(w *Writer) error { return w.Once(0, handle, handle.Once()) },
	} {
		text := "a"
		view := wrapped(write, &text)
		if got := htmlOf(t, view); got != "<p><b>a</b></p>" {
			t.Errorf("%s: %s", name, got)
		}
		var s State
		if _, err := s.AppendDiff(t.Context(), nil, view); err != nil {
			t.Fatal(err)
		}
		text = "b"
		diff, err := s.AppendDiff(t.Context(), nil, view)
		if want := `"0":{"0":"b"}`; string(diff) != want || err != nil {
			t.Errorf("%s: diff %s, %v, want %s", name, diff, err, want)
		}
	}
}

func TestFragmentIsRenderedAlone(t *testing.T) {
	t.Parallel()
	text := "a"
	view := wrapped(func(w *Writer) error { return w.Comp(0, templ.Fragment("f")) }, &text)
	for id, want := range map[string]string{"f": "<b>a</b>", "g": ""} {
		var b bytes.Buffer
		if err := templ.RenderFragments(t.Context(), &b, view, id); err != nil || b.String() != want {
			t.Errorf("fragment %s is %q, %v, want %q", id, &b, err, want)
		}
	}
}

type notAHandle struct{}

func (notAHandle) Once() templ.Component { return foreignText("<i>other</i>") }

func foreignText(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func TestOnce(t *testing.T) {
	t.Parallel()
	shows, filled := templ.NewOnceHandle(), templ.NewOnceHandle(templ.WithComponent(foreignText("<i>own</i>")))
	twice := newTemplate(0, "", " ", "")
	view := func(handle any, c templ.Component) Func {
		return func(w *Writer, slot int) error {
			w.Nest(slot, twice)
			for i := range 2 {
				w.WithChildren(func(w *Writer, slot int) error { return w.Comp(slot, foreignText("<b>child</b>")) })
				if err := w.Once(i, handle, c); err != nil {
					return err
				}
			}
			w.End()
			return nil
		}
	}
	for name, tt := range map[string]struct {
		view Func
		want string
	}{
		"children":         {view(shows, shows.Once()), "<b>child</b> "},
		"own component":    {view(filled, filled.Once()), "<i>own</i> "},
		"another type":     {view(notAHandle{}, notAHandle{}.Once()), "<i>other</i> <i>other</i>"},
		"something like a": {view((*templ.OnceHandle)(nil), foreignText("x")), "x x"},
	} {
		if got := htmlOf(t, tt.view); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
