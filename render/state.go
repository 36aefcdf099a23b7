package render

import (
	"context"
	"errors"

	"github.com/a-h/templ"
)

// State is what a view remembers of the page its client shows: a few words for
// each slot, without pointers. The zero value is ready and means that the
// client has nothing. A State is used by one goroutine at a time.
type State struct{ words []uint64 }

const sliceHeader = 24

var (
	errNoRoot   = errors.New("render: the component of the view wrote nothing; the root is one template, which may be empty")
	errLeftOpen = errors.New("render: a template was left open; an error of a component ends the render and cannot be passed over")
)

// AppendDiff renders c and appends to dst what changed since the last call, as
// the members of the JSON object that the client calls a diff: without braces,
// without a comma at the end, nothing at all if nothing changed. The first
// diff, and the first after Reset, holds the whole page. There is never an "r"
// among the members, which at this place would be read as a reply.
//
// When c fails or panics, dst is returned as it was and the state still tells
// what the client has; a panic goes on to the caller. If c renders only HTML
// the error is a [*ForeignRootError].
func (s *State) AppendDiff(ctx context.Context, dst []byte, c templ.Component) ([]byte, error) {
	return s.appendDiff(ctx, dst, c, &manner{})
}

// AppendAnswer is AppendDiff for the answer to the event of a form, "" for none.
// Templates with fields of forms that send this event are named in it though
// nothing in them has changed. The client leaves what is not named as it is, and
// what is in a field then need not be what the template says: the user has
// written there, or the client, which lets fields wait for their answers, has put
// an older text there (of two fields, when the second is submitted before the
// first is answered). Fields of other forms keep what was written into them.
func (s *State) AppendAnswer(ctx context.Context, dst []byte, c templ.Component, event string) ([]byte, error) {
	return s.appendDiff(ctx, dst, c, &manner{answer: event})
}

// manner is what is special about a render.
type manner struct {
	answer   string // see AppendAnswer
	part     bool   // see AppendPart
	around   *Form  // of a part: the form that it stands in
	children Func   // of a part
	named    bool   // afterwards: the root has fields of the form that is answered
}

func (s *State) appendDiff(ctx context.Context, dst []byte, c templ.Component, how *manner) ([]byte, error) {
	root, ok := c.(Component)
	if !ok {
		return dst, rootError(c)
	}
	if err := ctx.Err(); err != nil {
		return dst, err
	}
	w := newWriter(ctx)
	w.buf = dst
	w.begin(len(dst))
	w.old = s.words
	w.answer, w.part, w.around, w.misfit, w.children = how.answer, how.part, how.around, nil, how.children
	if len(w.old) == 0 {
		w.forked, w.fresh = true, true
	}
	done := false
	defer func() {
		if !done {
			w.rollback()
		}
	}()
	if err := root.RenderTo(w, -1); err != nil {
		return dst, err
	}
	if w.failed != nil {
		return dst, w.failed
	}
	if !w.rooted {
		return dst, errNoRoot
	}
	if len(w.stack) > 0 {
		return dst, errLeftOpen
	}
	w.finish()
	done = true
	if w.forked {
		s.replace(w.next)
	}
	for _, f := range w.sent {
		f()
	}
	out := w.buf
	how.named = w.rootNamed
	w.release()
	return out, nil
}

// replace takes over a new tape without holding much more memory than it needs.
func (s *State) replace(words []uint64) {
	n := len(words)
	if c := cap(s.words); c < n || c > n+n/4+64 {
		s.words = make([]uint64, 0, n)
	}
	s.words = append(s.words[:0], words...)
}

// Reset forgets the page, as when the client starts anew.
func (s *State) Reset() { s.words = nil }

// Size returns the bytes that the state occupies.
func (s *State) Size() int { return sliceHeader + 8*cap(s.words) }
