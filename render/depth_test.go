package render

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func TestRecursionWithoutEndEndsInAPanicOfItsOwn(t *testing.T) {
	t.Parallel()
	endless := New(1<<63|4711, 0, "<p>", "</p>")
	var render Func
	render = func(w *Writer, slot int) error {
		w.Nest(slot, endless)
		if err := w.Comp(0, render); err != nil {
			return err
		}
		w.End()
		return nil
	}
	for name, run := range map[string]func(templ.Component) error{
		"html": func(c templ.Component) error { _, err := AppendHTML(t.Context(), nil, c); return err },
		"diff": func(c templ.Component) error { _, err := new(State).AppendDiff(t.Context(), nil, c); return err },
	} {
		func() {
			defer func() {
				text, _ := recover().(string)
				if !strings.Contains(text, "contain itself without end") {
					t.Errorf("%s: recovered %q", name, text)
				}
			}()
			t.Errorf("%s: no panic: %v", name, run(render))
		}()
	}
}
