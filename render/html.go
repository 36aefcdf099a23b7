package render

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// AppendHTML appends the HTML of any component to dst, byte for byte what
// templ's own generated code writes. After an error it returns dst as it was.
// Values that templ keeps in ctx during a render, such as once handles, are
// shared with other renders that are given the same ctx.
func AppendHTML(ctx context.Context, dst []byte, c templ.Component) ([]byte, error) {
	w := newWriter(ctx)
	w.buf = dst
	root, ok := c.(Component)
	if !ok {
		root = Func(func(w *Writer, slot int) error { return w.Comp(slot, c) })
	}
	if err := w.renderHTML(root); err != nil {
		return dst, err
	}
	out := w.buf
	w.release()
	return out, nil
}

// renderHTML writes c, with the children that ctx brings, to w.buf.
func (w *Writer) renderHTML(c Component) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.html = true
	if w.ctx.Value(templChildrenKey) != nil {
		w.children = asFunc(templ.GetChildren(w.ctx))
		w.ctx = templ.ClearChildren(w.ctx)
	}
	if err := c.RenderTo(w, -1); err != nil {
		return err
	}
	if len(w.stack) > 0 {
		return errLeftOpen
	}
	return w.failed
}

func asFunc(c templ.Component) Func {
	switch c := c.(type) {
	case Func:
		return c
	case block:
		return c.children
	}
	return func(w *Writer, slot int) error { return w.Comp(slot, c) }
}

// block is how children of ours reach a component that knows templ alone. It
// is no Func, because a Func would take the children found in the context,
// which here are itself.
type block struct{ children Func }

func (b block) Render(ctx context.Context, out io.Writer) error {
	if ctx.Value(templChildrenKey) != nil {
		ctx = templ.ClearChildren(ctx)
	}
	return b.children.Render(ctx, out)
}
