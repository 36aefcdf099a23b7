// Package page draws a world with templates that bennu wrote.
package page

import (
	"github.com/a-h/templ"

	"bennu/e2e/oracle/plain"
	"bennu/e2e/oracle/world"
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
