package live

import (
	"fmt"
	"iter"
	"slices"

	"bennu/render"
)

// Stream is a list that lives in the browser's page and not in the server's
// memory: the view says what comes and goes, and forgets it once it is sent. It
// is for what is long or grows without end, such as a feed or a log. It is a
// field of the view:
//
//	type Feed struct{ Posts live.Stream[Post] }
//
//	func (f *Feed) Mount(s *live.Socket, _ live.Params) error {
//		f.Posts.Init("posts", func(p Post) string { return p.ID })
//		f.Posts.Append(f.Store.Newest(20)...)
//		return nil
//	}
//
// Its template has a container with an id and phx-update="stream", and in it
// nothing but a loop over [Items], whose element has the id that it gets:
//
//	<ul id="posts" phx-update="stream">
//		for id, p := range live.Items(&f.Posts) {
//			<li id={ id }>{ p.Text }</li>
//		}
//	</ul>
//
// An item whose id is on the page already is updated where it stands. What the
// view says between two renders goes in one message: first the page loses what is
// deleted, then it gets what is inserted, in the order of the calls. An item
// that the limit of another one takes off the page does not come again in the
// same message. A Stream is used by the callbacks of its view alone.
type Stream[T any] struct {
	name string
	id   func(T) string

	pending []streamed[T] // in the order of the calls, one for each id
	deletes []string
	reset   bool
}

// streamed is an item on its way.
type streamed[T any] struct {
	id   string
	item T
	at   render.StreamInsert
}

// Init names the stream and says what tells its items apart. The name begins
// the ids of its elements, "posts-17", and is on the page once. It is called in
// Mount, before anything else, once.
func (s *Stream[T]) Init(name string, id func(T) string) {
	if name == "" || id == nil {
		panic("live: Stream.Init wants a name and a function that returns the id of an item")
	}
	if s.name != "" && s.name != name {
		panic(fmt.Sprintf("live: Init gives the stream %q another name, %q, by which what is on the page could not be found again; call it once, in Mount", s.name, name))
	}
	s.name, s.id = name, id
}

// ID is the id of the element of an item.
func (s *Stream[T]) ID(item T) string {
	if s.id == nil {
		panic(fmt.Sprintf("live: a Stream of %T was used before its Init, which says what tells its items apart; call it in Mount", item))
	}
	id := s.id(item)
	if id == "" {
		panic(fmt.Sprintf("live: an item of the stream %q, a %T, has no id; the function that Init got must return what tells an item apart", s.name, item))
	}
	return s.name + "-" + id
}

// Append puts items at the end.
func (s *Stream[T]) Append(items ...T) { s.Insert(-1, 0, items...) }

// Prepend puts items at the beginning, each before the one that came before:
// the last of them comes to stand first.
func (s *Stream[T]) Prepend(items ...T) { s.Insert(0, 0, items...) }

// Insert puts items at an index of the page's list, -1 for the end. A limit
// other than 0 keeps that many elements on the page after each: the first ones
// if it is above 0, the last ones if it is below.
func (s *Stream[T]) Insert(at, limit int, items ...T) {
	for _, item := range items {
		s.put(item, render.StreamInsert{At: at, Limit: limit})
	}
}

// Update shows an item anew if the page has it, and does nothing otherwise.
func (s *Stream[T]) Update(items ...T) {
	for _, item := range items {
		s.put(item, render.StreamInsert{At: -1, UpdateOnly: true})
	}
}

func (s *Stream[T]) put(item T, at render.StreamInsert) {
	id := s.ID(item)
	waits := slices.IndexFunc(s.pending, func(p streamed[T]) bool { return p.id == id })
	if waits >= 0 {
		if at.UpdateOnly { // it keeps the place that it was to get
			at = s.pending[waits].at
		}
		s.pending = slices.Delete(s.pending, waits, waits+1)
	} else if at.UpdateOnly && (s.reset || slices.Contains(s.deletes, id)) {
		return // it goes in the same message, and the client would keep it for the update
	}
	s.pending = append(s.pending, streamed[T]{id, item, at})
}

// Delete takes items off the page.
func (s *Stream[T]) Delete(items ...T) {
	for _, item := range items {
		s.takeOff(s.ID(item))
	}
}

// DeleteID is Delete for an item of which no more is known than its id, as the
// function that Init got returns it. To move an item, delete it and insert it
// again in one callback.
func (s *Stream[T]) DeleteID(id string) { s.takeOff(s.name + "-" + id) }

// takeOff takes an element off the page.
func (s *Stream[T]) takeOff(id string) {
	s.pending = slices.DeleteFunc(s.pending, func(p streamed[T]) bool { return p.id == id })
	if !slices.Contains(s.deletes, id) {
		s.deletes = append(s.deletes, id)
	}
}

// Reset takes everything off the page, and puts these items there.
func (s *Stream[T]) Reset(items ...T) {
	s.pending, s.deletes, s.reset = nil, nil, true
	s.Append(items...)
}

// Items are the items of a stream that the page is to show next, for a loop of
// a template, with the ids of their elements.
func Items[T any](s *Stream[T]) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for _, p := range s.pending {
			if !yield(p.id, p.item) {
				return
			}
		}
	}
}

// RenderStream is for generated code.
func (s *Stream[T]) RenderStream() render.StreamView[T] {
	v := render.StreamView[T]{Ref: s.name, Deletes: s.deletes, Reset: s.reset, Sent: s.sent}
	if s.id == nil {
		s.ID(*new(T)) // panics and says why
	}
	for _, p := range s.pending {
		v.IDs, v.Items, v.Inserts = append(v.IDs, p.id), append(v.Items, p.item), append(v.Inserts, p.at)
	}
	return v
}

// sent forgets what the client has got.
func (s *Stream[T]) sent() { s.pending, s.deletes, s.reset = nil, nil, false }
