package live

import (
	"errors"
	"fmt"
	"reflect"
)

// ManyUpdater is a live component that follows what it is told together with
// the others of its type on the page, so that a list of them asks the database
// once:
//
//	func (*Card) UpdateMany(s *live.Socket, cards []*Card) error
//
// It takes the place of [Updater]'s Update. All has the components that the
// view has told something in this render, in the order of the page; it is called
// on the first of them. It runs before any of them is drawn: the view's template
// is evaluated once more for that, as often as such components stand in each
// other, and so must not count how often it runs. The Socket is the view's.
// [SendUpdate] calls it with the one component.
type ManyUpdater[C View] interface {
	UpdateMany(s *Socket, all []C) error
}

// updateMany is the UpdateMany of a component's type, nil if it has none.
func updateMany[P View](v View) func(*Socket, []View) error {
	if _, ok := v.(ManyUpdater[P]); !ok {
		return nil
	}
	return func(s *Socket, views []View) error {
		all := make([]P, len(views))
		for i, v := range views {
			all[i] = v.(P)
		}
		return views[0].(ManyUpdater[P]).UpdateMany(s, all)
	}
}

// batch is what a view has of components that are updated together.
type batch struct {
	update  func(*Socket, []View) error
	waiting []*component
}

// errAgain fails a render whose components wait for an update together. It is
// made again when that has been done; nobody else sees the error.
var errAgain = errors.New("live: components wait for their UpdateMany")

// addBatch notes how the type of a new component is updated.
func (h *components) addBatch(call *componentCall, c *component) error {
	if h.batches[c.of] != nil {
		return nil
	}
	update := call.many(c.view)
	if update == nil {
		return nil
	}
	if _, both := c.view.(Updater); both {
		return fmt.Errorf("live: component %s has both Update and UpdateMany; UpdateMany takes the place of Update, remove one", c.componentName)
	}
	if h.batches == nil {
		h.batches = make(map[reflect.Type]*batch)
	}
	h.batches[c.of] = &batch{update: update}
	return nil
}

// wait makes a component wait for the others of its type. One in a template
// that is drawn alone, without a view, has none.
func (h *components) wait(b *batch, c *component) error {
	if h.of == nil {
		return h.runMany(b, []*component{c})
	}
	if len(b.waiting) == 0 {
		h.due = append(h.due, b)
	}
	b.waiting = append(b.waiting, c)
	return errAgain
}

// complete renders until no component waits any more.
func (h *components) complete(render func() error) error {
	return h.completeAfter(render(), render)
}

func (h *components) completeAfter(err error, render func() error) error {
	for errors.Is(err, errAgain) {
		due := h.due
		h.due = nil
		for _, b := range due {
			all := b.waiting
			b.waiting = nil
			if err := h.runMany(b, all); err != nil {
				return err
			}
		}
		h.pass++
		h.depth = 0
		err = render()
	}
	return err
}

func (h *components) runMany(b *batch, all []*component) error {
	views := make([]View, len(all))
	for i, c := range all {
		views[i] = c.view
	}
	return h.callback(all[0], "UpdateMany", func(s *Socket) error {
		s.component = nil
		return b.update(s, views)
	})
}
