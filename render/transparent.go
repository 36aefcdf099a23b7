package render

import (
	"context"
	"io"
	"reflect"

	"github.com/a-h/templ"
)

// Components of templ that only let their children through, or not.

var fragmentType = reflect.TypeOf(templ.Fragment(nil))

// fragmentKey is where templ keeps which fragments of a page are asked for. It
// is the last thing that a fragment looks for.
var fragmentKey = askedFor(func(ctx context.Context) {
	if err := templ.Fragment(nil).Render(ctx, io.Discard); err != nil {
		panic(err) // it has nothing to render
	}
})

// transparent reports whether a component is just its children: a fragment
// where the whole page is rendered, and a flush, since a page of ours is
// written in one piece.
func (w *Writer) transparent(c templ.Component) bool {
	switch c.(type) {
	case templ.FlushComponent:
		return true
	}
	return reflect.TypeOf(c) == fragmentType && w.ctx.Value(fragmentKey) == nil
}

// Once writes handle.Once(), which c is. If handle is one of templ's, its
// children are written slot by slot the first time in a render; the handle
// itself decides which time that is.
func (w *Writer) Once(slot int, handle any, c templ.Component) error {
	if h, ok := handle.(*templ.OnceHandle); !ok || !showsChildren(h) {
		return w.Comp(slot, c)
	}
	first := false
	spy := templ.ComponentFunc(func(context.Context, io.Writer) error {
		first = true
		return nil
	})
	children := w.TakeChildren()
	if err := c.Render(templ.WithChildren(w.Ctx(), spy), io.Discard); err != nil {
		return err
	}
	if !first {
		children = nil
	}
	return w.Children(slot, children)
}

// showsChildren reports whether a handle shows children and not a component
// that it was made with, which templ keeps to itself.
func showsChildren(h *templ.OnceHandle) bool {
	if h == nil {
		return false
	}
	own := reflect.ValueOf(h).Elem().FieldByName("c")
	return own.Kind() == reflect.Interface && own.IsNil()
}
