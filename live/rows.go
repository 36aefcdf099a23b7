package live

import (
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"bennu/render"
)

// Rows is a list that remembers which of its rows changed, for loops with
// [Each]. The zero value is an empty list.
//
// Any number of views may show the same Rows, and any goroutine may call its
// methods: one that changes the list waits for the others, one that reads it
// waits for nobody. A view is not drawn anew because of a change; tell it as
// you would of any other.
//
// A row is a value. Methods copy it in and out, and what it points to must not
// change: put another pointer, slice or map in its place. Methods with an index
// panic when there is no such row, as a slice does. Where several goroutines
// change a list, an index found by one may be another row's by the time it is
// used; [Rows.EditFunc] and [Rows.DeleteFunc] look for their rows themselves.
//
// A change copies the part of the list that it is in, some thirty rows, and a
// word for each of the other parts.
type Rows[T any] struct {
	mu      sync.Mutex // held by who changes the list
	current atomic.Pointer[snapshot[T]]
	lastID  uint64
}

var _ render.Tracked[int] = (*Rows[int])(nil)

// lists counts the lists that were read or changed.
var lists atomic.Uint64

// Len returns the number of rows.
func (r *Rows[T]) Len() int { return r.now().count }

// At returns row i.
func (r *Rows[T]) At(i int) T {
	s := r.now()
	s.check(i, s.count)
	c, at := s.find(i)
	return s.chunks[c][at].Value
}

// All returns the rows with their indexes. They are the rows of the moment when
// the loop begins, whatever is changed meanwhile.
func (r *Rows[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		i := 0
		for _, c := range r.now().chunks {
			for k := range c {
				if !yield(i, c[k].Value) {
					return
				}
				i++
			}
		}
	}
}

// Append adds rows at the end.
func (r *Rows[T]) Append(rows ...T) {
	r.change(func(s *snapshot[T]) bool { return s.insert(s.count, r.wrap(s, rows)) })
}

// Insert adds rows before row i, or at the end if i is the number of rows.
func (r *Rows[T]) Insert(i int, rows ...T) {
	r.change(func(s *snapshot[T]) bool {
		s.check(i, s.count+1)
		return s.insert(i, r.wrap(s, rows))
	})
}

// Delete removes row i.
func (r *Rows[T]) Delete(i int) {
	r.change(func(s *snapshot[T]) bool {
		s.check(i, s.count)
		s.remove(i)
		return true
	})
}

// DeleteFunc removes all rows for which del returns true and returns how many
// they were. del must not change the list.
func (r *Rows[T]) DeleteFunc(del func(T) bool) int {
	removed := 0
	r.change(func(s *snapshot[T]) bool {
		removed = s.removeFunc(del)
		return removed > 0
	})
	return removed
}

// Move puts row from at index to, as if it was deleted and then inserted there.
func (r *Rows[T]) Move(from, to int) {
	r.change(func(s *snapshot[T]) bool {
		s.check(from, s.count)
		s.check(to, s.count)
		return from != to && s.insert(to, []render.Row[T]{s.remove(from)})
	})
}

// Edit lets change have row i until it returns. When it panics, the row is as
// it was. It must not change the list in another way.
func (r *Rows[T]) Edit(i int, change func(*T)) {
	r.change(func(s *snapshot[T]) bool {
		s.check(i, s.count)
		s.edit(i, change)
		return true
	})
}

// EditFunc lets change have every row for which match returns true, as Edit
// does, and returns how many they were.
func (r *Rows[T]) EditFunc(match func(T) bool, change func(*T)) int {
	edited := 0
	r.change(func(s *snapshot[T]) bool {
		edited = s.editFunc(match, change)
		return edited > 0
	})
	return edited
}

// Set puts another value in the place of row i.
func (r *Rows[T]) Set(i int, row T) { r.Edit(i, func(old *T) { *old = row }) }

// Replace puts other rows in the place of all. A view then evaluates every row,
// and sends those that differ from the row it showed under the same key.
func (r *Rows[T]) Replace(rows ...T) {
	r.change(func(s *snapshot[T]) bool {
		was := s.count
		s.chunks, s.count = nil, 0
		return s.insert(0, r.wrap(s, rows)) || was > 0
	})
}

// Snapshot returns the rows as they are now, for generated code.
func (r *Rows[T]) Snapshot() render.Snapshot[T] { return r.now() }

// LogValue shows the number of rows; what they hold does not belong in a log.
func (r *Rows[T]) LogValue() slog.Value {
	return slog.StringValue(fmt.Sprintf("%T of %d", r, r.Len()))
}

// now returns the rows as they are. A nil list has none.
func (r *Rows[T]) now() *snapshot[T] {
	if r == nil {
		return &snapshot[T]{}
	}
	if s := r.current.Load(); s != nil {
		return s
	}
	r.current.CompareAndSwap(nil, &snapshot[T]{list: lists.Add(1)})
	return r.current.Load()
}

// change makes the next state of the list. alter reports whether it differs.
func (r *Rows[T]) change(alter func(*snapshot[T]) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := *r.now()
	next.version++
	next.chunks = slices.Clone(next.chunks)
	if alter(&next) {
		r.current.Store(&next)
	}
}

// wrap gives rows that are new in a state of the list their identity.
func (r *Rows[T]) wrap(s *snapshot[T], rows []T) []render.Row[T] {
	wrapped := make([]render.Row[T], len(rows))
	for i, row := range rows {
		r.lastID++
		wrapped[i] = render.Row[T]{ID: r.lastID, Version: s.version, Value: row}
	}
	return wrapped
}

func (s *snapshot[T]) check(i, count int) {
	if i < 0 || i >= count {
		panic(fmt.Sprintf("live: Rows: index %d out of range; the list has %d rows", i, s.count))
	}
}
