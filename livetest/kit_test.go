package livetest_test

import (
	"sync/atomic"

	"github.com/a-h/templ"

	"bennu/live"
	"bennu/render"
)

// page is what a template file compiles to: text with slots between, which are
// filled by what is put into them.
type page struct{ t *render.Template }

var kitPages atomic.Uint64

// newPage makes a template; each is made once, as a variable.
func newPage(statics ...string) page {
	return page{render.New(0x7e57_0000+kitPages.Add(1), 0, statics...)}
}

// newElement makes a template that is one element.
func newElement(statics ...string) page {
	return page{render.New(0x7e57_0000+kitPages.Add(1), render.Root, statics...)}
}

// with fills the slots: a string, a number or a component for each.
func (p page) with(parts ...any) templ.Component {
	return render.Func(func(w *render.Writer, slot int) error {
		children := w.TakeChildren()
		w.Nest(slot, p.t)
		for i, part := range parts {
			if isChildren(part) {
				part = func(w *render.Writer, slot int) error { return w.Children(slot, children) }
			}
			if err := draw(w, i, part); err != nil {
				return err
			}
		}
		w.End()
		return nil
	})
}

func draw(w *render.Writer, slot int, part any) error {
	switch part := part.(type) {
	case string:
		w.Str(slot, part)
	case int:
		w.Int(slot, int64(part))
	case templ.Component:
		return w.Comp(slot, part)
	case nil:
		w.Empty(slot)
	case func(*render.Writer, int) error:
		return part(w, slot)
	}
	return nil
}

// rows is a loop over components.
func rows(entry page, all ...[]any) func(*render.Writer, int) error {
	return func(w *render.Writer, slot int) error {
		w.For(slot, entry.t)
		for i, parts := range all {
			w.Entry(uint64(i))
			for j, part := range parts {
				if err := draw(w, j, part); err != nil {
					return err
				}
			}
			w.EndEntry()
		}
		w.EndFor()
		return nil
	}
}

// items is a loop over a stream.
func items[T any](entry page, s *live.Stream[T], parts func(id string, item T) []any) func(*render.Writer, int) error {
	return func(w *render.Writer, slot int) error {
		l := render.StreamItems(w, slot, entry.t, s)
		for id, item := range l.All() {
			l.Entry()
			for i, part := range parts(id, item) {
				if err := draw(w, i, part); err != nil {
					return err
				}
			}
			l.EndEntry()
		}
		l.End()
		return nil
	}
}

// childrenOf is the place of the children of a layout.
type childrenOf struct{}

func isChildren(part any) bool {
	_, ok := part.(childrenOf)
	return ok
}
