// Package mistakes has pages whose programmer was wrong, for the tests of what
// is said of them.
package mistakes

import (
	"github.com/a-h/templ"

	"bennu/live"
)

// Page draws one of the wrong templates, from the start or after an event.
type Page struct {
	Part string
	Good bool // until the event

	Lines live.Stream[string]
}

// Mount reads which one.
func (v *Page) Mount(_ *live.Socket, p live.Params) error {
	v.Part, v.Good = p.Get("part"), p.Has("later")
	v.Lines.Init("lines", func(line string) string { return line })
	return nil
}

// Events make the page wrong.
func (v *Page) Events() live.Events {
	return live.Events{"go": live.Do(func(*live.Socket) error { v.Good = false; return nil })}
}

// Render draws the page.
func (v *Page) Render() templ.Component { return page(v) }

// TwoRoots is a live component of two elements.
type TwoRoots struct{}

// Render draws both.
func (*TwoRoots) Render() templ.Component { return twoRoots() }

// Text is a live component without an element.
type Text struct{}

// Render draws text.
func (*Text) Render() templ.Component { return text() }

// Branch is a live component that may have an element, or none.
type Branch struct{ On bool }

// Render draws it.
func (b *Branch) Render() templ.Component { return branch(b.On) }

// Card is a live component that is well.
type Card struct{}

// Render draws it.
func (*Card) Render() templ.Component { return card() }

// WrongUpdate is a live component whose Update would never be called.
type WrongUpdate struct{}

// Update has a parameter too many.
func (*WrongUpdate) Update(*live.Socket, live.Params) error { return nil }

// Render draws it.
func (*WrongUpdate) Render() templ.Component { return card() }

// Clock is a nested view.
type Clock struct{}

// Render draws it.
func (*Clock) Render() templ.Component { return card() }
