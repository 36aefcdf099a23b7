package render

import (
	"context"
	"testing"

	"github.com/a-h/templ"
)

// A step renders something and says what is sent.
type step struct {
	render Func
	want   string
}

// follow checks the diffs of the steps, one after the other, and that the
// client then shows the same as the plain HTML.
func script(t *testing.T, steps ...step) {
	t.Helper()
	var s State
	c := newClient()
	for i, step := range steps {
		got, err := s.AppendDiff(context.Background(), nil, step.render)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if string(got) != step.want {
			t.Errorf("step %d sends\n%s\nwant\n%s", i, got, step.want)
		}
		shown, err := c.apply(got)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if html := htmlOf(t, step.render); string([]rune(html)) != shown {
			t.Errorf("step %d: the client shows\n%s\nwant\n%s", i, shown, html)
		}
	}
}

func htmlOf(t *testing.T, c templ.Component) string {
	t.Helper()
	b, err := AppendHTML(context.Background(), nil, c)
	if err != nil {
		t.Fatalf("AppendHTML: %v", err)
	}
	return string(b)
}

// node returns a component of one template; slots write what is in it.
func node(tpl *Template, slots ...func(w *Writer, slot int)) Func {
	return func(w *Writer, slot int) error {
		w.Nest(slot, tpl)
		for i, write := range slots {
			write(w, i)
		}
		w.End()
		return nil
	}
}

func str(s string) func(*Writer, int) { return func(w *Writer, slot int) { w.Str(slot, s) } }
func num(n int) func(*Writer, int)    { return func(w *Writer, slot int) { w.Int(slot, int64(n)) } }
func none(w *Writer, slot int)        { w.Empty(slot) }

func comp(c templ.Component) func(*Writer, int) {
	return func(w *Writer, slot int) {
		if err := w.Comp(slot, c); err != nil {
			panic(err)
		}
	}
}

// keyed is a list of rows, each of which is its own key.
func keyed(body *Template, rows ...string) func(*Writer, int) {
	return func(w *Writer, slot int) {
		w.For(slot, body)
		for _, r := range rows {
			w.Entry(Key(r))
			w.Str(0, r)
			w.EndEntry()
		}
		w.EndFor()
	}
}

// pairs is a list of rows of a key and a text.
func pairs(body *Template, rows ...[2]string) func(*Writer, int) {
	return func(w *Writer, slot int) {
		w.For(slot, body)
		for _, r := range rows {
			w.Entry(Key(r[0]))
			w.Str(0, r[1])
			w.EndEntry()
		}
		w.EndFor()
	}
}
