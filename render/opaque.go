package render

import (
	"github.com/a-h/templ"
)

// Comp writes a component into a slot: slot by slot if it is a [Component], as
// one string that is sent whole when it changed if it renders only HTML.
func (w *Writer) Comp(slot int, c templ.Component) error {
	switch c := c.(type) {
	case nil:
		return errNilComponent
	case Component:
		err := c.RenderTo(w, slot)
		w.children = nil
		return err
	case templ.ComponentFunc:
		if c == nil {
			return errNilComponent
		}
	default:
		if w.transparent(c) {
			return w.Children(slot, w.TakeChildren())
		}
	}
	return w.foreign(slot, c)
}

func (w *Writer) foreign(slot int, c templ.Component) error {
	if slot < 0 && !w.html {
		return rootError(c)
	}
	ctx := w.Ctx()
	if children := w.TakeChildren(); children != nil {
		ctx = templ.WithChildren(ctx, block{children})
	}
	if w.html {
		w.static(slot)
		return c.Render(ctx, (*htmlSink)(w))
	}
	w.spare = w.spare[:0]
	if err := c.Render(ctx, (*spareSink)(w)); err != nil {
		return err
	}
	opaque(w, slot, w.spare)
	return nil
}

// opaque writes HTML that is no text of a template. On the tape it is a nested
// slot of its own kind: the next render may find a component of ours there.
func opaque[T string | []byte](w *Writer, slot int, html T) {
	fresh := w.fresh
	head, _ := w.enter(opaqueSlot)
	raw(w, slot, html)
	w.seal(head)
	w.fresh = fresh
}

// Markup writes HTML that is known to be good into a slot of a component, for
// components that are written by hand: another time something else may stand
// there. [Writer.Raw] is for slots that never hold anything but text.
func (w *Writer) Markup(slot int, html string) {
	if w.html {
		raw(w, slot, html)
		return
	}
	opaque(w, slot, html)
}

// htmlSink appends to the output of the writer.
type htmlSink Writer

func (s *htmlSink) Write(p []byte) (int, error) {
	s.buf = append(s.buf, p...)
	return len(p), nil
}

func (s *htmlSink) WriteString(p string) (int, error) {
	s.buf = append(s.buf, p...)
	return len(p), nil
}

// spareSink appends to the scratch memory of the writer.
type spareSink Writer

func (s *spareSink) Write(p []byte) (int, error) {
	s.spare = append(s.spare, p...)
	return len(p), nil
}

func (s *spareSink) WriteString(p string) (int, error) {
	s.spare = append(s.spare, p...)
	return len(p), nil
}
