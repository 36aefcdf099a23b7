package pages

import (
	"bytes"
	"context"
	"io"

	"github.com/a-h/templ"

	"bennu/render"
)

// diffs is a page of ours that a browser shows already: what is rendered is the
// difference. Its bytes are those of the object, with the braces.
func diffs(change, undo func(int), page func() templ.Component) *Run {
	var (
		s   render.State
		buf []byte
		ctx = context.Background()
	)
	r := &Run{Change: change, Undo: undo, Render: func() (_ int, err error) {
		buf, err = s.AppendDiff(ctx, buf[:0], page())
		return len("{}") + len(buf), err
	}}
	_, _ = r.Render() // an error comes back with the first render that counts
	return r
}

// html is a page of ours as HTML, as an answer to GET has it.
func html(change func(int), page func() templ.Component) *Run {
	var buf []byte
	ctx := context.Background()
	return &Run{Change: change, Render: func() (_ int, err error) {
		buf, err = render.AppendHTML(ctx, buf[:0], page())
		return len(buf), err
	}}
}

// whole is a page that is written whole by something else.
func whole(change, undo func(int), write func(io.Writer) error) *Run {
	var buf bytes.Buffer
	return &Run{Change: change, Undo: undo, Render: func() (int, error) {
		buf.Reset()
		err := write(&buf)
		return buf.Len(), err
	}}
}

// byTempl is a page that templ's own output writes.
func byTempl(change, undo func(int), page func() templ.Component) *Run {
	ctx := context.Background()
	return whole(change, undo, func(w io.Writer) error { return page().Render(ctx, w) })
}

// nothing is no change.
func nothing(int) {}
