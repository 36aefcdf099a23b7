// Package page draws a world with templates that bennu wrote.
package page

import (
	"github.com/a-h/templ"

	"bennu/e2e/oracle/plain"
	"bennu/e2e/oracle/world"
	"bennu/render"
)

// foreign is a component of another package, which knows only HTML.
func foreign(s string) templ.Component { return plain.Badge(s) }

// alternate is the same component, whose changes can be sent alone or not.
func alternate(w *world.World) templ.Component {
	if w.Open {
		return plain.Badge(w.Word)
	}
	return Badge(w.Word)
}

// maybe is such a component or none, in one slot.
func maybe(w *world.World) templ.Component {
	if w.N%3 == 0 {
		return foreign(w.Word)
	}
	return render.Func(func(out *render.Writer, slot int) error {
		out.Empty(slot)
		return nil
	})
}
