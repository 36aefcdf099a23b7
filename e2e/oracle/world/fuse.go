package world

import "errors"

// ErrFuse is the error, or the panic, of a render that was made to fail.
var ErrFuse = errors.New("this render fails")

// fuse makes a render fail at the n-th place where it can.
type fuse struct {
	n      int
	panics bool
}

// Light makes the next render fail at the n-th place where it can, with an
// error or a panic. A page that has fewer places does not fail.
func (w *World) Light(n int, panics bool) { w.fuse = fuse{n, panics} }

// PutOut makes renders succeed again.
func (w *World) PutOut() { w.fuse = fuse{} }

// May returns s, or fails.
func (w *World) May(s string) (string, error) {
	if w.fuse.n == 0 {
		return s, nil
	}
	if w.fuse.n--; w.fuse.n > 0 {
		return s, nil
	}
	if w.fuse.panics {
		panic(ErrFuse)
	}
	return "", ErrFuse
}
