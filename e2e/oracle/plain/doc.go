// Package plain draws a world with templates that templ's own generator wrote.
package plain

import (
	"github.com/a-h/templ"

	"bennu/e2e/oracle/world"
)

func foreign(s string) templ.Component { return Badge(s) }

func alternate(w *world.World) templ.Component { return Badge(w.Word) }

func maybe(w *world.World) templ.Component {
	if w.N%3 == 0 {
		return foreign(w.Word)
	}
	return templ.NopComponent
}
